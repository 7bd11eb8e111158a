"""The way into the store: one place that connects, and one that turns redis-py's errors into ours."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import SentinelConnectionPool

from southbound.common.errors import (
    DamagedKey,
    StoreError,
    StoreMisused,
    StoreNotReady,
    StoreRefused,
    StoreUnavailable,
    StoreUnsuited,
)
from southbound.common.host_names import host_and_port
from southbound.common.remark import pattern, remark
from southbound.common.text import one_line
from southbound.config.sentinel_url import is_sentinel
from southbound.config.settings import RedisSettings
from southbound.store.error_replies import PASSING, Meaning, meaning, said, unknown_command
from southbound.store.sentinel import sentinel_address, sentinel_pool

ANSWER_SECONDS = 5.0
"""How long one command may take. A day is 60 kB: a store that takes longer is as good as away."""

DEFAULT_PORT = 6379

TOLD_CHARACTERS = 200
"""Of what the other side says; it may be another program than a store."""


def connect(settings: RedisSettings, *, for_reading: bool = False) -> redis.Redis:
    """A client of the store. Connects on its first command, and again after the store was away.

    redis-py would by itself try ten times with growing pauses; every caller of ours has a loop that does
    better than that, so a command is tried once more on a fresh connection and then reported.

    Nothing is said that a store need not know: no HELLO unless REDIS_URL asks for RESP3, and not what library
    we use.

    Args:
        settings: where it is.
        for_reading: whether a replica will do, if `read_url` names one.
    """
    options: dict[str, Any] = {
        "decode_responses": True,
        # Bytes that are no UTF-8 become text that is no JSON: one damaged value is not a failing store.
        "encoding_errors": "backslashreplace",
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 1),
        "health_check_interval": 15,
        "protocol": 2,
        "driver_info": None,
    }
    read_url = settings.read_url if for_reading else ""
    url = read_url or settings.url
    if is_sentinel(url):
        return redis.Redis.from_pool(sentinel_pool(url, replicas=bool(read_url), **options))
    return redis.Redis.from_url(url, **options)


@contextmanager
def store_errors(client: redis.Redis, key: str | None = None) -> Iterator[None]:
    """Raise our errors for redis-py's.

    What may pass ends the connections that nobody uses, so that the next command goes over a new one: after a
    failover behind one address an old connection still leads to the old primary.

    Args:
        client: who asks.
        key: the one key of ours that is asked for; another type under it is damage and no absence.

    Raises:
        StoreUnavailable: no answer.
        StoreNotReady: it is loading, or takes no writes now.
        StoreRefused: NOAUTH, WRONGPASS or NOPERM, or a certificate that is not trusted.
        StoreUnsuited: it does not know a command, or is in cluster mode.
        DamagedKey: WRONGTYPE, with a `key`.
        StoreMisused: all else.
    """
    try:
        yield
    except redis.RedisError as error:
        if meaning(error) in PASSING:
            drop_connections(client)
        raise _ours(error, client, key) from error


def drop_connections(client: redis.Redis) -> None:
    """End the connections that nobody uses now; the next command makes a new one."""
    client.connection_pool.disconnect(inuse_connections=False)


def is_wrong_type(answer: object) -> bool:
    """Whether an answer of a pipeline that does not raise says that the key has another type."""
    return isinstance(answer, redis.ResponseError) and meaning(answer) is Meaning.WRONG_TYPE


def answers(pipeline: Any) -> list[Any]:
    """The answers to a pipeline. One that says that a key has another type is one of them."""
    given: list[Any] = pipeline.execute(raise_on_error=False)
    for answer in given:
        if isinstance(answer, Exception) and not is_wrong_type(answer):
            raise answer
    return given


def address_of(client: redis.Redis) -> str:
    """Where a store is, as messages name it: without user or password."""
    if isinstance(client.connection_pool, SentinelConnectionPool):
        return sentinel_address(client.connection_pool)
    known = client.connection_pool.connection_kwargs
    if path := known.get("path"):
        return str(path)
    return host_and_port(known.get("host") or "localhost", known.get("port") or DEFAULT_PORT)


_SENTENCES: Mapping[Meaning, tuple[type[StoreError], str]] = {
    Meaning.AWAY: (StoreUnavailable, pattern("the store at {address} does not answer: {words}")),
    Meaning.NOT_READY: (StoreNotReady, pattern("the store at {address} is not ready: {words}")),
    Meaning.NO_WRITES: (StoreNotReady, pattern("the store at {address} takes no writes: {words}")),
    Meaning.STRANGER: (
        StoreRefused,
        pattern(
            "the store at {address} refuses us: the user {user} has to log in; set user and password in "
            "REDIS_URL ({words})"
        ),
    ),
    Meaning.FORBIDDEN: (
        StoreRefused,
        pattern(
            "the store at {address} refuses us: the user {user} lacks a right, see docs/store-users.acl "
            "({words})"
        ),
    ),
    Meaning.CLUSTERED: (
        StoreUnsuited,
        pattern("the store at {address} is in cluster mode, which is not supported ({words})"),
    ),
    Meaning.NO_DATABASE: (
        StoreUnsuited,
        pattern("the store at {address} has no such database: set another number in REDIS_URL ({words})"),
    ),
}
"""What is said of the store. All else is an error of ours."""

_NOT_TAKEN = pattern(
    "the store at {address} refuses us: the user {user} is not taken; set user and password in REDIS_URL "
    "({words})"
)
"""Of a user whose password we gave."""

_OURS = (
    StoreMisused,
    pattern("the store at {address} does not take what it is asked, an error of this program: {words}"),
)


def _ours(error: redis.RedisError, client: redis.Redis, key: str | None) -> StoreError:
    known = client.connection_pool.connection_kwargs
    address = address_of(client)
    words = one_line(said(error), TOLD_CHARACTERS)
    if isinstance(error.__context__, ssl.SSLCertVerificationError):
        reason = error.__context__.verify_message
        return StoreRefused(
            remark(
                "the store at {address} is not trusted: {reason}; ?ssl_ca_certs= in REDIS_URL names your own "
                "authority",
                address=address,
                reason=reason,
            )
        )
    found = meaning(error)
    if found is Meaning.WRONG_TYPE and key is not None:
        return DamagedKey(key, remark("it holds another type"))
    if found is Meaning.LACKING:
        return lacking(client, [unknown_command(words) or words])
    kind, sentence = _SENTENCES.get(found, _OURS)
    if found is Meaning.STRANGER and known.get("password"):
        sentence = _NOT_TAKEN
    user = known.get("username") or "default"
    return kind(remark(sentence, address=address, words=words, user=user))


def lacking(client: redis.Redis, commands: Sequence[str]) -> StoreError:
    """The store does not know commands that the product cannot do without."""
    return StoreUnsuited(
        remark(
            "the store at {address} lacks what this program needs: {command}; see docs/store.md",
            address=address_of(client),
            command=", ".join(commands),
        )
    )
