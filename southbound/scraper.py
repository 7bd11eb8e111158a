"""Keeps the store complete: the past days first, then each new one.

Level-triggered: every round compares what the store holds with the sessions that the site can have, and asks
for what is missing. So it does not matter where the last round, or the last run, was cut off.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

from southbound import sessions
from southbound.errors import (
    BadHoldings,
    BrowserError,
    NotOffered,
    OtherDate,
    SiteChanged,
    SiteError,
    SiteUnavailable,
    StoreUnavailable,
)
from southbound.hkexnews.page import Page
from southbound.holdings import DailyHoldings
from southbound.pauses import STORE_PAUSE_SECONDS, growing, site_attempts, store_attempts
from southbound.settings import ScraperSettings
from southbound.status import State, StatusBoard
from southbound.store import HoldingsStore

T = TypeVar("T")

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 900.0
ASK_AGAIN = timedelta(hours=6)
"""When a session that the site answered with another date, or without one, is asked for again."""


class Site(Protocol):
    """Who is asked: `hkexnews.browser.SiteBrowser`."""

    def newest(self) -> Page: ...
    def ask(self, day: date) -> Page: ...
    def stop(self) -> None: ...


class Scraper:
    """One reader of one site, one writer of one store."""

    def __init__(
        self,
        site: Site,
        store: HoldingsStore,
        board: StatusBoard,
        settings: ScraperSettings,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = site
        self._store = store
        self._board = board
        self._settings = settings
        self._sleep = sleep
        self._site_today: date | None = None
        self._last_request = -float("inf")
        self._no_list: dict[date, datetime] = {}

    def run(self) -> None:
        """Backfill, then look for new days until the process is ended.

        With polling switched off it returns after the backfill.
        """
        failures = 0
        backfilled = False
        while True:
            try:
                if backfilled:
                    self.look()
                else:
                    self.backfill()
                    backfilled = True
                failures = 0
                pause = self._settings.interval_seconds
                if not self._settings.enabled:
                    return
            except (SiteError, BrowserError, BadHoldings) as error:
                pause = growing(self._settings.interval_seconds, failures, LONGEST_PAUSE_SECONDS)
                failures += 1
                self._report(error, pause)
            except StoreUnavailable as error:
                pause = STORE_PAUSE_SECONDS
                log.error("%s; trying again in %g s", error, pause)
            self._rest(pause)

    def run_once(self) -> None:
        """Backfill, and look once for a new day.

        Raises:
            SouthboundError: why the store is not complete.
        """
        self._store.version()  # a store that is not there is said at once, not after some patience
        self.backfill()
        self.look()

    def backfill(self) -> None:
        """Load the page for the newest day, and ask for the sessions of the window that are not stored.

        Raises:
            SiteError, BrowserError, BadHoldings: why a session is missing.
        """
        self._board.say(state=State.STARTING, done=0, total=0)
        page = self._request(self._site.newest)
        stored = self._patiently(self._store.dates)
        listed = page.listed
        if listed is not None and sessions.is_session(listed.day) and listed.day not in stored:
            self._keep(listed)
            stored.append(listed.day)
        self._fill(self._missing(stored))

    def look(self) -> None:
        """Ask for the next session, and for those that its answer shows to be missing.

        While a session is not published its answer costs 7 kB, and tells the site's day.

        Raises:
            SiteError, BrowserError, BadHoldings: why a session is missing.
        """
        stored = self._patiently(self._store.dates)
        if not stored:
            self.backfill()
            return
        day = min(self._missing(stored), default=self._next_session(stored[-1]))
        self._board.say(state=State.POLLING, next_session=day)
        page = self._ask(day)
        behind = [missed for missed in self._missing(stored) if missed != day]
        if behind:
            # Said before the day is stored: it is not the newest, and nobody should take it for that.
            self._board.say(state=State.BACKFILLING, done=0, total=len(behind))
        self._take(day, page)
        if behind:
            self._fill(behind)

    def _fill(self, days: Sequence[date]) -> None:
        """Ask for these days. One that cannot be read does not keep the others from being asked for."""
        log.info("the site's day is %s; %d sessions to ask for", self._site_today, len(days))
        failure: Exception | None = None
        for done, day in enumerate(days):
            self._board.say(state=State.BACKFILLING, done=done, total=len(days))
            try:
                self._take(day, self._ask(day))
            except (BadHoldings, SiteUnavailable, BrowserError) as error:
                log.error("%s is left out for now: %s", day, error)
                failure = error
        if failure is not None:
            raise failure
        self._board.say(state=State.POLLING, done=len(days), total=len(days))

    def _ask(self, day: date) -> Page:
        return self._request(lambda: self._site.ask(day))

    def _take(self, day: date, page: Page) -> None:
        """Store the answer if it is that day's list."""
        try:
            self._keep(page.answer_for(day))
        except (NotOffered, OtherDate) as outcome:
            log.info("%s", outcome)
            # The newest session may only be late; one before it will hardly come any more.
            if day < sessions.before(page.site_today):
                self._no_list[day] = datetime.now(UTC)
        else:
            self._no_list.pop(day, None)

    def _missing(self, stored: Collection[date]) -> list[date]:
        """The sessions of the window that the site can have and are not stored, newest first."""
        if self._site_today is None:
            return []
        first = self._site_today - timedelta(days=self._settings.backfill_days)
        wanted = missing(stored, first, self._site_today - timedelta(days=1))
        return [day for day in wanted if not self._has_no_list(day)]

    def _next_session(self, newest: date) -> date:
        """The first session that is neither stored (up to `newest`) nor over by the site's day."""
        yesterday = newest if self._site_today is None else self._site_today - timedelta(days=1)
        return sessions.after(max(newest, yesterday))

    def _has_no_list(self, day: date) -> bool:
        asked = self._no_list.get(day)
        return asked is not None and datetime.now(UTC) - asked < ASK_AGAIN

    def _request(self, question: Callable[[], Page]) -> Page:
        """One answer of the site: paced, and asked again after a failure that may pass."""
        attempts = site_attempts(self._settings.min_gap_seconds, self._sleep)
        page = attempts(self._paced, question)
        self._site_today = page.site_today
        self._board.say(site_today=page.site_today, last_success=datetime.now(UTC), last_error="")
        return page

    def _paced(self, question: Callable[[], Page]) -> Page:
        gap = self._last_request + self._settings.min_gap_seconds - time.monotonic()
        if gap > 0:
            self._sleep(gap)
        try:
            return question()
        finally:
            self._last_request = time.monotonic()

    def _keep(self, holdings: DailyHoldings) -> None:
        self._patiently(lambda: self._store.put(holdings))
        log.info("stored %s: %d stocks", holdings.day, len(holdings))

    def _patiently(self, command: Callable[[], T]) -> T:
        """A command to the store, which may be away for a while: what was read is not read again for that."""
        return store_attempts(self._sleep)(command)

    def _report(self, error: Exception, pause: float) -> None:
        if isinstance(error, SiteChanged):
            log.critical("the page is not as it was: %s", error)
        elif isinstance(error, SiteUnavailable):
            log.error("HKEXnews cannot be reached: %s", error)
        else:
            log.error("%s", error)
        log.info("trying again in %.0f s; `make demo` shows the product without HKEX", pause)
        self._board.say(state=State.FAILING, last_error=str(error))

    def _rest(self, seconds: float) -> None:
        """Wait, with a heartbeat every few seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._sleep(min(left, HEARTBEAT_SECONDS))
            self._board.say()


def fresh_seconds(settings: ScraperSettings) -> float:
    """After how long a silence a scraper is taken for dead: a slow request, and a pause before the next."""
    return settings.timeout_seconds + 60.0


def missing(stored: Collection[date], first: date, last: date) -> Iterator[date]:
    """The sessions from `first` to `last` that are not stored, newest first."""
    held = set(stored)
    return (day for day in reversed(sessions.between(first, last)) if day not in held)
