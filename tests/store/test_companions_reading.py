"""What is stored beside the holdings is read once, and then only where it changed."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import count

import numpy as np
import pytest
import redis

from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.trading_calendar import HONG_KONG, before
from southbound.queries.figures import Figures, read_figures
from southbound.queries.store_watcher import DataVersion
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from tests import money_by_hand

NEWEST, TRADED = date(2026, 2, 27), date(2026, 2, 25)
MOMENTS: Iterator[datetime] = (
    datetime(2026, 2, 27, 20, tzinfo=HONG_KONG) + timedelta(seconds=second) for second in count()
)


@pytest.fixture
def filled(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    return store


def put_price(store: HoldingsStore, day: date, close: float) -> None:
    quote = Quote(700, "N", "HKD", TradingState.NOT_TRADED, close=close)
    store.market_figures.put(PRICES, DailyPrices.of(day, [quote]), "made up", next(MOMENTS))


def read(store: HoldingsStore, earlier: Figures | None = None) -> Figures:
    return read_figures(store, DataVersion(0, store.version()), earlier, store.market_figures)


def close_of(figures: Figures, day: date) -> float:
    return float(figures.companions.prices.block([day], np.array([700])).closes[0, 0])


def test_all_that_is_stored_beside_the_days_is_read(filled: HoldingsStore) -> None:
    money_by_hand.fill(filled.market_figures)

    companions = read(filled).companions

    assert companions.prices.dates[-1] == NEWEST
    assert companions.official_net() == pytest.approx(
        {day: bought for day, bought in money_by_hand.official().items() if day in companions.official}
    )
    assert NEWEST in companions.official
    newest = companions.short_as_of(NEWEST)
    assert newest is not None
    assert newest.day == NEWEST


def test_prices_that_come_later_leave_the_holdings_as_they_were_read(filled: HoldingsStore) -> None:
    first = read(filled)
    put_price(filled, TRADED, 500.0)
    second = read(filled, first)
    put_price(filled, TRADED, 501.0)
    third = read(filled, second)

    assert second.history is first.history is third.history
    assert np.isnan(close_of(first, TRADED))
    assert (close_of(second, TRADED), close_of(third, TRADED)) == (500.0, 501.0)
    assert third.companions.prices is read(filled, third).companions.prices


def test_prices_of_years_ago_are_found_when_the_store_counts_a_write_more(
    store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    for day in recorded:
        store.put(recorded[day])
    oldest = before(min(recorded), 5)
    first = read(store)
    put_price(store, oldest, 400.0)

    second = read(store, first)

    assert close_of(second, oldest) == 400.0
    assert second.history is first.history


def test_prices_that_are_gone_are_no_longer_used_and_damaged_ones_cost_themselves_alone(
    filled: HoldingsStore,
) -> None:
    put_price(filled, TRADED, 500.0)
    put_price(filled, NEWEST, 510.0)
    first = read(filled)
    client: redis.Redis = filled.client
    client.delete(keys.prices(TRADED))
    text = client.get(keys.prices(NEWEST))
    assert isinstance(text, str)
    client.set(keys.prices(NEWEST), text.replace("510.0", '"much"').replace("20:00", "21:00"))
    client.incr(keys.VERSION)
    client.incr(keys.FIGURES_WRITTEN)

    second = read(filled, first)

    assert np.isnan([close_of(second, TRADED), close_of(second, NEWEST)]).all()
    assert second.history.dates == first.history.dates
