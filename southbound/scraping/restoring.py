"""Fills the store from the archive: days that it lacks are there before the site is asked for them."""

import logging
from bisect import insort
from datetime import date

from southbound.archive.keeper import ArchiveKeeper
from southbound.scraping.ingestion import Ingestion
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State, StatusBoard

log = logging.getLogger(__name__)

OPENING_SECONDS = 20.0
"""An archive that is not opened by then is not waited for: the store is filled from it once it is."""

SAID_EVERY = 50
"""Days between two signs of life."""


class Restorer:
    """Level-triggered: each look compares the dates of the archive with those of the store.

    Args:
        archive: what the store is filled from.
        store: that is filled.
        ingestion: judges an archived day as if the site had given it.
        board: where it is shown.
    """

    def __init__(
        self, archive: ArchiveKeeper, store: HoldingsStore, ingestion: Ingestion, board: StatusBoard
    ) -> None:
        self._archive = archive
        self._store = store
        self._ingestion = ingestion
        self._board = board
        self._refused: set[date] = set()
        self._waited = False

    def look(self) -> None:
        """Store what the archive has and the store lacks.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
            NotTheWriter: another scraper has taken over.
        """
        if not self._waited:
            self._archive.await_open(OPENING_SECONDS)
            self._waited = True
        stored = self._store.dates()
        lacking = sorted(set(self._archive.days()) - set(stored) - self._refused)
        if not lacking:
            return
        log.info("%d days are in the archive and not in the store", len(lacking))
        if not self._store.stock_names() and (names := self._archive.stock_names()):
            self._store.put_stock_names(names)
        done = 0
        for count, reading in enumerate(self._archive.newest_readings(lacking)):
            if count % SAID_EVERY == 0:
                self._board.say(state=State.BACKFILLING, done=count, total=len(lacking))
            if objection := self._ingestion.objection(reading.figures, stored):
                log.error("%s is not taken from the archive: %s", reading.day, objection)
                self._refused.add(reading.day)
            else:
                self._store.put(reading.figures, reading.origin)
                self._ingestion.stored(reading.figures)
                insort(stored, reading.day)
                done += 1
        log.warning("%d of %d days were restored from the archive", done, len(lacking))
