"""Each control of the trend, in Streamlit's own test harness."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation import formatting
from tests.dashboard.reading import address, chart, choose, numbers, rows, text

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


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
    assert shares["x"] == stake["x"] == [formatting.day(day) for day in days]
    assert numbers(shares["y"]) == [int(records[day][5]["shareholding"]) for day in days]
    assert numbers(stake["y"]) == [float(records[day][5]["percent"]) for day in days]


@pytest.mark.usefixtures("filled")
def test_several_stocks_are_compared(open_page: OpenPage) -> None:
    page = choose(open_page(), "compare", [5, 9988])
    assert "Trend of 3 stocks compared" in text(page)
    assert [line["legendgroup"] for line in chart(page, 1)["data"][:3]] == ["00700", "00005", "09988"]
    assert address(page)["compare"] == "5,9988"
    correlation = rows(page, "correlation")
    assert list(correlation[0])[1:] == [row["Stock"] for row in correlation]
    assert [row["Stock"][:7] for row in correlation] == ["00700 T", "00005 H", "09988 A"]
    assert page.pills(key="average").disabled
    assert numbers(chart(page, 1)["data"][0]["y"])[0] != 100
    choose(page, "rebase", value=True)
    assert numbers(chart(page, 1)["data"][0]["y"])[0] == 100
    assert address(page)["rebase"] == "100"


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
    assert not rows(page, "correlation")


@pytest.mark.usefixtures("filled")
def test_what_is_drawn_of_a_stock(open_page: OpenPage) -> None:
    page = choose(choose(choose(open_page(), "show", "stake"), "period", "1m"), "average", [20])
    stake, average = chart(page, 1)["data"]
    assert stake["x"][0] == "Tue 27 Jan 2026"
    assert average["name"] == "MA20"
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
def test_buttons_show_another_part_as_dragging_does(records: Records, open_page: OpenPage) -> None:
    days = [formatting.day(day) for day in sorted(records)]
    page = open_page()

    def shown(pressed: str) -> list[str]:
        page.button(key=f"look_{pressed}").click().run()
        drawn: list[str] = chart(page, 1)["data"][0]["x"]
        assert address(page)["from"] == str(sorted(records)[days.index(drawn[0])])
        return drawn

    assert page.button(key="look_later").disabled
    assert page.button(key="look_earlier").disabled
    assert shown("closer") == days[len(days) - len(days) // 2 :]
    later, half = page.button(key="look_later"), len(days) // 2
    assert later.disabled
    assert shown("earlier") == days[-half - half // 2 : -(half // 2)]
    assert shown("later") == days[-half:]
    assert shown("wider") == days[len(days) - 2 * half :]
    page.button(key="unzoom").click().run()
    assert "from" not in address(page)
