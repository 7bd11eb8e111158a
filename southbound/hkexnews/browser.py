"""Selenium, encapsulated: Chromium is started, asked, and stopped with all that it started."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from http.client import HTTPConnection, HTTPException
from importlib import resources
from pathlib import Path
from typing import Any, cast

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import Chrome, ChromeService
from selenium.webdriver.remote.remote_connection import RemoteConnection
from urllib3.exceptions import HTTPError

from southbound.errors import BrowserError, SiteRefuses, SiteUnavailable
from southbound.hkexnews import chromium
from southbound.hkexnews.page import Page, read_page
from southbound.processes import end_group
from southbound.settings import ScraperSettings

DRIVER_SLACK_SECONDS = 10.0
"""What the driver may take longer than the request itself before it is taken for frozen."""

QUIT_SECONDS = 3.0


class SiteBrowser:
    """A headless Chromium on the HKEXnews page.

    It starts at the first question, and again at the first one after it failed. Every question raises
    SiteUnavailable, SiteRefuses, SiteChanged and BadHoldings for what the site does, and BrowserError for
    what Chromium does; after a BrowserError nothing of the old Chromium is left.
    """

    def __init__(self, settings: ScraperSettings) -> None:
        self._settings = settings
        self._driver: Chrome | None = None
        self._service: ChromeService | None = None
        self._folder: Path | None = None
        self._loaded = False
        self._script = resources.files("southbound.hkexnews").joinpath("ask.js").read_text(encoding="utf-8")

    def newest(self) -> Page:
        """Load the page: the newest list that the site has."""
        driver = self._driver or self._start()
        self._loaded = False
        with self._browser_errors():
            driver.get(self._settings.url)
            status = driver.execute_script(
                "return performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0"
            )
            source = _source(driver)
        _check_status(status)
        page = read_page(source)
        self._loaded = True
        return page

    def ask(self, day: date) -> Page:
        """Ask the loaded page for the list of a date. Loads the page if there is none."""
        if not self._loaded:
            self.newest()
        assert self._driver is not None  # noqa: S101 - newest() has started it, or raised
        with self._browser_errors():
            milliseconds = int(self._settings.timeout_seconds * 1000)
            answer: dict[str, Any] = self._driver.execute_async_script(
                self._script, f"{day:%Y/%m/%d}", milliseconds
            )
        if "problem" in answer:
            raise SiteUnavailable(f"asking for {day}: {answer['problem']}")
        _check_status(answer["status"])
        page = read_page(answer["text"])
        # A site that has got another form takes ours for a plain visit: the next question loads it anew.
        self._loaded = page.listed is None or page.listed.day == day
        return page

    def stop(self) -> None:
        """End Chromium and its driver, within seconds even if they are frozen."""
        driver, service = self._driver, self._service
        self._driver, self._service, self._loaded = None, None, False
        if driver is not None:
            _quit(driver)
        process: subprocess.Popen[bytes] | None = getattr(service, "process", None)
        if process is not None:
            end_group(process.pid)
            process.wait(QUIT_SECONDS)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _start(self) -> Chrome:
        self._folder = chromium.short_folder()
        # The page is all that is wanted, not its pictures.
        profile = f"--user-data-dir={self._folder / 'profile'}"
        options = chromium.options(
            self._settings.chrome_binary, profile, "--blink-settings=imagesEnabled=false"
        )
        # The list is there once the document is read; what other hosts add to it is not waited for.
        options.page_load_strategy = "eager"
        # Kept before it is started: a signal may end us while Chromium is coming up. In a group of its own,
        # so that what it leaves behind can be ended.
        self._service = chromium.service(self._settings.chromedriver, self._folder, process_group=0)
        try:
            self._driver = Chrome(options=options, service=self._service)
        except (WebDriverException, HTTPError, OSError) as error:
            self.stop()
            raise BrowserError(f"Chromium does not start: {_cause(error)}") from error
        _allow(self._driver, self._settings.timeout_seconds + DRIVER_SLACK_SECONDS)
        with self._browser_errors():
            self._driver.set_page_load_timeout(self._settings.timeout_seconds)
            self._driver.set_script_timeout(self._settings.timeout_seconds + DRIVER_SLACK_SECONDS / 2)
            # The page alerts on load, and an open alert blocks every question.
            self._driver.execute_cdp_cmd(
                "Page.addScriptToEvaluateOnNewDocument", {"source": "window.alert = () => {};"}
            )
        return self._driver

    @contextmanager
    def _browser_errors(self) -> Iterator[None]:
        try:
            yield
        except TimeoutException as error:
            raise SiteUnavailable(f"no answer within {self._settings.timeout_seconds:g} s") from error
        except (WebDriverException, HTTPError, OSError) as error:
            if network := re.search(r"net::ERR_\w+", str(error)):
                raise SiteUnavailable(network[0]) from error
            if "Content unavailable" in str(error):
                raise SiteUnavailable("the answer is cut off: Chromium has not kept it") from error
            self.stop()
            raise BrowserError(f"Chromium is gone: {_cause(error)}") from error


def _allow(driver: Chrome, seconds: float) -> None:
    """How long the driver may take for one command."""
    connection = cast("RemoteConnection", driver.command_executor)
    connection.client_config.timeout = seconds


def _source(driver: Chrome) -> str:
    """The loaded page as it was received.

    Not the document: Chromium closes what a cut-off answer leaves open, and half a list would pass for one.
    """
    frame = driver.execute_cdp_cmd("Page.getFrameTree", {})["frameTree"]["frame"]
    resource = driver.execute_cdp_cmd(
        "Page.getResourceContent", {"frameId": frame["id"], "url": frame["url"]}
    )
    source: str = resource["content"]
    return source


def _check_status(status: int) -> None:
    if status in {403, 429}:
        raise SiteRefuses(f"the site refuses us: HTTP {status}")
    if status >= 400:
        raise SiteUnavailable(f"HTTP {status}")


def _quit(driver: Chrome) -> None:
    """Let Chromium end itself and tidy up. Not through Selenium, which asks a frozen driver four times."""
    connection = HTTPConnection("localhost", driver.service.port, timeout=QUIT_SECONDS)
    with suppress(OSError, HTTPException):
        connection.request("DELETE", f"/session/{driver.session_id}")
        connection.getresponse()
    connection.close()


def _cause(error: Exception) -> str:
    """What a driver's error says, without the stack of Chromium's own addresses."""
    text = re.split(r"\(Session info:|Stacktrace:", str(error))[0].removeprefix("Message: ")
    return " ".join(text.split()) or type(error).__name__
