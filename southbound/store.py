"""The stored days: atomic write and publish, read, and the doorbell."""

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Self, cast

import redis

from southbound import keys
from southbound.connection import connect, store_errors
from southbound.errors import DamagedDay, StoreRefused, StoreUnavailable
from southbound.holdings import DailyHoldings, read_days
from southbound.settings import RedisSettings

log = logging.getLogger(__name__)

DAYS_AT_ONCE = 100
"""A day is 60 kB of text: the texts of ten years are not held at once."""


class HoldingsStore:
    """What the three processes share. Every method raises StoreUnavailable and StoreRefused."""

    def __init__(self, client: redis.Redis, channel: str) -> None:
        self.client = client
        self.channel = channel

    @classmethod
    def at(cls, settings: RedisSettings) -> Self:
        return cls(connect(settings), settings.channel)

    def put(self, holdings: DailyHoldings) -> None:
        """Store a day and publish its date. A day that is there is replaced, and noted as a revision.

        One MULTI: a reader that sees the version or the message sees the day. What was noted of its absence
        goes with the same.
        """
        key = keys.day(holdings.day)
        with store_errors(self.client):
            with self.client.pipeline(transaction=False) as read:
                read.mget([key])
                read.exists(keys.quarantine(holdings.day))
                read.hexists(keys.NO_LIST, key)
                (replaced,), quarantined, had_no_list = read.execute()
            with self.client.pipeline(transaction=True) as write:
                write.set(key, holdings.to_json())
                write.zadd(keys.DATES, {key: keys.score(holdings.day)})
                write.incr(keys.VERSION)
                if replaced is not None:
                    write.xadd(keys.REVISIONS, _revision(holdings, replaced), maxlen=1000)
                if quarantined:
                    write.delete(keys.quarantine(holdings.day))
                if had_no_list:
                    write.hdel(keys.NO_LIST, key)
                write.publish(self.channel, key)
                write.execute()

    def version(self) -> int:
        """Differs from what it was if any day was written since. 0: nothing was ever written."""
        with store_errors(self.client):
            return int(self.client.get(keys.VERSION) or 0)

    def dates(self) -> list[date]:
        """The stored dates, oldest first."""
        with store_errors(self.client):
            stored = cast("list[str]", self.client.zrange(keys.DATES, 0, -1))
            if not stored:
                stored = self._rebuild_dates()
        return sorted(day for day in map(keys.parse_date, stored) if day is not None)

    def mend_dates(self) -> None:
        """Make the set of dates what the date keys say: a key may have been deleted, or restored, by hand."""
        with store_errors(self.client):
            there = self._date_keys()
            listed = cast("list[str]", self.client.zrange(keys.DATES, 0, -1))
            gone, new = set(listed) - there.keys(), there.keys() - set(listed)
            if not gone and not new:
                return
            log.warning("%s: %d dates without a key, %d keys without a date", keys.DATES, len(gone), len(new))
            with self.client.pipeline(transaction=True) as write:
                if gone:
                    write.zrem(keys.DATES, *gone)
                if new:
                    write.zadd(keys.DATES, {key: there[key] for key in new})
                write.incr(keys.VERSION)
                write.execute()

    def get(self, day: date) -> DailyHoldings | None:
        """The holdings of a date, or None if they are not stored.

        Raises:
            DamagedDay: what stands under the key is not a day.
        """
        with store_errors(self.client):
            text = self._text(keys.day(day))
        return None if text is None else DailyHoldings.from_json(day, text)

    def get_many(self, days: Iterable[date]) -> tuple[list[DailyHoldings], list[DamagedDay]]:
        """The stored ones among `days` in their order, and the damaged ones: they cost themselves alone."""
        asked = list(days)
        read: list[DailyHoldings] = []
        damaged: list[DamagedDay] = []
        for begin in range(0, len(asked), DAYS_AT_ONCE):
            part = asked[begin : begin + DAYS_AT_ONCE]
            with store_errors(self.client):
                texts = cast("list[str | None]", self.client.mget([keys.day(day) for day in part]))
            whole, not_whole = read_days(
                (day, text) for day, text in zip(part, texts, strict=True) if text is not None
            )
            read += whole
            damaged += not_whole
        for error in damaged:
            log.error("%s", error)
        return read, damaged

    def doorbell(self) -> "Doorbell":
        """A new subscription to the channel."""
        return Doorbell(self.client, self.channel)

    def _text(self, key: str) -> str | None:
        """The text under a key. Not by GET, which fails if something else than a text is there."""
        (text,) = cast("list[str | None]", self.client.mget([key]))
        return text

    def _rebuild_dates(self) -> list[str]:
        found = self._date_keys()
        if found:
            log.warning("%s was missing: rebuilt from %d date keys", keys.DATES, len(found))
            self.client.zadd(keys.DATES, found)
        return list(found)

    def _date_keys(self) -> dict[Any, Any]:
        """Every date key that there is, with its score."""
        scanned = cast("Iterable[str]", self.client.scan_iter(match=keys.DAY_PATTERN, count=1000))
        return {key: keys.score(day) for key in scanned if (day := keys.parse_date(key))}


class Doorbell:
    """Tells that something may have changed. Only that: a message can be lost, so look for yourself."""

    def __init__(self, client: redis.Redis, channel: str) -> None:
        self._client = client
        self._pubsub = client.pubsub()  # type: ignore[no-untyped-call]
        self._channel = channel

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most `seconds`; False if there was none.

        A new subscription rings too, after a lost connection as well: what was missed meanwhile is
        found by looking. A message that names no stored day is logged and does not ring.

        Raises:
            StoreUnavailable: the connection is lost; the next call makes a new one.
        """
        with store_errors(self._client):
            if not self._pubsub.subscribed:
                self._pubsub.subscribe(self._channel)
            message = self._pubsub.get_message(timeout=seconds)
        if message is None:
            return False
        return message["type"] == "subscribe" or self._names_a_stored_day(message["data"])

    def close(self) -> None:
        """Give the connection back."""
        try:
            self._pubsub.close()
        except redis.RedisError as error:
            log.debug("closing the subscription: %s", error)

    def _names_a_stored_day(self, payload: str) -> bool:
        day = keys.parse_date(payload)
        if day is None:
            log.warning("ignored a message on %s that is no date: %.40r", self._channel, payload)
            return False
        with store_errors(self._client):
            stored = bool(self._client.exists(keys.day(day)))
        if not stored:
            log.warning("ignored a message on %s: %s is not in the store", self._channel, day)
        return stored


def _revision(holdings: DailyHoldings, replaced: str) -> dict[Any, Any]:
    try:
        rows = str(DailyHoldings.from_json(holdings.day, replaced).rows_changed(holdings))
    except DamagedDay:
        rows = "damaged"
    return {
        "date": keys.day(holdings.day),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows,
    }


def is_answering(store: HoldingsStore) -> bool:
    """Whether the store answers at all, to us or to whomever it wants to."""
    try:
        store.version()
    except StoreRefused:
        return True
    except StoreUnavailable:
        return False
    return True
