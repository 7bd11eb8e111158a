"""The days that everything is measured on."""

from itertools import islice, pairwise

import pytest

from southbound.market import trading_calendar
from tools.benchmarks.stored_days import NEWEST, coming_days, stored_days, with_new_stock


def test_there_are_as_many_days_as_wanted_each_a_session_before_the_other() -> None:
    days = list(stored_days(100))

    assert len(days) == 100
    assert days[0].day == NEWEST
    assert all(older.day == trading_calendar.before(newer.day, 1) for newer, older in pairwise(days))


def test_no_day_is_like_the_one_before_it() -> None:
    days = [*islice(coming_days(), 3), *stored_days(80)]

    # Nothing can be bought around mainland holidays; then one day in a row of several is alike.
    alike = [older.rows_changed(newer) == 0 for older, newer in pairwise(days)]
    assert sum(alike) < len(alike) / 5


@pytest.mark.parametrize("stocks", [900, 9000])
def test_there_are_as_many_stocks_as_wanted(stocks: int) -> None:
    days = list(stored_days(38, stocks))

    codes = {code for day in days for code in day.codes.tolist()}
    assert len(codes) == stocks
    assert min(map(len, days)) > 0.98 * stocks


def test_a_stock_that_is_new_stands_last_and_nothing_else_changes() -> None:
    day = next(coming_days())

    wider = with_new_stock(day, 50_000)

    assert day.rows_changed(wider) == 1
    assert wider.codes[-1] == 50_000
