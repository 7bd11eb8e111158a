"""The stocks that a reader follows: a line of figures for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from southbound.market.windows import Pair
from southbound.queries.stock_table import StockTable


@dataclass(frozen=True, slots=True)
class WatchedStock:
    """A stock on the list of a day.

    Attributes:
        code: that it is followed under.
        listed_as: the code that it has on that day's list.
        shares: held.
        percent: of the issued shares; NaN where blank.
        changes: by the dates compared, in the metric of the table; NaN where there is none.
    """

    code: int
    listed_as: int
    name: str
    shares: float
    percent: float
    changes: Mapping[Pair, float]


def watched(
    codes: Sequence[int], listed_as: Mapping[int, int | None], table: StockTable
) -> tuple[WatchedStock | None, ...]:
    """A line for each code, in their order; None for one that is not on the day's list.

    Args:
        codes: of the watchlist.
        listed_as: by these, the code that each has on the day's list.
        table: all stocks of the day.
    """
    return tuple(_line(code, listed_as.get(code), table) for code in codes)


def _line(code: int, listed_as: int | None, table: StockTable) -> WatchedStock | None:
    row = -1 if listed_as is None else int(np.searchsorted(table.codes, listed_as))
    if listed_as is None or row >= len(table.codes) or table.codes[row] != listed_as:
        return None
    return WatchedStock(
        code=code,
        listed_as=listed_as,
        name=table.names[row],
        shares=float(table.shares[row]),
        percent=float(table.percents[row]),
        changes={pair: float(changes[row]) for pair, changes in table.changes.items()},
    )
