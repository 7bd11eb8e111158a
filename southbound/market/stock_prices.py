"""Prices of stocks, under whichever code each was traded; and when their shares became others. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market import trading_calendar
from southbound.market.adjustments.events import AdjustmentEvent, CodeLine
from southbound.market.adjustments.ex_dates import (
    LOOKED_AHEAD,
    LOOKED_BACK,
    NewShares,
    new_shares,
    not_told_yet,
)
from southbound.market.daily_holdings import Bools, Floats, Ints
from southbound.market.history import History
from southbound.market.price_history import PriceHistory, Prices
from southbound.market.settlement import last_settled

TRADED_AHEAD = 5
"""Sessions by which a stock may trade under another code before its holding stands there; two are usual."""


@dataclass(frozen=True, slots=True, eq=False)
class StockPrices:
    """T trading days of a history's S stocks, each in the column of the code that it has at the end.

    Attributes:
        sessions: the trading days, ascending.
        prices: T x S, in the shares that were traded.
        turned: by column, when a stock's shares became others; in the order of its events.
    """

    sessions: tuple[date, ...]
    prices: Prices
    turned: Mapping[int, tuple[NewShares, ...]]

    def averages(self) -> Floats:
        """T x S average prices, turnover / shares traded; the close where these are not known."""
        closes, shares_traded, turnovers = self.prices
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((shares_traded > 0) & (turnovers > 0), turnovers / shares_traded, closes)

    def weights(self) -> Floats:
        """T x S turnover; where it is not known that of the shares traded at the close."""
        closes, shares_traded, turnovers = self.prices
        return np.where(np.isnan(turnovers), shares_traded * closes, turnovers)

    def last_closes(self) -> tuple[Floats, Ints]:
        """(S,) the last known close of each stock, and its place in `sessions`; NaN and -1 where none is."""
        known = ~np.isnan(self.prices.closes)
        places = np.where(known, np.arange(len(known))[:, None], -1).max(axis=0)
        return self.prices.closes[places, np.arange(known.shape[1])], places


def stock_prices(  # noqa: PLR0913 - what a price depends on
    history: History,
    columns: Mapping[int, int],
    events: Sequence[AdjustmentEvent],
    prices: PriceHistory,
    sessions: Sequence[date],
    *,
    until: date,
) -> StockPrices:
    """The prices of some trading days, whatever codes the stocks had on them.

    Where a stock is traded under two codes, their turnover is added; the close is of the lasting one.

    Args:
        history: all days, S stocks.
        columns: where the figures of a code stand that is not in its own column (`Restated.columns`).
        events: the adjustment events of all of `history`.
        prices: all that are known.
        sessions: T trading days, ascending; one at least.
        until: the last shareholding date that matters. Prices of the days around the others tell ex dates.
    """
    first = trading_calendar.before(sessions[0], LOOKED_BACK + 5)
    latest = trading_calendar.after(max(until, sessions[-1]), LOOKED_BACK)
    # Later prices may be the ones that tell when a stock's shares became others.
    last = min(trading_calendar.after(latest, LOOKED_AHEAD), max([*prices.dates[-1:], sessions[-1]]))
    seen = trading_calendar.between(first, last)
    block = prices.block(seen, history.codes)
    days: trading_calendar.Days = np.array(seen, dtype="datetime64[D]")
    for event in events:
        if event.line is not None:
            _merge(history, event.line, columns, days, block)
    turned: dict[int, tuple[NewShares, ...]] = {}
    for event in events:
        if event.multiplied is None or not first <= event.multiplied <= latest:
            continue
        column = columns.get(event.code, history.column(event.code))
        if column is None:
            continue
        became = new_shares(event, seen, block.closes[:, column])
        if became is not None:
            turned[column] = (*turned.get(column, ()), became)
    for column, jumped in not_told_yet(seen, block.closes, last_settled(history.dates[-1])).items():
        known = turned.get(column, ())
        if not any(one.may_turn_on(jumped) for one in known):
            code = int(history.codes[column])
            turned[column] = (*known, NewShares(code, np.nan, date.max, jumped, jumped))
    wanted = np.isin(days, np.array(sessions, dtype="datetime64[D]"))
    return StockPrices(tuple(sessions), Prices(*(figures[wanted] for figures in block)), turned)


def _merge(
    history: History, line: CodeLine, columns: Mapping[int, int], days: trading_calendar.Days, block: Prices
) -> None:
    main, other = history.column(line.main), history.column(line.other)
    if main is None or other is None:
        return
    shown = columns.get(line.main, main)
    belongs: Bools = np.ones(len(days), dtype=np.bool_)
    if line.first is not None:
        belongs &= days >= np.datetime64(trading_calendar.before(line.first, TRADED_AHEAD))
    if line.last is not None:
        belongs &= days < np.datetime64(line.last)
    closes, shares_traded, turnovers = block
    on_other = belongs & ~np.isnan(closes[:, other])
    # Its own counter may be listed with the last price before, while it is closed.
    own_close = (turnovers[:, main] > 0) | ~on_other
    close = np.where(own_close, closes[:, main], closes[:, other])
    for figures in (shares_traded, turnovers):
        both = np.nansum([figures[:, main], figures[:, other]], axis=0)
        listed = ~np.isnan(figures[:, main]) | ~np.isnan(figures[:, other])
        total = np.where(on_other, np.where(listed, both, np.nan), figures[:, main])
        figures[:, main] = figures[:, shown] = total
    closes[:, main] = closes[:, shown] = close
