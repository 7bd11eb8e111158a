"""What must hold before a day is stored. What cannot be true of any list is refused before.

It judges whether a list is whole. It does not judge figures: a day without a single change is real, 36
additions at once are, and so is a holding that grows 27-fold.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np

from southbound.common.remark import remark
from southbound.market.daily_holdings import DailyHoldings, Ints

NEIGHBOURS = 5
"""How many stored days a list is measured by."""

NEAR = timedelta(days=60)
"""Beyond that the list may have become another one: a machine that was off for a year starts anew."""


@dataclass(frozen=True, slots=True)
class ListValidation:
    """The thresholds.

    Attributes:
        min_rows: of every list, so that half a page cannot be the first day of a store.
        min_rows_percent: of the median of the neighbours' rows.
        min_common_percent: how many of the closest neighbour's stocks must be there.
    """

    min_rows: int
    min_rows_percent: int
    min_common_percent: int

    def objection(self, holdings: DailyHoldings, neighbours: Mapping[date, Ints]) -> str | None:
        """Why the list must not be stored, or None if it may be.

        Args:
            holdings: the list.
            neighbours: the stock codes of the stored days around it; none for a first day.
        """
        rows = len(holdings)
        if rows < self.min_rows:
            return remark("{rows} rows, want at least {least}", rows=rows, least=self.min_rows)
        if not neighbours:
            return None
        usual = median(len(codes) for codes in neighbours.values())
        if rows * 100 < usual * self.min_rows_percent:
            return remark(
                "{rows} rows, want at least {least} % of the usual {usual}",
                rows=rows,
                least=self.min_rows_percent,
                usual=f"{usual:g}",
            )
        closest = min(neighbours, key=lambda day: abs(day - holdings.day))
        codes = neighbours[closest]
        common = int(np.isin(codes, holdings.codes).sum())
        if common * 100 < len(codes) * self.min_common_percent:
            return remark(
                "{common} of the {stocks} stocks of {day}, want at least {least} %",
                common=common,
                stocks=len(codes),
                day=closest,
                least=self.min_common_percent,
            )
        return None


def neighbours(stored: Sequence[date], day: date) -> list[date]:
    """The stored days, oldest first, that a list of `day` is measured by: the closest first."""
    first, last = bisect_left(stored, day - NEAR), bisect_right(stored, day + NEAR)
    near = (other for other in stored[first:last] if other != day)
    return sorted(near, key=lambda other: abs(other - day))[:NEIGHBOURS]
