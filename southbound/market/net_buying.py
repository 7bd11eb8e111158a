"""What mainland investors bought, in HK$: each change of a holding at the price of the days that traded it.

Net buying of a stock on a shareholding date = its adjusted change since the stored date before x the average
price (turnover / shares traded, else the close) of the trading days that the date shows
(`settlement.trades_shown`); of several days the mean, weighted by their turnover. Nothing is guessed: without
the price of a change it is blank. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

import numpy as np
import numpy.typing as npt

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.adjustments.ex_dates import NewShares
from southbound.market.adjustments.restatement import restated
from southbound.market.daily_holdings import Floats, Ints
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.settlement import Trades, trades_between
from southbound.market.stock_prices import StockPrices, stock_prices


@dataclass(frozen=True, slots=True, eq=False)
class NetBuying:
    """Stored dates of S stocks; the columns are the history's, a stock's is that of the code it has last.

    Attributes:
        days: R dates, ascending.
        trades: R - 1 entries, what each date but the first shows.
        changes: R - 1 x S shares since the date before, in those of the last date; since the last one with
            the stock on its list where it was off it. NaN where it is not on the list, or is for the first
            time.
        money: R - 1 x S, HK$; NaN where there is no change, or no price of one. 0 where nothing changed.
        came, left: R - 1 each, how many stocks are on the list of a date and on none before, and how many are
            not on it and on none after.
    """

    days: tuple[date, ...]
    trades: tuple[Trades, ...]
    changes: Floats
    money: Floats
    came: tuple[int, ...]
    left: tuple[int, ...]

    def totals(self) -> Floats:
        """(S,) HK$ from the first date to the last; NaN where the price of any change is not known."""
        unpriced = (~np.isnan(self.changes) & np.isnan(self.money)).any(axis=0)
        totals: Floats = np.nansum(self.money, axis=0)
        totals[unpriced | np.isnan(self.changes).all(axis=0)] = np.nan
        return totals


def net_buying(
    history: History, rows: Sequence[int], events: Sequence[AdjustmentEvent], prices: PriceHistory
) -> NetBuying:
    """The net buying of some stored dates, each against the one before it.

    Args:
        history: all days, S stocks.
        rows: R of them, ascending; two at least.
        events: the adjustment events of all of `history`.
        prices: all that are known.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    days = tuple(history.dates[row] for row in rows)
    trades = tuple(trades_between(days))
    figures = restated(history, rows, events)
    listed = ~np.isnan(figures.shares)
    since = _last_listed(listed)
    held = np.take_along_axis(figures.shares, np.maximum(since, 0), axis=0)
    changes = np.where(since[:-1] >= 0, figures.shares[1:] - held[:-1], np.nan)
    shown = [of_day.sessions for of_day in trades]
    sessions = [session for of_day in shown for session in of_day]
    moved = ~np.isnan(changes) & (changes != 0)
    money = np.where(changes == 0, 0.0, np.nan)
    if sessions and moved.any():
        step = np.repeat(np.arange(len(shown)), [len(of_day) for of_day in shown])
        stocks = stock_prices(history, figures.columns, events, prices, sessions, until=days[-1])
        known = _Priced(stocks, days, step)
        price = known.of_steps()
        gaps = moved & (since[:-1] < np.arange(len(shown))[:, None])
        for at, column in np.argwhere(gaps).tolist():
            price[at, column] = known.over_a_gap(int(since[at, column]), at, column)
        for column, turned in known.stocks.turned.items():
            price[:, column] /= _restated_by(turned, days)
        money[moved] = (changes * price)[moved]
    came = (listed[1:] & (since[:-1] < 0)).sum(axis=1)
    lasting = np.logical_or.accumulate(listed[::-1], axis=0)[::-1]
    left = (lasting[:-1] & ~lasting[1:]).sum(axis=1)
    return NetBuying(days, trades, changes, money, tuple(came.tolist()), tuple(left.tolist()))


class _Priced:
    """The trading days of R dates, and what their changes cost.

    `step` has for each trading day the change that shows it: t for that from the t-th date to the next.
    """

    def __init__(self, stocks: StockPrices, days: Sequence[date], step: Ints) -> None:
        self.stocks = stocks
        self._days, self._step = days, step
        self._averages, self._weights = stocks.averages(), stocks.weights()

    def of_steps(self) -> Floats:
        """R - 1 x S mean prices, for the shares in which each date counts its holdings."""
        averages = self._averages.copy()
        for column in self.stocks.turned:
            averages[:, column] *= self._in_held_shares(column, self._step)
        return _means(averages, self._weights, self._step, len(self._days) - 1)

    def over_a_gap(self, since: int, at: int, column: int) -> float:
        """The same of one stock that was off the list on the dates after `since` and up to `at`."""
        part = (self._step >= since) & (self._step <= at)
        if not part.any():
            return np.nan
        averages = (self._averages[:, column] * self._in_held_shares(column, np.full(len(part), at)))[part]
        one_step = np.zeros(len(averages), np.int64)
        return float(_means(averages[:, None], self._weights[part, column][:, None], one_step, 1)[0, 0])

    def _in_held_shares(self, column: int, step: Ints) -> Floats:
        """What to multiply the prices of a stock by, for the shares of the dates that show them."""
        turned = self.stocks.turned.get(column, ())
        held = [self._days[at + 1] for at in step.tolist()]
        pairs = zip(self.stocks.sessions, held, strict=True)
        return np.array([prod(one.price_in_held_shares(*pair) for one in turned) for pair in pairs])


def _last_listed(listed: npt.NDArray[np.bool_]) -> Ints:
    """For each row and stock the last row up to it with the stock on its list; -1 where there is none."""
    rows = np.where(listed, np.arange(len(listed))[:, None], -1)
    return np.maximum.accumulate(rows, axis=0)


def _restated_by(turned: Sequence[NewShares], days: Sequence[date]) -> Floats:
    """(R - 1,) by what the changes of each date were multiplied, to be in the shares of the last."""
    return np.array([prod(one.factor for one in turned if day < one.held <= days[-1]) for day in days[1:]])


def _means(averages: Floats, weights: Floats, step: Ints, steps: int) -> Floats:
    """Of each step the mean price of its trading days, weighted by turnover; NaN where one is not known.

    One price needs no weight, and so do equal ones. Where nothing was traded at all, it is the last close.
    """
    means = np.full((steps, averages.shape[1]), np.nan)
    firsts = np.flatnonzero(np.diff(step, prepend=-1))
    lasts = np.append(firsts[1:], len(step)) - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        totals = np.add.reduceat(weights, firsts, axis=0)
        # A day without trades has no part in it, and needs no price.
        paid = np.add.reduceat(np.where(weights == 0, 0.0, weights * averages), firsts, axis=0)
        equal = np.maximum.reduceat(averages, firsts, axis=0) == np.minimum.reduceat(averages, firsts, axis=0)
        last = averages[lasts]
        means[step[firsts]] = np.where(equal | (totals == 0), last, paid / totals)
    return means
