"""The trend's switches: which stocks, which figures, which period."""

from collections.abc import Mapping, Sequence

import streamlit as st

from southbound.dashboard.state import session_state
from southbound.dashboard.state.session_state import zoom
from southbound.dashboard.views.controls import switch
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import AVERAGES, MOST_COMPARED, Period, Show, ViewState
from southbound.queries.trend import Look, Trend

SHOWN = {
    Show.BOTH: gettext_noop("All"),
    Show.SHARES: gettext_noop("Shares"),
    Show.STAKE: gettext_noop("Stake"),
    Show.PRICE: gettext_noop("Price"),
    Show.VALUE: gettext_noop("Value"),
}
IN_MONEY = {Show.PRICE, Show.VALUE}


def choose_stocks(labels: Mapping[int, str]) -> None:
    """A stock, found by typing a part of its code or of one of its names; and others beside it."""
    st.selectbox(
        gettext("Stock"),
        list(labels),
        key="stock",
        index=None,
        format_func=labels.__getitem__,
        placeholder=gettext("Type a code or a name"),
        required=True,
        accept_new_options=True,
        filter_mode="contains",
        label_visibility="collapsed",
    )
    st.multiselect(
        gettext("Compare with"),
        list(labels),
        key="compare",
        format_func=labels.__getitem__,
        placeholder=gettext("Compare with other stocks"),
        max_selections=MOST_COMPARED,
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        label_visibility="collapsed",
    )


def choose_trend(chosen: ViewState, *, has_prices: bool) -> None:
    """What is drawn of the chosen stocks; grey is what there are no prices for."""
    shown = {show: gettext(name) for show, name in SHOWN.items()}
    if not has_prices:
        shown |= {show: f":gray[{shown[show]}]" for show in IN_MONEY}
    buttons = {period: gettext(period.button) for period in Period}
    switch(gettext("Period"), tuple(Period), "period", buttons.__getitem__, width="stretch", on_change=zoom)
    switch(gettext("Figures"), tuple(Show), "show", shown.__getitem__, width="stretch")
    st.toggle(
        gettext("Compare from 100"),
        key="rebase",
        disabled=not chosen.compare,
        help=gettext("Each stock begins at 100; else stakes stand at their levels, in %."),
    )
    st.pills(
        gettext("Moving averages"),
        AVERAGES,
        key="average",
        selection_mode="multi",
        format_func=lambda count: f"MA{count}",
        disabled=bool(chosen.compare),
        label_visibility="collapsed",
        help=gettext("Moving averages of so many sessions"),
    )


def follow(stock: int, followed: Sequence[int]) -> None:
    """Put the stock on the watchlist, or take it off."""
    st.button(
        gettext("★ Followed") if stock in followed else gettext("☆ Follow"),
        key="follow",
        type="tertiary",
        on_click=session_state.follow,
        args=(stock,),
        help=gettext("On your watchlist") if stock in followed else gettext("Put it on your watchlist"),
    )


def leave_zoom(chosen: ViewState) -> None:
    """The way back from a part of the period; it stands where the reader has just dragged."""
    if chosen.zoom:
        st.button(
            gettext("Whole period"), key="unzoom", icon=":material/zoom_out:", type="tertiary", on_click=zoom
        )


LOOKS = {
    Look.EARLIER: (gettext_noop("Earlier"), ":material/chevron_left:"),
    Look.CLOSER: (gettext_noop("Closer"), ":material/zoom_in:"),
    Look.WIDER: (gettext_noop("Wider"), ":material/zoom_out:"),
    Look.LATER: (gettext_noop("Later"), ":material/chevron_right:"),
}


def look(shown: Trend, part: slice) -> None:
    """What dragging does, for who has no mouse: another part of the trend, by keyboard or finger."""
    with st.container(horizontal=True, horizontal_alignment="center", gap="xsmall"):
        for way, (name, icon) in LOOKS.items():
            found = shown.looked(part, way)
            st.button(
                gettext(name),
                key=f"look_{way}",
                icon=icon,
                type="tertiary",
                on_click=zoom,
                args=(found,),
                disabled=found is None,
            )
