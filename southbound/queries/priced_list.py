"""The list of a day in HK$: what each holding is worth, and what was bought since the stored day before."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.daily_holdings import Floats, Ints
from southbound.market.windows import Pair
from southbound.queries.market_view import MarketView


@dataclass(frozen=True, slots=True, eq=False)
class PricedList:
    """S stocks of a day's list.

    Attributes:
        codes: ascending.
        closes: (S,) HK$ a share, as the list counts them; NaN where not known.
        priced_on: S trading days whose closes these are; None where there is none.
        values: (S,) HK$; NaN where not known.
        net_buying: (S,) HK$; NaN for the first day, and where a price is not known or nobody can tell whether
            somebody traded.
    """

    codes: Ints
    closes: Floats
    priced_on: tuple[date | None, ...]
    values: Floats
    net_buying: Floats


def priced_list(market_view: MarketView, day: date) -> PricedList:
    """Of a stored day."""
    history = market_view.history
    columns = np.flatnonzero(~np.isnan(history.shares[history.row(day)]))
    codes, worth = history.codes[columns], market_view.valuation(day)
    bought = np.full(len(codes), np.nan)
    row = bisect_left(history.dates, day)
    if row:
        changes = market_view.changes(Pair(history.dates[row - 1], day))
        known = np.isin(changes.codes, codes) & ~changes.suspect
        bought[np.searchsorted(codes, changes.codes[known])] = changes.net_buying[known]
    return PricedList(
        codes,
        worth.closes[columns],
        tuple(worth.priced_on[column] for column in columns.tolist()),
        worth.values[columns],
        bought,
    )
