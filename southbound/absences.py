"""Why a session is not among the stored days: it is in quarantine, or the site has no list for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import redis

from southbound import keys
from southbound.connection import store_errors
from southbound.damage import check_size, hash_at, put_hash, unless_damaged
from southbound.errors import DamagedKey
from southbound.holdings import DailyHoldings
from southbound.oneline import one_line

LONGEST_REASON = 500
"""Characters of why a list did not pass the gate."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A list that did not pass the gate. A good list of the same day may be stored beside it."""

    day: date
    reason: str
    when: datetime | None


class Absences:
    """Notes and reads the reasons. Every method raises StoreUnavailable and StoreRefused.

    Storing a day lifts what is noted of it, see `HoldingsStore.put`.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def quarantine(self, day: date, reason: str, holdings: DailyHoldings | None) -> None:
        """Keep what failed the gate, and why; None if there are no figures that could be kept."""
        note: dict[Any, Any] = {
            "reason": reason,
            "when": _now(),
            "day": holdings.to_json() if holdings else "",
        }
        with store_errors(self._client), self._client.pipeline(transaction=True) as write:
            write.delete(keys.quarantine(day))
            write.hset(keys.quarantine(day), mapping=note)
            write.execute()

    def release(self, day: date) -> None:
        """End the quarantine of a day: its list is the one that is stored already."""
        with store_errors(self._client):
            self._client.delete(keys.quarantine(day))

    def quarantined(self) -> list[Quarantined]:
        """All days in quarantine, oldest first."""
        with store_errors(self._client):
            found = cast("Iterable[str]", self._client.scan_iter(match=f"{keys.QUARANTINE_PREFIX}*"))
            # A set, since SCAN may give a key twice.
            days = sorted({day for key in found if (day := keys.parse_date(_date_part(key)))})
        return [self._quarantined(day) for day in days]

    def note_no_list(self, day: date) -> None:
        """The site was asked for a session just now, and has no list for it."""
        put_hash(self._client, keys.NO_LIST, {day.isoformat(): _now()})

    def no_list(self) -> dict[date, datetime]:
        """The sessions without a list, and when the site was asked for each."""
        noted = unless_damaged(lambda: hash_at(self._client, keys.NO_LIST)) or {}
        read = {keys.parse_date(text): keys.parse_moment(when) for text, when in noted.items()}
        return {day: when for day, when in read.items() if day and when}

    def _quarantined(self, day: date) -> Quarantined:
        key = keys.quarantine(day)
        try:
            check_size(self._client, key)
            with store_errors(self._client, key):
                answer = self._client.hmget(key, ["reason", "when"])
        except DamagedKey as error:
            return Quarantined(day, str(error), None)
        reason, when = cast("list[str | None]", answer)
        return Quarantined(day, one_line(reason or "", LONGEST_REASON), keys.parse_moment(when or ""))


def _date_part(key: str) -> str:
    return key.removeprefix(keys.QUARANTINE_PREFIX)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
