"""How fast money is computed: days read with their prices, and what all stocks were bought for."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import numpy as np

from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.windows import WINDOWS, Pair
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.store import keys
from southbound.store.companions_reading import CompanionsRead, read_companions
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.changes import RUNS, figures_of
from tools.benchmarks.clock import medians
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import NEWEST, filled_store, stored_days

WINDOW = max(WINDOWS)
RATIOS = {60: 25, 250: 25, 2500: 10}
"""Days, and how many times as long as their bare texts reading them with their prices may take: 0.2, 0.5 and
4 s where texts come as fast as on the machine that this was written on."""

RUNS_OF_HISTORY = 3

COUNTERS = 2_900
"""Stocks, trusts and funds of a day's quotations in HK$; three of ten are on the southbound list."""

MADE_BEFORE = 4
"""Days of prices before the first day of holdings: it shows trades that are older."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a month of days alone."""
    for stored, most in {10: None}.items() if smoke else RATIOS.items():
        yield _history(stored, most, 1 if smoke else RUNS_OF_HISTORY)
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
        ratio_limit=40,
    )
    newest = made_price(held[0])
    alone = PriceHistory.of([newest])
    ours, bare = medians(lambda: prices.grown([newest]), lambda: alone.grown([newest]), runs=runs)
    yield Figure(
        name=f"one more day of prices, after {days:,}",
        value=ours,
        runs=runs,
        floor=bare,
        floor_name="after one",
        ratio_limit=50,
    )


def _history(days: int, most: float | None, runs: int) -> Figure:
    """All days with their prices, as the dashboard reads them when it starts."""
    with tempfile.TemporaryDirectory() as folder, filled_store(Path(folder), days) as store:
        dates = store.dates()
        write_prices(store, dates)
        asked = [key(day) for key in (keys.day, keys.prices) for day in dates]

        def read() -> None:
            history = History.of(store.get_many(dates)[0])
            read_companions(store.market_figures, history, CompanionsRead())

        ours, bare = medians(read, lambda: store.client.mget(asked), runs=runs)
    return Figure(
        name=f"history of {days:,} days with prices",
        value=ours,
        runs=runs,
        floor=bare,
        floor_name="MGET alone",
        ratio_limit=most,
    )


def write_prices(store: HoldingsStore, dates: Iterable[date]) -> None:
    """Prices of so many counters for each date, as the scraper stores them."""
    [first, *others] = dates
    text = _quotes_of(first, range(1, COUNTERS + 1)).to_json("made up", datetime(2026, 2, 27, tzinfo=UTC))
    for day in (first, *others):
        store.client.set(keys.prices(day), text.replace(f"{first}", f"{day}"))


def made_prices(held: list[DailyHoldings]) -> Iterator[DailyPrices]:
    """A day of prices for each day of holdings, the newest first, and for some days before."""
    yield from map(made_price, held)
    for back in range(1, MADE_BEFORE + 1):
        yield made_price(held[-1], back)


def made_price(holdings: DailyHoldings, back: int = 0) -> DailyPrices:
    """Each stock of a list at a price that depends on its code and the day."""
    day = trading_calendar.before(holdings.day, back) if back else holdings.day
    return _quotes_of(day, holdings.codes.tolist())


def _quotes_of(day: date, codes: Iterable[int]) -> DailyPrices:
    traded = TradingState.TRADED
    return DailyPrices.of(
        day,
        [
            Quote(
                code,
                "N",
                "HKD",
                traded,
                close=1 + code % 97,
                shares_traded=1_000_000 + code,
                turnover=(1 + code % 97) * 1_000_000 + day.toordinal(),
            )
            for code in codes
        ],
    )


def _bought(figures: Figures) -> None:
    dates = Pair(trading_calendar.before(NEWEST, WINDOW), NEWEST, WINDOW)
    MarketView(figures, {}).changes(dates)


def _products(history: History, prices: PriceHistory) -> None:
    """The least that has to be done: each change times a price, added up."""
    rows = history.shares[-WINDOW - 1 :]
    np.nansum(np.diff(rows, axis=0) * prices.block(history.dates[-WINDOW:], history.codes).closes, axis=0)
