"""The page's switches, but for those of the trend: what is compared, ranked, listed and found."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from southbound.common.language import Language
from southbound.dashboard.state import session_state
from southbound.dashboard.state.session_state import NEWEST, OLDEST, settle
from southbound.dashboard.views import notices, widgets
from southbound.market.kinds import KindChoice
from southbound.market.metrics import METRICS
from southbound.market.windows import WINDOWS
from southbound.presentation import formatting
from southbound.presentation.address_texts import LONGEST_TEXT
from southbound.presentation.messages import gettext, gettext_noop, pgettext, pgettext_noop
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

LANGUAGES = {Language.ENGLISH: "English", Language.TRADITIONAL: "繁體", Language.SIMPLIFIED: "简体"}
"""Each in its own: whoever cannot read the others finds it."""

KINDS = {
    KindChoice.SHARES: pgettext_noop("kind", "Shares"),
    KindChoice.FUNDS: pgettext_noop("kind", "Funds"),
    KindChoice.ALL: pgettext_noop("kind", "All"),
}

ENDS = {RISES: gettext_noop("Rises"), FALLS: gettext_noop("Falls"), BOTH: gettext_noop("Both")}

TABS = {
    Tab.STOCKS: gettext_noop("All stocks"),
    Tab.WATCHLIST: gettext_noop("Watchlist"),
    Tab.SIGNALS: gettext_noop("Signals"),
    Tab.STOCK: gettext_noop("One stock"),
    Tab.OWNERSHIP: gettext_noop("Ownership"),
    Tab.LIST: gettext_noop("Added, gone"),
    Tab.ADJUSTMENTS: gettext_noop("Mechanical"),
    Tab.DATA: gettext_noop("Data status"),
    Tab.MAIL: gettext_noop("Mail"),
}


def choose_comparison(market_view: MarketView) -> None:
    """The date, the period and the metric."""
    days = market_view.days()
    newest_first = {NEWEST: gettext("Newest"), **days}
    oldest = {OLDEST: gettext("the oldest, {day}", day=formatting.day(market_view.history.dates[0]))}
    st.selectbox(
        gettext("Shareholding date"),
        list(newest_first),
        key="date",
        format_func=newest_first.__getitem__,
        accept_new_options=True,
        on_change=settle,
        args=("date",),
        help=gettext("Trades settle on the second settlement day after them; half-days are none."),
    )
    switch(
        gettext("Change over"),
        (*WINDOWS, ANY_TWO),
        "window",
        lambda option: gettext("Since …") if option == ANY_TWO else formatting.window(option),
        label_visibility="visible",
        width="stretch",
        help=gettext("Days are Hong Kong trading days."),
    )
    if st.session_state["window"] == ANY_TWO:
        st.selectbox(
            gettext("Compared with"),
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
        gettext("Measured in"),
        tuple(METRICS),
        "metric",
        partial(_metric, has_prices=has_prices),
        label_visibility="visible",
        width="stretch",
        help=formatting.paragraph(
            (
                gettext(
                    "In {metrics}.",
                    metrics=formatting.listed(gettext(metric.label) for metric in METRICS.values()),
                ),
                "" if has_prices else notices.no_prices().what_next,
            )
        ),
    )


def _metric(key: str, *, has_prices: bool) -> str:
    """Grey where there is nothing to measure in it."""
    metric = METRICS[key]
    name = gettext(metric.name)
    return name if has_prices or not metric.needs_prices else f":gray[{name}]"


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
        switch(gettext("Largest"), tuple(ENDS), "end", _written(ENDS), label_visibility="visible")
        switch(gettext("How many"), LENGTHS, "length")
    switch(
        gettext("Kinds"),
        tuple(KINDS),
        "kind",
        lambda kind: pgettext("kind", KINDS[kind]),
        label_visibility="visible",
        width="stretch",
        help=gettext(
            "Funds are exchange-traded funds and REITs. What they hold grows and shrinks with the fund."
        ),
    )
    with st.expander(gettext("Left out of % changes"), icon=":material/tune:"):
        st.number_input(
            gettext("Holdings below (shares)"),
            key="least",
            min_value=0,
            max_value=999_999_999,
            step=10_000,
            help=gettext("On the older date. For changes in %: a tiny base makes any change large."),
        )
        st.number_input(
            gettext("Stakes below (% of issued shares)"),
            key="floor",
            min_value=0.0,
            max_value=100.0,
            step=0.05,
            format="%.2f",
            help=gettext("On the older date. For changes in %."),
        )


def choose_watchlist(labels: Mapping[int, str]) -> None:
    """The stocks that the reader follows."""
    st.multiselect(
        gettext("Watchlist"),
        list(labels),
        key="watch",
        format_func=labels.__getitem__,
        placeholder=gettext("Follow stocks"),
        max_selections=MOST_WATCHED,
        filter_mode="contains",
        select_all=False,
        help=gettext("Kept in the page's address and in this browser."),
    )


def choose_colours() -> None:
    """Which colour rises have."""
    st.toggle(gettext("Red is up"), key="red_up", help=gettext("As is usual in East Asia."))


def choose_language() -> None:
    """The language of the page."""
    switch(
        gettext("Language"),
        tuple(LANGUAGES),
        "language",
        LANGUAGES.__getitem__,
        width="stretch",
        on_change=session_state.speak,
    )


def choose_tab() -> None:
    """What is shown below the charts."""
    switch(gettext("Shown below"), tuple(Tab), "tab", _written(TABS))


def find_in_table() -> None:
    """What the table is searched for."""
    st.text_input(
        gettext("Find"),
        key="find",
        placeholder=gettext("Find by code or name"),
        icon=":material/search:",
        max_chars=LONGEST_TEXT,
        label_visibility="collapsed",
    )


def _written(words: Mapping[Any, str]) -> Callable[[Any], str]:
    """What the buttons of a switch say."""
    return lambda option: gettext(words[option])


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
