"""The figures that all open pages show, read from the store once for each edition."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from southbound.common.errors import DamagedKey, StoreError
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.history import History
from southbound.market.trading_calendar import parse_date
from southbound.queries.store_watcher import DataVersion
from southbound.store import keys
from southbound.store.client import answers, is_wrong_type, store_errors
from southbound.store.holdings_store import HoldingsStore, version_of
from southbound.store.integrity import VERSION_DIGITS, is_too_large

SITE_KEEPS = timedelta(days=365)
"""A day that is gone and older cannot come again."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All that can be read of the stored days.

    Attributes:
        edition: which edition they are.
        history: the days that are whole.
        damaged: the days that are not; they are left out of `history`.
        moves: the mechanical moves of `history`.
        vanished: the days of the last 12 months that were stored and are gone, as far as that was noticed.
    """

    data_version: DataVersion
    history: History
    damaged: tuple[date, ...]
    moves: tuple[AdjustmentEvent, ...]
    vanished: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class _Writings:
    """What the store says of its writes, at one moment.

    Attributes:
        version: how many there were.
        dates: the stored ones.
        restated: the dates restated since the last look, one entry for each time.
        last: the newest entry of the stream of revisions.
        vanished: the days that are noted as gone.
    """

    version: int
    dates: tuple[date, ...]
    restated: tuple[date, ...]
    last: str
    vanished: tuple[date, ...] = ()


_NOTHING_WRITTEN = _Writings(0, (), (), "0-0")


class FiguresCache:
    """Holds the newest figures. The last ones stay there when the store goes away."""

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._held: Figures | None = None
        self._written = _NOTHING_WRITTEN

    def figures(self, data_version: DataVersion) -> tuple[Figures, StoreError | None]:
        """The figures of an edition; or the last ones before it, and why they are not newer.

        All pages ask at the same moment when a day is published: one reads, the others wait for it.

        Raises:
            StoreUnavailable, StoreRefused: and nothing was ever read.
        """
        with self._lock:
            if self._held is None or self._held.data_version < data_version:
                try:
                    self._held = self._read(data_version)
                except StoreError as trouble:
                    if self._held is None:
                        raise
                    return self._held, trouble
            return self._held, None

    def _read(self, data_version: DataVersion) -> Figures:
        """Read what is new, restated, or was damaged; everything, unless that is sure to be all."""
        held = (
            self._held
            if self._held is not None and self._held.data_version.epoch == data_version.epoch
            else None
        )
        before = self._written if held is not None else _NOTHING_WRITTEN
        now = _writings(self._store, before.last)
        new, gone = set(now.dates) - set(before.dates), set(before.dates) - set(now.dates)
        # Whoever deletes a key, or writes one past the store, is noticed by the count.
        accounted_for = now.version - before.version == len(new) + len(now.restated)
        if held is None or gone or not accounted_for:
            figures = self._read_all(data_version, now.dates)
        else:
            figures = self._grown(data_version, held, new.union(now.restated, held.damaged, held.vanished))
        self._written = now
        return replace(figures, vanished=_vanished(now, figures))

    def _read_all(self, data_version: DataVersion, dates: Iterable[date]) -> Figures:
        days, damaged = self._store.get_many(dates)
        history = History.of(days)
        return Figures(
            data_version, history, tuple(error.day for error in damaged), adjustment_events(history)
        )

    def _grown(self, data_version: DataVersion, held: Figures, unread: Iterable[date]) -> Figures:
        days, damaged = self._store.get_many(sorted(unread))
        if not {error.day for error in damaged}.isdisjoint(held.history.dates):
            return self._read_all(data_version, self._store.dates())
        history = held.history.grown(days) if days else held.history
        first_row = min((history.row(holdings.day) for holdings in days), default=len(history.dates))
        moves = adjustment_events(history, held.moves, first_row)
        return Figures(data_version, history, tuple(error.day for error in damaged), moves)


def _vanished(now: _Writings, figures: Figures) -> tuple[date, ...]:
    """The days that are gone, before the scraper has noticed it and after."""
    dates = figures.history.dates
    gone = {*now.dates, *now.vanished}.difference(dates, figures.damaged)
    return tuple(sorted(day for day in gone if not dates or dates[-1] - day <= SITE_KEEPS))


def _writings(store: HoldingsStore, after: str) -> _Writings:
    """One MULTI, so that the parts fit together. A list that is damaged is read as if it were empty."""
    readable = [
        key for key in (keys.DATES, keys.REVISIONS, keys.VANISHED) if not is_too_large(store.client, key)
    ]
    with store_errors(store.client), store.client.pipeline(transaction=True) as look:
        look.getrange(keys.VERSION, 0, VERSION_DIGITS)
        if keys.DATES in readable:
            look.zrange(keys.DATES, 0, -1)
        if keys.REVISIONS in readable:
            look.xrange(keys.REVISIONS, min=f"({after}")
        if keys.VANISHED in readable:
            look.hgetall(keys.VANISHED)
        version, *lists = answers(look)
    if is_wrong_type(version):
        raise DamagedKey(keys.VERSION, "it holds another type")
    read = {key: [] if is_wrong_type(part) else part for key, part in zip(readable, lists, strict=True)}
    listed, entries = read.get(keys.DATES, []), read.get(keys.REVISIONS, [])
    dates = tuple(day for day in map(parse_date, listed) if day is not None)
    restated = tuple(day for _, entry in entries if (day := parse_date(entry.get("date", ""))) is not None)
    last = entries[-1][0] if entries else after
    vanished = tuple(day for day in map(parse_date, read.get(keys.VANISHED, ())) if day is not None)
    return _Writings(version_of(version), dates or tuple(store.dates()), restated, last, vanished)
