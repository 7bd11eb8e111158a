"""All figures that a site has: recorded, made up and restated; and their lists as markup."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

from replay.faults import Fault
from replay.figures import Day, chinese_names, recorded_days
from replay.invented import InventedDays
from replay.spoiled import SPOILERS, spoiled
from replay.table import table_markup, table_of
from replay.wording import Generation, Language, wording

LISTS_AT_HAND = 24  # of 1.2 MB each


class Archive:
    """The truth for each session from 2026-01-02 on. May be read and restated from any thread.

    Attributes:
        sessions: the dates, ascending.
        invented: the made-up days among them, after the recorded ones.
    """

    def __init__(self, seed: int = 1, invented: int = 0) -> None:
        self.invented = InventedDays(seed, invented)
        self.sessions = (*recorded_days(), *self.invented.dates)
        self._restated: dict[date, tuple[Day, ...]] = {}
        self._kept = lru_cache(maxsize=LISTS_AT_HAND)(self._made)

    def truth(self, day: date) -> Day:
        """The figures of a session, as last restated. Raises LookupError for any other day."""
        restated = self._restated.get(day)
        if restated:
            return restated[-1]
        if day in recorded_days():
            return recorded_days()[day]
        if day in self.invented:
            return self.invented[day]
        raise LookupError(f"day: got {day}, want a session from {self.sessions[0]} to {self.sessions[-1]}")

    def restate(self, day: Day) -> None:
        """From now on these are the figures of their date. Raises LookupError where there were none."""
        self.truth(day.date)
        self._restated[day.date] = (*self._restated.get(day.date, ()), day)

    def markup(
        self, session: date, language: Language, generation: Generation, faults: Collection[Fault] = ()
    ) -> bytes:
        """The session's list as a `table` element, spoiled by those of the faults that concern it.

        About 5 ms when it is made, nothing when it is one of the last that were.
        """
        # The number of restatements is in the key, so that what was made before one is not shown after it.
        version = len(self._restated.get(session, ()))
        return self._kept(session, version, language, generation, frozenset(SPOILERS.keys() & faults))

    def _made(
        self,
        session: date,
        _version: int,
        language: Language,
        generation: Generation,
        faults: frozenset[Fault],
    ) -> bytes:
        day = self.truth(session)
        names = self._chinese_names(day) if language == "zh" else None
        return table_markup(spoiled(table_of(day, wording(language, generation), names), faults))

    def _chinese_names(self, day: Day) -> Mapping[int, str]:
        invented = {row.code: self.invented.chinese_name(row.code) for row in day.rows}
        return {code: name for code, name in invented.items() if name} | dict(chinese_names())
