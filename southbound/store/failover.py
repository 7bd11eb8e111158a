"""Leaves a store that has become a replica: behind one address another one may be the primary by now."""

import time
from collections.abc import Callable

import redis

from southbound.store.client import drop_connections
from southbound.store.condition import read_condition
from southbound.store.notifications import Notifications

LOOK_SECONDS = 5.0
"""How often it looks. An address that leads to a replica all the time costs a new connection as often."""


class Failover:
    """For those who only read, and so never get READONLY as an answer.

    Args:
        client: of the store.
        notifications: its subscription, which has a connection of its own.
        stays: whether a replica is what is wanted.
        clock: in seconds; only differences count.
    """

    def __init__(
        self,
        client: redis.Redis,
        notifications: Notifications,
        clock: Callable[[], float] = time.monotonic,
        *,
        stays: bool = False,
    ) -> None:
        self._client = client
        self._notifications = notifications
        self._clock = clock
        self._stays = stays
        self._look_at = -float("inf")

    def look(self) -> None:
        """Connect anew if it is a replica, and a primary is wanted. Does nothing if it has just looked.

        Raises:
            StoreUnavailable: the store's part.
        """
        if self._stays or self._clock() < self._look_at:
            return
        self._look_at = self._clock() + LOOK_SECONDS
        if read_condition(self._client).is_replica:
            drop_connections(self._client)
            self._notifications.renew()
