"""The notes of which days were restated, as they are read. Damaged, they are none."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import redis

from southbound.common.timestamps import parse_moment
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.integrity import check_count, unless_damaged

Notes = list[tuple[str, dict[str, str]]]
"""Each with its number in the stream: the store's clock in milliseconds, and a count."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A day that was stored again with other figures.

    Attributes:
        rows: how many stocks changed; `damaged` if the figures before could not be read.
    """

    day: date
    when: datetime | None
    rows: str


class RevisionLog:
    """The stream of restated days. Every method raises StoreUnavailable and StoreRefused."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def between(self, since: int, until: int | None = None) -> tuple[Revision, ...]:
        """Those noted from one second to another of the store's clock, or until now; oldest first."""
        first, last = f"{since}000", "+" if until is None else f"{until}999"
        return self._read(lambda: self._client.xrange(keys.REVISIONS, min=first, max=last))

    def newest(self, count: int) -> tuple[Revision, ...]:
        """The newest first, at most so many."""
        return self._read(lambda: self._client.xrevrange(keys.REVISIONS, count=count))

    def _read(self, asked: Callable[[], object]) -> tuple[Revision, ...]:
        def read() -> Notes:
            with store_errors(self._client, keys.REVISIONS):
                check_count(keys.REVISIONS, self._client.xlen(keys.REVISIONS))
                return cast("Notes", asked())

        noted = unless_damaged(read) or ()
        return tuple(revision for _, note in noted if (revision := _revision(note)) is not None)


def _revision(note: Mapping[str, str]) -> Revision | None:
    """What a note says; None if it names no date."""
    day, rows = parse_date(note.get("date", "")), note.get("rows", "")
    if day is None:
        return None
    return Revision(
        day, parse_moment(note.get("when", "")), rows if re.fullmatch("[0-9]{1,6}", rows) else "damaged"
    )
