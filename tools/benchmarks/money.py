"""How fast money is computed: what all stocks were bought for over a window, and one day of prices more."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.windows import WINDOWS, Pair
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from tools.benchmarks.changes import RUNS, figures_of
from tools.benchmarks.clock import medians
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import NEWEST, stored_days

WINDOW = max(WINDOWS)
MADE_BEFORE = 4
"""Days of prices before the first day of holdings: it shows trades that are older."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a month of days alone."""
    days, runs = (30, 3) if smoke else (2500, RUNS)
    held = list(stored_days(days))
    history, prices = History.of(held), PriceHistory.of(made_prices(held))
    figures = figures_of(history, prices)
    ours, bare = medians(partial(_bought, figures), partial(_products, history, prices), runs=runs)
    yield Figure(
        name=f"net buying of all stocks over {WINDOW} sessions, {days:,} days stored",
        value=ours,
        runs=runs,
        floor=bare,
        floor_name="numpy on the rows",
        limit=0.02,
    )
    newest = made_price(held[0])
    ours, bare = medians(lambda: prices.grown([newest]), newest.closes.copy, runs=runs)
    yield Figure(
        name=f"one more day of prices, after {days:,}",
        value=ours,
        runs=runs,
        floor=bare,
        floor_name="a copy of its closes",
        limit=0.01,
    )


def made_prices(held: list[DailyHoldings]) -> Iterator[DailyPrices]:
    """A day of prices for each day of holdings, the newest first, and for some days before."""
    yield from map(made_price, held)
    for back in range(1, MADE_BEFORE + 1):
        yield made_price(held[-1], back)


def made_price(holdings: DailyHoldings, back: int = 0) -> DailyPrices:
    """Each stock of a list at a price that depends on its code and the day."""
    day = trading_calendar.before(holdings.day, back) if back else holdings.day
    return DailyPrices.of(
        day,
        [
            Quote(
                code,
                "N",
                "HKD",
                TradingState.TRADED,
                close=1 + code % 97,
                shares_traded=1_000_000,
                turnover=(1 + code % 97) * 1_000_000 + day.toordinal(),
            )
            for code in holdings.codes.tolist()
        ],
    )


def _bought(figures: Figures) -> None:
    dates = Pair(trading_calendar.before(NEWEST, WINDOW), NEWEST, WINDOW)
    MarketView(figures, {}).changes(dates)


def _products(history: History, prices: PriceHistory) -> None:
    """The least that has to be done: each change times a price, added up."""
    rows = history.shares[-WINDOW - 1 :]
    np.nansum(np.diff(rows, axis=0) * prices.block(history.dates[-WINDOW:], history.codes).closes, axis=0)
