"""One tab, and three ways to an answer of the site: an address, the page's button, the page's own scripts."""

import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from itertools import chain, count, repeat
from typing import Any

from selenium.common.exceptions import WebDriverException

from southbound.common.errors import SiteChanged, SiteUnavailable
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.config.settings import ScraperSettings
from southbound.hkexnews import chromium_process
from southbound.hkexnews.launch import is_of
from southbound.hkexnews.navigation import Navigation
from southbound.hkexnews.response import (
    LARGEST_BYTES,
    LARGEST_PACKED_BYTES,
    LONGEST_REASON,
    SiteResponse,
    WayClosed,
    elsewhere,
    too_large,
    unreachable,
)
from southbound.hkexnews.webdriver import WebDriver, browser_errors

ORIGIN = "return performance.timeOrigin"
"""Another one in each document."""

FORGET_TABLES = """
for (const table of document.querySelectorAll("table"))
  if (!table.querySelector("form, input, select, button")) table.remove();
"""
"""What is asked with stays: the form, wherever its fields are. The list was read from the answer's text."""


def _script(name: str) -> str:
    return resources.files("southbound.hkexnews").joinpath(name).read_text(encoding="utf-8")


class Tab:
    """The tab of a Chromium of its own.

    `load`, `press` and `fetch` give the site's answer, also a refusal. They raise SiteUnavailable when none
    comes within the settings' `timeout_seconds`, or not all of it, and BrowserError when Chromium or its
    driver is dead or frozen. An answer of another host is none: they raise SiteChanged.

    Args:
        settings: the programs, and how long an answer may take.
        frozen_after: seconds after which a Chromium that does not react is taken for frozen.
        ways: how Chromium can be started here.

    Attributes:
        driver: Chromium itself.
    """

    def __init__(self, settings: ScraperSettings, frozen_after: float, ways: chromium_process.Ways) -> None:
        self._site = settings.url
        self._timeout = settings.timeout_seconds
        self.driver = WebDriver(settings, frozen_after, ways)
        self._numbers = count()
        self._fetch, self._press = _script("fetch.js"), _script("press.js")

    @browser_errors(remark("Chromium is gone"))
    def load(self, url: str) -> SiteResponse:
        """Go to an address."""
        return self._navigated(lambda: self.driver.go(url))

    @browser_errors(remark("Chromium is gone"))
    def press(self, day: date) -> SiteResponse:
        """Press the loaded page's button for a date.

        Raises:
            WayClosed: the page has no button, or no field for a date.
        """

        def press() -> None:
            if missing := self.driver.run(self._press, f"{day:%Y/%m/%d}"):
                raise WayClosed(
                    SiteChanged(
                        remark(
                            "the loaded page has {missing}", missing=one_line(str(missing), LONGEST_REASON)
                        )
                    )
                )

        return self._navigated(press)

    @browser_errors(remark("Chromium is gone"))
    def fetch(self, *, day: date | None = None, url: str | None = None) -> SiteResponse:
        """From inside the loaded page, send its form for a date, or get an address of the same site.

        Raises:
            WayClosed: the page does not let its scripts fetch.
        """
        number, end = next(self._numbers), self._end()
        request = {"day": day and f"{day:%Y/%m/%d}", "url": url}
        requests: Iterator[Any] = chain([request], repeat(None))
        limits = self.driver.look / 2 * 1000, LARGEST_BYTES, LARGEST_PACKED_BYTES
        answer = self.driver.awaited(
            lambda: self.driver.run(self._fetch, number, next(requests), *limits), end
        )
        match answer:
            case {"url": str(asked)} if not is_of(asked, self._site):
                raise elsewhere(asked)
        return SiteResponse.of_script(answer)

    @browser_errors("Chromium is gone")
    def collect_garbage(self) -> None:
        """Let go of the list that the page shows, and of what its scripts have left."""
        self.driver.run(FORGET_TABLES)
        self.driver.command("HeapProfiler.collectGarbage")

    def _navigated(self, leave: Callable[[], None]) -> SiteResponse:
        """What comes when the tab leaves its document for another one."""
        end = self._end()
        before = self.driver.awaited(lambda: self.driver.run(ORIGIN), end)
        frame = self.driver.command("Page.getFrameTree")["frameTree"]["frame"]["id"]
        # Only now and here: it keeps every answer, and logs.
        self.driver.command("Network.enable", maxResourceBufferSize=LARGEST_BYTES)
        self.driver.command("Network.setBypassServiceWorker", bypass=True)
        self.driver.forget_workers()
        self.driver.events()  # of what was before
        leave()
        self.driver.awaited(lambda: self.driver.run(ORIGIN) != before, end)
        navigation = Navigation(frame)
        self.driver.awaited(lambda: self._is_enough(navigation), end)
        if self._is_elsewhere(navigation):
            self._leave_behind()
            raise elsewhere(navigation.url)
        if navigation.received > LARGEST_BYTES:
            self._leave_behind()
            raise too_large()
        body = b"" if navigation.failure else self._body(navigation.request)
        self.driver.command("Network.disable")
        # An error without a body is a failure to Chromium, which then shows a page of its own.
        if navigation.failure and navigation.status < 400:
            raise unreachable(navigation.failure)
        return SiteResponse(navigation.status, body)

    def _is_enough(self, navigation: Navigation) -> bool:
        """Whether all of an answer has come, or more than there can be of a page, or it is another host's."""
        ended = navigation.follow(self.driver.events())
        return ended or navigation.received > LARGEST_BYTES or self._is_elsewhere(navigation)

    def _is_elsewhere(self, navigation: Navigation) -> bool:
        return bool(navigation.url) and not is_of(navigation.url, self._site)

    def _leave_behind(self) -> None:
        """Have Chromium forget the document: what it makes of an answer takes ten times its memory."""
        self.driver.command("Page.stopLoading")
        self.driver.command("Network.disable")
        self.driver.go("about:blank")

    def _body(self, request: str) -> bytes:
        """An answer's body as it was received.

        Not the document: Chromium closes what an answer leaves open, and half a list would pass for one. And
        not by the document's address: what must not be cached, and what a form led to, is not found by it.
        """
        try:
            received = self.driver.command("Network.getResponseBody", requestId=request)
        except WebDriverException as error:
            if "inspector error" in str(error):
                raise SiteUnavailable(
                    remark("Chromium has not kept the answer: {msg}", msg=error.msg)
                ) from error
            raise
        body: str = received["body"]
        return b64decode(body) if received["base64Encoded"] else body.encode(errors="surrogatepass")

    def _end(self) -> float:
        return time.monotonic() + self._timeout
