"""What the holdings of a date are worth, in HK$. Pure.

Value = shares x the stock's close of that date, else the last one before it: `Valuation.priced_on` says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

import numpy as np

from southbound.market import trading_calendar
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.adjustments.restatement import restated
from southbound.market.daily_holdings import Floats
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.stock_prices import stock_prices

OLDEST_CLOSE = 60
"""Sessions. What was not priced for longer, mostly since it is suspended, has no value that could be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Valuation:
    """The S stocks of a history on one date, each in the column of the code that it has then.

    Attributes:
        day: the shareholding date.
        values: (S,) HK$; NaN where not on the list, or without a price.
        closes: (S,) of one share as the list counts them; NaN where not known.
        priced_on: S trading days; None where there is no price.
        listed: how many stocks are on the list.
    """

    day: date
    values: Floats
    closes: Floats
    priced_on: tuple[date | None, ...]
    listed: int

    @property
    def priced(self) -> int:
        """How many of them have a value."""
        return int((~np.isnan(self.values)).sum())

    @property
    def total(self) -> float:
        """HK$ of all that have a value; NaN if none has."""
        return float(np.nansum(self.values)) if self.priced else float("nan")

    @property
    def stale(self) -> int:
        """How many of them have an older close than the date's."""
        known = ~np.isnan(self.values)
        return sum(has and priced != self.day for has, priced in zip(known, self.priced_on, strict=True))


def valuation(
    history: History, row: int, events: Sequence[AdjustmentEvent], prices: PriceHistory
) -> Valuation:
    """The value of each holding of a stored date.

    Between the ex date of a split and the date on which the holding is multiplied, an old share is worth as
    many new ones as it becomes: the value goes on without a jump.

    Args:
        history: all days, S stocks.
        row: of the date.
        events: the adjustment events of all of `history`.
        prices: all that are known.
    """
    day = history.dates[row]
    figures = restated(history, (row,), events)
    sessions = trading_calendar.between(trading_calendar.before(day, OLDEST_CLOSE), day)
    known = stock_prices(history, figures.columns, events, prices, sessions, until=day)
    closes, places = known.last_closes()
    for column, turned in known.turned.items():
        if places[column] >= 0:
            priced = sessions[places[column]]
            closes[column] *= prod(one.value_of_held_shares(priced, day) for one in turned)
    shares = figures.shares[0]
    priced_on = tuple(None if place < 0 else sessions[place] for place in places.tolist())
    return Valuation(day, shares * closes, closes, priced_on, int((~np.isnan(shares)).sum()))
