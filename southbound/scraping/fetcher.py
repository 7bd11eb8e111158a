"""Asks the site: tries again what may pass, leaves it alone when it does not, and says what came of it."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from southbound.common.errors import BrowserError, SiteChanged, SiteError, SiteRefuses, SiteUnavailable
from southbound.common.remark import remark, remark_of
from southbound.common.retry import site_attempts
from southbound.hkexnews.page_parser import Page
from southbound.scraping.circuit_breaker import CircuitBreaker
from southbound.scraping.schedule import SiteClock
from southbound.store.scraper_status import Circuit, State, StatusBoard

log = logging.getLogger(__name__)


class Site(Protocol):
    """Who is asked: `hkexnews.client.SiteClient`."""

    def newest(self) -> Page: ...
    def ask(self, day: date) -> Page: ...
    def chinese_page(self) -> Page: ...
    def restart(self) -> None: ...
    def pause(self) -> None: ...
    def rest(self) -> None: ...
    def age_seconds(self) -> float: ...
    def stop(self) -> None: ...


class Fetcher:
    """The requests to one site.

    Args:
        site: who is asked.
        board: where the outcome is shown.
        breaker: whether the site is to be asked.
        may_ask: raises if this scraper must not go on.
        sleep: how to wait between two tries.

    Attributes:
        clock: the site's clock by its last answer; None before the first.
    """

    def __init__(
        self,
        site: Site,
        board: StatusBoard,
        breaker: CircuitBreaker,
        may_ask: Callable[[], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.site = site
        self._board = board
        self._breaker = breaker
        self._may_ask = may_ask
        self._sleep = sleep
        self.clock: SiteClock | None = None

    def newest(self) -> Page:
        """Load the page.

        Raises:
            SiteError, BrowserError: no usable answer, after some tries.
        """
        return self._ask("the newest list", self.site.newest, self._failed)

    def ask(self, day: date) -> Page:
        """Ask for the list of a date.

        Raises:
            SiteError, BrowserError: no usable answer, after some tries.
        """
        return self._ask(
            str(day), lambda: self.site.ask(day), lambda error: self._failed(error, for_a_date=True)
        )

    def chinese_page(self) -> Page:
        """Ask for the newest list of the Chinese page.

        Raises:
            SiteError, BrowserError: no usable answer, after some tries; or the site is left alone.
        """
        if self._breaker.circuit is Circuit.OPEN:
            raise SiteUnavailable(remark("the site is left alone"))
        return self._ask("the Chinese page", self.site.chinese_page, self._chinese_page_failed)

    def _ask(self, subject: str, question: Callable[[], Page], failed: Callable[[Exception], None]) -> Page:
        circuit = self._breaker.circuit
        try:
            if circuit is Circuit.PROBING:
                self._board.say(breaker=circuit)
                page = self._once(subject, question)
            else:
                page = site_attempts(self._sleep)(self._once, subject, question)
        except (SiteError, BrowserError) as error:
            failed(error)
            raise
        self._breaker.succeeded()
        self.clock = SiteClock.seen(page.site_today, datetime.now(UTC))
        if self._board.status.state is State.FAILING:
            self._board.say(state=State.POLLING)
        self._board.say(
            site_today=page.site_today,
            last_success=datetime.now(UTC),
            last_error="",
            trouble="",
            breaker=self._breaker.circuit,
            next_try=None,
        )
        return page

    def _once(self, subject: str, question: Callable[[], Page]) -> Page:
        """One request, and a line in the log for its outcome."""
        self._may_ask()
        self._board.say()
        began = time.monotonic()
        try:
            page = question()
        except (SiteError, BrowserError) as error:
            log.warning("%s: %s (%.2f s)", subject, error, time.monotonic() - began)
            raise
        log.info("%s: %s (%.2f s)", subject, page.summary(), time.monotonic() - began)
        return page

    def _chinese_page_failed(self, error: Exception) -> None:
        """A Chinese page that has changed says nothing of the page, and one failure of it little."""
        if isinstance(error, SiteChanged):
            return
        self._breaker.failed(lastingly=isinstance(error, SiteRefuses), for_a_date=True)
        self._board.say(breaker=self._breaker.circuit)
        if self._breaker.circuit is Circuit.OPEN:
            self._board.say(last_error=remark_of(error), trouble=type(error).__name__)
            self._leave_alone()

    def _failed(self, error: Exception, *, for_a_date: bool = False) -> None:
        # These do not pass in a minute, and asking on makes a refusal worse.
        lastingly = isinstance(error, SiteChanged | SiteRefuses)
        self._breaker.failed(lastingly=lastingly, for_a_date=for_a_date)
        if isinstance(error, SiteChanged):
            log.critical("the page is not as it was, see southbound/hkexnews/page_parser.py: %s", error)
        elif isinstance(error, SiteUnavailable):
            log.error("HKEXnews cannot be reached: %s", error)
        self._board.say(
            last_error=remark_of(error), trouble=type(error).__name__, breaker=self._breaker.circuit
        )
        if self._breaker.circuit is Circuit.OPEN:
            self._leave_alone()

    def _leave_alone(self) -> None:
        """Show that nothing is asked for a while."""
        pause = self._breaker.seconds_left()
        log.error("HKEXnews is left alone for %.0f s; `make demo` shows the product without HKEX", pause)
        self._board.say(state=State.FAILING, next_try=datetime.now(UTC) + timedelta(seconds=pause))
