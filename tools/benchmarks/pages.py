"""A dashboard of its own on a store, and a browser that notes when the page changes."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from replay.serving import free_ports
from southbound.config.settings import variables
from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation import formatting
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.stored_days import address as address_of
from tools.waiting import wait_until

ROOT = Path(__file__).parents[2]
QUIET_SECONDS = 0.6
"""When nothing changed for so long, all is drawn."""

WATCH = Path(__file__).parent / "watch.js"
EXPECT = "Object.assign(window.noted, {charts: null, seen: null, ran: null, wanted: arguments[0]})"


@dataclass(frozen=True, slots=True)
class Server:
    """A running dashboard."""

    address: str
    process: psutil.Process


@contextmanager
def dashboard(store: HoldingsStore, folder: Path) -> Iterator[Server]:
    """Serve the dashboard on a store."""
    with served(ROOT / "app.py", folder, {"REDIS_URL": address_of(store)}) as server:
        yield server


@contextmanager
def served(script: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Serve a script by Streamlit, set up as the dashboard is."""
    [port] = free_ports(0)
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    with (folder / f"{script.stem}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)],
            cwd=ROOT,
            env={**inherited, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_healthy(address)
        yield Server(address, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(15)


def open_page(driver: Chrome, address: str) -> float:
    """Load the page; the seconds until its first chart is drawn."""
    driver.get(address)
    wait_until("the first chart", lambda: driver.execute_script("return window.noted.first"))
    settle(driver)
    began, first = driver.execute_script("return [performance.timeOrigin, window.noted.first]")
    return float(first - began) / 1000


def watch(driver: Chrome) -> None:
    """Have every page that is loaded from now on noted."""
    source = WATCH.read_text(encoding="utf-8")
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})


def publish(driver: Chrome, store: HoldingsStore, day: DailyHoldings) -> tuple[float, float]:
    """Publish a day; the seconds until the last tab shows it first, and until its charts are drawn."""
    for _ in _tabs(driver):
        driver.execute_script(EXPECT, formatting.day(day.day))
    published = time.time()
    store.put(day)
    seen, drawn = [], []
    for number in _tabs(driver):
        changed = "return window.noted.seen && window.noted.charts"
        wait_until(f"{day.day} in tab {number}", lambda: driver.execute_script(changed))  # noqa: B023 - at once
        settle(driver)
        first, charts = driver.execute_script("return [window.noted.seen, window.noted.charts]")
        seen.append(first / 1000 - published)
        drawn.append(charts / 1000 - published)
    return max(seen), max(drawn)


def no_op(driver: Chrome) -> float:
    """A rerun that changes nothing, in all tabs at once; the seconds until the last has finished."""
    for _ in _tabs(driver):
        settle(driver)
        driver.execute_script(EXPECT, None)
    asked = driver.execute_script("return window.rerunAll()")
    ran = []
    for _ in _tabs(driver):
        wait_until("the end of a rerun", lambda: driver.execute_script("return window.noted.ran"))
        ran.append(driver.execute_script("return window.noted.ran"))
    return float(max(ran) - asked) / 1000


def click(driver: Chrome, label: str) -> float:
    """Choose something; the seconds until the charts are drawn."""
    driver.execute_script(EXPECT, None)
    driver.find_element(By.XPATH, f"//*[@role='radio' and normalize-space()='{label}']").click()
    wait_until("changed charts", lambda: driver.execute_script("return window.noted.charts"))
    settle(driver)
    return float(driver.execute_script("return window.noted.charts - window.noted.clicked")) / 1000


def settle(driver: Chrome) -> None:
    """Wait until the script has finished and the charts do not change any more."""
    quiet = f"return isIdle() && now() - (window.noted.charts ?? 0) > {QUIET_SECONDS * 1000}"
    wait_until("the page at rest", lambda: driver.execute_script(quiet))


def _tabs(driver: Chrome) -> Iterator[int]:
    """Look at each tab in turn."""
    for number, tab in enumerate(driver.window_handles, 1):
        driver.switch_to.window(tab)
        yield number


def _wait_until_healthy(address: str) -> None:
    def healthy() -> bool:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310 - our own
                return True
        except OSError:
            return False

    wait_until(f"an answer at {address}", healthy)
