"""The way into the store: one place that connects, and one that turns redis-py's errors into ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from southbound.errors import StoreRefused, StoreUnavailable
from southbound.settings import RedisSettings

ANSWER_SECONDS = 5.0
"""How long one command may take. A day is 60 kB: a store that takes longer is as good as away."""


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
def store_errors(client: redis.Redis) -> Iterator[None]:
    """Raise our errors for redis-py's.

    Raises:
        StoreUnavailable: no answer, or the store is loading or may not write now.
        StoreRefused: NOAUTH, WRONGPASS or NOPERM.
    """
    try:
        yield
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError) as error:
        raise StoreRefused(f"the store at {_address(client)} refuses us: {error}") from error
    except redis.RedisError as error:
        raise StoreUnavailable(f"the store at {_address(client)} does not answer: {error}") from error


def _address(client: redis.Redis) -> str:
    known = client.connection_pool.connection_kwargs
    return str(known.get("path") or f"{known.get('host')}:{known.get('port')}")
