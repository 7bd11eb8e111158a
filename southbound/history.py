"""Many days of the list as date x stock arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from southbound.holdings import DailyHoldings, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All stored days.

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

    @classmethod
    def of(cls, days: Iterable[DailyHoldings]) -> Self:
        """Build the arrays from any number of different days, in any order."""
        ordered = sorted(days, key=lambda holdings: holdings.day)
        codes = np.unique(np.concatenate([h.codes for h in ordered])) if ordered else np.empty(0, np.int64)
        shares = np.full((len(ordered), len(codes)), np.nan)
        percents = np.full_like(shares, np.nan)
        names: dict[int, str] = {}
        for row, holdings in enumerate(ordered):
            columns = np.searchsorted(codes, holdings.codes)
            shares[row, columns] = holdings.shares
            percents[row, columns] = holdings.percents
            names.update(zip(holdings.codes.tolist(), holdings.names, strict=True))
        return cls(tuple(h.day for h in ordered), codes, names, shares, percents)

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
