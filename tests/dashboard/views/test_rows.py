"""What the tables and views of an open page send back."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from southbound.dashboard.state import session_state
from southbound.dashboard.views import rows, views_bar
from southbound.presentation.conditions import Sort
from southbound.presentation.view_state import ViewState
from tests.dashboard.reading import component


def sent(monkeypatch: pytest.MonkeyPatch, value: object) -> dict[str, object]:
    """The session after an open page sent this from its table."""
    state: dict[str, object] = {"stock": 700, "watch": [], "table": SimpleNamespace(did=value)}
    monkeypatch.setattr(st, "session_state", state)
    sorts: list[str] = []
    rows._did("table", sorts.append)
    return state | {"sorts": sorts}


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ("stock:5", {"stock": 5}),
        ("star:5", {"watch": [5]}),
        ("sort:pp5", {"sorts": ["pp5"]}),
    ],
)
def test_a_row_a_star_and_a_heading_do_what_they_say(
    monkeypatch: pytest.MonkeyPatch, value: str, changed: dict[str, object]
) -> None:
    state = sent(monkeypatch, value)
    assert {key: state[key] for key in changed} == changed


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        5,
        "stock:",
        "stock:x",
        "stock:-5",
        "stock:123456",
        "stock:\u0665",
        "star:1e3",
        {"a": 1},
        ["stock:5"],
        "x" * 10**6,
    ],
)
def test_what_an_open_page_makes_up_is_nothing(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    state = sent(monkeypatch, value)
    assert (state["stock"], state["watch"], state["sorts"]) == (700, [], [])


@pytest.mark.parametrize(
    ("address", "view"),
    [
        ("", ViewState()),
        ("?", ViewState()),
        ("x" * 10**6, ViewState()),
        ("?stock=<b>&where=x&sort=", ViewState(stock=None, unknown="<b>")),
        ("https://evil.example/?stock=5", ViewState()),
        ("?" + "a=b&" * 9_999 + "stock=5", ViewState()),
        ("?stock=5&sort=-stake", ViewState(stock=5, sort=Sort("stake", falling=True))),
    ],
)
def test_a_view_that_a_browser_kept_is_read_like_any_address(
    monkeypatch: pytest.MonkeyPatch, address: str, view: ViewState
) -> None:
    chosen: list[ViewState] = []
    monkeypatch.setattr(session_state, "_choose", chosen.append)
    session_state.go(address)
    assert chosen == [view]


@pytest.mark.usefixtures("filled")
def test_presets_keep_what_else_is_chosen_and_are_addresses_of_ours(
    open_page: Callable[..., AppTest],
) -> None:
    presets = component(open_page(stock="5", metric="pct"), views_bar.KEY)["presets"]
    assert all(
        each["address"].startswith("?stock=5&") and "metric=pct" in each["address"] for each in presets
    )
    assert json.dumps(presets)


def test_a_sparkline_needs_two_figures() -> None:
    assert rows.spark(np.array([np.nan, 3.0]), "x").spark is None
    assert rows.spark(np.array([1.0, np.nan, 3.0]), "x").spark == [0.0, rows.SPARK_HEIGHT]
    assert rows.spark(np.array([2.0, 2.0]), "x").spark == [0.0, 0.0]


def test_a_stake_above_the_whole_fills_its_cell_and_a_blank_has_no_bar() -> None:
    assert rows.stake(512.5).bar == 100.0
    assert rows.stake(float("nan")).bar is None
