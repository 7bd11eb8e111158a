"""The page's switches. Their state is the session's, and the page's address follows it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from southbound import wording
from southbound.changes import WINDOWS, Floors, Metric
from southbound.dashboard.address import (
    ANY_TWO,
    AVERAGES,
    LENGTHS,
    LONGEST_TEXT,
    MOST_COMPARED,
    PARAMETERS,
    Period,
    Scope,
    Show,
    Tab,
    View,
)
from southbound.dashboard.findings import Findings

NEWEST, OLDEST = "newest", "oldest"
"""The options that stay the newest and the oldest date when others come."""

RISES, FALLS = "Rises", "Falls"
SHOWN = {Show.BOTH: "Both", Show.SHARES: "Shares", Show.STAKE: "Stake %"}
PERIODS = {
    Period.MONTH: "1M",
    Period.QUARTER: "3M",
    Period.HALF: "6M",
    Period.YEAR: "1Y",
    Period.ALL: "All",
}
TABS = {
    Tab.STOCKS: "All stocks",
    Tab.LIST: "Added, gone",
    Tab.MECHANICAL: "Mechanical",
    Tab.DATA: "Data status",
    Tab.MAIL: "Mail",
}


def restore(findings: Findings) -> View:
    """Set what the session does not know yet from the address, and put aside what is not stored (any more).

    The session forgets a switch that was not drawn, so this is not for the first run alone.

    Returns:
        What is chosen now.
    """
    asked = View.of(st.query_params.to_dict())
    codes, stored = findings.labels(), findings.days()
    if st.session_state.get("stock") not in codes:
        st.session_state["stock"] = asked.stock if asked.stock in codes else None
    compared = st.session_state.get("compare", asked.compare)
    if "compare" not in st.session_state or not codes.keys() >= set(compared):
        st.session_state["compare"] = [code for code in compared if code in codes]
    _remember("show", asked.show)
    _remember("period", asked.period)
    _remember("zoom", asked.zoom)
    _remember("average", list(asked.averages))
    _remember("window", asked.window or ANY_TWO)
    _remember_date("date", asked.day, stored, NEWEST)
    _remember_date("against", asked.against, stored, OLDEST)
    _remember("metric", asked.metric)
    _remember("end", RISES if asked.scope.rises else FALLS)
    _remember("length", asked.scope.length)
    _remember("least", asked.floors.shares)
    _remember("floor", asked.floors.percent)
    _remember("red_up", asked.red_up)
    _remember("tab", asked.tab)
    _remember("find", asked.find)
    return _view(asked, [code for code in asked.compare if code not in codes])


def choose_comparison(findings: Findings) -> None:
    """The date, the period and the metric."""
    days = findings.days()
    newest_first = {NEWEST: "Newest", **days}
    oldest = {OLDEST: f"the oldest, {wording.day(findings.history.dates[0])}"}
    day, window, metric = st.columns([1, 1.3, 1.3])
    with day:
        st.selectbox(
            "Shareholding date",
            list(newest_first),
            key="date",
            format_func=newest_first.__getitem__,
            help="Trades settle two sessions later: the holdings of a date show the trades of two before.",
        )
    with window:
        st.segmented_control(
            "Change over",
            (*WINDOWS, ANY_TWO),
            key="window",
            format_func=lambda option: "Since …" if option == ANY_TWO else wording.window(option),
            required=True,
            width="stretch",
            help="Counted in Hong Kong trading days.",
        )
        if st.session_state["window"] == ANY_TWO:
            st.selectbox(
                "Compared with",
                [*days, OLDEST],
                key="against",
                format_func=(days | oldest).__getitem__,
                label_visibility="collapsed",
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


def choose_ranking() -> None:
    """Which end of the ranking, how much of it, and what is left out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _switch("Which end", (RISES, FALLS), "end")
        _switch("How many", LENGTHS, "length")
        with st.popover("Options", icon=":material/tune:", type="tertiary"):
            st.number_input(
                "Leave out holdings below (shares)",
                key="least",
                min_value=0,
                max_value=999_999_999,
                step=10_000,
                help="On the older date. For changes in %: a tiny base makes any change large.",
            )
            st.number_input(
                "Leave out stakes below (% of issued shares)",
                key="floor",
                min_value=0.0,
                max_value=100.0,
                step=0.05,
                format="%.2f",
                help="On the older date. For changes in %.",
            )
            st.toggle("Red is up", key="red_up", help="As is usual in Hong Kong's neighbours.")


def choose_stocks(labels: Mapping[int, str]) -> None:
    """A stock, found by typing a part of its code or of one of its names; and others beside it."""
    st.selectbox(
        "Stock",
        list(labels),
        key="stock",
        index=None,
        format_func=labels.__getitem__,
        placeholder="Type a code or a name",
        required=True,
        filter_mode="contains",
        label_visibility="collapsed",
    )
    st.multiselect(
        "Compare with",
        list(labels),
        key="compare",
        format_func=labels.__getitem__,
        placeholder="Compare with other stocks",
        max_selections=MOST_COMPARED,
        filter_mode="contains",
        select_all=False,
        label_visibility="collapsed",
    )


def choose_trend(chosen: View) -> None:
    """What is drawn of the chosen stocks."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _switch("Figures", tuple(Show), "show", SHOWN)
        st.segmented_control(
            "Period",
            tuple(Period),
            key="period",
            format_func=PERIODS.__getitem__,
            required=True,
            label_visibility="collapsed",
            on_change=zoom,
        )
        st.pills(
            "Moving averages",
            AVERAGES,
            key="average",
            selection_mode="multi",
            format_func=lambda count: f"Ø{count}",
            disabled=bool(chosen.compare),
            label_visibility="collapsed",
            help="Averages of so many sessions",
        )
        if chosen.zoom:
            st.button(
                "Whole period", key="unzoom", icon=":material/zoom_out:", type="tertiary", on_click=zoom
            )


def choose_tab() -> None:
    """What is shown below the charts."""
    _switch("Shown below", tuple(Tab), "tab", TABS)


def find_in_table() -> None:
    """What the table is searched for."""
    st.text_input(
        "Find",
        key="find",
        placeholder="Find by code or name",
        icon=":material/search:",
        max_chars=LONGEST_TEXT,
        label_visibility="collapsed",
    )


def zoom(part: tuple[date, date] | None = None) -> None:
    """Show a part of the period, or all of it; in a callback."""
    st.session_state["zoom"] = part


def select(code: int) -> None:
    """Make it the stock that the trend shows; in a callback."""
    st.session_state["stock"] = code


def write_address(chosen: View) -> None:
    """Let the address open this view; parameters that are not ours stay."""
    address = chosen.address()
    for name in PARAMETERS:
        if name in st.query_params and name not in address:
            del st.query_params[name]
    if any(st.query_params.get(name) != value for name, value in address.items()):
        st.query_params.update(address)


def _view(asked: View, not_stored: Sequence[int]) -> View:
    """What is chosen. Stocks that are not stored (yet) stay asked for."""
    state = st.session_state
    stock = state["stock"]
    return View(
        stock=asked.stock if stock is None else stock,
        unknown=asked.unknown if stock is None else "",
        compare=(*(code for code in state["compare"] if code != stock), *not_stored)[:MOST_COMPARED],
        show=state["show"],
        period=state["period"],
        zoom=state["zoom"],
        averages=tuple(count for count in AVERAGES if count in state["average"]),
        window=None if state["window"] == ANY_TWO else state["window"],
        day=None if state["date"] == NEWEST else date.fromisoformat(state["date"]),
        against=None if state["against"] == OLDEST else date.fromisoformat(state["against"]),
        metric=state["metric"],
        scope=Scope.of(state["length"], rises=state["end"] == RISES),
        floors=Floors(state["least"], state["floor"]),
        red_up=state["red_up"],
        tab=state["tab"],
        find=state["find"],
    )


def _switch(label: str, options: Sequence[Any], key: str, names: Mapping[Any, str] | None = None) -> None:
    st.segmented_control(
        label,
        options,
        key=key,
        format_func=names.__getitem__ if names else str,
        required=True,
        label_visibility="collapsed",
    )


def _remember(key: str, asked: Any) -> None:
    """Give a switch its state unless it has one."""
    if key not in st.session_state:
        st.session_state[key] = asked


def _remember_date(key: str, asked: date | None, stored: Collection[str], usual: str) -> None:
    """The same for a date, which must be stored (still)."""
    chosen = st.session_state.get(key)
    if chosen != usual and chosen not in stored:
        st.session_state[key] = asked.isoformat() if asked and asked.isoformat() in stored else usual
