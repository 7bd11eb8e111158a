"""The table of all stocks."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, SHARES, Metric
from southbound.market.windows import free_pair
from southbound.queries.figures import Figures
from southbound.queries.market_view import SPARK_DAYS, MarketView
from southbound.queries.stock_table import StockTable, heading
from southbound.queries.store_watcher import DataVersion
from tests import by_hand

NEWEST = date(2026, 2, 27)
OLD = {1: date(2026, 2, 26), 5: date(2026, 2, 20), 20: date(2026, 1, 27)}
Recorded = dict[date, DailyHoldings]


def market_view(*days: DailyHoldings) -> MarketView:
    history = History.of(days)
    return MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {700: "騰訊控股"})


@pytest.fixture(scope="module")
def found(recorded: Recorded) -> MarketView:
    return market_view(*recorded.values())


@pytest.fixture
def listing(found: MarketView) -> StockTable:
    return found.stock_table(NEWEST, SHARES, None)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.parametrize("window", [1, 5, 20])
def test_the_changes_are_the_recorded_ones(found: MarketView, metric: Metric, window: int) -> None:
    listing = found.stock_table(NEWEST, metric, None)
    [changes] = [figures for pair, figures in listing.changes.items() if pair.window == window]
    shown = dict(zip(listing.codes.tolist(), changes.tolist(), strict=True))
    expected = by_hand.changes(metric.key, OLD[window], NEWEST)
    assert {code: shown[code] for code in expected} == pytest.approx(expected)
    # Tiny bases are no movers, but they stand in the table; those that are new have no change.
    assert all(
        np.isnan(shown[code]) for code in shown.keys() - by_hand.comparable(OLD[window], NEWEST)[0].keys()
    )


def test_holdings_and_stakes_are_the_recorded_ones(listing: StockTable) -> None:
    columns = (listing.codes, listing.shares, listing.percents)
    stakes = {
        code: (int(shares), None if np.isnan(percent) else Decimal(str(percent)))
        for code, shares, percent in zip(*(column.tolist() for column in columns), strict=True)
    }
    assert stakes == dict(by_hand.record()[NEWEST].items())


def test_a_sparkline_has_the_last_days(found: MarketView) -> None:
    screen = found.screen(NEWEST, None)
    held = [by_hand.record()[day][5][0] for day in by_hand.days()]
    assert screen.sparks[:, screen.codes == 5].ravel().tolist() == held[-SPARK_DAYS:]


def test_any_two_dates_have_a_column_of_their_own(found: MarketView) -> None:
    dates = free_pair(found.history.dates, date(2026, 1, 5), NEWEST)
    assert dates is not None
    listing = found.stock_table(NEWEST, SHARES, dates)
    assert heading(dates) == "since 2026-01-05"
    [change] = listing.changes[dates][listing.codes == 5]
    assert change == by_hand.changes("shares", date(2026, 1, 5), NEWEST)[5]
