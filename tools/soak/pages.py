"""The dashboard's readers: two tabs that stay open for the whole run, and sessions that come and go."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from websockets.exceptions import WebSocketException

from tools.benchmarks.visitors import Visitor
from tools.soak.environment import Environment
from tools.viewer import viewer

VIEWS = ("?window=1&metric=shares", "?stock=700&tab=stocks")
VISITS_EVERY_SECONDS = 4.0
LOADS_WITHIN_SECONDS = 60


class Tabs:
    """The tabs of one browser."""

    def __init__(self, driver: Chrome, address: str) -> None:
        self._driver = driver
        driver.set_page_load_timeout(LOADS_WITHIN_SECONDS)
        driver.set_script_timeout(LOADS_WITHIN_SECONDS)
        self._handles: dict[str, str] = {}
        for view in VIEWS:
            if self._handles:
                driver.switch_to.new_window("tab")
            driver.get(f"{address}/{view}")
            self._handles[view] = driver.current_window_handle

    def texts(self) -> dict[str, str]:
        """What is written on each page."""
        texts = {}
        for view, handle in self._handles.items():
            try:
                self._driver.switch_to.window(handle)
                texts[f"the page {view}"] = str(self._driver.execute_script("return document.body.innerText"))
            except WebDriverException as error:
                texts[f"the page {view}"] = f"(the tab does not answer: {error.msg})"
        return texts


@contextmanager
def tabs(environment: Environment) -> Iterator[Tabs]:
    """The open tabs."""
    with viewer() as driver:
        yield Tabs(driver, environment.dashboard)


class Visits:
    """Somebody else opens the dashboard every few seconds, and closes it again."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="visits", daemon=True)
        self.made = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(90)

    def _go_on(self) -> None:
        while not self._over.wait(VISITS_EVERY_SECONDS):
            # A dashboard that is away at this moment has no readers.
            with suppress(OSError, WebSocketException):
                visitor = Visitor(self._address)
                try:
                    visitor.rerun()
                    self.made += 1
                finally:
                    visitor.close()


def left_behind(folder: Path) -> list[str]:
    """What is left in the temporary folder, and of processes of ours."""
    profiles = [f"a folder of Chromium is left: {path.name}" for path in folder.glob("southbound-chromium-*")]
    processes = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            processes.append(f"a process is left: {process.pid} {' '.join(process.cmdline())[:120]}")
    return profiles + processes
