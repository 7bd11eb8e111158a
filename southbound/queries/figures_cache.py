"""The figures that all open pages show, read from the store once for each edition."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from southbound.common.errors import StoreError
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.history import History
from southbound.market.holdings_reader import HoldingsReader, StoreChanges
from southbound.queries.store_watcher import DataVersion

SITE_KEEPS = timedelta(days=365)
"""A day that is gone and older cannot come again."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All that can be read of the stored days.

    Attributes:
        edition: which edition they are.
        history: the days that are whole.
        damaged: the days that are not; they are left out of `history`.
        events: the adjustment events of `history`.
        vanished: the days of the last 12 months that were stored and are gone, as far as that was noticed.
    """

    data_version: DataVersion
    history: History
    damaged: tuple[date, ...]
    events: tuple[AdjustmentEvent, ...]
    vanished: tuple[date, ...] = ()


_NOTHING_READ = StoreChanges(0, ())


class FiguresCache:
    """Holds the newest figures. The last ones stay there when the store goes away."""

    def __init__(self, store: HoldingsReader) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._held: Figures | None = None
        self._written = _NOTHING_READ

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
        before = self._written if held is not None else _NOTHING_READ
        now = self._store.changes_since(before.position)
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
        events = adjustment_events(history, held.events, first_row)
        return Figures(data_version, history, tuple(error.day for error in damaged), events)


def _vanished(now: StoreChanges, figures: Figures) -> tuple[date, ...]:
    """The days that are gone, before the scraper has noticed it and after."""
    dates = figures.history.dates
    gone = {*now.dates, *now.vanished}.difference(dates, figures.damaged)
    return tuple(sorted(day for day in gone if not dates or dates[-1] - day <= SITE_KEEPS))
