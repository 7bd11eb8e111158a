"""Fills the store from the archive: days that it lacks are there before the site is asked for them."""

import logging
from bisect import insort
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from southbound.archive.figure_kinds import BESIDE, UNKNOWN
from southbound.archive.keeper import ArchiveKeeper
from southbound.archive.kinds import HOLDINGS, Kind
from southbound.archive.month_files import Reading
from southbound.market import trading_calendar
from southbound.market.holdings_reader import BEGINNING
from southbound.scraping.ingestion import Ingestion
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import FigureKind
from southbound.store.scraper_status import State, StatusBoard

Day = TypeVar("Day")

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
        self._refused: set[tuple[str, date]] = set()
        self._waited = False
        self._position, self._beside = BEGINNING, -1

    def look(self) -> None:
        """Store what the archive has and the store lacks: holdings first, then what stands beside them.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
            NotTheWriter: another scraper has taken over.
        """
        if not self._waited:
            self._archive.await_open(OPENING_SECONDS)
            self._waited = True
        self._restore_holdings()
        changes = self._store.changes_since(self._position)
        self._position = changes.position
        if changes.beside != self._beside and self._archive.is_open:
            # No index says which days of these are stored: they are looked for when any was written.
            self._beside = changes.beside + sum(self._restore_beside(*kinds) for kinds in BESIDE)

    def _restore_holdings(self) -> None:
        stored = self._store.dates()
        refused = {day for kind, day in self._refused if kind == HOLDINGS.name}
        lacking = sorted(set(self._archive.days()) - set(stored) - refused)
        if not lacking:
            return
        log.info("%d days are in the archive and not in the store", len(lacking))
        if not self._store.stock_names() and (names := self._archive.stock_names()):
            self._store.put_stock_names(names)
        done = 0
        for reading in self._said(lacking, self._archive.newest_readings(HOLDINGS, lacking)):
            if objection := self._ingestion.objection(reading.figures, stored):
                log.error("%s is not taken from the archive: %s", reading.day, objection)
                self._refused.add((HOLDINGS.name, reading.day))
            else:
                self._store.put(reading.figures, reading.origin)
                self._ingestion.stored(reading.figures)
                insort(stored, reading.day)
                done += 1
        log.warning("%d of %d days were restored from the archive", done, len(lacking))

    def _restore_beside(self, kind: Kind[Any], stored_as: FigureKind[Any]) -> int:
        """How many days of a kind were stored."""
        figures, archived = self._store.market_figures, sorted(self._archive.days(kind))
        stored = figures.origins(stored_as, archived)
        lacking = [day for day in archived if day not in stored and (kind.name, day) not in self._refused]
        done = 0
        for reading in self._said(lacking, self._archive.newest_readings(kind, lacking)):
            if not trading_calendar.is_session(reading.day):
                log.error(
                    "%s of %s is not taken from the archive: no Hong Kong session", kind.name, reading.day
                )
                self._refused.add((kind.name, reading.day))
                continue
            read_at = reading.origin.read_at or UNKNOWN
            figures.put(stored_as, reading.figures, reading.origin.source, read_at)
            done += 1
        if lacking:
            log.warning("%s: %d of %d days were restored from the archive", kind.name, done, len(lacking))
        return done

    def _said(self, lacking: Sequence[date], readings: Iterator[Reading[Day]]) -> Iterator[Reading[Day]]:
        """The readings, with a sign of life now and then."""
        for count, reading in enumerate(readings):
            if count % SAID_EVERY == 0:
                self._board.say(state=State.BACKFILLING, done=count, total=len(lacking))
            yield reading
