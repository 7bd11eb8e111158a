"""Why a session is not among the stored days: it is in quarantine, has vanished, or the site has no list."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import redis

from southbound.common.errors import DamagedKey
from southbound.common.remark import Remark, read_remark
from southbound.common.text import one_line
from southbound.common.timestamps import parse_moment
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.missing_sessions import SessionNotes
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.integrity import fields_at, hash_at, put_hash, unless_damaged

LONGEST_REASON = 500
"""Characters of why a list did not pass validation."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A list that did not pass validation. A good list of the same day may be stored beside it.

    Attributes:
        reason: why; a `Remark` but where an older version wrote it.
        when: it was read.
    """

    day: date
    reason: str
    when: datetime | None


class Quarantine:
    """Notes and reads the reasons. Every method raises StoreUnavailable and StoreRefused.

    Storing a day lifts what is noted of it, see `HoldingsStore.put`.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._found_by_scan: frozenset[date] | None = None

    def quarantine(self, day: date, reason: str, holdings: DailyHoldings | None) -> None:
        """Keep what failed validation, and why; None if there are no figures that could be kept."""
        note: dict[Any, Any] = {
            "reason": reason,
            "when": _now(),
            "day": holdings.to_json() if holdings else "",
        }
        if isinstance(reason, Remark):
            note["remark"] = reason.as_json()
        # First: a day that is listed and not there costs nothing, one that is not listed would not be found.
        put_hash(self._client, keys.QUARANTINED, {day.isoformat(): _now()})
        with store_errors(self._client), self._client.pipeline(transaction=True) as write:
            write.delete(keys.quarantine(day))
            write.hset(keys.quarantine(day), mapping=note)
            write.expire(keys.quarantine(day), keys.NOTES_KEPT)
            write.execute()

    def release(self, day: date) -> None:
        """End the quarantine of a day: its list is the one that is stored already."""
        with store_errors(self._client):
            self._client.delete(keys.quarantine(day))
        self._forget(keys.QUARANTINED, [day])

    def quarantined(self) -> list[Quarantined]:
        """All days in quarantine, oldest first."""
        listed = self._listed()
        days = sorted(self._scanned() if listed is None else listed)
        with store_errors(self._client), self._client.pipeline(transaction=False) as look:
            for day in days:
                look.exists(keys.quarantine(day))
            there = look.execute()
        return [self._quarantined(day) for day, is_there in zip(days, there, strict=True) if is_there]

    def notes(self, quarantined: Iterable[Quarantined]) -> SessionNotes:
        """What is noted of the sessions that are not stored; `quarantined` has been read already."""
        return SessionNotes(
            quarantined={held.day: held.reason for held in quarantined},
            no_list=self.no_list(),
            vanished=self.vanished(),
        )

    def index(self) -> None:
        """Write the list of the days in quarantine anew, unless it is whole. For the scraper alone."""
        if self._listed() is not None:
            self.forget_old()
            return
        self._found_by_scan = None
        found = self._scanned()
        listed = {day.isoformat(): _now() for day in found}
        put_hash(self._client, keys.QUARANTINED, {**listed, keys.QUARANTINE_INDEX: "1"})

    def note_no_list(self, day: date) -> None:
        """The site was asked for a session just now, and has no list for it."""
        put_hash(self._client, keys.NO_LIST, {day.isoformat(): _now()})

    def no_list(self) -> dict[date, datetime]:
        """The sessions without a list, and when the site was asked for each."""
        return self._moments(keys.NO_LIST)

    def vanished(self) -> dict[date, datetime]:
        """The days that were stored and are gone, and when that was noticed."""
        return self._moments(keys.VANISHED)

    def forget_old(self) -> None:
        """Remove the notes of days that the site does not have any more. For the scraper alone."""
        last = datetime.now(UTC) - keys.NOTES_KEPT
        for key in (keys.QUARANTINED, keys.NO_LIST, keys.VANISHED):
            old = [day for day, when in self._moments(key).items() if when < last]
            self._forget(key, old)

    def _moments(self, key: str) -> dict[date, datetime]:
        noted = unless_damaged(lambda: hash_at(self._client, key)) or {}
        read = {parse_date(text): parse_moment(when) for text, when in noted.items()}
        return {day: when for day, when in read.items() if day and when}

    def _forget(self, key: str, days: Iterable[date]) -> None:
        if named := [day.isoformat() for day in days]:
            with store_errors(self._client, key):
                self._client.hdel(key, *named)

    def _listed(self) -> list[date] | None:
        """The days that may be in quarantine; None if their list is not whole."""
        noted = unless_damaged(lambda: hash_at(self._client, keys.QUARANTINED)) or {}
        if keys.QUARANTINE_INDEX not in noted:
            return None
        self._found_by_scan = None
        return [day for text in noted if (day := parse_date(text)) is not None]

    def _scanned(self) -> Collection[date]:
        """The days in quarantine where their list is not whole: looked for once, and those listed since."""
        days = self._found_by_scan
        if days is None:
            with store_errors(self._client):
                found = cast(
                    "Iterable[str]", self._client.scan_iter(match=f"{keys.QUARANTINE_PREFIX}*", count=1000)
                )
                # A set, since SCAN may give a key twice.
                days = frozenset(day for key in found if (day := parse_date(_date_part(key))))
            self._found_by_scan = days
        # Not what stands there by now: another thread may have found the list whole.
        return days | self._moments(keys.QUARANTINED).keys()

    def _quarantined(self, day: date) -> Quarantined:
        key = keys.quarantine(day)
        try:
            reason, said, when = fields_at(self._client, key, ["reason", "remark", "when"])
        except DamagedKey as error:
            return Quarantined(day, str(error), None)
        sentence = one_line(reason or "", LONGEST_REASON)
        return Quarantined(day, read_remark(said or "", sentence), parse_moment(when or ""))


def _date_part(key: str) -> str:
    return key.removeprefix(keys.QUARANTINE_PREFIX)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
