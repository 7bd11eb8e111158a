"""A store that Sentinel watches: asks the sentinels where the primary is, by redis-py's own means."""

import random
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from southbound.common.host_names import host_and_port
from southbound.config.sentinel_url import parse_sentinel_url

SENTINEL_SECONDS = 1.0
"""How long a sentinel may take: it answers from memory, and there are others."""


Place = tuple[str, int]
"""Host and port of a server."""


class OneReplica(Sentinel):
    """Keeps to one replica while that one is well: another may not have yet what the first told of."""

    _chosen: Place | None = None

    def discover_slaves(self, service_name: str) -> list[Place]:
        """The one replica that is read; none if there is none."""
        found: list[Place] = super().discover_slaves(service_name)  # type: ignore[no-untyped-call]
        if self._chosen not in found:
            self._chosen = random.choice(found) if found else None
        return [] if self._chosen is None else [self._chosen]


def sentinel_pool(url: str, *, replicas: bool, **options: Any) -> redis.ConnectionPool:
    """Connections to whichever server the sentinels name; each new one asks anew.

    Args:
        url: as `redis_url` takes it.
        replicas: whether a replica is wanted; the primary while there is none.
        options: of the connections; those in the address win.
    """
    parts = parse_sentinel_url(url)
    of_store = redis.ConnectionPool.from_url(parts.store, **options).connection_kwargs
    ssl = url.startswith("rediss")
    sentinels = OneReplica([])  # type: ignore[no-untyped-call]
    # Not by its constructor, which gives the sentinels no TLS, user or password of their own by an address.
    sentinels.sentinels = [
        redis.Redis.from_url(
            one,
            socket_timeout=SENTINEL_SECONDS,
            socket_connect_timeout=SENTINEL_SECONDS,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
        for one in parts.sentinels
    ]
    known = {name: value for name, value in of_store.items() if name not in {"host", "port"}}
    return SentinelConnectionPool(  # type: ignore[no-untyped-call]
        parts.service, sentinels, is_master=not replicas, ssl=ssl, **known
    )


def is_by_sentinel(client: redis.Redis) -> bool:
    """Whether sentinels say where the store is."""
    return isinstance(client.connection_pool, SentinelConnectionPool)


def sentinel_address(pool: SentinelConnectionPool) -> str:
    """Where such a store is, as messages name it."""
    known = [sentinel.connection_pool.connection_kwargs for sentinel in pool.sentinel_manager.sentinels]
    # Sorted, since the one that answered stands first: the same trouble has the same words.
    places = sorted(host_and_port(one["host"], one["port"]) for one in known)
    return f"{pool.service_name} of the sentinels {', '.join(places)}"
