"""One trading day of prices and turnover, and what must be true of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from southbound.common.errors import BadPrices
from southbound.market.daily_holdings import MOST_SHARES, Floats, Ints


class TradingState(StrEnum):
    """What happened to a counter on that day."""

    TRADED = "traded"
    NOT_TRADED = "not traded"  # its close is the last one, and official
    SUSPENDED = "suspended"
    HALTED = "halted"


class Quote(NamedTuple):
    """One counter's day, unadjusted; None is a blank, which is no 0.

    Attributes:
        code: stock code.
        name: short name, in one line.
        currency: three letters, of all prices and the turnover.
        state: whether it traded.
        previous_close: the close of the session before, for nearly all.
        close: that of the day; the last one before it where nothing traded.
        high: highest price of the day.
        low: lowest price of the day.
        shares_traded: whole shares or units.
        turnover: what was paid for them, in whole units of `currency`.
    """

    code: int
    name: str
    currency: str
    state: TradingState
    previous_close: float | None = None
    close: float | None = None
    high: float | None = None
    low: float | None = None
    shares_traded: int | None = None
    turnover: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DailyPrices:
    """What every counter of a board was worth on one trading day, and what was traded of it. Unadjusted.

    All columns have one length and are sorted by code; the arrays cannot be written to; NaN is a blank.

    Attributes:
        day: the trading day.
        codes: stock codes, positive and unique, ascending.
        names: short names, each in one line.
        currencies: three letters each.
        states: whether it traded.
        previous_closes: in the counter's currency.
        closes: in the counter's currency.
        highs: in the counter's currency.
        lows: in the counter's currency.
        shares_traded: whole numbers, which float64 holds exactly up to 2**53.
        turnovers: whole numbers in the counter's currency, NaN just where `shares_traded` is.
    """

    day: date
    codes: Ints
    names: tuple[str, ...]
    currencies: tuple[str, ...]
    states: tuple[TradingState, ...]
    previous_closes: Floats
    closes: Floats
    highs: Floats
    lows: Floats
    shares_traded: Floats
    turnovers: Floats

    @classmethod
    def of(cls, day: date, quotes: Iterable[Quote]) -> "DailyPrices":
        """Check and sort the quotes of a day.

        Raises:
            BadPrices: naming the first counter whose figures cannot be true.
        """
        ordered = sorted(quotes, key=lambda quote: quote.code)
        for quote in ordered:
            if problem := _problem(quote):
                raise BadPrices(f"stock {quote.code}: {problem}")
        for before, after in pairwise(ordered):
            if before.code == after.code:
                raise BadPrices(f"stock code {after.code} stands twice in the list")
        codes = np.array([quote.code for quote in ordered], dtype=np.int64)
        codes.setflags(write=False)
        _, names, currencies, states, *figures = (
            zip(*ordered, strict=True) if ordered else [()] * len(Quote._fields)
        )
        return cls(day, codes, names, currencies, states, *map(_column, figures))

    def __len__(self) -> int:
        return len(self.codes)


def _column(figures: Iterable[float | None]) -> Floats:
    """NaN where there is None."""
    column = np.array(figures, dtype=np.float64)
    column.setflags(write=False)
    return column


def _problem(quote: Quote) -> str:
    """What cannot be true of a quote; empty if nothing."""
    if quote.code < 1:
        return "want a positive stock code"
    if any(figure is not None and not 0 < figure <= MOST_SHARES for figure in quote[4:]):
        return f"want prices, shares and turnover above 0 and at most {MOST_SHARES:,}, or blanks"
    if (quote.shares_traded is None) != (quote.turnover is None):
        return "shares traded without turnover, or turnover without shares"
    if (quote.shares_traded is not None) != (quote.state is TradingState.TRADED):
        return f"it is {quote.state}, with {quote.shares_traded or 'no'} shares traded"
    if quote.high is not None and quote.low is not None and quote.low > quote.high:
        return f"its low {quote.low} is above its high {quote.high}"
    return ""
