"""Selenium, encapsulated: Chromium and its driver, started, given short commands, ended without a rest.

Every command ends within seconds, also while the site lets us wait; what takes longer is frozen. While a
navigation waits for its answer Chromium holds back scripts, but not what the browser answers without the tab.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import ChromeOptions, ChromeService, Remote
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.common.driver_finder import DriverFinder
from urllib3.exceptions import HTTPError

from southbound.common.errors import BrowserError, SiteUnavailable
from southbound.common.remark import remark
from southbound.config.settings import ScraperSettings
from southbound.hkexnews import chromium_process
from southbound.hkexnews.launch import Launch, places, site_flags
from southbound.hkexnews.profile_folder import Folder
from southbound.hkexnews.proxy import Proxy, UnusableProxy, proxy_for
from southbound.hkexnews.proxy_login import ProxyLogin
from southbound.hkexnews.start_failures import cause_of, last_words, sandbox_is_refused
from southbound.hkexnews.start_watch import StartWatch

T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.02
NEW_DOCUMENT = """
window.alert = window.confirm = window.prompt = window.print = () => {};
delete Navigator.prototype.serviceWorker;
"""
"""Runs before a page's own scripts. The page alerts on load, and an open dialog blocks every request. A
service worker would answer in the site's place."""


@contextmanager
def browser_errors(what: str) -> Iterator[None]:
    """Turn what goes wrong with Chromium or its driver into a BrowserError that begins with `what`."""
    try:
        yield
    except (WebDriverException, HTTPError, OSError, psutil.Error) as error:
        raise BrowserError(remark("{what}: {cause}", what=what, cause=_cause(error))) from error


class _SandboxRefused(Exception):
    """This machine does not permit Chromium's sandbox."""


class WebDriver:
    """A Chromium with one tab; nothing of it runs until `start`, and nothing after `close`.

    Args:
        settings: the programs, and how long the site may take.
        frozen_after: seconds after which a command that is not answered means that Chromium is frozen.
        ways: how Chromium can be started here.

    Attributes:
        started: when, on the monotonic clock.
        look: seconds that a script may take.
    """

    def __init__(self, settings: ScraperSettings, frozen_after: float, ways: chromium_process.Ways) -> None:
        self._settings = settings
        self._ways = ways
        self._folder: Folder | None = None
        self._service: ChromeService | None = None
        self._login: ProxyLogin | None = None
        self._frozen_after = frozen_after
        self.started = time.monotonic()
        self.look = frozen_after / 5

    def start(self) -> None:
        """Start Chromium and its driver.

        Raises:
            BrowserError: one of them is missing or does not start, or the site's proxy cannot be used.
        """
        try:
            proxy = proxy_for(self._settings.url, os.environ)
        except UnusableProxy as error:
            raise BrowserError(remark("Chromium is not started: {error}", error=error)) from error
        with browser_errors(remark("Chromium does not start")):
            while True:
                try:
                    self._start(self._ways.best(), proxy)
                    break
                except _SandboxRefused as refused:
                    self.close()
                    if not self._ways.drop():
                        raise BrowserError(
                            remark("Chromium does not start: {refused}", refused=refused)
                        ) from refused
            self._ways.warn()
            self._give_nothing_unneeded()
            if proxy and proxy.username:
                self._login = ProxyLogin(self._remote.capabilities["webSocketUrl"], proxy)
            # Whoever reaches the driver's port could have it start any program, as its user.
            chromium_process.let_start_nothing(self.process, self._ways.best().user)

    def close(self) -> None:
        """End Chromium and its driver, within seconds even if they are frozen."""
        process = getattr(self._service, "process", None)
        if process is not None:
            process.kill()
            process.wait()
            process.stdin.close()
        if self._login is not None:
            self._login.close()
        if self._folder is not None:
            self._folder.close()
        self._service = self._login = self._folder = None

    @property
    def folder(self) -> Path:
        """Where Chromium writes to."""
        assert self._folder is not None  # noqa: S101 - it was started
        return self._folder.path

    @property
    def process(self) -> psutil.Process:
        """The driver's; Chromium is below it."""
        assert self._service is not None  # noqa: S101 - it was started
        return psutil.Process(self._service.process.pid)

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

    def forget_workers(self) -> None:
        """End the service workers of the site, which would answer in its place."""
        for place in places(self._settings.url):
            self.command("Storage.clearDataForOrigin", origin=place.origin, storageTypes="service_workers")

    def awaited(self, look: Callable[[], T], end: float) -> T:
        """What `look` finds, asked again until it finds something.

        Raises:
            SiteUnavailable: nothing until `end`, on the monotonic clock; the tab waits no more.
            BrowserError: that is because Chromium is frozen, or busy with a script of the page.
        """
        while True:
            try:
                if found := look():
                    return found
            except TimeoutException:
                self._check_alive()
            if time.monotonic() > end:
                self.command("Page.stopLoading")
                try:
                    self.run("return null")
                except (
                    TimeoutException
                ) as error:  # if it was the tab that did not answer, it does not answer now
                    raise BrowserError(
                        remark(
                            "Chromium is busy with a script of the page that does not end ({cause})",
                            cause=_cause(error),
                        )
                    ) from error
                raise SiteUnavailable(
                    remark(
                        "no answer within {timeout_seconds} s",
                        timeout_seconds=f"{self._settings.timeout_seconds:g}",
                    )
                )
            time.sleep(LOOK_AGAIN_SECONDS)

    def _start(self, launch: Launch, proxy: Proxy | None) -> None:
        """Raises _SandboxRefused if that is what keeps it from starting."""
        folder = self._folder = Folder(launch.user)
        # In a group of its own, so that Ctrl-C in a terminal ends us, who then end it.
        service = self._service = chromium_process.service(
            self._settings.chromedriver, folder, process_group=0
        )
        options = self._options(launch, folder, proxy)
        finder = DriverFinder(service, options)
        service.path = finder.get_driver_path()
        for program in (service.path, options.binary_location or finder.get_browser_path()):
            chromium_process.check_program(program, launch.user)
        seconds = self._settings.chrome_start_seconds
        with StartWatch(service, folder.said) as watch:
            try:
                service.start()
                # Never through a proxy, whatever the environment says: it is on this machine.
                connection = ChromeRemoteConnection(service.service_url, ignore_proxy=True)
                connection.client_config.timeout = seconds
                watch.browser_asked_for()
                self._remote = Remote(connection, options=options)
                connection.client_config.timeout = self._frozen_after
            except (WebDriverException, HTTPError, OSError) as error:
                raise self._start_failure(launch, f"{watch.seen}\n{folder.said()}", error) from error

    def _start_failure(self, launch: Launch, said: str, error: Exception) -> Exception:
        assert self._folder is not None  # noqa: S101 - it was made before
        cause = cause_of(f"{said}\n{error}", str(self._folder.path))
        if launch.sandbox and sandbox_is_refused(said):
            return _SandboxRefused(cause)
        if not cause and isinstance(error, HTTPError) and "timed out" in str(error):
            seconds = self._settings.chrome_start_seconds
            cause = remark(
                "not within {seconds} s; [scraper] chrome_start_seconds gives it longer",
                seconds=f"{seconds:g}",
            )
        return BrowserError(
            remark("Chromium does not start: {cause}", cause=cause or last_words(said) or _cause(error))
        )

    def _give_nothing_unneeded(self) -> None:
        self.command("Page.addScriptToEvaluateOnNewDocument", source=NEW_DOCUMENT)
        self.command("Browser.setDownloadBehavior", behavior="deny")
        self.command("Browser.grantPermissions", permissions=[])  # and so refuse all

    def _check_alive(self) -> None:
        for process in (self.process, *self.process.children(recursive=True)):
            # Chromium ends processes of its own all the time.
            with suppress(psutil.NoSuchProcess):
                if process.status() == psutil.STATUS_STOPPED:
                    name = process.name()
                    raise BrowserError(remark("Chromium is frozen: {process} is stopped", process=name))
        try:
            # The driver passes it on, and the browser answers it without the tab.
            self.command("Page.getNavigationHistory")
        except TimeoutException as error:
            if "aborted by navigation" not in str(error):  # the tab goes on just now
                raise

    def _options(self, launch: Launch, folder: Folder, proxy: Proxy | None) -> ChromeOptions:
        # The page is all that is wanted, not its pictures.
        options = chromium_process.options(
            self._settings.chrome_binary,
            launch,
            folder,
            "--blink-settings=imagesEnabled=false",
            *site_flags(self._settings.url, proxy),
        )
        options.page_load_strategy = "none"  # we wait ourselves
        options.timeouts = {"script": int(self.look * 1000)}
        options.unhandled_prompt_behavior = "dismiss"
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        if proxy and proxy.username:
            options.set_capability("webSocketUrl", True)  # noqa: FBT003 - Selenium's
        # Longer than we wait: what the driver says when it has waited itself is misleading.
        milliseconds = int((self._settings.chrome_start_seconds + 10) * 1000)
        options.add_experimental_option("browserStartupTimeout", milliseconds)
        return options


def _cause(error: Exception) -> str:
    """What a driver's error says, without the stack of Chromium's own addresses."""
    text = re.split(r"\(Session info:|Stacktrace:", str(error))[0].removeprefix("Message: ")
    return " ".join(text.split()) or type(error).__name__
