"""Many days of the list as date x stock arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from southbound.holdings import DailyHoldings, Floats, Ints

SPARE_ROWS = 32
"""Room for the days to come, so that one more does not copy all that there are: 2,500 days are 37 MB."""


class _Sheet:
    """The arrays that successive histories share: each sees the rows up to its own last day.

    A row is written once, by whichever history claims it first, and no history sees it before.
    """

    __slots__ = ("_claimed", "percents", "shares")

    def __init__(self, rows: int, columns: int) -> None:
        self.shares = np.full((rows + SPARE_ROWS, columns), np.nan)
        self.percents = np.full_like(self.shares, np.nan)
        self._claimed = rows

    def claim(self, after: int, rows: int) -> bool:
        """Whether the rows behind the first `after` ones are free; they are the caller's then."""
        free = self._claimed == after and after + rows <= len(self.shares)
        if free:
            self._claimed += rows
        return free


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All stored days. Never changes: `grown` gives another one, and whoever has this one keeps it.

    Attributes:
        dates: the shareholding dates, oldest first; D of them.
        codes: every stock that was ever on the list, ascending; S of them.
        names: the newest name of each.
        shares: D x S shares held; NaN where the stock is not on that day's list, which is not zero.
        percents: D x S percent of the issued shares; NaN where blank or not on the list.
    """

    dates: tuple[date, ...]
    codes: Ints
    names: Mapping[int, str]
    shares: Floats
    percents: Floats
    _sheet: _Sheet

    @classmethod
    def of(cls, days: Iterable[DailyHoldings]) -> Self:
        """Build the arrays from any number of different days, in any order."""
        stated = {holdings.day: holdings for holdings in days}
        dates, codes = tuple(sorted(stated)), _codes(stated.values())
        return cls._on(_Sheet(len(dates), len(codes)), dates, codes, {}, stated)

    def grown(self, days: Iterable[DailyHoldings]) -> Self:
        """With some days more, or restated: what `of` gives for all days, without reading the others again.

        One thing may differ: a stock keeps its newest name if the day that gave it is restated without it.
        Days after the last, with no stock that is new, are written behind the others; else all is copied.
        """
        stated = {holdings.day: holdings for holdings in days}
        kept = [row for row, day in enumerate(self.dates) if day not in stated]
        dates = tuple(sorted(stated.keys() | set(self.dates)))
        codes = self.codes
        if len(kept) < len(self.dates):
            # A restated day may have been the only one with a stock on it.
            codes = codes[~np.isnan(self.shares[kept]).all(axis=0)]
        codes = np.union1d(codes, _codes(stated.values()))
        behind = len(kept) == len(self.dates) and dates[: len(kept)] == self.dates
        if behind and len(codes) == len(self.codes) and self._sheet.claim(len(kept), len(stated)):
            return self._on(self._sheet, dates, codes, self.names, stated)
        sheet = _Sheet(len(dates), len(codes))
        row_of = {day: row for row, day in enumerate(dates)}
        rows = np.array([row_of[self.dates[row]] for row in kept], dtype=np.int64)
        here = np.ix_(rows, np.isin(codes, self.codes))
        there = np.ix_(np.array(kept, dtype=np.int64), np.isin(self.codes, codes))
        sheet.shares[here], sheet.percents[here] = self.shares[there], self.percents[there]
        names = {code: self.names[code] for code in codes.tolist() if code in self.names}
        return self._on(sheet, dates, codes, names, stated)

    @classmethod
    def _on(
        cls,
        sheet: _Sheet,
        dates: tuple[date, ...],
        codes: Ints,
        known_names: Mapping[int, str],
        stated: Mapping[date, DailyHoldings],
    ) -> Self:
        """Write the stated days into their rows, where nothing stands yet."""
        names = dict(known_names)
        later, end = np.zeros(len(codes), dtype=np.bool_), len(dates)
        for row in range(len(dates) - 1, -1, -1):
            holdings = stated.get(dates[row])
            if holdings is None:
                continue
            columns = np.searchsorted(codes, holdings.codes)
            sheet.shares[row, columns] = holdings.shares
            sheet.percents[row, columns] = holdings.percents
            later |= (sheet.shares[row + 1 : end] > 0).any(axis=0)
            end = row + 1
            for i in np.flatnonzero(~later[columns]).tolist():
                names[int(holdings.codes[i])] = holdings.names[i]
        shares, percents = sheet.shares[: len(dates)], sheet.percents[: len(dates)]
        shares.setflags(write=False)
        percents.setflags(write=False)
        return cls(dates, codes, names, shares, percents, sheet)

    def column(self, code: int) -> int | None:
        """Where the stock stands in the arrays, or None if it never was on the list."""
        position = int(np.searchsorted(self.codes, code))
        found = position < len(self.codes) and self.codes[position] == code
        return position if found else None

    def row(self, day: date) -> int:
        """Where the date stands in the arrays.

        Raises:
            ValueError: it is not among them.
        """
        return self.dates.index(day)


def _codes(days: Iterable[DailyHoldings]) -> Ints:
    # Most days have the list of the day before.
    lists = {holdings.codes.tobytes(): holdings.codes for holdings in days}
    return np.unique(np.concatenate(list(lists.values()))) if lists else np.empty(0, np.int64)
