"""Many days of the list as date x stock arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from southbound.market.daily_holdings import Bools, DailyHoldings, Floats, Ints
from southbound.market.sheet import Sheet


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All stored days. Never changes: `grown` gives another one, and whoever has this one keeps it.

    Attributes:
        dates: the shareholding dates, oldest first; D of them.
        codes: every stock that was ever on the list, S of them, as the columns stand: ascending but for those
            that came after the arrays were laid out; these stand behind.
        names: the newest name of each.
        shares: D x S shares held; NaN where the stock is not on that day's list, which is not zero.
        percents: D x S percent of the issued shares; NaN where blank or not on the list.
        name_numbers: D x S places in `all_names` of what each was called on each day; -1 where not listed.
        all_names: every name that any of them had.
    """

    dates: tuple[date, ...]
    codes: Ints
    names: Mapping[int, str]
    shares: Floats
    percents: Floats
    name_numbers: npt.NDArray[np.int32]
    all_names: tuple[str, ...]
    _sheet: Sheet
    _columns: Mapping[int, int]

    @classmethod
    def of(cls, days: Iterable[DailyHoldings]) -> Self:
        """Build the arrays from any number of different days, in any order."""
        stated = {holdings.day: holdings for holdings in days}
        dates, codes = tuple(sorted(stated)), _codes(stated.values())
        return cls._on(Sheet(len(dates), len(codes)), dates, codes, ({}, ()), stated)

    def grown(self, days: Iterable[DailyHoldings]) -> Self:
        """With some days more, or restated: what `of` gives for all days, without reading the others again.

        Two things may differ: a stock keeps its newest name if the day that gave it is restated without it,
        and new stocks stand behind the others. Days after the last, and new stocks, are written below and
        beside what there is, while there is room; else all is copied.
        """
        stated = {holdings.day: holdings for holdings in days}
        kept = [row for row, day in enumerate(self.dates) if day not in stated]
        dates = tuple(sorted(stated.keys() | set(self.dates)))
        known = self.codes
        if len(kept) < len(self.dates):
            # A restated day may have been the only one with a stock on it.
            known = known[~np.isnan(self.shares[kept]).all(axis=0)]
        codes = np.concatenate([known, np.setdiff1d(_codes(stated.values()), known)])
        below = len(kept) == len(self.dates) and dates[: len(kept)] == self.dates
        if below and self._sheet.claim(self.shares.shape, (len(dates), len(codes))):
            return self._on(self._sheet, dates, codes, (self.names, self.all_names), stated)
        codes.sort()
        sheet = Sheet(len(dates), len(codes))
        row_of = {day: row for row, day in enumerate(dates)}
        rows = np.array([row_of[self.dates[row]] for row in kept], dtype=np.int64)
        here = np.ix_(rows, _places(codes, known))
        there = np.ix_(np.array(kept, dtype=np.int64), _places(self.codes, known))
        sheet.shares[here], sheet.percents[here] = self.shares[there], self.percents[there]
        sheet.names[here] = self.name_numbers[there]
        names = {code: self.names[code] for code in known.tolist()}
        return self._on(sheet, dates, codes, (names, self.all_names), stated)

    @classmethod
    def _on(
        cls,
        sheet: Sheet,
        dates: tuple[date, ...],
        codes: Ints,
        known_names: tuple[Mapping[int, str], tuple[str, ...]],
        stated: Mapping[date, DailyHoldings],
    ) -> Self:
        """Write the stated days into their rows, where nothing stands yet."""
        names, numbers = dict(known_names[0]), {name: i for i, name in enumerate(known_names[1])}
        shares, percents = (figures[: len(dates), : len(codes)] for figures in (sheet.shares, sheet.percents))
        named = sheet.names[: len(dates), : len(codes)]
        seen: dict[tuple[str, ...], npt.NDArray[np.int32]] = {}
        later, end = np.zeros(len(codes), dtype=np.bool_), len(dates)
        for row in range(len(dates) - 1, -1, -1):
            holdings = stated.get(dates[row])
            if holdings is None:
                continue
            columns = _places(codes, holdings.codes)
            shares[row, columns] = holdings.shares
            percents[row, columns] = holdings.percents
            if holdings.names not in seen:  # most days have the names of the day before
                of_day = [numbers.setdefault(name, len(numbers)) for name in holdings.names]
                seen[holdings.names] = np.array(of_day, dtype=np.int32)
            named[row, columns] = seen[holdings.names]
            later |= (shares[row + 1 : end] > 0).any(axis=0)
            end = row + 1
            for i in np.flatnonzero(~later[columns]).tolist():
                names[int(holdings.codes[i])] = holdings.names[i]
        shares.setflags(write=False)
        percents.setflags(write=False)
        named.setflags(write=False)
        return cls(dates, codes, names, shares, percents, named, tuple(numbers), sheet, _by_code(codes))

    def column(self, code: int) -> int | None:
        """Where the stock stands in the arrays, or None if it never was on the list."""
        return self._columns.get(code)

    def columns(self, codes: Ints) -> Ints:
        """Where stocks stand that all were on the list once."""
        return _places(self.codes, codes)

    def ordered(self, chosen: Bools) -> Ints:
        """Some columns, in the order of their codes.

        Args:
            chosen: which of the S columns.
        """
        columns = np.flatnonzero(chosen)
        return columns[np.argsort(self.codes[columns])]

    def of_stocks(self, codes: Iterable[int]) -> Self:
        """The history of some stocks alone, without those that never were on the list; never to be grown."""
        columns = [column for code in codes if (column := self.column(code)) is not None]
        kept = self.codes[columns]
        return replace(
            self,
            codes=kept,
            shares=self.shares[:, columns],
            percents=self.percents[:, columns],
            name_numbers=self.name_numbers[:, columns],
            _columns=_by_code(kept),
        )

    def before(self, row: int) -> Self:
        """The days above a row alone, as they were known then, but for newest names; never to be grown."""
        return replace(
            self,
            dates=self.dates[:row],
            shares=self.shares[:row],
            percents=self.percents[:row],
            name_numbers=self.name_numbers[:row],
        )

    def name_on(self, row: int, column: int) -> str:
        """What a stock was called on a day; empty where it is not on the list."""
        number = int(self.name_numbers[row, column])
        return "" if number < 0 else self.all_names[number]

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


def _by_code(codes: Ints) -> Mapping[int, int]:
    return {code: column for column, code in enumerate(codes.tolist())}


def _places(codes: Ints, wanted: Ints) -> Ints:
    """Where each wanted code stands among those, which have it."""
    order = np.argsort(codes)
    return order[np.searchsorted(codes, wanted, sorter=order)]
