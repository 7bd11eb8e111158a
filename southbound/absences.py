"""Why a session is not among the stored days: it is in quarantine, or the site has no list for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import redis

from southbound import keys
from southbound.connection import store_errors
from southbound.holdings import DailyHoldings


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
            notes = [
                cast("list[str | None]", self._client.hmget(keys.quarantine(day), ["reason", "when"]))
                for day in days
            ]
        return [
            Quarantined(day, reason or "", keys.parse_moment(when or ""))
            for day, (reason, when) in zip(days, notes, strict=True)
        ]

    def note_no_list(self, day: date) -> None:
        """The site was asked for a session just now, and has no list for it."""
        with store_errors(self._client):
            self._client.hset(keys.NO_LIST, day.isoformat(), _now())

    def no_list(self) -> dict[date, datetime]:
        """The sessions without a list, and when the site was asked for each."""
        with store_errors(self._client):
            noted = cast("dict[str, str]", self._client.hgetall(keys.NO_LIST))
        read = {keys.parse_date(text): keys.parse_moment(when) for text, when in noted.items()}
        return {day: when for day, when in read.items() if day and when}


def _date_part(key: str) -> str:
    return key.removeprefix(keys.QUARANTINE_PREFIX)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
