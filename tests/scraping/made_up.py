"""Made up for the tests: a clock for whoever takes one as an argument, and lists of any stocks."""

from collections.abc import Iterable
from datetime import date

from southbound.market.daily_holdings import DailyHoldings

STOCKS = range(1, 101)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def listed(day: date, stocks: Iterable[int] = STOCKS, shares: int = 500) -> DailyHoldings:
    """A list of these stocks, with so many shares of each."""
    codes = list(stocks)
    return DailyHoldings.of(day, codes, ["NAME"] * len(codes), [shares] * len(codes), [None] * len(codes))
