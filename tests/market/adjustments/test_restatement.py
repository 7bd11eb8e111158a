"""Figures of a stock that had several codes, and splits on the way."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.restatement import restated
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History

DAYS = trading_calendar.between(date(2026, 1, 5), date(2026, 1, 30))
OTHER = 900


def history(stock: Sequence[tuple[int, int]]) -> History:
    """A stock's code and shares on each day, at the same stake, beside one that never moves."""
    return History.of(
        DailyHoldings.of(day, [code, OTHER], ["STOCK", "OTHER"], [shares, 5_000], [4.0, 1.0])
        for day, (code, shares) in zip(DAYS, stock, strict=False)
    )


def test_a_stock_that_changes_its_code_twice_is_one_under_the_last() -> None:
    found = history([(100, 1_000_000)] * 2 + [(200, 1_000_100)] * 2 + [(300, 1_000_200)] * 2)

    figures = restated(found, range(6), adjustment_events(found))

    last = found.column(300)
    assert figures.columns == {100: last, 200: last}
    assert figures.shares[:, last].tolist() == [1_000_000] * 2 + [1_000_100] * 2 + [1_000_200] * 2
    assert np.isnan(figures.shares[:, found.columns(np.array([100, 200]))]).all()


def test_a_split_also_restates_what_stood_under_a_temporary_code_before_it() -> None:
    found = history(
        [(100, 5_000_000)] * 3 + [(2918, 1_000_000)] * 3 + [(100, 1_000_000)] * 3 + [(100, 2_000_000)]
    )

    figures = restated(found, range(10), adjustment_events(found))

    assert figures.shares[:, found.column(100)].tolist() == [2_000_000] * 10
