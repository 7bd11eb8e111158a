"""The figures that all open pages show, read from the store once for each edition."""

import logging
import threading
from dataclasses import dataclass
from datetime import date

from southbound.dashboard.feed import Edition
from southbound.errors import StoreError
from southbound.history import History
from southbound.store import HoldingsStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All that can be read of the stored days.

    Attributes:
        edition: which edition they are.
        history: the days that are whole.
        damaged: the days that are not; they are left out of `history`.
    """

    edition: Edition
    history: History
    damaged: tuple[date, ...]


class Shelf:
    """Holds the newest figures. The last ones stay there when the store goes away."""

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._held: Figures | None = None

    def figures(self, edition: Edition) -> tuple[Figures, StoreError | None]:
        """The figures of an edition; or the last ones before it, and why they are not newer.

        All pages ask at the same moment when a day is published: one reads, the others wait for it.

        Raises:
            StoreUnavailable, StoreRefused: and nothing was ever read.
        """
        with self._lock:
            if self._held is None or self._held.edition < edition:
                try:
                    self._held = self._read(edition)
                except StoreError as trouble:
                    if self._held is None:
                        raise
                    return self._held, trouble
            return self._held, None

    def _read(self, edition: Edition) -> Figures:
        days, damaged = self._store.get_many(self._store.dates())
        return Figures(edition, History.of(days), tuple(error.day for error in damaged))
