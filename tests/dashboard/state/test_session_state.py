"""What is chosen, the address that follows it, and what both keep, in Streamlit's own test harness."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.dashboard.reading import address, choose, messages, publish, text, type_in

OpenPage = Callable[..., AppTest]
Recorded = dict[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


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
    page = open_page(window="x", metric="", scope="all", date="", tab="?", **{"from": "x"})
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


@pytest.mark.parametrize(
    ("asked", "title", "shown"),
    [
        (
            "2026-02-17",
            "Tue 17 Feb 2026 is not stored",
            "Mon 16 Feb 2026 stands in for it, the closest",
        ),
        (
            "2027-01-04",
            "Mon 4 Jan 2027 is not stored",
            "Fri 27 Feb 2026 stands in for it, the closest",
        ),
        ("2025-12-31", "Wed 31 Dec 2025 is not stored", "Fri 27 Feb 2026 stands in for it, as if none"),
        (
            "<b>*27 Feb*" + 50 * "x",
            "“<b>*27 Feb*" + 29 * "x" + "” is no date",
            "Fri 27 Feb 2026 stands in for it",
        ),
    ],
)
@pytest.mark.usefixtures("filled")
def test_a_date_in_the_address_that_is_not_stored_is_told_and_another_can_be_chosen(
    open_page: OpenPage, asked: str, title: str, shown: str
) -> None:
    page = open_page(date=asked)

    (message,) = messages(page)
    assert title in message
    assert shown in message
    assert f"Shareholdings of **{shown[:15]}**" in text(page)
    assert "<b>" not in str(page.warning[0].value)
    assert address(page)["date"] == asked
    choose(page, "date", "2026-02-13")
    assert messages(page) == []
    assert address(page)["date"] == "2026-02-13"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("2026-01-10", "Fri 9 Jan 2026"), ("2025-12-31", "Fri 2 Jan 2026"), ("long ago", "Fri 2 Jan 2026")],
)
@pytest.mark.usefixtures("filled")
def test_a_date_to_compare_with_that_is_not_stored_is_told_where_it_matters(
    open_page: OpenPage, asked: str, shown: str
) -> None:
    page = open_page(window="dates", against=asked)

    (message,) = messages(page)
    assert f"{shown} stands in for it" in message
    assert f"against {shown}" in text(page)
    assert address(page)["against"] == asked
    assert messages(choose(page, "window", 5)) == []
    assert "against" not in address(page)
    assert len(messages(choose(page, "window", "dates"))) == 1
    assert messages(choose(page, "against", "2026-01-12")) == []


def test_a_date_that_is_not_stored_yet_is_shown_as_soon_as_it_is(
    store: HoldingsStore, recorded: Recorded, open_page: OpenPage
) -> None:
    for day in sorted(recorded)[:-1]:
        store.put(recorded[day])
    page = open_page(date=str(NEWEST))
    assert "Shareholdings of **Thu 26 Feb 2026**" in text(page)

    publish(store, recorded[NEWEST])
    page.run()

    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    assert messages(page) == []
    assert page.selectbox(key="date").value == str(NEWEST)


@pytest.mark.parametrize("switch", ["metric", "window", "end", "length", "show", "period", "tab"])
@pytest.mark.usefixtures("filled")
def test_a_switch_that_the_browser_says_is_not_pressed_is_as_the_address_says(
    open_page: OpenPage, switch: str
) -> None:
    page = open_page(metric="pp", window="20", scope="top5", show="shares", period="3m", tab="list")
    before = address(page)

    page.session_state[switch] = None
    page.run()

    assert not page.exception
    assert address(page) == before


@pytest.mark.usefixtures("filled")
def test_a_stock_that_the_open_page_offers_under_an_earlier_name_stays_chosen(open_page: OpenPage) -> None:
    page = open_page(stock="5", compare="1")
    stock, compared = page.selectbox(key="stock"), page.multiselect(key="compare")
    stock.options.append("00700 TENCENT AS IT WAS CALLED BEFORE")
    stock.set_value(stock.options[-1])
    compared.options.append("00388 HKEX AS IT WAS CALLED BEFORE")
    compared.set_value([compared.options[-1], *compared.value])

    page.run()

    assert not page.exception
    assert page.selectbox(key="stock").value == 700
    assert page.multiselect(key="compare").value == [388, 1]


@pytest.mark.parametrize("typed", ["0005.HK", "hsbc", "holdings hsbc"])
@pytest.mark.usefixtures("filled")
def test_a_stock_is_chosen_by_what_is_typed(open_page: OpenPage, typed: str) -> None:
    page = open_page()
    type_in(page, "stock", typed)
    assert messages(page) == []
    assert address(page)["stock"] == "5"


@pytest.mark.usefixtures("filled")
def test_what_is_typed_and_found_nowhere_is_told(open_page: OpenPage) -> None:
    page = open_page()
    type_in(page, "stock", "no such stock")
    assert "“no such stock” is on no stored list" in messages(page)[0]


@pytest.mark.parametrize("typed", ["2026-02-23", "23 Feb 2026", "20260223"])
@pytest.mark.usefixtures("filled")
def test_a_date_is_chosen_by_what_is_typed(open_page: OpenPage, typed: str) -> None:
    page = open_page()
    type_in(page, "date", typed)
    assert messages(page) == []
    assert address(page)["date"] == "2026-02-23"
    assert "Shareholdings of **Mon 23 Feb 2026**" in text(page)
