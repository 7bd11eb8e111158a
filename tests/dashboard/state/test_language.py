"""The language of the page: chosen, kept in the address, else the browser's; and colours that follow it."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from southbound.common.language import Language
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.dashboard.reading import address, choose, publish, text

OpenPage = Callable[..., AppTest]

ENGLISH, TRADITIONAL, SIMPLIFIED = Language

DAYS = {
    ENGLISH: "Shareholdings of **Fri 27 Feb 2026**",
    TRADITIONAL: "**2026年2月27日（週五）的持股量**",
    SIMPLIFIED: "**2026年2月27日（周五）的持股量**",
}


def language_of(page: AppTest) -> Language:
    """The one in which the page tells its day; it tells it in one alone."""
    [told] = [language for language, words in DAYS.items() if words in text(page)]
    return told


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Lets the reader's browser ask for a language."""

    def asks(tag: str | None) -> None:
        monkeypatch.setattr(ContextProxy, "locale", tag)

    asks("en-GB")
    return asks


@pytest.mark.parametrize(
    ("tag", "asked", "spoken"),
    [
        ("en-GB", "", ENGLISH),
        ("zh-HK", "", TRADITIONAL),
        ("zh-TW", "", TRADITIONAL),
        ("zh-CN", "", SIMPLIFIED),
        ("zh", "", SIMPLIFIED),
        ("de-CH", "", ENGLISH),
        (None, "", ENGLISH),
        ("en-GB", "zh-Hant", TRADITIONAL),
        ("zh-TW", "zh-Hans", SIMPLIFIED),
        ("zh-CN", "en", ENGLISH),
        ("zh-CN", "klingon", SIMPLIFIED),
    ],
)
@pytest.mark.usefixtures("filled")
def test_the_address_says_the_language_else_the_browser(
    browser: Callable[[str | None], None], open_page: OpenPage, tag: str | None, asked: str, spoken: Language
) -> None:
    browser(tag)
    page = open_page(**({"lang": asked} if asked else {}))
    assert language_of(page) is spoken
    assert page.session_state["language"] is spoken
    assert page.session_state["red_up"] is spoken.is_chinese
    assert "up" not in address(page)


@pytest.mark.usefixtures("filled")
def test_a_browser_whose_own_language_is_none_of_ours_has_the_next_that_it_asks_for(
    browser: Callable[[str | None], None], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser("de-CH")
    monkeypatch.setattr(ContextProxy, "headers", {"Accept-Language": "de-CH,de;q=0.9,zh-HK;q=0.8,en;q=0.7"})
    assert language_of(open_page()) is TRADITIONAL


@pytest.mark.usefixtures("filled", "browser")
def test_the_switch_writes_the_address_and_keeps_all_that_is_chosen(open_page: OpenPage) -> None:
    page = open_page(stock="5", window="20", scope="both20", date="2026-02-27", kind="all")
    choose(page, "find", "bank")
    before = address(page)

    choose(page, "language", SIMPLIFIED)
    assert language_of(page) is SIMPLIFIED
    assert address(page) == before | {"lang": "zh-Hans"}

    choose(page, "language", ENGLISH)
    assert language_of(page) is ENGLISH
    assert address(page) == before


@pytest.mark.usefixtures("filled", "browser")
def test_chosen_colours_stay_in_another_language_and_usual_ones_follow_it(open_page: OpenPage) -> None:
    page = open_page()
    choose(page, "language", TRADITIONAL)
    assert page.session_state["red_up"] is True

    choose(page, "red_up", value=False)
    assert address(page)["up"] == "green"
    assert "綠升紅跌" in text(page)
    choose(page, "language", SIMPLIFIED)
    assert page.session_state["red_up"] is False
    choose(page, "language", ENGLISH)
    assert page.session_state["red_up"] is False
    assert "up" not in address(page)


@pytest.mark.usefixtures("filled", "browser")
def test_reset_leaves_the_language(open_page: OpenPage) -> None:
    page = open_page(lang="zh-Hant", stock="5", up="green")
    page.button(key="reset").click().run()
    assert language_of(page) is TRADITIONAL
    assert page.session_state["red_up"] is True
    assert page.selectbox(key="stock").value == 700


@pytest.mark.usefixtures("browser")
def test_stocks_have_the_name_of_the_language_first(filled: HoldingsStore, open_page: OpenPage) -> None:
    filled.put_stock_names({700: "騰訊控股"})
    page = open_page(lang="zh-Hans")
    assert "00700 腾讯控股 TENCENT HOLDINGS LIMITED" in page.selectbox(key="stock").options
    choose(page, "language", TRADITIONAL)
    assert "00700 騰訊控股 TENCENT HOLDINGS LIMITED" in page.selectbox(key="stock").options
    choose(page, "language", ENGLISH)
    assert "00700 TENCENT HOLDINGS LIMITED 騰訊控股" in page.selectbox(key="stock").options


@pytest.mark.usefixtures("browser")
def test_a_new_day_is_told_in_the_language_of_the_page(
    store: HoldingsStore, recorded: dict[date, DailyHoldings], open_page: OpenPage
) -> None:
    *before, newest = sorted(recorded)
    for day in before:
        store.put(recorded[day])
    page = open_page(lang="zh-Hant")
    publish(store, recorded[newest])
    page.run()
    assert language_of(page) is TRADITIONAL
