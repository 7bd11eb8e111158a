"""The channel on which the scraper says that a day was stored."""

import logging

import redis
from redis.client import PubSub

from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.client import store_errors

log = logging.getLogger(__name__)


class Notifications:
    """Tells that something may have changed. Only that: a message can be lost, so look for yourself."""

    def __init__(self, client: redis.Redis, channel: str) -> None:
        self._client = client
        self._pubsub = self._subscription()
        self._channel = channel

    def wait(self, seconds: float) -> bool:
        """Wait for a notification, at most `seconds`; False if there was none.

        A new subscription counts as one too, after a lost connection as well: what was missed meanwhile is
        found by looking. A message that names no stored day is logged and is none.

        Raises:
            StoreUnavailable: the connection is lost; `renew` it.
        """
        with store_errors(self._client):
            if not self._pubsub.subscribed:
                self._pubsub.subscribe(self._channel)
            message = self._pubsub.get_message(timeout=seconds)
        if message is None:
            return False
        return message["type"] == "subscribe" or self._names_a_stored_day(message["data"])

    def renew(self) -> None:
        """Give the connection up: the next call of `wait` subscribes on a new one, which counts as one."""
        self.close()
        self._pubsub = self._subscription()

    def close(self) -> None:
        """Give the connection back."""
        try:
            self._pubsub.close()
        except redis.RedisError as error:
            log.debug("closing the subscription: %s", error)

    def _subscription(self) -> PubSub:
        return self._client.pubsub()  # type: ignore[no-any-return, no-untyped-call]

    def _names_a_stored_day(self, payload: str) -> bool:
        day = parse_date(payload)
        if day is None:
            log.warning("ignored a message on %s that is no date: %.40r", self._channel, payload[:40])
            return False
        with store_errors(self._client):
            stored = bool(self._client.exists(keys.day(day)))
        if not stored:
            log.warning("ignored a message on %s: %s is not in the store", self._channel, day)
        return stored
