"""The stocks that a reader follows: in the address, in the sidebar, at the trend, and in a tab."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from southbound.market.metrics import POINTS
from southbound.presentation import formatting
from tests import by_hand
from tests.dashboard.reading import address, choose, component, rows, text

OpenPage = Callable[..., AppTest]

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


def table(page: AppTest) -> list[list[str]]:
    return [list(row.values()) for row in rows(page, "watched")]


def told_of_the_stock(page: AppTest) -> str:
    *_, badges = (str(element.value) for element in page.markdown if "badge[" in element.value)
    return badges


@pytest.mark.usefixtures("filled")
def test_each_has_a_line_of_figures_in_the_order_of_the_list(open_page: OpenPage) -> None:
    page = open_page(watch="9988,700,5", tab="watchlist", metric="pp")

    held, points = by_hand.record()[NEWEST], by_hand.changes("pp", FIVE_BEFORE, NEWEST)
    assert [row[0] for row in table(page)] == ["09988", "00700", "00005"]
    for code, _, stake, _, change, _, shown, _ in table(page):
        shares, percent = held[int(code)]
        assert (shown, stake) == (f"{shares:,}", f"{percent:.2f}%")
        assert change == formatting.change(POINTS, points[int(code)])


@pytest.mark.usefixtures("filled")
def test_one_that_is_not_on_the_list_keeps_its_line_and_its_place_in_the_address(open_page: OpenPage) -> None:
    page = open_page(watch="2160,99999,11", tab="watchlist")

    renamed, gone, unknown = table(page)
    assert renamed[:2] == ["02160", "STOCK 02918"]
    assert unknown[1:4] == ["on no stored list", formatting.NONE, formatting.NONE]
    assert gone[:2] == ["00011", "STOCK 00011"]
    assert gone[-1] == "not on the list of Fri 27 Feb 2026"
    assert sorted(address(page)["watch"].split(",")) == ["11", "2160", "99999"]


@pytest.mark.usefixtures("filled")
def test_an_empty_list_says_how_to_fill_it(open_page: OpenPage) -> None:
    page = open_page(tab="watchlist")
    assert "You follow no stock yet" in text(page)

    page.button(key="follow").click().run()
    assert [row[0] for row in table(page)] == ["00700"]
    assert address(page)["watch"] == "700"

    page.button(key="follow").click().run()
    assert "watch" not in address(page)


@pytest.mark.usefixtures("filled")
def test_each_row_of_the_table_of_all_stocks_has_a_star(open_page: OpenPage) -> None:
    lines = component(open_page(watch="5"), "listing")["rows"]
    assert [code for code, followed in (line["star"] for line in lines) if followed] == [5]
    assert [line["star"][0] for line in lines] == [int(line["did"].removeprefix("stock:")) for line in lines]


@pytest.mark.usefixtures("filled")
def test_a_reset_leaves_the_list_as_it_is(open_page: OpenPage) -> None:
    page = open_page(watch="9988,99999", stock="5", kind="all", scope="both5")
    page.button(key="reset").click().run()
    assert address(page) == {
        "stock": "700",
        "window": "5",
        "metric": "pp",
        "scope": "top10",
        "watch": "9988,99999",
    }
    assert page.button(key="reset").disabled


@pytest.mark.usefixtures("filled")
def test_it_is_chosen_in_the_sidebar(open_page: OpenPage) -> None:
    page = choose(open_page(), "watch", [9988, 700])
    assert address(page)["watch"] == "9988,700"


@pytest.mark.usefixtures("filled")
def test_on_a_past_date_each_badge_says_which_day_it_is_of(open_page: OpenPage) -> None:
    page = open_page(date="2026-02-05")
    badges = told_of_the_stock(page)
    assert badges.count("badge[") == badges.count("on Thu 5 Feb 2026") == 2
    assert "on Fri 27 Feb" not in told_of_the_stock(open_page())
