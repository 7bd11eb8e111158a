"""The figures as they are now, for whoever asks of them: a page, or a program."""

from southbound.common.errors import SouthboundError, StoreError, StoreUnavailable
from southbound.common.remark import remark
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import StoreSnapshot, StoreWatcher


def current_view(
    store_watcher: StoreWatcher, figures_cache: FiguresCache, snapshot: StoreSnapshot
) -> tuple[MarketView | None, SouthboundError | None]:
    """The figures of the version that was seen, or the last ones; and why there are none, or none newer."""
    if snapshot.data_version is None:
        return None, snapshot.trouble or StoreUnavailable(remark("it has not answered yet"))
    names_read = snapshot.status.names_read if snapshot.status else None
    market_view: MarketView | None = None
    trouble: SouthboundError | None
    try:
        market_view, trouble = figures_cache.market_view(snapshot.data_version, names_read)
    except StoreError as error:
        trouble = error
    if trouble is not None:
        store_watcher.report(trouble)
    return market_view, trouble
