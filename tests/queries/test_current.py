"""Which views need no prices of years ago."""

from datetime import date, timedelta
from typing import Any

import pytest

from southbound.market.trading_calendar import between
from southbound.presentation.view_state import Period, Tab, ViewState
from southbound.queries.current import is_of_late

NEWEST = date(2026, 2, 27)
DATES = between(date(2023, 1, 3), NEWEST)


def test_the_first_view_of_a_page_is_of_late() -> None:
    assert is_of_late(ViewState(), DATES)


@pytest.mark.parametrize(
    "other",
    [
        {"tab": Tab.STOCK},
        {"tab": Tab.DATA},
        {"day": date(2024, 2, 27)},
        {"window": None, "against": date(2024, 2, 27)},
        {"zoom": (date(2023, 2, 1), date(2023, 5, 31))},
        {"averages": (20,)},
        {"period": Period.YEAR},
        {"period": Period.ALL},
    ],
)
def test_what_may_reach_back_further_is_not(other: dict[str, Any]) -> None:
    assert not is_of_late(ViewState(**other), DATES)


def test_where_few_days_are_stored_the_last_of_them_reach_back() -> None:
    assert not is_of_late(ViewState(), DATES[::5])
    assert not is_of_late(ViewState(), [NEWEST - timedelta(days=700), NEWEST])
