"""Many days of the list as date x stock arrays."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Self

import numpy as np
import numpy.typing as npt

from southbound.market.daily_holdings import DailyHoldings, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All stored days. Never changes: `grown` gives another one, and whoever has this one keeps it.

    Attributes:
        dates: the shareholding dates, oldest first; D of them.
        codes: every stock that is on one of the lists, ascending; S of them.
        names: the newest name of each.
        shares: D x S shares held; NaN where the stock is not on that day's list, which is not zero.
        percents: D x S percent of the issued shares; NaN where blank or not on the list.
        name_numbers: D x S places in `all_names` of what each was called on each day; -1 where not listed.
        all_names: every name that any of them had, also on days as they were before they were restated.
    """

    dates: tuple[date, ...]
    codes: Ints
    names: Mapping[int, str]
    shares: Floats
    percents: Floats
    name_numbers: npt.NDArray[np.int32]
    all_names: tuple[str, ...]
    _columns: Mapping[int, int]

    @classmethod
    def of(cls, days: Iterable[DailyHoldings]) -> Self:
        """Build the arrays from any number of days, in any order; of two of one date the last counts."""
        no_figures, no_numbers = np.empty((0, 0)), np.empty((0, 0), dtype=np.int32)
        return cls((), np.empty(0, np.int64), {}, no_figures, no_figures, no_numbers, (), {}).grown(days)

    def grown(self, days: Iterable[DailyHoldings]) -> Self:
        """With some days more, or restated: what `of` gives for all days, without reading the others again.

        The arrays are copied (some 10 ms for 2,500 days), so that nothing of this history is kept alive.
        """
        by_day = {holdings.day: holdings for holdings in days}
        dates = tuple(sorted(by_day.keys() | set(self.dates)))
        kept = np.array([row for row, day in enumerate(self.dates) if day not in by_day], dtype=np.int64)
        listed = np.arange(len(self.codes))
        if len(kept) < len(self.dates):
            # A restated day may have been the only one with a stock on it.
            listed = np.flatnonzero(~np.isnan(self.shares[kept]).all(axis=0))
        codes = _union(self.codes[listed], by_day.values())
        row_of = {day: row for row, day in enumerate(dates)}
        rows = np.array([row_of[self.dates[row]] for row in kept], dtype=np.int64)
        columns = np.searchsorted(codes, self.codes[listed])
        shares = np.empty((len(dates), len(codes)))
        percents, numbers = np.empty_like(shares), np.empty(shares.shape, dtype=np.int32)
        new_rows = np.delete(np.arange(len(dates)), rows)
        new_columns = np.delete(np.arange(len(codes)), columns)
        for array, blank in ((shares, np.nan), (percents, np.nan), (numbers, -1)):
            array[new_rows] = array[:, new_columns] = blank
        for (old_rows, at_rows), (old_columns, at_columns) in product(
            _runs(kept, rows), _runs(listed, columns)
        ):
            shares[at_rows, at_columns] = self.shares[old_rows, old_columns]
            percents[at_rows, at_columns] = self.percents[old_rows, old_columns]
            numbers[at_rows, at_columns] = self.name_numbers[old_rows, old_columns]
        number_of = {name: number for number, name in enumerate(self.all_names)}
        # By their identity: most days share names and codes with the day before.
        numbers_of: dict[int, npt.NDArray[np.int32]] = {}
        columns_of: dict[int, Ints] = {}
        for day, holdings in sorted(by_day.items()):
            row, coded, named = row_of[day], id(holdings.codes), id(holdings.names)
            if coded not in columns_of:
                columns_of[coded] = np.searchsorted(codes, holdings.codes)
            if named not in numbers_of:
                of_day = [number_of.setdefault(name, len(number_of)) for name in holdings.names]
                numbers_of[named] = np.array(of_day, dtype=np.int32)
            columns = columns_of[coded]
            shares[row, columns], percents[row, columns] = holdings.shares, holdings.percents
            numbers[row, columns] = numbers_of[named]
        for array in (shares, percents, numbers):
            array.setflags(write=False)
        all_names = tuple(number_of)
        names = _newest_names(codes, numbers, all_names)
        return type(self)(dates, codes, names, shares, percents, numbers, all_names, _by_code(codes))

    def column(self, code: int) -> int | None:
        """Where the stock stands in the arrays, or None if it never was on the list."""
        return self._columns.get(code)

    def columns(self, codes: Ints) -> Ints:
        """Where K stocks stand that all were on the list once: (K,) columns, in the order of the codes."""
        return np.searchsorted(self.codes, codes)

    def of_stocks(self, codes: Iterable[int]) -> Self:
        """The history of some stocks alone, without those that never were on the list; never to be grown."""
        columns = sorted({column for code in codes if (column := self.column(code)) is not None})
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

    def since(self, row: int) -> Self:
        """The days from a row on alone, or all of them; never to be grown."""
        row = max(0, row)
        return replace(
            self,
            dates=self.dates[row:],
            shares=self.shares[row:],
            percents=self.percents[row:],
            name_numbers=self.name_numbers[row:],
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
        row = bisect_left(self.dates, day)
        if self.dates[row : row + 1] != (day,):
            raise ValueError(f"{day} is not among the {len(self.dates):,} dates")
        return row


def _union(codes: Ints, days: Iterable[DailyHoldings]) -> Ints:
    """These and those of the days, ascending. Most days have the list of the day before."""
    lists = {holdings.codes.tobytes(): holdings.codes for holdings in days}
    return np.unique(np.concatenate([codes, *lists.values()]))


def _runs(places: Ints, new_places: Ints) -> list[tuple[slice, slice]]:
    """What stands side by side before and after, so that it is copied at once."""
    if not len(places):
        return []
    breaks = np.flatnonzero((np.diff(places) != 1) | (np.diff(new_places) != 1)) + 1
    starts, ends = [0, *breaks.tolist()], [*breaks.tolist(), len(places)]
    return [
        (slice(places[start], places[end - 1] + 1), slice(new_places[start], new_places[end - 1] + 1))
        for start, end in zip(starts, ends, strict=True)
    ]


def _newest_names(
    codes: Ints, numbers: npt.NDArray[np.int32], all_names: tuple[str, ...]
) -> Mapping[int, str]:
    newest = numbers[-1].copy() if len(numbers) else numbers
    for column in np.flatnonzero(newest < 0).tolist():
        of_stock = numbers[:, column]
        newest[column] = of_stock[of_stock >= 0][-1]
    return {code: all_names[number] for code, number in zip(codes.tolist(), newest.tolist(), strict=True)}


def _by_code(codes: Ints) -> Mapping[int, int]:
    return {code: column for column, code in enumerate(codes.tolist())}
