"""The page in Chinese, as it is read: cards, charts, tables below them, lists of changes."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from replay.figures import chinese_names
from southbound.common.language import Language, speaking
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests import money_by_hand
from tests.chinese import CHINESE, english_left
from tests.dashboard.reading import choose, component, publish, text

OpenPage = Callable[..., AppTest]

CHARTS = {Language.TRADITIONAL: "00700 騰訊控股走勢", Language.SIMPLIFIED: "00700 腾讯控股走势"}


def said(page: AppTest) -> str:
    """What is read of the page, the charts' texts for those who do not see them, and the toasts."""
    cards = [part for card in page.metric for part in (card.label, card.value, card.delta, card.help)]
    charts = [each.proto.alt for each in page.get("plotly_chart")]
    return "\n".join((text(page), *map(str, cards), *charts, *(toast.value for toast in page.toast)))


def table(page: AppTest, key: str) -> str:
    """A table's label, headings and cells."""
    drawn = component(page, key)
    cells = [cell[0] for row in drawn["rows"] for cell in row["cells"]]
    return "\n".join((drawn["label"], *(heading["text"] for heading in drawn["headings"]), *cells))


@pytest.mark.parametrize("language", CHINESE)
def test_what_is_new_and_what_it_compares_is_in_chinese(
    store: HoldingsStore, recorded: dict[date, DailyHoldings], open_page: OpenPage, language: Language
) -> None:
    *before, newest = sorted(recorded)
    for day in before:
        store.put(recorded[day])
    money_by_hand.fill(store.market_figures)
    store.put_stock_names(chinese_names())
    page = open_page(lang=language, kind="all", scope="both20", window="20", compare="5,9988", tab="list")
    assert english_left(said(page)) == []
    for key in ("stakes added", "stakes gone", "divergences"):
        assert english_left(table(page, key)) == []

    for key in ("movers_table", "trend_table"):
        page.session_state[key] = True
    publish(store, recorded[newest])
    # Streamlit's harness finds an option by its name.
    with speaking(language):
        choose(page, "tab", "mechanical")
    assert page.toast
    assert english_left(said(page)) == []
    for key in ("movers_rows", "compared_rows", "correlation", "mechanical"):
        assert english_left(table(page, key)) == []

    page.multiselect(key="compare").set_value([])
    with speaking(language):
        choose(page, "tab", "data")
    assert CHARTS[language] in text(page)
    for key in ("trend_rows", "reconciled"):
        assert english_left(table(page, key)) == []
    names = component(page, "movers_rows")["rows"][0]["cells"]
    assert names[2][-1].isascii(), "the English name, for a pointer that rests on it"
