"""All that can be read of the stored days: read once, and after that only where it changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from southbound.common.collector import collector_paused
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.companions import Companions
from southbound.market.history import History
from southbound.market.holdings_reader import HoldingsReader, StoreChanges
from southbound.market.missing_sessions import SITE_KEEPS
from southbound.queries.store_watcher import DataVersion
from southbound.store.companions_reading import CompanionsRead, read_companions
from southbound.store.market_figures import MarketFigures

_NOTHING_READ = StoreChanges(0, ())


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All that can be read of the stored days.

    Attributes:
        data_version: which version they are.
        history: the days that are whole.
        damaged: the days that are not; they are left out of `history`.
        events: the adjustment events of `history`.
        beside: what is published beside the holdings, as it was read.
        vanished: the days of the last 12 months that were stored and are gone, as far as that was noticed.
        seen: what the store said of its days: later figures are read from there on.
    """

    data_version: DataVersion
    history: History
    damaged: tuple[date, ...]
    events: tuple[AdjustmentEvent, ...]
    beside: CompanionsRead = field(default_factory=CompanionsRead)
    vanished: tuple[date, ...] = ()
    seen: StoreChanges = _NOTHING_READ

    @property
    def is_whole(self) -> bool:
        """Whether prices of all years are read, and not only the newest ones."""
        return self.beside.is_whole

    @property
    def companions(self) -> Companions:
        """Prices, official turnover and short positions."""
        return self.beside.companions


def read_figures(
    store: HoldingsReader,
    data_version: DataVersion,
    before: Figures | None,
    market_figures: MarketFigures | None = None,
    newest: int | None = None,
) -> Figures:
    """Read what is new, restated, or was damaged; everything, unless that is sure to be all.

    Args:
        store: where the days are.
        data_version: which version they are.
        before: what was read before, if anything was.
        market_figures: where that is which is published beside the holdings, if it is read.
        newest: of so many sessions the prices are enough, if nothing was read before; None for those of all.

    Raises:
        StoreError: the days are away.
    """
    if before is not None and before.data_version.epoch != data_version.epoch:
        before = None
    seen = before.seen if before is not None else _NOTHING_READ
    now = store.changes_since(seen.position)
    new, gone = set(now.dates) - set(seen.dates), set(seen.dates) - set(now.dates)
    # Whoever deletes a key, or writes one past the store, is noticed by the count.
    written = (now.version - now.beside) - (seen.version - seen.beside)
    accounted_for = written == len(new) + len(now.restated)
    if before is None or gone or not accounted_for:
        figures = _all(store, data_version, now.dates)
    else:
        unread = new.union(now.restated, before.damaged, before.vanished)
        figures = _grown(store, data_version, before, unread)
    beside = before.beside if before is not None else CompanionsRead()
    if market_figures is not None and (before is None or gone or now.beside != seen.beside):
        since = None if before is None or gone else now.beside - seen.beside
        enough = newest if before is None else None
        beside = read_companions(market_figures, figures.history, beside, since, enough)
    return replace(figures, beside=beside, vanished=_vanished(now, figures), seen=now)


def _all(store: HoldingsReader, data_version: DataVersion, dates: Iterable[date]) -> Figures:
    with collector_paused():
        days, damaged = store.get_many(dates)
        history = History.of(days)
        del days  # what they take is not needed twice
        events = adjustment_events(history)
    return Figures(data_version, history, tuple(error.day for error in damaged), events)


def _grown(
    store: HoldingsReader, data_version: DataVersion, before: Figures, unread: Collection[date]
) -> Figures:
    days, damaged = store.get_many(sorted(unread))
    if not {error.day for error in damaged}.isdisjoint(before.history.dates):
        return _all(store, data_version, store.dates())
    history = before.history.grown(days) if days else before.history
    first_row = min((history.row(holdings.day) for holdings in days), default=len(history.dates))
    events = adjustment_events(history, before.events, first_row)
    return Figures(data_version, history, tuple(error.day for error in damaged), events)


def _vanished(now: StoreChanges, figures: Figures) -> tuple[date, ...]:
    """The days that are gone, before the scraper has noticed it and after."""
    dates = figures.history.dates
    gone = {*now.dates, *now.vanished}.difference(dates, figures.damaged)
    return tuple(sorted(day for day in gone if not dates or dates[-1] - day <= SITE_KEEPS))
