"""The memory of each process at rest and at its peak, beside the same libraries with nothing to do."""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path

import psutil

from demo.days import history_is_read
from demo.environment import demo_environment
from replay.inbox import Inbox
from replay.serving import LocalServer, page_address
from replay.site import ReplaySite
from southbound.running.supervisor import python
from tools.benchmarks import pages
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.footprint import Footprint, held, held_by_imports, held_together
from tools.benchmarks.money import write_prices
from tools.benchmarks.programs import family, running
from tools.benchmarks.stored_days import address, coming_days, empty_store, fill, filled_store
from tools.benchmarks.visitors import all_at_once, visitors
from tools.viewer import viewer
from tools.waiting import wait_until

ROOT = Path(__file__).parents[2]
READERS = 9
UPDATES = 10
REST_SECONDS = 3.0
NOBODY = "http://127.0.0.1:1"


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for a fortnight, a few days and a few updates."""
    with tempfile.TemporaryDirectory() as name:
        folder, rest = Path(name), 0.2 if smoke else REST_SECONDS
        yield from _scraper(folder, window=7 if smoke else 60, rest=rest)
        yield from _e_mailer(folder, days=10 if smoke else 250, rest=rest)
        empty_page = _empty_page(folder)
        for days in (10,) if smoke else (60, 2500):
            yield from _dashboard(folder, days, empty_page, updates=1 if smoke else UPDATES, rest=rest)


def _scraper(folder: Path, window: int, rest: float) -> Iterator[Figure]:
    """While it reads some days of the replay site, and then waits for the next."""
    site = ReplaySite()
    site.today = site.archive.sessions[-1] + timedelta(days=1)
    with LocalServer(site.app) as server, empty_store(folder / "scraper") as store:
        environment = demo_environment(page_address(server.address), address(store), 25) | {
            "SCRAPING_INTERVAL_SECONDS": "60",
            "SCRAPING_BACKFILL_DAYS": str(window),
        }
        with running(python(str(ROOT / "backend_scraper.py")), environment, folder) as process:
            footprint = Footprint(
                lambda: {
                    "scraper, Python": held(process),
                    "scraper, Chromium": held_together(process.children(recursive=True)),
                }
            )
            with footprint.watching():
                wait_until("the backfill", lambda: history_is_read(store.client))
                waiting = footprint.at_rest(rest)
    with viewer() as driver:
        empty_tab = held_together(family(psutil.Process(driver.service.process.pid)))
    floors = {
        "scraper, Python": (held_by_imports("backend_scraper"), "its imports alone"),
        "scraper, Chromium": (empty_tab, "an empty tab"),
    }
    yield from _figures({f"while it reads {window} days": footprint.peaks, "at rest": waiting}, floors)


def _e_mailer(folder: Path, days: int, rest: float) -> Iterator[Figure]:
    """While it waits, and while it writes and sends a mail."""
    inbox = Inbox()
    with LocalServer(inbox.app), empty_store(folder / "e-mailer") as store:
        environment = demo_environment(NOBODY, address(store), inbox.smtp_port)
        with running(python(str(ROOT / "email_automation.py")), environment, folder) as process:
            footprint = Footprint(lambda: {"e-mailer": held(process)})
            wait_until("the e-mailer", lambda: store.client.pubsub_numsub(store.channel)[0][1])
            waiting = footprint.at_rest(rest)
            with footprint.watching():
                fill(store, days)
                write_prices(store, store.dates())
                store.put(next(coming_days()))
                wait_until("a mail", lambda: inbox.mails)
                after = footprint.at_rest(rest)
    floors = {"e-mailer": (held_by_imports("email_automation"), "its imports alone")}
    yield from _figures(
        {
            "at rest": waiting,
            f"while it sends a mail, {days} days stored": footprint.peaks,
            "at rest after it": after,
        },
        floors,
    )


def _dashboard(folder: Path, days: int, empty_page: int, updates: int, rest: float) -> Iterator[Figure]:
    """While the first page is drawn, and while days are published to several readers."""
    stored = f"{days:,} days stored"
    with filled_store(folder, days) as store:
        write_prices(store, store.dates())
        with pages.dashboard(store, folder) as server:
            footprint = Footprint(lambda: {f"dashboard, {stored}": held(server.process)})
            with footprint.watching(), visitors(server.address, READERS) as opened:
                waiting = footprint.at_rest(rest)
                for holdings in islice(coming_days(), updates):
                    store.put(holdings)
                    all_at_once(opened)
                after = footprint.at_rest(rest)
    floors = {f"dashboard, {stored}": (empty_page, "Streamlit with an empty page")}
    yield from _figures(
        {
            f"{READERS} pages at rest": waiting,
            f"while they are updated {updates} times": footprint.peaks,
            "at rest after them": after,
        },
        floors,
    )


def _empty_page(folder: Path) -> int:
    """What Streamlit holds that shows as many readers nothing."""
    script = folder / "empty.py"
    script.write_text("import streamlit\nstreamlit.title('Empty')\n", encoding="utf-8")
    with pages.served(script, folder, {}) as server, visitors(server.address, READERS):
        return held(server.process)


def _figures(
    states: Mapping[str, Mapping[str, float]], floors: Mapping[str, tuple[int, str]]
) -> Iterator[Figure]:
    """What each process held in each state; a peak is the most that was seen."""
    for name, (floor, floor_name) in floors.items():
        for state, held_then in states.items():
            yield Figure(
                name=f"memory of the {name}: {state}",
                value=held_then[name] / MEGABYTE,
                unit="MB",
                floor=floor / MEGABYTE,
                floor_name=floor_name,
            )
