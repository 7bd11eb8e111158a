"""Reads one source beside the holdings: what its days lack, one file after the other."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar

from southbound.common.errors import (
    BadPrices,
    BadShortPositions,
    BadTurnover,
    NotOffered,
    NoTrading,
    SiteChanged,
    SiteError,
    SiteRefuses,
    SouthboundError,
)
from southbound.common.remark import remark, remark_of
from southbound.common.retry import growing
from southbound.market.origin import Origin
from southbound.scraping import price_sources
from southbound.scraping.circuit_breaker import CircuitBreaker
from southbound.scraping.schedule import Schedule, SiteClock
from southbound.scraping.sources import File, Source
from southbound.store.market_figures import Figures, MarketFigures
from southbound.store.scraper_status import Circuit, SourceStatus

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Figures)

CAUGHT_UP = timedelta(days=31)
"""How far back is asked: the exchange keeps its files for about a month."""

LONGEST_PAUSE_SECONDS = 86_400.0
"""Between two looks for a file that is not there, until its day is older than that month."""

NOT_YET = remark("not read yet")
INCOMPLETE = remark("a part of it is not there")

NO_TURN: AbstractContextManager[object] = nullcontext()

Download = Callable[[str], AbstractContextManager[Iterator[bytes]]]
"""The parts of the file at an address."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is reached.

    Attributes:
        url: below which its files lie.
        download: how a file is had; waits for the gap between two requests.
        first_pause: seconds for which it is left alone after a failure; each one more doubles that.
        longest_pause: at most.
    """

    url: str
    download: Download
    first_pause: float
    longest_pause: float


class SourceReader(Generic[F]):
    """One source, with a breaker and a schedule of its own.

    Args:
        source: which one.
        access: how it is reached.
        figures: where they go.
        put: does a write, which may have to wait for the store.
        turn: held while a day is read, judged and written: others write it, too.
        stored: is told of each day that was stored.
        clock: in seconds; only differences count.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it reads, and whom it tells
        self,
        source: Source[F],
        access: Access,
        figures: MarketFigures,
        put: Callable[[Callable[[], None]], None] = lambda write: write(),
        turn: AbstractContextManager[object] = NO_TURN,
        stored: Callable[[date], None] = lambda _day: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self._access = access
        self._figures = figures
        self._put = put
        self._turn = turn
        self._stored_day = stored
        self._breaker = CircuitBreaker(access.first_pause, access.longest_pause, clock)
        self._schedule = Schedule(clock)
        self._failures: dict[date, int] = {}
        self._reasons: dict[date, str] = {}
        self._no_trading: set[date] = set()
        self._damaged: set[date] | None = None

    def look(self, site: SiteClock, now: datetime) -> bool:
        """Read one day that is lacking; False if none is to be asked for now.

        Args:
            site: by which day it is: that of the holdings.
            now: with a zone.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
            NotTheWriter: another scraper has taken over.
        """
        if self._breaker.circuit is Circuit.OPEN:
            return False
        days = self._days(site, now)
        stored = self._stored(days)
        due = self._schedule.due(day for day in reversed(days) if self._lacking(day, stored))
        if not due:
            return False
        self._read(due[0], stored.get(due[0]))
        return True

    def status(self, site: SiteClock, now: datetime) -> SourceStatus:
        """What is to be said of it.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        days = self._days(site, now)
        stored = self._stored(days)
        pause = self._breaker.seconds_left()
        missing = (
            (day, self._reasons.get(day, INCOMPLETE if day in stored else NOT_YET))
            for day in reversed(days)
            if self._lacking(day, stored)
        )
        return SourceStatus(
            newest=max(stored, default=None),
            missing=tuple(missing),
            breaker=self._breaker.circuit,
            next_try=datetime.now(UTC) + timedelta(seconds=pause) if pause else None,
        )

    def _days(self, site: SiteClock, now: datetime) -> list[date]:
        """The days of the last month that it can have, oldest first.

        A local clock that does not agree with the site tells nothing: the whole of the site's day counts.
        """

        def is_out(day: date) -> bool:
            first = self.source.out_from(day)
            return first <= now if site.agrees else first.date() <= site.today

        return [day for day in self.source.days(site.today - CAUGHT_UP, site.today) if is_out(day)]

    def _stored(self, days: list[date]) -> dict[date, Origin]:
        if self._damaged is None:  # the first look of this process
            _, damaged = self._figures.get_many(self.source.kind, days)
            keys = {error.key for error in damaged}
            self._damaged = {day for day in days if self.source.kind.key(day) in keys}
        stored = self._figures.origins(self.source.kind, days)
        return {day: origin for day, origin in stored.items() if day not in self._damaged}

    def _lacking(self, day: date, stored: dict[date, Origin]) -> list[File[F]]:
        """The files of a day that were not read."""
        if day in self._no_trading:
            return []
        source = price_sources.without_frames(stored[day].source) if day in stored else ""
        return [file for file in self.source.files(day) if file.path not in source]

    def _read(self, day: date, before: Origin | None) -> None:
        """Read what a day lacks. What one file has is stored though another is not to be had."""
        read: list[F] = []
        have: list[str] = []
        trouble: SouthboundError | None = None
        for file in self._lacking(day, {day: before} if before else {}):
            try:
                read.append(self._one(file))
                have.append(file.path)
                self._breaker.succeeded()
            except NoTrading as error:
                log.info("%s of %s: %s", self.source.name, day, error)
                self._breaker.succeeded()
                self._no_trading.add(day)
                return
            except (SiteError, BadPrices, BadTurnover, BadShortPositions) as error:
                trouble = error
                self._failed(day, error)
                if self._breaker.circuit is not Circuit.CLOSED:
                    break
        if read:
            trouble = self._store(day, read, have) or trouble
        if trouble is None:
            self._settle(day)
        else:
            self._put_off(day, remark_of(trouble))

    def _one(self, file: File[F]) -> F:
        began = time.monotonic()
        with self._access.download(self._access.url + file.path) as parts:
            figures = file.read(parts)
        log.info("%s: %s (%.2f s)", self.source.name, file.path, time.monotonic() - began)
        return figures

    def _store(self, day: date, read: list[F], have: list[str]) -> SouthboundError | None:
        """Store what was read with what is there; what kept it from being stored."""

        def write() -> None:
            with self._turn:
                there, _ = self._figures.get_many(self.source.kind, [day])
                before = self._figures.origins(self.source.kind, [day]).get(day) if there else None
                figures = self.source.joined(there[0] if there else None, read)
                source = self.source.sourced(day, have, self._access.url, before)
                self._figures.put(self.source.kind, figures, source, datetime.now(UTC))

        try:
            self._put(write)
        except (BadPrices, BadTurnover, BadShortPositions) as error:
            log.error("%s of %s: %s", self.source.name, day, error)
            return error
        if self._damaged is not None:
            self._damaged.discard(day)
        self._stored_day(day)
        return None

    def _settle(self, day: date) -> None:
        self._schedule.settled(day)
        self._reasons.pop(day, None)
        self._failures.pop(day, None)

    def _put_off(self, day: date, reason: str) -> None:
        failures = self._failures.get(day, 0)
        self._failures[day] = failures + 1
        self._reasons[day] = reason
        self._schedule.put_off(
            day, growing(self._access.first_pause, failures, LONGEST_PAUSE_SECONDS), reason
        )

    def _failed(self, day: date, error: SouthboundError) -> None:
        """That a file is not there says nothing of the site; anything else may."""
        if isinstance(error, NotOffered):
            log.info("%s of %s: %s", self.source.name, day, error)
            self._breaker.succeeded()
            return
        log.log(
            logging.CRITICAL if isinstance(error, SiteChanged) else logging.ERROR,
            "%s of %s: %s",
            self.source.name,
            day,
            error,
        )
        lastingly = isinstance(error, SiteChanged | SiteRefuses)
        self._breaker.failed(lastingly=lastingly, for_a_date=True)
