"""Each control of the page, and the address that follows it, in Streamlit's own test harness."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from southbound import wording
from southbound.holdings import DailyHoldings
from southbound.store import HoldingsStore
from tests import by_hand
from tests.dashboard.reading import address, bar_codes, chart, choose, messages, numbers, publish, text

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


@pytest.mark.parametrize(("window", "old"), [(1, date(2026, 2, 26)), (20, date(2026, 1, 27))])
@pytest.mark.usefixtures("filled")
def test_the_period(open_page: OpenPage, window: int, old: date) -> None:
    page = choose(open_page(), "window", window)
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
    before = open_page()
    ranked_by_percent = bar_codes(before)
    page = choose(before, "metric", metric)
    assert unit in text(page)
    assert bar_codes(page) != ranked_by_percent


@pytest.mark.parametrize("length", [5, 10, 20])
@pytest.mark.parametrize(("end", "title"), [("Rises", "rises"), ("Falls", "falls")])
@pytest.mark.usefixtures("filled")
def test_the_scope(open_page: OpenPage, end: str, title: str, length: int) -> None:
    page = choose(choose(open_page(), "end", end), "length", length)
    assert f"Largest {title} over 5 days" in text(page)
    changes = numbers(chart(page, 0)["data"][0]["x"])
    rises, falls = by_hand.largest("pct", FIVE_BEFORE, NEWEST)
    expected = (rises if title == "rises" else falls)[:length]
    assert changes == pytest.approx([change for _, change in expected])
    assert bar_codes(page) == [code for code, _ in expected]
    assert address(page)["scope"] == f"{'top' if title == 'rises' else 'bottom'}{length}"


@pytest.mark.parametrize("typed", ["00700", "TENCENT HOLDINGS"])
@pytest.mark.usefixtures("filled")
def test_a_stock_is_found_by_code_or_name(open_page: OpenPage, typed: str) -> None:
    options = open_page().selectbox(key="stock").options
    first = next(option for option in options if typed in option)
    assert first.startswith("00700 TENCENT HOLDINGS")


@pytest.mark.usefixtures("filled")
def test_the_stock_is_the_trends(records: Records, open_page: OpenPage) -> None:
    page = choose(open_page(), "stock", 5)
    shares, stake = chart(page, 1)["data"]
    days = sorted(records)
    assert shares["x"] == stake["x"] == [wording.day(day) for day in days]
    assert numbers(shares["y"]) == [int(records[day][5]["shareholding"]) for day in days]
    assert numbers(stake["y"]) == [float(records[day][5]["percent"]) for day in days]


def test_a_chosen_date_stays_when_a_day_comes(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[:-1]:
        store.put(recorded[day])
    page = choose(open_page(), "date", "2026-02-13")
    assert "Shareholdings of **Fri 13 Feb 2026**" in text(page)
    publish(store, recorded[NEWEST])
    page.run()
    assert "Fri 27 Feb 2026" in page.selectbox(key="date").options
    assert "Shareholdings of **Fri 13 Feb 2026**" in text(page)


def test_newest_stays_newest_when_a_day_comes(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[:-1]:
        store.put(recorded[day])
    page = open_page()
    assert "Shareholdings of **Thu 26 Feb 2026**" in text(page)
    publish(store, recorded[NEWEST])
    page.run()
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)


@pytest.mark.usefixtures("filled")
def test_the_address_opens_the_view_and_follows_the_controls(open_page: OpenPage) -> None:
    page = open_page(stock="5", window="20", metric="pp", scope="bottom5", date="2026-02-13", other="kept")
    assert "Percentage points of the issued shares, Fri 13 Feb 2026 against" in text(page)
    assert "Largest falls over 20 days" in text(page)
    assert page.selectbox(key="stock").value == 5
    choose(page, "window", 1)
    choose(page, "date", "newest")
    assert address(page) == {
        "stock": "5",
        "window": "1",
        "metric": "pp",
        "scope": "bottom5",
        "other": "kept",
    }


@pytest.mark.usefixtures("filled")
def test_an_address_of_nonsense_opens_the_default_view(open_page: OpenPage) -> None:
    page = open_page(window="x", metric="", scope="all", date="2026-02-17", tab="?", **{"from": "x"})
    assert "Largest rises over 5 days" in text(page)
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    assert messages(page) == []


@pytest.mark.parametrize(("asked", "told"), [("99999", "99999"), ("tencent", "tencent"), ("9", "00009")])
@pytest.mark.usefixtures("filled")
def test_an_unknown_stock_in_the_address_is_told_and_another_can_be_chosen(
    open_page: OpenPage, asked: str, told: str
) -> None:
    page = open_page(stock=asked)
    assert f"“{told}” is on no stored list" in messages(page)[0]
    assert page.selectbox(key="stock").value is None
    assert "Largest rises over 5 days" in text(page)
    assert address(page)["stock"] == asked
    choose(page, "stock", 5)
    assert messages(page) == []
    assert address(page)["stock"] == "5"


@pytest.mark.usefixtures("filled")
def test_any_two_dates(open_page: OpenPage) -> None:
    page = choose(choose(open_page(), "window", "dates"), "against", "2026-01-05")
    assert "Largest rises over the chosen period" in text(page)
    assert "Fri 27 Feb 2026 against Mon 5 Jan 2026" in text(page)
    rises, _ = by_hand.largest("pct", date(2026, 1, 5), NEWEST)
    assert bar_codes(page) == [code for code, _ in rises[:10]]
    assert address(page) | {"window": "dates", "against": "2026-01-05"} == address(page)
    assert "since 2026-01-05" in page.dataframe[0].value.columns
    choose(page, "date", "2026-01-05")
    assert "Mon 5 Jan 2026 cannot be compared with itself" in messages(page)[0]


@pytest.mark.usefixtures("filled")
def test_two_dates_are_compared_with_the_oldest_unless_another_is_chosen(open_page: OpenPage) -> None:
    assert "against Fri 2 Jan 2026" in text(open_page(window="dates"))


@pytest.mark.usefixtures("filled")
def test_the_floors_can_be_set(open_page: OpenPage) -> None:
    page = open_page()
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
    page = open_page()
    assert set(chart(page, 0)["data"][0]["marker"]["color"]) == {wording.RISE}
    choose(page, "red_up", value=True)
    assert set(chart(page, 0)["data"][0]["marker"]["color"]) == {wording.FALL}
    assert address(page)["up"] == "red"


@pytest.mark.usefixtures("filled")
def test_several_stocks_are_compared(open_page: OpenPage) -> None:
    page = choose(open_page(), "compare", [5, 9988])
    assert "Trend of 3 stocks compared" in text(page)
    assert [line["legendgroup"] for line in chart(page, 1)["data"][:3]] == ["00700", "00005", "09988"]
    assert address(page)["compare"] == "5,9988"
    [correlation] = page.table
    assert list(correlation.value.columns) == list(correlation.value.index) == ["00700", "00005", "09988"]
    assert page.pills(key="average").disabled


@pytest.mark.usefixtures("filled")
def test_a_stock_to_compare_with_that_is_on_no_list_is_told_and_stays_asked_for(open_page: OpenPage) -> None:
    page = open_page(compare="5,99999")
    assert "on no stored list\\: 99999" in text(page)
    assert page.multiselect(key="compare").value == [5]
    assert address(page)["compare"] == "5,99999"


@pytest.mark.usefixtures("filled")
def test_the_correlation_of_two_stocks_is_a_sentence(open_page: OpenPage) -> None:
    page = open_page(compare="5")
    assert "Correlation of the daily changes of holdings, 33 sessions" in text(page)
    assert not page.table


@pytest.mark.usefixtures("filled")
def test_what_is_drawn_of_a_stock(open_page: OpenPage) -> None:
    page = choose(choose(choose(open_page(), "show", "stake"), "period", "1m"), "average", [20])
    stake, average = chart(page, 1)["data"]
    assert stake["x"][0] == "Tue 27 Jan 2026"
    assert average["name"] == "average of 20 sessions"
    assert address(page) | {"show": "stake", "period": "1m", "average": "20"} == address(page)


@pytest.mark.usefixtures("filled")
def test_a_zoom_ends_with_the_button_and_with_another_period(open_page: OpenPage) -> None:
    part = {"from": "2026-01-12", "to": "2026-01-16"}
    page = open_page(**part)
    assert "Mon 12 Jan 2026 to Fri 16 Jan 2026" in text(page)
    assert address(page) | part == address(page)
    page.button(key="unzoom").click().run()
    assert "Fri 2 Jan 2026 to Fri 27 Feb 2026" in text(page)
    assert "from" not in address(page)
    page = choose(open_page(**part), "period", "1m")
    assert "Tue 27 Jan 2026 to Fri 27 Feb 2026" in text(page)


@pytest.mark.usefixtures("filled")
def test_the_table_has_every_stock_and_can_be_searched(open_page: OpenPage) -> None:
    page = open_page()
    assert len(page.dataframe[0].value) == 878
    choose(page, "find", "hsbc")
    assert list(page.dataframe[0].value["Code"]) == [5]
    assert address(page)["find"] == "hsbc"
    choose(page, "find", "no such stock")
    assert "No stock on this list has “no such stock”" in text(page)
