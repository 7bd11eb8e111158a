"""What only the writer may write is compared with the lock in the transaction that writes it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import redis

from southbound.common.errors import NotTheWriter
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.writer_lock import LEASE_MILLISECONDS, WriterLock
from tests.conftest import ROOT, becomes_true

assert sys.platform != "win32"  # which has neither such signals nor such users

FRIDAY = date(2026, 2, 27)


def figures(shares: int) -> DailyHoldings:
    return DailyHoldings.of(FRIDAY, [700], ["TENCENT"], [shares], [3.0])


@pytest.fixture
def lock(store: HoldingsStore) -> WriterLock:
    return WriterLock(store.client, "first")


@pytest.fixture
def other(store: HoldingsStore) -> WriterLock:
    return WriterLock(store.client, "second")


@pytest.fixture
def fenced(store: HoldingsStore, lock: WriterLock) -> HoldingsStore:
    assert lock.acquire()
    return store.written_under(lock)


def test_a_day_is_stored_while_the_lock_is_held_and_renews_it(
    fenced: HoldingsStore, store: HoldingsStore
) -> None:
    store.client.pexpire(keys.SCRAPER_LOCK, 500)

    fenced.put(figures(900))

    assert store.dates() == [FRIDAY]
    assert int(str(store.client.pttl(keys.SCRAPER_LOCK))) > LEASE_MILLISECONDS / 2


@pytest.mark.parametrize("released", [True, False], ids=["and is gone again", "and holds it"])
def test_who_lost_it_to_another_that_wrote_replaces_nothing(
    fenced: HoldingsStore, store: HoldingsStore, lock: WriterLock, other: WriterLock, *, released: bool
) -> None:
    fenced.put(figures(900))
    store.client.delete(keys.SCRAPER_LOCK)  # the lease has run out
    assert other.acquire()
    store.written_under(other).put(figures(901))
    if released:
        other.release()

    with pytest.raises(NotTheWriter, match="has taken over"):
        fenced.put(figures(900))
    assert not lock.renew()
    assert not lock.is_ours()

    read = store.get(FRIDAY)
    assert read is not None
    assert read.shares.tolist() == [901]
    assert store.version() == 2


def test_a_lease_that_ran_out_while_nobody_wrote_goes_on(
    fenced: HoldingsStore, store: HoldingsStore, lock: WriterLock
) -> None:
    fenced.put(figures(900))
    store.client.delete(keys.SCRAPER_LOCK)

    fenced.put(figures(901))

    assert lock.holder() == "first"
    assert lock.is_ours()


def test_a_lock_that_changes_between_the_look_and_the_write_stops_the_write(
    store: HoldingsStore, lock: WriterLock
) -> None:
    assert lock.acquire()

    def queue(pipeline: redis.client.Pipeline) -> None:
        store.client.set(keys.SCRAPER_LOCK, "second")
        pipeline.set("2026-02-27", "of one who is late")

    with pytest.raises(NotTheWriter, match="second has taken over"):
        lock.write(queue)
    assert store.client.get("2026-02-27") is None


def test_an_answer_that_was_lost_is_not_taken_for_another_writer(
    lock: WriterLock, store: HoldingsStore
) -> None:
    store.client.set(keys.SCRAPER_LOCK, "first", px=LEASE_MILLISECONDS)  # the first of two tries

    assert lock.acquire()


def test_a_name_beyond_ascii_is_its_own(store: HoldingsStore) -> None:
    lock = WriterLock(store.client, "機" * 64 + " pid 7")

    assert lock.acquire()
    assert lock.renew()
    lock.release()
    assert not store.client.exists(keys.SCRAPER_LOCK)


@pytest.mark.parametrize("key", [keys.VERSION, keys.REVISIONS, keys.DATES])
def test_a_damaged_key_is_mended_under_the_lock_too(
    fenced: HoldingsStore, store: HoldingsStore, lock: WriterLock, key: str
) -> None:
    store.client.delete(key)
    store.client.hset(key, "a", "b")

    assert lock.renew()
    fenced.put(figures(900))

    assert store.dates() == [FRIDAY]


HOLDER = """
import sys
from datetime import date
from southbound.market.daily_holdings import DailyHoldings
from southbound.config.settings import RedisSettings
from southbound.common.errors import NotTheWriter
from southbound.store.holdings_store import HoldingsStore
store = HoldingsStore.at(RedisSettings(url=sys.argv[1]))
lease = store.writer_lease(lambda: True)
fenced = store.written_under(lease.lock)
print(lease.take(), flush=True)
for shares in sys.stdin:
    day = DailyHoldings.of(date(2026, 2, 27), [700], ["TENCENT"], [int(shares)], [3.0])
    try:
        fenced.put(day)
    except NotTheWriter as error:
        print("refused", flush=True)
    else:
        print("stored", flush=True)
"""
Process = subprocess.Popen[str]


@pytest.fixture
def holder(redis_settings: RedisSettings) -> Iterator[Callable[[], Process]]:
    """Starts what holds the lock in a process of its own, and stores what it is told to."""
    started: list[Process] = []

    def holder() -> Process:
        command = [sys.executable, "-c", HOLDER, redis_settings.url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        started.append(subprocess.Popen(command, **pipes, text=True, cwd=ROOT))  # type: ignore[call-overload]
        return started[-1]

    yield holder
    for process in started:
        process.kill()
        process.communicate()


def told(process: Process, line: str = "") -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    if line:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_process_that_stood_still_past_its_lease_cannot_replace_what_another_has_stored(
    holder: Callable[[], Process], store: HoldingsStore
) -> None:
    frozen = holder()
    assert told(frozen) == "True"
    assert told(frozen, "900") == "stored"
    frozen.send_signal(signal.SIGSTOP)
    store.client.pexpire(keys.SCRAPER_LOCK, 10)
    assert becomes_true(lambda: not store.client.exists(keys.SCRAPER_LOCK))

    second = holder()
    assert told(second) == "True"
    assert told(second, "901") == "stored"
    second.kill()
    store.client.pexpire(keys.SCRAPER_LOCK, 10)
    assert becomes_true(lambda: not store.client.exists(keys.SCRAPER_LOCK))
    assert frozen.stdin is not None
    frozen.stdin.write("900\n")
    frozen.stdin.flush()
    frozen.send_signal(signal.SIGCONT)

    assert told(frozen) == "refused"
    read = store.get(FRIDAY)
    assert read is not None
    assert read.shares.tolist() == [901]
