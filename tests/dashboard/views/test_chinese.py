"""What stands below the charts in Chinese: nothing of it is left in English but names and codes."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from replay.figures import chinese_names
from southbound.common.language import Language
from southbound.presentation.view_state import Tab
from southbound.store.holdings_store import HoldingsStore
from tests.chinese import CHINESE, english_left
from tests.conftest import ROOT
from tests.dashboard.reading import component, text

OpenPage = Callable[..., AppTest]
TABS = {
    Tab.STOCKS: ("listing",),
    Tab.WATCHLIST: ("watched",),
    Tab.SIGNALS: ("signals_crossings", "signals_highs", "signals_rises", "signals_unusual"),
    Tab.STOCK: ("stock_figures",),
    Tab.OWNERSHIP: ("bands", "sectors", "groups"),
}
COLUMNS = "stake,pp1,pct20,z,kind,first,high,low,crossed,added,streak"
WORKED = ("without_", "filter_", "columns_", "only_", "download_", "more")
"""With these the keys of the card's own widgets begin."""


def of_tables(page: AppTest, tab: Tab) -> Iterator[str]:
    for key in TABS[tab]:
        table = component(page, key)
        assert table["rows"]
        yield from (table["label"], table["follow"].replace("{code}", ""))
        yield from (f"{heading['text']} {heading['help']}" for heading in table["headings"])
        # What a file of sectors calls them is the file's affair.
        first = 1 if key in {"sectors", "groups"} else 0
        yield from (cell[0] for row in table["rows"] for cell in row["cells"][first:])


def of_widgets(page: AppTest) -> Iterator[str]:
    for widget in (*page.button, *page.toggle, *page.selectbox, *page.number_input):
        if str(widget.key).startswith(WORKED):
            yield from (widget.label, widget.proto.help, *getattr(widget, "options", ()))
            yield getattr(widget, "placeholder", None) or ""
    bar = component(page, "views_bar")
    yield from (preset["name"] for preset in bar.get("presets", ()))
    yield from (bar[word].replace("{name}", "") for word in ("views", "name", "save", "remove") if bar)


@pytest.mark.parametrize("language", CHINESE)
def test_nothing_below_the_charts_is_left_in_english(
    filled: HoldingsStore, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    filled.put_stock_names(dict(chinese_names()))
    monkeypatch.setenv("STOCKS_SECTORS", str(ROOT / "tests" / "config" / "sectors.csv"))
    lines, told = {}, {}
    for tab in TABS:
        page = open_page(
            lang=language, tab=tab, watch="700,5,11", compare="5", where="stake:20..", columns=COLUMNS
        )
        lines[tab] = {*text(page).splitlines()}
        told[tab] = [*of_tables(page, tab), *of_widgets(page)]
    above = set.intersection(*lines.values())
    for tab, words in told.items():
        assert english_left("\n".join((*words, *(lines[tab] - above)))) == []
