"""The figures as they are now, for whoever asks of them: a page, or a program."""

from collections.abc import Sequence
from datetime import date

from southbound.common.errors import SouthboundError, StoreError, StoreUnavailable
from southbound.common.remark import remark
from southbound.market.day_in_money import RECONCILED_DATES
from southbound.presentation.view_state import Tab, ViewState
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import StoreSnapshot, StoreWatcher

HALF_A_YEAR = 184
"""Days: what is computed of it reaches back a little further."""


def current_view(
    store_watcher: StoreWatcher, figures_cache: FiguresCache, snapshot: StoreSnapshot, *, whole: bool = True
) -> tuple[MarketView | None, SouthboundError | None]:
    """The figures of the version that was seen, or the last ones; and why there are none, or none newer.

    Not `whole` are those that may lack the prices of years that `is_of_late` has no need of.
    """
    if snapshot.data_version is None:
        return None, snapshot.trouble or StoreUnavailable(remark("it has not answered yet"))
    names_read = snapshot.status.names_read if snapshot.status else None
    market_view: MarketView | None = None
    trouble: SouthboundError | None
    try:
        market_view, trouble = figures_cache.market_view(snapshot.data_version, names_read, whole=whole)
    except StoreError as error:
        trouble = error
    if trouble is not None:
        store_watcher.report(trouble)
    return market_view, trouble


def is_of_late(chosen: ViewState, dates: Sequence[date]) -> bool:
    """Whether prices older than `READ_FIRST` sessions change nothing in a view: so in the page's first one.

    An average is one of known prices, however far back they are.

    Args:
        chosen: what is shown.
        dates: the stored ones, oldest first; not empty. Where few are, the last of them reach far back.
    """
    reconciled = dates[max(0, len(dates) - 1 - RECONCILED_DATES)]
    return (
        chosen.tab is Tab.STOCKS
        and chosen.day is None
        and chosen.window is not None
        and chosen.zoom is None
        and not chosen.averages
        and chosen.period.days is not None
        and max(chosen.period.days, (dates[-1] - reconciled).days) <= HALF_A_YEAR
    )
