"""The page's switches, but for those of the trend: what is compared, ranked, listed and found."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from southbound.dashboard.state.session_state import NEWEST, OLDEST, settle
from southbound.dashboard.views import notices, widgets
from southbound.market.kinds import KindChoice
from southbound.market.metrics import METRICS
from southbound.market.windows import WINDOWS
from southbound.presentation import formatting
from southbound.presentation.address_texts import LONGEST_TEXT
from southbound.presentation.view_state import (
    ANY_TWO,
    BOTH,
    FALLS,
    LENGTHS,
    MOST_WATCHED,
    RISES,
    Tab,
    ViewState,
)
from southbound.queries.market_view import MarketView

TABS = {
    Tab.STOCKS: "All stocks",
    Tab.WATCHLIST: "Watchlist",
    Tab.SIGNALS: "Signals",
    Tab.STOCK: "One stock",
    Tab.OWNERSHIP: "Ownership",
    Tab.LIST: "Added, gone",
    Tab.ADJUSTMENTS: "Mechanical",
    Tab.DATA: "Data status",
    Tab.MAIL: "Mail",
}


def choose_comparison(market_view: MarketView) -> None:
    """The date, the period and the metric."""
    days = market_view.days()
    newest_first = {NEWEST: "Newest", **days}
    oldest = {OLDEST: f"the oldest, {formatting.day(market_view.history.dates[0])}"}
    st.selectbox(
        "Shareholding date",
        list(newest_first),
        key="date",
        format_func=newest_first.__getitem__,
        accept_new_options=True,
        on_change=settle,
        args=("date",),
        help="Trades settle on the second settlement day after them; half-days are none.",
    )
    switch(
        "Change over",
        (*WINDOWS, ANY_TWO),
        "window",
        lambda option: "Since …" if option == ANY_TWO else formatting.window(option),
        label_visibility="visible",
        width="stretch",
        help="Days are Hong Kong trading days.",
    )
    if st.session_state["window"] == ANY_TWO:
        st.selectbox(
            "Compared with",
            [*days, OLDEST],
            key="against",
            format_func=(days | oldest).__getitem__,
            accept_new_options=True,
            on_change=settle,
            args=("against",),
            label_visibility="collapsed",
        )
    has_prices = bool(market_view.companions.prices.dates)
    switch(
        "Measured in",
        tuple(METRICS),
        "metric",
        partial(_metric, has_prices=has_prices),
        label_visibility="visible",
        width="stretch",
        help=f"In {', '.join(metric.label for metric in METRICS.values())}."
        + ("" if has_prices else f" {notices.no_prices().what_next}"),
    )


def _metric(key: str, *, has_prices: bool) -> str:
    """Grey where there is nothing to measure in it."""
    metric = METRICS[key]
    return metric.name if has_prices or not metric.needs_prices else f":gray[{metric.name}]"


def dates_not_stored(market_view: MarketView, chosen: ViewState) -> None:
    """What became of dates that were asked for and are not stored."""
    dates = market_view.history.dates
    if chosen.asked_day:
        widgets.show(notices.date_not_stored(chosen.asked_day, chosen.day, dates[-1]))
    if chosen.asked_against and chosen.window is None:
        widgets.show(notices.date_not_stored(chosen.asked_against, chosen.against, dates[0]))


def choose_ranking() -> None:
    """Which end of the ranking, how much of it, of which kinds, and what is left out."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        switch("Largest", (RISES, FALLS, BOTH), "end", label_visibility="visible")
        switch("How many", LENGTHS, "length")
    switch(
        "Kinds",
        tuple(KindChoice),
        "kind",
        str.title,
        label_visibility="visible",
        width="stretch",
        help="Funds are exchange-traded funds and REITs. What they hold grows and shrinks with the fund.",
    )
    with st.expander("Left out of % changes", icon=":material/tune:"):
        st.number_input(
            "Holdings below (shares)",
            key="least",
            min_value=0,
            max_value=999_999_999,
            step=10_000,
            help="On the older date. For changes in %: a tiny base makes any change large.",
        )
        st.number_input(
            "Stakes below (% of issued shares)",
            key="floor",
            min_value=0.0,
            max_value=100.0,
            step=0.05,
            format="%.2f",
            help="On the older date. For changes in %.",
        )


def choose_watchlist(labels: Mapping[int, str]) -> None:
    """The stocks that the reader follows."""
    st.multiselect(
        "Watchlist",
        list(labels),
        key="watch",
        format_func=labels.__getitem__,
        placeholder="Follow stocks",
        max_selections=MOST_WATCHED,
        filter_mode="contains",
        select_all=False,
        help="Kept in the page's address and in this browser.",
    )


def choose_colours() -> None:
    """Which colour rises have."""
    st.toggle("Red is up", key="red_up", help="As is usual in Hong Kong's neighbours.")


def choose_tab() -> None:
    """What is shown below the charts."""
    switch("Shown below", tuple(Tab), "tab", TABS.__getitem__)


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


def switch(
    label: str,
    options: Sequence[Any],
    key: str,
    written: Callable[[Any], str] = str,
    **more: Any,
) -> None:
    """A row of buttons, one of which is pressed; what it switches is mostly plain from its place alone."""
    looks = {"label_visibility": "collapsed", **more}
    st.segmented_control(label, options, key=key, format_func=written, required=True, **looks)
