"""The set of the stored dates: so that nobody has to look through all keys for them."""

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, cast

import redis

from southbound.common.errors import DamagedKey, StoreRefused
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.integrity import check_count, name_once

log = logging.getLogger(__name__)


class DateIndex:
    """Follows from the date keys, so it can always be rebuilt. Raises StoreUnavailable and StoreRefused."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def stored(self) -> list[date]:
        """Oldest first. A set that is missing is rebuilt, if we may write it; a damaged one is left alone."""
        listed = self._listed()
        if listed is None:
            listed = list(self._keys())
        elif not listed:
            listed = self._rebuilt()
        return sorted(day for day in map(parse_date, listed) if day is not None)

    def vanished(self) -> list[date]:
        """The dates whose keys are gone: a store that evicts, or a hand, has removed them."""
        listed = [day for day in map(parse_date, self._listed() or ()) if day is not None]
        if not listed:
            return []
        with store_errors(self._client):
            if self._client.exists(*map(keys.day, listed)) == len(listed):
                return []
            with self._client.pipeline(transaction=False) as look:
                for day in listed:
                    look.exists(keys.day(day))
                there = look.execute()
        return sorted(day for day, is_there in zip(listed, there, strict=True) if not is_there)

    def mend(self) -> None:
        """Make the set what the date keys say: a key may have been deleted, or restored, by hand.

        The dates that are taken out are noted as vanished.
        """
        there, listed = self._keys(), self._listed()
        known = set(listed or ())
        gone, new = known - there.keys(), there.keys() - known
        if listed is not None and not gone and not new:
            return
        log.warning("%s: %d dates without a key, %d keys without a date", keys.DATES, len(gone), len(new))
        with store_errors(self._client), self._client.pipeline(transaction=True) as write:
            # As a whole: a member that is no UTF-8 cannot be named, and so not be removed.
            write.delete(keys.DATES)
            if there:
                write.zadd(keys.DATES, there)
            if vanished := [day.isoformat() for text in gone if (day := parse_date(text)) is not None]:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                write.hset(keys.VANISHED, mapping=dict.fromkeys(vanished, now))
            write.incr(keys.VERSION)
            write.execute()

    def _listed(self) -> list[str] | None:
        """The members of the set; None if it is damaged."""
        try:
            with store_errors(self._client, keys.DATES):
                check_count(keys.DATES, self._client.zcard(keys.DATES))
                return cast("list[str]", self._client.zrange(keys.DATES, 0, -1))
        except DamagedKey as error:
            name_once(error)
            return None

    def _rebuilt(self) -> list[str]:
        found = self._keys()
        if found:
            try:
                with store_errors(self._client):
                    self._client.zadd(keys.DATES, found)
                log.warning("%s was missing: rebuilt from %d date keys", keys.DATES, len(found))
            except StoreRefused as error:
                log.debug("%s is missing, and the scraper's to rebuild: %s", keys.DATES, error)
        return list(found)

    def _keys(self) -> dict[Any, Any]:
        """Every date key that there is, with its score."""
        with store_errors(self._client):
            scanned = cast("Iterable[str]", self._client.scan_iter(match=keys.DAY_PATTERN, count=1000))
            return {key: keys.score(day) for key in scanned if (day := parse_date(key))}
