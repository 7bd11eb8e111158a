"""Selenium, encapsulated: one Chromium with one tab, started, led to pages, and ended with all its processes.

Every command to the driver ends within seconds, also while the site lets us wait: whatever takes longer is
frozen. While a navigation waits for its answer Chromium holds back scripts, but not what the browser can
answer without the tab.
"""

import json
import re
import time
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import resources
from itertools import chain, count, repeat
from typing import Any, TypeVar

import psutil
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import ChromeOptions, Remote
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.common.driver_finder import DriverFinder
from urllib3.exceptions import HTTPError

from southbound.errors import BrowserError, SiteChanged, SiteUnavailable
from southbound.hkexnews import chromium
from southbound.hkexnews.answer import Answer, WayClosed
from southbound.hkexnews.navigation import Navigation
from southbound.settings import ScraperSettings

T = TypeVar("T")

STARTS_WITHIN_SECONDS = 25.0
LOOKS_A_COMMAND = 5
"""A script may take this part of the time after which Chromium is taken for frozen."""
LOOK_AGAIN_SECONDS = 0.02

ORIGIN = "return performance.timeOrigin"  # another one in each document


def _script(name: str) -> str:
    return resources.files("southbound.hkexnews").joinpath(name).read_text(encoding="utf-8")


@contextmanager
def _browser_errors(what: str) -> Iterator[None]:
    try:
        yield
    except (WebDriverException, HTTPError, OSError, psutil.Error) as error:
        raise BrowserError(f"{what}: {_cause(error)}") from error


class Tab:
    """A Chromium; nothing of it runs until `start`, and nothing after `close`.

    Every method raises BrowserError when Chromium or its driver is missing, dead or frozen. `load`, `press`
    and `fetch` raise SiteUnavailable when no answer comes within the settings' `timeout_seconds`, or not all
    of it; a refusal is an answer.

    Args:
        settings: the programs, and how long an answer may take.
        frozen_after: seconds after which a command that is not answered means that Chromium is frozen.
    """

    def __init__(self, settings: ScraperSettings, frozen_after: float) -> None:
        self._settings = settings
        self._frozen_after = frozen_after
        self._look = frozen_after / LOOKS_A_COMMAND
        self._numbers = count()
        self._folder = chromium.Folder()
        # In a group of its own, so that Ctrl-C in a terminal ends us, who then end it.
        self._service = chromium.service(settings.chromedriver, self._folder, process_group=0)
        self.started = time.monotonic()

    @_browser_errors("Chromium does not start")
    def start(self) -> None:
        """Start Chromium and its driver."""
        options = self._options()
        finder = DriverFinder(self._service, options)
        self._service.path = finder.get_driver_path()
        self._service.start()
        connection = ChromeRemoteConnection(self._service.service_url)
        connection.client_config.timeout = STARTS_WITHIN_SECONDS
        self._driver = Remote(connection, options=options)
        connection.client_config.timeout = self._frozen_after
        self._frame = self._cdp("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._cdp("Network.disable")  # only while a page is loaded: it keeps all answers, and logs
        # The page alerts on load, and an open alert blocks every question.
        self._cdp("Page.addScriptToEvaluateOnNewDocument", source="window.alert = () => {};")

    @_browser_errors("Chromium is gone")
    def load(self, url: str) -> Answer:
        """Go to an address."""
        return self._navigated(lambda: self._driver.get(url))

    @_browser_errors("Chromium is gone")
    def press(self, day: date) -> Answer:
        """Press the loaded page's button for a date.

        Raises:
            WayClosed: the page has no button, or no field for a date.
        """

        def press() -> None:
            if missing := self._run(_script("press.js"), f"{day:%Y/%m/%d}"):
                raise WayClosed(SiteChanged(f"the loaded page has {missing}"))

        return self._navigated(press)

    @_browser_errors("Chromium is gone")
    def fetch(self, *, day: date | None = None, url: str | None = None) -> Answer:
        """From inside the loaded page, send its form for a date, or get an address of the same site.

        Raises:
            WayClosed: the page does not let its scripts fetch.
        """
        number, end = next(self._numbers), self._end()
        request = {"day": day and f"{day:%Y/%m/%d}", "url": url}
        requests: Iterator[Any] = chain([request], repeat(None))
        script, patience = _script("fetch.js"), self._look / 2 * 1000
        answer = self._awaited(lambda: self._run(script, number, next(requests), patience), end)
        if "closed" in answer:
            raise WayClosed(SiteUnavailable(f"no answer to the page's script: {answer['closed']}"))
        if "broken" in answer:
            raise SiteUnavailable(f"the answer is cut off: {answer['broken']}")
        return Answer.of_packed(answer["status"], answer["packed"])

    def close(self) -> None:
        """End Chromium and its driver, within seconds even if they are frozen."""
        process = getattr(self._service, "process", None)
        if process is not None:
            process.kill()
            process.wait()
        self._folder.close()

    def _options(self) -> ChromeOptions:
        profile = f"--user-data-dir={self._folder.path / 'profile'}"
        # The page is all that is wanted, not its pictures.
        options = chromium.options(
            self._settings.chrome_binary, profile, "--blink-settings=imagesEnabled=false"
        )
        options.page_load_strategy = "none"  # we wait ourselves
        options.timeouts = {"script": int(self._look * 1000)}
        options.unhandled_prompt_behavior = "dismiss"
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        return options

    def _navigated(self, go: Callable[[], None]) -> Answer:
        """What comes when the tab leaves its document for another one."""
        end = self._end()
        self._cdp("Network.enable")
        list(self._events())  # not of this navigation
        before = self._run(ORIGIN)
        go()
        self._awaited(lambda: self._run(ORIGIN) != before, end)
        navigation = Navigation(self._frame)
        self._awaited(lambda: navigation.follow(self._events()), end)
        body = b"" if navigation.failure else self._body(navigation.request)
        self._cdp("Network.disable")
        # An error without a body is a failure to Chromium, which then shows a page of its own.
        if navigation.failure and navigation.status < 400:
            raise SiteUnavailable(navigation.failure)
        return Answer(navigation.status, body)

    def _body(self, request: str) -> bytes:
        """An answer's body as it was received.

        Not the document: Chromium closes what an answer leaves open, and half a list would pass for one.
        """
        received = self._cdp("Network.getResponseBody", requestId=request)
        body: str = received["body"]
        return b64decode(body) if received["base64Encoded"] else body.encode(errors="surrogatepass")

    def _end(self) -> float:
        return time.monotonic() + self._settings.timeout_seconds

    def _awaited(self, look: Callable[[], T], end: float) -> T:
        """What `look` finds, asked again until it finds something."""
        while True:
            try:
                if found := look():
                    return found
            except TimeoutException:  # the script is held back; or nobody is there to run it
                self._check_alive()
            if time.monotonic() > end:
                self._cdp("Page.stopLoading")
                self._run(ORIGIN)  # if it was the tab that did not answer, it does not answer now
                raise SiteUnavailable(f"no answer within {self._settings.timeout_seconds:g} s")
            time.sleep(LOOK_AGAIN_SECONDS)

    def _check_alive(self) -> None:
        driver = psutil.Process(self._service.process.pid)
        for process in (driver, *driver.children(recursive=True)):
            if process.status() == psutil.STATUS_STOPPED:
                raise BrowserError(f"Chromium is frozen: {process.name()} is stopped")
        # The driver passes it on, and the browser answers it without the tab.
        self._cdp("Page.getNavigationHistory")

    def _run(self, script: str, *arguments: object) -> Any:
        return self._driver.execute_script(script, *arguments)

    def _cdp(self, command: str, **parameters: object) -> Any:
        return self._driver.execute("executeCdpCommand", {"cmd": command, "params": parameters})["value"]

    def _events(self) -> Iterable[Mapping[str, Any]]:
        """What Chromium has logged since the last time."""
        entries = self._driver.execute("getLog", {"type": "performance"})["value"]
        return [json.loads(entry["message"])["message"] for entry in entries]


def _cause(error: Exception) -> str:
    """What a driver's error says, without the stack of Chromium's own addresses."""
    text = re.split(r"\(Session info:|Stacktrace:", str(error))[0].removeprefix("Message: ")
    return " ".join(text.split()) or type(error).__name__
