"""What a store says of itself: whether it is a replica, and whether it removes keys when memory is short."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import redis

from southbound.common.errors import StoreRefused
from southbound.common.remark import remark
from southbound.store import keys
from southbound.store.client import store_errors

KEEPS_ALL = "noeviction"


@dataclass(frozen=True, slots=True)
class Condition:
    """Of what a store does not tell, nothing is claimed.

    Attributes:
        is_replica: whether it follows another store, and takes no writes.
        eviction: its policy, if it removes keys when its memory is full; else empty.
    """

    is_replica: bool = False
    eviction: str = ""

    @property
    def warning(self) -> str:
        """What a store that removes keys may cost; empty for one that keeps all."""
        if not self.eviction:
            return ""
        if self.eviction.startswith("volatile"):
            return remark(
                "The store may remove notes of mails sent, so that one goes out twice when its memory is "
                "full (maxmemory-policy {policy}): set it to {keeps_all}",
                policy=self.eviction,
                keeps_all=KEEPS_ALL,
            )
        return remark(
            "The store may remove days when its memory is full (maxmemory-policy {policy}): set it to "
            "{keeps_all}",
            policy=self.eviction,
            keeps_all=KEEPS_ALL,
        )


def read_condition(client: redis.Redis) -> Condition:
    """The condition of a store, by INFO. Without a right to that, or where it is not known: nothing.

    Raises:
        StoreUnavailable: the store's part.
    """
    try:
        with store_errors(client):
            info = cast("Mapping[str, Any]", client.info())
    except StoreRefused:
        return Condition()
    policy = str(info.get("maxmemory_policy", KEEPS_ALL))
    limit = info.get("maxmemory", 0)
    evicts = policy != KEEPS_ALL and isinstance(limit, int) and limit > 0
    return Condition(info.get("role") in {"slave", "replica"}, policy if evicts else "")


def require_writes(client: redis.Redis) -> None:
    """See that the store takes writes now, by one that changes nothing: no date is empty, and none is added.

    Raises:
        StoreNotReady: it does not.
        StoreUnavailable, StoreRefused: the store's part.
    """
    with store_errors(client, keys.DATES):
        client.zadd(keys.DATES, {"": 0}, xx=True)
