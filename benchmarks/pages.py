"""A dashboard of its own on a store, and a browser that notes when the page changes."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from replay.demo import free_ports
from southbound import wording
from southbound.holdings import DailyHoldings
from southbound.settings import variables
from southbound.store import HoldingsStore

ROOT = Path(__file__).parent.parent
QUIET_SECONDS = 0.6
"""When nothing changed for so long, all is drawn."""

SECONDS = 60

# Before anything of the page: when the charts appeared first, and when each was changed last.
WATCH = """
window.noted = {first: null, charts: null, wanted: null, seen: null, clicked: null};
const now = () => performance.timeOrigin + performance.now();
document.addEventListener("click", () => { window.noted.clicked = now(); }, true);
new MutationObserver((mutations) => {
  const noted = window.noted, at = now();
  for (const mutation of mutations) {
    const node = mutation.target.nodeType === 1 ? mutation.target : mutation.target.parentElement;
    if (node?.closest?.(".js-plotly-plot")) noted.charts = at;
  }
  if (!noted.first && document.querySelectorAll(".js-plotly-plot .barlayer path").length) noted.first = at;
  if (noted.wanted && !noted.seen
      && [...document.querySelectorAll("p")].some(p => p.textContent.includes(noted.wanted)))
    noted.seen = at;
}).observe(document, {childList: true, characterData: true, attributes: true, subtree: true});
"""

EXPECT = "Object.assign(window.noted, {charts: null, seen: null, wanted: arguments[0]})"
SCRIPT_STATE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"

# A rerun that changes nothing, asked for by the page's own shortcut: how long until the script finished.
NO_OP = f"""
const done = arguments[0], app = document.querySelector("[data-testid=stApp]"), began = performance.now();
let ran = false;
new MutationObserver((_, observer) => {{
  const state = {SCRIPT_STATE};
  if (state === "running") ran = true;
  else if (ran) {{ observer.disconnect(); done((performance.now() - began) / 1000); }}
}}).observe(app, {{attributes: true}});
for (const event of ["keydown", "keyup"])
  document.body.dispatchEvent(
    new KeyboardEvent(event, {{key: "r", code: "KeyR", keyCode: 82, bubbles: true}}));
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running dashboard."""

    address: str
    process: psutil.Process


@contextmanager
def dashboard(store: HoldingsStore, folder: Path) -> Iterator[Server]:
    """Serve the dashboard on a store."""
    [port] = free_ports(0)
    known = store.client.connection_pool.connection_kwargs
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    with (folder / "dashboard.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env=inherited | {"REDIS_URL": f"redis://{known['host']}:{known['port']}/0"},
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
    wait_until(lambda: driver.execute_script("return window.noted.first"))
    settle(driver)
    began, first = driver.execute_script("return [performance.timeOrigin, window.noted.first]")
    return float(first - began) / 1000


def watch(driver: Chrome) -> None:
    """Have every page that is loaded from now on noted."""
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})


def publish(
    drivers_tabs: list[str], driver: Chrome, store: HoldingsStore, day: DailyHoldings
) -> tuple[float, float]:
    """Publish a day; the seconds until the last tab shows it first, and until its charts are drawn."""
    for tab in drivers_tabs:
        driver.switch_to.window(tab)
        driver.execute_script(EXPECT, wording.day(day.day))
    published = time.time()
    store.put(day)
    seen, drawn = [], []
    for tab in drivers_tabs:
        driver.switch_to.window(tab)
        wait_until(lambda: driver.execute_script("return window.noted.seen && window.noted.charts"))
        settle(driver)
        first, charts = driver.execute_script("return [window.noted.seen, window.noted.charts]")
        seen.append(first / 1000 - published)
        drawn.append(charts / 1000 - published)
    return max(seen), max(drawn)


def click(driver: Chrome, label: str) -> float:
    """Choose something; the seconds until the charts are drawn."""
    driver.execute_script(EXPECT, None)
    driver.find_element(By.XPATH, f"//*[@role='radio' and normalize-space()='{label}']").click()
    wait_until(lambda: driver.execute_script("return window.noted.charts"))
    settle(driver)
    return float(driver.execute_script("return window.noted.charts - window.noted.clicked")) / 1000


def no_op(driver: Chrome) -> float:
    """A rerun that changes nothing; the seconds until it has finished."""
    settle(driver)
    return float(driver.execute_async_script(NO_OP))


def settle(driver: Chrome) -> None:
    """Wait until the script has finished and the charts do not change any more."""
    quiet = f"""
        const charts = window.noted.charts ?? 0;
        return {SCRIPT_STATE} === "notRunning"
            && performance.timeOrigin + performance.now() - charts > {QUIET_SECONDS * 1000};
    """
    wait_until(lambda: driver.execute_script(quiet))


def wait_until(true: Callable[[], object]) -> None:
    """Wait for something that nobody announces."""
    end = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not there after {SECONDS} s")
        time.sleep(0.05)


def _wait_until_healthy(address: str) -> None:
    def healthy() -> bool:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310 - our own
                return True
        except OSError:
            return False

    wait_until(healthy)
