"""The HKEXnews page, asked: its newest list, the list of a date, and the list of the Chinese page."""

import logging
import time
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from southbound.common.errors import BrowserError, SiteChanged
from southbound.common.remark import remark
from southbound.config.settings import ScraperSettings
from southbound.hkexnews import chromium_process
from southbound.hkexnews.page_parser import Page
from southbound.hkexnews.rate_limit import RateLimit
from southbound.hkexnews.response import SiteResponse, WayClosed
from southbound.hkexnews.tab import Tab
from southbound.system.memory import give_back

log = logging.getLogger(__name__)

RESTS_AFTER_SECONDS = 300.0
"""So long after its last request a Chromium that has nothing to ask is ended: it holds 300 MB."""

MANY_ANSWERS = 5
"""After so many the tab's garbage is worth collecting: a list is 1.3 MB, and one a day is not."""

ENGLISH, CHINESE = "mutualmarket.aspx", "mutualmarket_c.aspx"


class Way(StrEnum):
    """How the loaded page is asked for a date."""

    FETCH = "its form, fetched from inside it"
    BUTTON = "its button"


class SiteClient:
    """A headless Chromium on the HKEXnews page.

    It starts at the first request, and again at the first one after it failed or rested. Every request raises
    SiteUnavailable, SiteRefuses and SiteChanged for what the site does, and BrowserError for what
    Chromium does; after a BrowserError nothing of the old Chromium is left.

    Args:
        settings: where the page is, and how long an answer may take.
        pace: keeps the requests apart.
        frozen_after_seconds: when a Chromium that does not react is taken for frozen. Without it 15, or more
            where Chromium may take longer to start: then it may take longer for all else.
        ended: called when a Chromium and its driver were ended.
        clock: in seconds; tells how long nothing was asked.
    """

    def __init__(
        self,
        settings: ScraperSettings,
        pace: RateLimit,
        frozen_after_seconds: float | None = None,
        ended: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._pace = pace
        self._frozen_after = frozen_after_seconds or max(15.0, settings.chrome_start_seconds / 4)
        self._launch_ways = chromium_process.Ways(settings.chrome_user)
        self._ended = ended
        self._clock = clock
        self._asked = clock()
        self._tab: Tab | None = None
        self._loaded = False
        self._answers = 0
        self._ways = (Way.FETCH, Way.BUTTON)
        """What worked stands first."""

    def newest(self) -> Page:
        """Load the page: the newest list that the site has."""
        self._loaded = False
        page = _only(lambda: self._request(lambda tab: tab.load(self._settings.url)))
        self._loaded = True
        return page

    def ask(self, day: date) -> Page:
        """Ask the loaded page for the list of a date.

        Loads the page if there is none; if it comes with that list, it is not asked for a second time.
        """
        if not self._loaded and (page := self.newest()).heading == day:
            return page
        first, second = self._ways
        try:
            return self._ask(first, day)
        except WayClosed as closed:
            log.info("the page cannot be asked by %s (%s): trying %s", first, closed, second)
        page = _only(lambda: self._ask(second, day))
        self._ways = second, first
        log.warning("the page is asked by %s from now on", second)
        return page

    def chinese_page(self) -> Page:
        """The newest list of the page in Traditional Chinese, fetched from inside the loaded page."""
        parts = urlsplit(self._settings.url)
        if not parts.path.endswith(ENGLISH):
            raise SiteChanged(
                remark(
                    "no Chinese page of {url}: want a path that ends in {english}",
                    url=self._settings.url,
                    english=ENGLISH,
                )
            )
        self._load_if_none()
        address = parts._replace(path=parts.path.removesuffix(ENGLISH) + CHINESE).geturl()
        return _only(lambda: self._request(lambda tab: tab.fetch(url=address)))

    def restart(self) -> None:
        """Have the next request start a new Chromium."""
        self.stop()

    def rest(self) -> None:
        """There is nothing to ask now: end a Chromium that was asked nothing for five minutes."""
        if self._tab is not None and self._clock() - self._asked >= RESTS_AFTER_SECONDS:
            log.info("nothing to ask: Chromium is closed until there is")
            self.stop()
            give_back()  # pages of a megabyte were read

    def pause(self) -> None:
        """A round is over: have Chromium give back at once what many answers have filled, some 30 MB."""
        if self._tab is None or self._answers < MANY_ANSWERS:
            return
        self._answers = 0
        try:
            self._tab.collect_garbage()
        except BrowserError as error:
            log.info("%s: the next request starts a new one", error)
            self.stop()
        give_back()

    def age_seconds(self) -> float:
        """How long the present Chromium has been running; 0 if there is none."""
        return 0.0 if self._tab is None else time.monotonic() - self._tab.driver.started

    def stop(self) -> None:
        """End Chromium and its driver, within seconds even if they are frozen."""
        tab, self._tab, self._loaded = self._tab, None, False
        if tab is not None:
            tab.driver.close()
            self._ended()

    def _load_if_none(self) -> None:
        if not self._loaded:
            self.newest()

    def _ask(self, way: Way, day: date) -> Page:
        self._load_if_none()
        if way is Way.FETCH:
            page = self._request(lambda tab: tab.fetch(day=day))
        else:
            self._loaded = False  # what the button leads to may be no page
            page = self._request(lambda tab: tab.press(day))
        # A site that has got another form takes ours for a plain visit: the next request loads it anew.
        self._loaded = page.heading in {None, day}
        return page

    def _request(self, exchange: Callable[[Tab], SiteResponse]) -> Page:
        """One request, when it is its time, and what its answer says."""
        try:
            tab = self._started()
            with self._pace.request():
                answer = exchange(tab)
        except BrowserError:
            self.stop()
            raise
        except SiteChanged:
            self._loaded = False  # the loaded page is not the site's any more, or leads elsewhere
            raise
        finally:
            self._asked = self._clock()
        self._answers += 1
        return answer.page()

    def _started(self) -> Tab:
        if self._tab is None:
            # Kept before it is started: a signal may end us while Chromium is coming up.
            self._tab = Tab(self._settings, self._frozen_after, self._launch_ways)
            self._tab.driver.start()
        return self._tab


def _only(asked: Callable[[], Page]) -> Page:
    """The answer of a way that has no other beside it."""
    try:
        return asked()
    except WayClosed as closed:
        raise closed.error from closed
