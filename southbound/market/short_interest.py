"""Reportable short positions beside the stakes, and how many days of trading they are. Pure.

The SFC publishes them once a week, as of its last session (Securities and Futures (Short Position Reporting)
Rules): only positions from 0.02 % of the issued shares or HK$ 30 million on are reported.
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
from southbound.market.short_positions import ShortPositions
from southbound.market.stock_prices import stock_prices
from southbound.market.windows import at_or_before

USUAL_VOLUME = 20
"""Sessions whose mean number of shares traded is a usual day's; half of them must be known."""

LEAST_STAKE = 0.5
"""Percent. Of smaller stakes two cut-off decimals tell the issued shares to worse than 2 %."""


@dataclass(frozen=True, slots=True, eq=False)
class ShortInterest:
    """The S stocks of a history; NaN where nothing is reported, 0 where no position is large enough to be.

    Attributes:
        day: as of when.
        shares: (S,) sold short.
        values: (S,) HK$.
        percents: (S,) of the issued shares, as the list of that date, or the last one before, tells them.
        days_to_cover: (S,) shares sold short / shares traded on a usual day.
    """

    day: date
    shares: Floats
    values: Floats
    percents: Floats
    days_to_cover: Floats


def short_interest(
    history: History,
    events: Sequence[AdjustmentEvent],
    prices: PriceHistory,
    reported: ShortPositions,
) -> ShortInterest:
    """What was reported as of a day, set beside the stocks of a history.

    Args:
        history: all days, S stocks.
        events: the adjustment events of all of `history`.
        prices: all that are known: their shares traded count.
        reported: codes that never were on the list are passed over.
    """
    day = reported.day
    blank = np.full(len(history.codes), np.nan)
    stored = at_or_before(history.dates, day)
    if stored is None:
        return ShortInterest(day, blank, blank, blank, blank)
    figures = restated(history, (history.row(stored),), events)
    shares, values = blank.copy(), blank.copy()
    positions = zip(reported.codes.tolist(), reported.shares, reported.values, strict=True)
    for code, sold, worth in positions:
        column = figures.columns.get(code, history.column(code))
        if column is not None:
            shares[column], values[column] = sold, worth
    held, percents = figures.shares[0], figures.percents[0]
    issued = np.where(percents >= LEAST_STAKE, held, np.nan) / percents * 100
    sessions = trading_calendar.between(trading_calendar.before(day, USUAL_VOLUME - 1), day)
    known = stock_prices(history, figures.columns, events, prices, sessions, until=day)
    traded = known.prices.shares_traded.copy()
    for column, turned in known.turned.items():
        # Shares of the day: as many more as their price is less.
        traded[:, column] /= [prod(one.price_in_later_shares(at, day) for one in turned) for at in sessions]
        if stored < max(one.held for one in turned):
            issued[column] = np.nan
    days = (~np.isnan(traded)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.where(2 * days >= USUAL_VOLUME, np.nansum(traded, axis=0) / days, np.nan)
        to_cover = np.where(usual > 0, shares / usual, np.nan)
        return ShortInterest(day, shares, values, shares / issued * 100, to_cover)
