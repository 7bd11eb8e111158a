"""Keeps the archive level with the store, in a thread of its own, so that holdings never wait for it.

Level-triggered: each look compares what the store has with what the archive has. It does not matter where the
last one, or the last process, was cut off.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from southbound.archive.archive import Archive
from southbound.archive.figure_kinds import BESIDE
from southbound.archive.folders import folder_at
from southbound.archive.kinds import HOLDINGS, Kind
from southbound.archive.month_files import Reading, Readings, by_file
from southbound.common.background import BackgroundThread
from southbound.common.errors import ArchiveError, ArchiveUnavailable, DamagedArchive, StoreError
from southbound.common.remark import remark, remark_of, together
from southbound.common.retry import growing
from southbound.market import trading_calendar
from southbound.market.holdings_reader import BEGINNING, StoreChanges
from southbound.market.origin import Origin
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import FigureKind
from southbound.store.scraper_status import ArchivedKind

Day = TypeVar("Day")

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 15.0, 900.0
"""After a failure, growing from one to the other."""

DAYS_AT_ONCE = 100

SETTLES_WITHIN = timedelta(days=30)
"""What is traded after the newest list: no figures of a later day are looked for."""


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """What the archive has, for the scraper's status (`ScraperStatus` has these fields).

    Attributes:
        archive_days: how many days of holdings.
        archive_first: the oldest of them.
        archive_last: the newest.
        archive_beside: what it has beside them.
        archive_behind: since when the store has what the archive lacks, or it cannot be reached.
        archive_trouble: what is wrong with it; empty if nothing.
    """

    archive_days: int = 0
    archive_first: date | None = None
    archive_last: date | None = None
    archive_beside: tuple[ArchivedKind, ...] = ()
    archive_behind: datetime | None = None
    archive_trouble: str = ""

    def fields(self) -> dict[str, Any]:
        """By name."""
        return {name: getattr(self, name) for name in self.__slots__}


class ArchiveKeeper:
    """The archive of one store.

    Args:
        store: whose days are archived.
        address: of the archive, see `folder_at`.
        may_write: whether this process is the one that writes.
        clock: in seconds; only differences count.

    Attributes:
        state: what the archive has.
    """

    def __init__(
        self,
        store: HoldingsStore,
        address: str,
        may_write: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.state = ArchiveState()
        self._store = store
        self._address = address
        self._may_write = may_write
        self._clock = clock
        self._archive: Archive | None = None
        self._not_before = -float("inf")
        self._failures = 0
        self._recalled = False
        self._position, self._version = BEGINNING, 0
        self._alike: set[date] = set()
        self._names: dict[int, str] = {}
        self._origins: dict[str, dict[date, Origin]] = {}
        self._beside: int | None = None
        self._turn = threading.Condition()
        self._asked, self._answered = 0, 0
        self._thread = BackgroundThread("archive", self._step, self._unexpected)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let the file that is being written be the last; one that hangs is left to its fate."""
        with self._turn:
            self._thread.stopping.set()
            self._turn.notify_all()
        self._thread.join(5.0)

    def look_soon(self) -> None:
        """The store may have changed."""
        with self._turn:
            self._asked += 1
            self._turn.notify_all()

    def await_look(self, seconds: float) -> None:
        """Wait until it has looked once from now on, at most so long."""
        self.look_soon()
        with self._turn:
            asked = self._asked
            self._turn.wait_for(lambda: self._answered >= asked, seconds)

    def await_open(self, seconds: float) -> None:
        """Wait until it is known which days the archive has, or that it is out of reach; at most so long."""
        self.look_soon()
        with self._turn:
            asked = self._asked
            self._turn.wait_for(lambda: self._archive is not None or self._answered >= asked, seconds)

    @property
    def is_open(self) -> bool:
        """Whether it is known which days the archive has."""
        return self._archive is not None

    def days(self, kind: Kind[Any] = HOLDINGS) -> Iterable[date]:
        """The archived days of a kind; none while the archive cannot be reached."""
        archive = self._archive
        return [] if archive is None else archive.days(kind)

    def newest_readings(self, kind: Kind[Day], days: Iterable[date]) -> Iterator[Reading[Day]]:
        """Those of `days` that can be read, oldest first. A damaged file costs its month, and is named."""
        archive = self._archive
        for name, wanted in by_file(kind, days).items():
            try:
                readings: Readings[Day] = {} if archive is None else archive.readings(kind, name)
            except ArchiveError as error:
                log.error("%s", error)
                continue
            yield from (readings[day][-1] for day in wanted if day in readings)

    def stock_names(self) -> Mapping[int, str]:
        """The archived Chinese names; none if they cannot be read."""
        try:
            return {} if self._archive is None else self._archive.stock_names()
        except (ArchiveError, ValueError) as error:
            log.error("%s", error)
            return {}

    def look(self) -> None:
        """Write what the archive lacks, or has otherwise. Its troubles are told, and not raised."""
        self._recall()
        try:
            if self._archive is None:
                self._forget()
                self._archive = Archive.opened(folder_at(self._address))
                self._show(self._archive)
                with self._turn:
                    self._turn.notify_all()
            self._level(self._archive)
        except ArchiveError as error:
            self._failed(error)
            return
        except StoreError as error:
            log.debug("the archive waits for the store: %s", error)
            return
        if self._failures:
            log.warning("the archive can be written again")
        self._failures = 0

    def _step(self) -> None:
        with self._turn:
            self._turn.wait_for(lambda: self._asked > self._answered or self._thread.stopping.is_set())
            if self._thread.stopping.is_set():
                return
            asked = self._asked
        try:
            if self._may_write() and self._clock() >= self._not_before:
                self.look()
        finally:
            with self._turn:
                self._answered = asked
                self._turn.notify_all()

    def _level(self, archive: Archive) -> None:
        changes = self._store.changes_since(self._position)
        if changes.version < self._version:
            self._alike.clear()  # it is another store, or was emptied
            self._origins, self._beside = {}, None
        self._alike = (self._alike & set(changes.dates)) - set(changes.restated)
        archived = archive.days(HOLDINGS)
        unsure = sorted(set(changes.dates) - self._alike)
        for first in range(0, len(unsure), DAYS_AT_ONCE):
            texts = self._store.digests(unsure[first : first + DAYS_AT_ONCE])
            self._alike |= {
                day for day, digest in texts.items() if day in archived and archived[day].sha256 == digest
            }
        other = set(changes.dates) - self._alike
        self._lacks(other)
        origins = self._store.origins() if other else {}
        for name, days in by_file(HOLDINGS, other).items():
            if self._must_end():
                return
            read, _damaged = self._store.get_many(days)
            if read:
                now = Origin(read_at=datetime.now(UTC))
                readings = (Reading(held.day, held, origins.get(held.day, now)) for held in read)
                archive.put(HOLDINGS, name, readings)
            self._alike |= set(days)  # a damaged one is no figure that could be archived
            self._show(archive)
        self._level_names(archive)
        if changes.beside != self._beside:
            if not all(self._level_beside(archive, *kinds, changes) for kinds in BESIDE):
                return
            self._beside = changes.beside
        self._position, self._version = changes.position, changes.version
        self._show(archive, behind=None)

    def _level_names(self, archive: Archive) -> None:
        names = self._store.stock_names()
        if names and names != self._names:
            try:
                known = archive.stock_names()
            except DamagedArchive as error:
                log.error("%s", error)
                known = {}
            if not names.items() <= known.items():
                archive.put_stock_names(known | names)
        self._names = names

    def _level_beside(
        self, archive: Archive, kind: Kind[Any], stored: FigureKind[Any], changes: StoreChanges
    ) -> bool:
        """Write what the archive lacks of a kind beside the holdings; False if that was not to the end.

        No index says which days are stored: all sessions are looked at, by the beginning of their texts.
        """
        figures, archived = self._store.market_figures, archive.days(kind)
        latest = max([*changes.dates[-1:], datetime.now(UTC).date()]) + SETTLES_WITHIN
        sessions = trading_calendar.between(trading_calendar.FIRST, min(latest, trading_calendar.LAST))
        origins = figures.origins(stored, sessions)
        seen = self._origins.get(kind.name, {})
        unsure = [day for day, origin in origins.items() if seen.get(day) != origin]
        other: list[date] = []
        for first in range(0, len(unsure), DAYS_AT_ONCE):
            texts = figures.digests(stored, unsure[first : first + DAYS_AT_ONCE])
            other += [
                day for day, digest in texts.items() if day not in archived or archived[day].sha256 != digest
            ]
        self._lacks(other)
        for name, days in by_file(kind, other).items():
            if self._must_end():
                return False
            read, _damaged = figures.get_many(stored, days)
            if read:
                archive.put(kind, name, (Reading(each.day, each, origins[each.day]) for each in read))
            self._show(archive)
        self._origins[kind.name] = origins
        return True

    def _lacks(self, days: Collection[date]) -> None:
        if days and self.state.archive_behind is None:
            self.state = replace(self.state, archive_behind=datetime.now(UTC))

    def _must_end(self) -> bool:
        return not self._may_write() or self._thread.stopping.is_set()

    def _forget(self) -> None:
        """Compare everything with everything again."""
        self._position, self._version = BEGINNING, 0
        self._alike, self._names = set(), {}
        self._origins, self._beside = {}, None

    def _recall(self) -> None:
        """Learn from the store since when an earlier process has been behind."""
        if self._recalled:
            return
        try:
            before = self._store.status()
        except StoreError:
            return
        self._recalled = True
        if before is not None and self.state.archive_behind is None:
            self.state = replace(self.state, archive_behind=before.archive_behind)

    def _show(self, archive: Archive, **changes: None) -> None:
        days = archive.days(HOLDINGS)
        self.state = ArchiveState(
            len(days),
            min(days, default=None),
            max(days, default=None),
            tuple(
                ArchivedKind(kind.name, len(held), min(held), max(held))
                for kind, _ in BESIDE
                if (held := archive.days(kind))
            ),
            changes.get("behind", self.state.archive_behind),
            together(archive.damaged.values()),
        )

    def _failed(self, error: ArchiveError) -> None:
        pause = growing(FIRST_PAUSE_SECONDS, self._failures, LONGEST_PAUSE_SECONDS)
        self._failures += 1
        said = f"the archive is behind: {error}"
        level = logging.DEBUG if self.state.archive_trouble == str(error) else logging.ERROR
        log.log(level, "%s; tried again in %.0f s", said, pause)
        self._not_before = self._clock() + pause
        if isinstance(error, ArchiveUnavailable):
            self._archive = None  # what was written last may be there or not: all is looked at anew
        behind = self.state.archive_behind or datetime.now(UTC)
        self.state = replace(self.state, archive_behind=behind, archive_trouble=remark_of(error))

    def _unexpected(self, error: Exception) -> None:
        self._archive = None
        trouble = remark("{kind}: {error}", kind=type(error).__name__, error=error)
        behind = self.state.archive_behind or datetime.now(UTC)
        self.state = replace(self.state, archive_behind=behind, archive_trouble=trouble)
