"""Each control of the page but the trend's, in Streamlit's own test harness."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation import formatting
from tests import by_hand
from tests.dashboard.reading import address, bar_codes, chart, choose, messages, numbers, rows, text

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

ALL_IN_PERCENT = {"metric": "pct", "kind": "all"}

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


@pytest.mark.parametrize(("window", "old"), [(1, date(2026, 2, 26)), (20, date(2026, 1, 27))])
@pytest.mark.usefixtures("filled")
def test_the_period(open_page: OpenPage, window: int, old: date) -> None:
    page = choose(open_page(**ALL_IN_PERCENT), "window", window)
    assert f"against {old:%a} {old.day} {old:%b %Y}" in text(page)
    rises, _ = by_hand.largest("pct", old, NEWEST)
    assert bar_codes(page) == [code for code, _ in rises[:10]]


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("shares", "Shares, Fri 27 Feb 2026"),
        ("pp", "Percentage points of the issued shares, Fri 27 Feb 2026"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_the_metric(open_page: OpenPage, metric: str, unit: str) -> None:
    before = open_page(**ALL_IN_PERCENT)
    ranked_by_percent = bar_codes(before)
    page = choose(before, "metric", metric)
    assert unit in text(page)
    assert bar_codes(page) != ranked_by_percent


@pytest.mark.parametrize("length", [5, 10, 20])
@pytest.mark.parametrize(
    ("end", "title", "written"),
    [("Rises", "rises", "top"), ("Falls", "falls", "bottom"), ("Both", "rises and falls", "both")],
)
@pytest.mark.usefixtures("filled")
def test_the_scope(open_page: OpenPage, end: str, title: str, written: str, length: int) -> None:
    page = choose(choose(open_page(**ALL_IN_PERCENT), "end", end), "length", length)
    assert f"Largest {title} over 5 days" in text(page)
    changes = numbers(chart(page, 0)["data"][0]["x"])
    rises, falls = by_hand.largest("pct", FIVE_BEFORE, NEWEST)
    expected = rises[: length * (end != "Falls")] + falls[: length * (end != "Rises")]
    assert changes == pytest.approx([change for _, change in expected])
    assert bar_codes(page) == [code for code, _ in expected]
    # An address that opens the view already is left as it is.
    assert address(page).get("scope", "top10") == f"{written}{length}"


@pytest.mark.usefixtures("filled")
def test_any_two_dates(open_page: OpenPage) -> None:
    page = choose(choose(open_page(**ALL_IN_PERCENT), "window", "dates"), "against", "2026-01-05")
    assert "Largest rises over the chosen period" in text(page)
    assert "Fri 27 Feb 2026 against Mon 5 Jan 2026" in text(page)
    rises, _ = by_hand.largest("pct", date(2026, 1, 5), NEWEST)
    assert bar_codes(page) == [code for code, _ in rises[:10]]
    assert address(page) | {"window": "dates", "against": "2026-01-05"} == address(page)
    assert "% change, dates" in rows(page)[0]
    choose(page, "date", "2026-01-05")
    assert "Mon 5 Jan 2026 cannot be compared with itself" in messages(page)[0]


@pytest.mark.usefixtures("filled")
def test_two_dates_are_compared_with_the_oldest_unless_another_is_chosen(open_page: OpenPage) -> None:
    assert "against Fri 2 Jan 2026" in text(open_page(window="dates"))


@pytest.mark.usefixtures("filled")
def test_the_floors_can_be_set(open_page: OpenPage) -> None:
    page = open_page(**ALL_IN_PERCENT)
    assert "9 stocks are left out, with less than 0.05% of the issued shares" in text(page)
    choose(choose(page, "least", 0), "floor", 0.0)
    assert "left out" not in text(page)
    assert address(page)["least"] == address(page)["floor"] == "0"
    choose(page, "floor", 30.0)
    codes = bar_codes(page)
    assert codes
    assert all((by_hand.record()[FIVE_BEFORE][code][1] or 100) >= 30 for code in codes)


@pytest.mark.usefixtures("filled")
def test_red_is_up_where_that_is_usual(open_page: OpenPage) -> None:
    page = open_page(**ALL_IN_PERCENT)
    assert set(chart(page, 0)["data"][0]["marker"]["color"]) == {formatting.RISE}
    choose(page, "red_up", value=True)
    assert set(chart(page, 0)["data"][0]["marker"]["color"]) == {formatting.FALL}
    assert address(page)["up"] == "red"


@pytest.mark.usefixtures("filled")
def test_the_table_has_every_stock_and_can_be_searched(open_page: OpenPage) -> None:
    page = open_page(**ALL_IN_PERCENT)
    assert len(rows(page)) == 100
    assert "**878** of 878 stocks" in text(page)
    page.button(key="more").click().run()
    assert len(rows(page)) == 500
    choose(page, "find", "hsbc")
    assert [row["Code"] for row in rows(page)] == ["00005"]
    assert address(page)["find"] == "hsbc"
    choose(page, "find", "no such stock")
    assert "**0** of 878 stocks · with “no such stock” in code or name" in text(page)
