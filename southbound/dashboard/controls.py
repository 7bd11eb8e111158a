"""The page's switches, but for those of the trend: what is compared, ranked, listed and found."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from southbound import wording
from southbound.dashboard import cards, notices
from southbound.dashboard.choices import FALLS, NEWEST, OLDEST, RISES, settle
from southbound.dashboard.findings import Findings
from southbound.dashboard.view import ANY_TWO, LENGTHS, LONGEST_TEXT, Tab, View
from southbound.movers import Metric
from southbound.windows import WINDOWS

TABS = {
    Tab.STOCKS: "All stocks",
    Tab.LIST: "Added, gone",
    Tab.MECHANICAL: "Mechanical",
    Tab.DATA: "Data status",
    Tab.MAIL: "Mail",
}


def choose_comparison(findings: Findings, chosen: View) -> None:
    """The date, the period and the metric; and what became of dates that are not stored."""
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
            on_change=settle,
            args=("date",),
            help="Trades settle on the second settlement day after them; half-days are none.",
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
                on_change=settle,
                args=("against",),
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
    dates = findings.history.dates
    if chosen.asked_day:
        cards.show(notices.date_not_stored(chosen.asked_day, chosen.day, dates[-1]))
    if chosen.asked_against and chosen.window is None:
        cards.show(notices.date_not_stored(chosen.asked_against, chosen.against, dates[0]))


def choose_ranking() -> None:
    """Which end of the ranking, how much of it, and what is left out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        switch("Which end", (RISES, FALLS), "end")
        switch("How many", LENGTHS, "length")
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


def choose_tab() -> None:
    """What is shown below the charts."""
    switch("Shown below", tuple(Tab), "tab", TABS)


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


def switch(label: str, options: Sequence[Any], key: str, names: Mapping[Any, str] | None = None) -> None:
    """A row of buttons, one of which is pressed; what it switches is told by its place alone."""
    st.segmented_control(
        label,
        options,
        key=key,
        format_func=names.__getitem__ if names else str,
        required=True,
        label_visibility="collapsed",
    )
