"""What may pass is tried again, what needs a person is said, and an error of ours is raised."""

import pytest
import redis
from hypothesis import given, settings, strategies as st
from redis._parsers.base import BaseParser

from southbound.common.errors import (
    DamagedKey,
    StoreError,
    StoreMisused,
    StoreNotReady,
    StoreRefused,
    StoreUnavailable,
    StoreUnsuited,
)
from southbound.config.settings import RedisSettings
from southbound.store import keys
from southbound.store.client import connect, store_errors
from southbound.store.error_replies import CODES, PASSING, Meaning, meaning, said, unknown_command
from southbound.store.holdings_store import HoldingsStore

# As servers and services word them.
REPLIES: list[tuple[str, type[StoreError]]] = [
    ("LOADING Redis is loading the dataset in memory", StoreNotReady),
    ("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", StoreNotReady),
    ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", StoreNotReady),
    ("CLUSTERDOWN Hash slot not served", StoreNotReady),
    ("TRYAGAIN Multiple keys request during rehashing of slot", StoreNotReady),
    ("ERR max number of clients reached", StoreUnavailable),
    ("READONLY You can't write against a read only replica.", StoreNotReady),
    ("NOREPLICAS Not enough good replicas to write.", StoreNotReady),
    (
        "MISCONF Redis is configured to save RDB snapshots, but it's unable to persist",
        StoreNotReady,
    ),
    ("OOM command not allowed when used memory > 'maxmemory'.", StoreNotReady),
    ("NOAUTH Authentication required.", StoreRefused),
    ("WRONGPASS invalid username-password pair or user is disabled.", StoreRefused),
    ("ERR invalid password", StoreRefused),
    ("NOPERM User reader has no permissions to run the 'set' command", StoreRefused),
    ("ERR unknown command 'XADD', with args beginning with: 'a' ", StoreUnsuited),
    ("ERR unknown command `HELLO`, with args beginning with: `3`, ", StoreUnsuited),
    ("ERR unknown subcommand 'USAGE'. Try MEMORY HELP.", StoreUnsuited),
    ("ERR Command is not available: 'SCAN'", StoreUnsuited),
    ("CROSSSLOT Keys in request don't hash to the same slot", StoreUnsuited),
    ("MOVED 3999 127.0.0.1:6381", StoreUnsuited),
    ("ERR SELECT is not allowed in cluster mode", StoreUnsuited),
    ("ERR DB index is out of range", StoreUnsuited),
    ("ERR invalid DB index", StoreUnsuited),
    ("ERR syntax error", StoreMisused),
    ("ERR wrong number of arguments for 'get' command", StoreMisused),
    ("ERR value is not an integer or out of range", StoreMisused),
    ("WRONGTYPE Operation against a key holding the wrong kind of value", StoreMisused),
]


def read(reply: str) -> redis.RedisError:
    """As redis-py reads it from the wire."""
    error: redis.RedisError = BaseParser.parse_error(reply)  # type: ignore[no-untyped-call]
    return error


@pytest.mark.parametrize(("reply", "ours"), REPLIES, ids=[reply[:24] for reply, _ in REPLIES])
def test_each_reply_has_its_place(reply: str, ours: type[StoreError]) -> None:
    client = connect(RedisSettings(url="redis://127.0.0.1:1"))

    with pytest.raises(ours) as caught, store_errors(client):
        raise read(reply)

    assert type(caught.value) in {ours, StoreNotReady}
    assert (meaning(read(reply)) in PASSING) is issubclass(ours, StoreUnavailable)


@settings(deadline=None)
@given(st.from_regex("[A-Z]{2,12}", fullmatch=True), st.text("xyz -", max_size=40))
def test_what_stands_in_no_row_is_ours_and_not_tried_again(code: str, words: str) -> None:
    error = redis.ResponseError(f"{code} {words}")

    assert meaning(error) is CODES.get(code, Meaning.OURS)


@pytest.mark.parametrize("reply", ["MISCONF no disk", "READONLY replica", "ERR syntax error"])
def test_a_pipeline_shows_what_the_store_says_and_not_what_was_to_be_written(reply: str) -> None:
    error = read(reply)
    error.args = (f"Command # 1 (SET 2026-02-27 secret of 60 kB) of pipeline caused error: {error}",)

    assert "secret" not in said(error)
    assert meaning(error) is meaning(read(reply))


def test_the_command_that_is_lacking_is_named() -> None:
    assert unknown_command("unknown command 'XADD', with args beginning with: 'a'") == "XADD"
    assert unknown_command("unknown command `hello`, with") == "HELLO"
    assert unknown_command("no such thing") == ""


def test_another_type_is_damage_where_one_key_of_ours_is_asked_for() -> None:
    client = connect(RedisSettings(url="redis://127.0.0.1:1"))

    with pytest.raises(DamagedKey, match=keys.DATES), store_errors(client, keys.DATES):
        raise read("WRONGTYPE Operation against a key holding the wrong kind of value")


def test_after_what_may_pass_no_connection_is_used_again(store: HoldingsStore) -> None:
    before = store.client.client_id()
    with pytest.raises(StoreNotReady), store_errors(store.client):
        raise read("READONLY You can't write against a read only replica.")
    again = store.client.client_id()
    with pytest.raises(StoreMisused), store_errors(store.client):
        raise read("ERR syntax error")

    assert again != before
    assert store.client.client_id() == again


def test_a_real_error_of_ours_ends_a_command(store: HoldingsStore) -> None:
    with (
        pytest.raises(StoreMisused, match="an error of this program: wrong number of arguments"),
        store_errors(store.client),
    ):
        store.client.execute_command("GET")  # type: ignore[no-untyped-call]
