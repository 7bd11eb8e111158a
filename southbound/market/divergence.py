"""Stocks that were bought while their price fell, and those that were sold while it rose. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from southbound.market import trading_calendar
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.adjustments.restatement import restated
from southbound.market.changes import Changes
from southbound.market.daily_holdings import Floats
from southbound.market.history import History
from southbound.market.metrics import PERCENT
from southbound.market.price_history import PriceHistory
from southbound.market.settlement import last_settled
from southbound.market.stock_prices import stock_prices
from southbound.market.windows import Pair

LAST_CLOSE_WITHIN = 5
"""Sessions before a trading day whose close stands for it where it has none."""

LEAST_HOLDING, LEAST_PRICE = 1.0, 3.0
"""Percent by which holding and price must have moved: below it both go to and fro."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """One stock that was bought against its price.

    Attributes:
        held: by how many percent its holding changed.
        priced: by how many percent its price changed meanwhile.
    """

    code: int
    name: str
    held: float
    priced: float


def price_changes(
    history: History, dates: Pair, events: Sequence[AdjustmentEvent], prices: PriceHistory
) -> Floats:
    """By how many percent the price changed between the trades that two shareholding dates show.

    (close of the last trading day that the newer date shows / that of the older one - 1) x 100, the older one
    in the shares of the newer. Dividends and bonus shares are not taken out.

    Args:
        history: all days, S stocks.
        dates: two of them.
        events: the adjustment events of all of `history`.
        prices: all that are known.

    Returns:
        (S,) percent, each in the column of the code that the stock has on the newer date; NaN where a price
        is not known.
    """
    old, new = last_settled(dates.old), last_settled(dates.new)
    sessions = trading_calendar.between(trading_calendar.before(old, LAST_CLOSE_WITHIN), new)
    columns = restated(history, (history.row(dates.old), history.row(dates.new)), events).columns
    known = stock_prices(history, columns, events, prices, sessions, until=dates.new)
    closes = known.prices.closes.copy()
    for column, turned in known.turned.items():
        closes[:, column] *= [prod(one.price_in_later_shares(day, new) for one in turned) for day in sessions]
    at_old = sessions.index(old) + 1
    first, last = _last(closes[:at_old]), _last(closes[max(at_old, len(sessions) - LAST_CLOSE_WITHIN) :])
    return (last / first - 1) * 100


def divergences(changes: Changes, history: History, priced: Floats) -> tuple[Divergence, ...]:
    """The stocks whose holding and price moved against each other; the largest moves of the price first.

    Args:
        changes: of two dates.
        history: all days.
        priced: the price changes between them, by its columns.
    """
    held = np.where(changes.suspect, np.nan, PERCENT.change(changes))
    price = priced[history.columns(changes.codes)]
    found = (np.abs(held) >= LEAST_HOLDING) & (np.abs(price) >= LEAST_PRICE) & (held * price < 0)
    stocks = [
        Divergence(int(changes.codes[at]), changes.names[at], float(held[at]), float(price[at]))
        for at in np.flatnonzero(found).tolist()
    ]
    return tuple(sorted(stocks, key=lambda stock: (-abs(stock.priced), stock.code)))


def _last(closes: Floats) -> Floats:
    """(S,) the last known close of each stock."""
    if not len(closes):
        return np.full(closes.shape[1], np.nan)
    places = np.where(~np.isnan(closes), np.arange(len(closes))[:, None], -1).max(axis=0)
    return np.where(places >= 0, closes[places, np.arange(closes.shape[1])], np.nan)
