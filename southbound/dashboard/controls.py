"""The page's switches. Their state is the session's, and the page's address follows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from southbound import wording
from southbound.changes import WINDOWS, Metric
from southbound.dashboard.address import Scope, View
from southbound.history import History

NEWEST = "newest"
"""The option that stays the newest date when a newer one comes."""

SCOPES = {
    Scope.TOP5: "Top 5",
    Scope.TOP10: "Top 10",
    Scope.BOTTOM5: "Bottom 5",
    Scope.BOTTOM10: "Bottom 10",
}


def restore(history: History) -> None:
    """Set what the session does not know yet from the address, and put aside what is not stored (any more).

    The session forgets a switch that was not drawn, so this is not for the first run alone.
    """
    asked = View.of(st.query_params.to_dict())
    _remember("stock", asked.stock, among=history.codes.tolist())
    _remember("window", asked.window, among=WINDOWS)
    _remember("metric", asked.metric, among=tuple(Metric))
    _remember("scope", asked.scope, among=tuple(Scope))
    _remember("date", asked.day.isoformat() if asked.day else NEWEST, among=_date_options(history))


def view() -> View:
    """What is chosen now; after `restore`."""
    state = st.session_state
    return View(
        stock=state["stock"],
        window=state["window"],
        metric=state["metric"],
        scope=state["scope"],
        day=None if state["date"] == NEWEST else date.fromisoformat(state["date"]),
    )


def choose_comparison(history: History) -> None:
    """The date, the period and the metric."""
    day, window, metric = st.columns(3)
    with day:
        st.selectbox("Shareholding date", _date_options(history), key="date", format_func=_date_label)
    with window:
        st.segmented_control(
            "Change over",
            WINDOWS,
            key="window",
            format_func=wording.window,
            required=True,
            width="stretch",
            help="Counted in Hong Kong trading days.",
        )
    with metric:
        st.segmented_control(
            "Measured in",
            tuple(Metric),
            key="metric",
            format_func=wording.METRIC_NAMES.__getitem__,
            required=True,
            width="stretch",
            help="Of the holding in % of itself or in shares; of the stake in percentage points.",
        )


def choose_scope() -> None:
    """Which end of the ranking."""
    st.segmented_control(
        "Shown",
        tuple(Scope),
        key="scope",
        format_func=SCOPES.__getitem__,
        required=True,
        width="stretch",
        label_visibility="collapsed",
    )


def choose_stock(history: History) -> None:
    """A stock, found by typing a part of its code or name."""
    st.selectbox(
        "Stock",
        history.codes.tolist(),
        key="stock",
        format_func=lambda code: f"{wording.code(code)} {history.names[code]}",
        filter_mode="contains",
        label_visibility="collapsed",
    )


def write_address(chosen: View) -> None:
    """Let the address open this view; parameters that are not ours stay."""
    address = chosen.address()
    if "date" in st.query_params and "date" not in address:
        del st.query_params["date"]
    if any(st.query_params.get(name) != value for name, value in address.items()):
        st.query_params.update(address)


def _remember(key: str, asked: Any, *, among: Sequence[Any]) -> None:
    if st.session_state.get(key) not in among:
        st.session_state[key] = asked if asked in among else among[0]


def _date_options(history: History) -> list[str]:
    return [NEWEST, *(day.isoformat() for day in reversed(history.dates))]


def _date_label(option: str) -> str:
    return "Newest" if option == NEWEST else wording.day(date.fromisoformat(option))
