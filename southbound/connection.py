"""The way into the store: one place that connects, and one that turns redis-py's errors into ours."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from southbound.errors import DamagedKey, StoreError, StoreRefused, StoreUnavailable
from southbound.settings import RedisSettings

ANSWER_SECONDS = 5.0
"""How long one command may take. A day is 60 kB: a store that takes longer is as good as away."""

TOLD_CHARACTERS = 200
"""Of what the other side says; it may be another program than a store."""


def connect(settings: RedisSettings) -> redis.Redis:
    """A client of the store. Connects on its first command, and again after the store was away.

    redis-py would by itself try ten times with growing pauses; every caller of ours has a loop that does
    better than that, so a command is tried once more on a fresh connection and then reported.
    """
    return redis.Redis.from_url(
        settings.url,
        decode_responses=True,
        # Bytes that are no UTF-8 become text that is no JSON: one damaged value is not a failing store.
        encoding_errors="backslashreplace",
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=15,
    )


@contextmanager
def store_errors(client: redis.Redis, key: str | None = None) -> Iterator[None]:
    """Raise our errors for redis-py's.

    Args:
        client: who asks.
        key: the one key of ours that is asked for; another type under it is damage and no absence.

    Raises:
        StoreUnavailable: no answer, or the store is loading or may not write now.
        StoreRefused: NOAUTH, WRONGPASS or NOPERM, or a certificate that is not trusted.
        DamagedKey: WRONGTYPE, with a `key`.
    """
    try:
        yield
    except redis.RedisError as error:
        raise _ours(error, client, key) from error


def is_wrong_type(answer: object) -> bool:
    """Whether an answer of a pipeline that does not raise says that the key has another type."""
    return isinstance(answer, redis.ResponseError) and "WRONGTYPE" in str(answer)


def answers(pipeline: Any) -> list[Any]:
    """The answers to a pipeline. One that says that a key has another type is one of them."""
    given: list[Any] = pipeline.execute(raise_on_error=False)
    for answer in given:
        if isinstance(answer, Exception) and not is_wrong_type(answer):
            raise answer
    return given


def _ours(error: redis.RedisError, client: redis.Redis, key: str | None) -> StoreError:
    known = client.connection_pool.connection_kwargs
    where = f"the store at {known.get('path') or '{host}:{port}'.format(**known)}"
    user = known.get("username") or "default"
    said = f"{error!s:.{TOLD_CHARACTERS}}"
    if isinstance(error, redis.AuthenticationError):
        asked = "is not taken" if known.get("password") else "has to log in"
        return StoreRefused(
            f"{where} refuses us: the user {user} {asked}; set user and password in REDIS_URL ({said})"
        )
    if isinstance(error, redis.exceptions.NoPermissionError):
        return StoreRefused(
            f"{where} refuses us: the user {user} lacks a right, see docs/store-users.acl ({said})"
        )
    if isinstance(error.__context__, ssl.SSLCertVerificationError):
        reason = error.__context__.verify_message
        return StoreRefused(
            f"{where} is not trusted: {reason}; ?ssl_ca_certs= in REDIS_URL names your own authority"
        )
    if key is not None and is_wrong_type(error):
        return DamagedKey(key, "it holds another type")
    return StoreUnavailable(f"{where} does not answer: {said}")
