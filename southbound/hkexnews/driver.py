"""Selenium, encapsulated: Chromium and its driver, started, given short commands, ended without a rest.

Every command ends within seconds, also while the site lets us wait; what takes longer is frozen. While a
navigation waits for its answer Chromium holds back scripts, but not what the browser answers without the tab.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psutil
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import ChromeOptions, Remote
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.common.driver_finder import DriverFinder
from urllib3.exceptions import HTTPError

from southbound.errors import BrowserError, SiteUnavailable
from southbound.hkexnews import chromium
from southbound.settings import ScraperSettings

T = TypeVar("T")

STARTS_WITHIN_SECONDS = 25.0
LOOK_AGAIN_SECONDS = 0.02


@contextmanager
def browser_errors(what: str) -> Iterator[None]:
    """Turn what goes wrong with Chromium or its driver into a BrowserError that begins with `what`."""
    try:
        yield
    except (WebDriverException, HTTPError, OSError, psutil.Error) as error:
        raise BrowserError(f"{what}: {_cause(error)}") from error


class Driver:
    """A Chromium with one tab; nothing of it runs until `start`, and nothing after `close`.

    Args:
        settings: the programs, and how long the site may take.
        frozen_after: seconds after which a command that is not answered means that Chromium is frozen.

    Attributes:
        started: when, on the monotonic clock.
        look: seconds that a script may take.
    """

    def __init__(self, settings: ScraperSettings, frozen_after: float) -> None:
        self._settings = settings
        self._frozen_after = frozen_after
        self._folder = chromium.Folder()
        # In a group of its own, so that Ctrl-C in a terminal ends us, who then end it.
        self._service = chromium.service(settings.chromedriver, self._folder, process_group=0)
        self.started = time.monotonic()
        self.look = frozen_after / 5

    @browser_errors("Chromium does not start")
    def start(self) -> None:
        """Start Chromium and its driver.

        Raises:
            BrowserError: one of them is missing or does not start.
        """
        options = self._options()
        finder = DriverFinder(self._service, options)
        self._service.path = finder.get_driver_path()
        self._service.start()
        connection = ChromeRemoteConnection(self._service.service_url)
        connection.client_config.timeout = STARTS_WITHIN_SECONDS
        self._remote = Remote(connection, options=options)
        connection.client_config.timeout = self._frozen_after
        # The page alerts on load, and an open alert blocks every question.
        self.command("Page.addScriptToEvaluateOnNewDocument", source="window.alert = () => {};")

    def close(self) -> None:
        """End Chromium and its driver, within seconds even if they are frozen."""
        process = getattr(self._service, "process", None)
        if process is not None:
            process.kill()
            process.wait()
        self._folder.close()

    def go(self, url: str) -> None:
        """Set out for an address."""
        self._remote.get(url)

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns in the tab.

        Raises:
            TimeoutException: nothing for `look` seconds: it is held back, or the tab is frozen.
        """
        return self._remote.execute_script(script, *arguments)

    def command(self, name: str, **parameters: object) -> Any:
        """What Chromium answers to a command of its DevTools protocol."""
        return self._remote.execute("executeCdpCommand", {"cmd": name, "params": parameters})["value"]

    def events(self) -> list[dict[str, Any]]:
        """What Chromium has logged of its DevTools protocol since the last time."""
        entries = self._remote.execute("getLog", {"type": "performance"})["value"]
        return [json.loads(entry["message"])["message"] for entry in entries]

    def awaited(self, look: Callable[[], T], end: float) -> T:
        """What `look` finds, asked again until it finds something.

        Raises:
            SiteUnavailable: nothing until `end`, on the monotonic clock; the tab waits no more.
            BrowserError: that is because Chromium is frozen.
        """
        while True:
            try:
                if found := look():
                    return found
            except TimeoutException:
                self._check_alive()
            if time.monotonic() > end:
                self.command("Page.stopLoading")
                self.run("return null")  # if it was the tab that did not answer, it does not answer now
                raise SiteUnavailable(f"no answer within {self._settings.timeout_seconds:g} s")
            time.sleep(LOOK_AGAIN_SECONDS)

    def _check_alive(self) -> None:
        driver = psutil.Process(self._service.process.pid)
        for process in (driver, *driver.children(recursive=True)):
            if process.status() == psutil.STATUS_STOPPED:
                raise BrowserError(f"Chromium is frozen: {process.name()} is stopped")
        # The driver passes it on, and the browser answers it without the tab.
        self.command("Page.getNavigationHistory")

    def _options(self) -> ChromeOptions:
        profile = f"--user-data-dir={self._folder.path / 'profile'}"
        # The page is all that is wanted, not its pictures.
        options = chromium.options(
            self._settings.chrome_binary, profile, "--blink-settings=imagesEnabled=false"
        )
        options.page_load_strategy = "none"  # we wait ourselves
        options.timeouts = {"script": int(self.look * 1000)}
        options.unhandled_prompt_behavior = "dismiss"
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        return options


def _cause(error: Exception) -> str:
    """What a driver's error says, without the stack of Chromium's own addresses."""
    text = re.split(r"\(Session info:|Stacktrace:", str(error))[0].removeprefix("Message: ")
    return " ".join(text.split()) or type(error).__name__
