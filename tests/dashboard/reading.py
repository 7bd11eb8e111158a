"""Reads the page in Streamlit's own test harness, and works its controls."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from southbound.dashboard.state.resources import process
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import becomes_true


def text(page: AppTest) -> str:
    shown = [*page.markdown, *page.caption, *page.subheader, *page.header, *page.title]
    return "\n".join(str(element.value) for element in shown)


def messages(page: AppTest) -> list[str]:
    """The boxes' text as it is read, without the signs that keep Markdown out of it."""
    return [str(box.value).replace("\\", "") for box in (*page.error, *page.warning, *page.info)]


def cards(page: AppTest) -> dict[str, tuple[str, str]]:
    return {card.label: (card.value, card.delta) for card in page.metric}


def chart(page: AppTest, number: int) -> Any:
    """A chart's figure as it went to the browser: 0 is the movers', 1 the trend's."""
    return json.loads(page.get("plotly_chart")[number].proto.spec)


def numbers(encoded: dict[str, str] | list[float | None]) -> list[float]:
    """Figures as plotly writes them for the browser."""
    if isinstance(encoded, list):
        return [np.nan if figure is None else figure for figure in encoded]
    decoded: list[float] = np.frombuffer(b64decode(encoded["bdata"]), encoded["dtype"]).tolist()
    return decoded


def address(page: AppTest) -> dict[str, str]:
    return {name: one(values) for name, values in page.query_params.items()}


def one(values: str | list[str]) -> str:
    return values if isinstance(values, str) else values[0]


def publish(store: HoldingsStore, holdings: DailyHoldings) -> None:
    """Store a day and wait until the page's process knows of it."""
    store.put(holdings)
    version = store.version()
    assert becomes_true(
        lambda: (seen := process().store_watcher.snapshot().data_version) and seen.version == version
    )


def bar_codes(page: AppTest) -> list[int]:
    return [int(shown[0][:5]) for shown in chart(page, 0)["data"][0]["customdata"]]


def choose(page: AppTest, key: str, value: Any) -> AppTest:
    kinds = {
        "selectbox": ("stock", "date", "against"),
        "multiselect": ("compare", "watch"),
        "pills": ("average",),
    }
    kinds |= {"number_input": ("least", "floor"), "toggle": ("red_up", "rebase"), "text_input": ("find",)}
    kind = next((kind for kind, names in kinds.items() if key in names), "segmented_control")
    getattr(page, kind)(key=key).set_value(value)
    page.run()
    assert not page.exception
    return page


def type_in(page: AppTest, key: str, text: str) -> None:
    """Type what is no option of a box to choose from, as its reader may."""
    box = page.selectbox(key=key)
    box.options.append(text)
    box.set_value(text)
    page.run()
    assert not page.exception


def rows(page: AppTest, key: str = "listing") -> list[dict[str, str]]:
    """A table whose rows lead to stocks, as it is read: heading to text."""
    return _read(component(page, key))


def _read(table: dict[str, Any]) -> list[dict[str, str]]:
    headings = [heading["text"] for heading in table.get("headings", ())]
    lines = ((cell[0] for cell in row["cells"]) for row in table.get("rows", ()))
    return [dict(zip(headings, line, strict=True)) for line in lines]


def component(page: AppTest, key: str) -> dict[str, Any]:
    """What a component of ours was given; nothing where it is not drawn."""
    found = (each.proto for each in page.get("bidi_component") if each.proto.id.endswith(f"-{key}"))
    return next((dict(json.loads(proto.json)) for proto in found), {})


def tables(page: AppTest) -> list[list[dict[str, str]]]:
    """All tables of real rows, from top to bottom."""
    drawn = [json.loads(each.proto.json or "{}") for each in page.get("bidi_component")]
    return [_read(table) for table in drawn if "headings" in table]
