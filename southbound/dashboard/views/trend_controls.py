"""The trend's switches: which stocks, which figures, which period."""

from collections.abc import Mapping, Sequence

import streamlit as st

from southbound.dashboard.state import session_state
from southbound.dashboard.state.session_state import zoom
from southbound.dashboard.views.controls import switch
from southbound.presentation.view_state import AVERAGES, MOST_COMPARED, Period, Show, ViewState

SHOWN = {
    Show.BOTH: "All",
    Show.SHARES: "Shares",
    Show.STAKE: "Stake",
    Show.PRICE: "Price",
    Show.VALUE: "Value",
}
IN_MONEY = {Show.PRICE, Show.VALUE}


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
        accept_new_options=True,
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
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        label_visibility="collapsed",
    )


def choose_trend(chosen: ViewState, *, has_prices: bool) -> None:
    """What is drawn of the chosen stocks; grey is what there are no prices for."""
    shown = {
        show: name if has_prices or show not in IN_MONEY else f":gray[{name}]" for show, name in SHOWN.items()
    }
    buttons = {period: period.button for period in Period}
    switch("Period", tuple(Period), "period", buttons.__getitem__, width="stretch", on_change=zoom)
    switch("Figures", tuple(Show), "show", shown.__getitem__, width="stretch")
    st.toggle(
        "Compare from 100",
        key="rebase",
        disabled=not chosen.compare,
        help="Each stock begins at 100; else stakes stand at their levels, in %.",
    )
    st.pills(
        "Moving averages",
        AVERAGES,
        key="average",
        selection_mode="multi",
        format_func=lambda count: f"MA{count}",
        disabled=bool(chosen.compare),
        label_visibility="collapsed",
        help="Moving averages of so many sessions",
    )


def follow(stock: int, followed: Sequence[int]) -> None:
    """Put the stock on the watchlist, or take it off."""
    st.button(
        "★ Followed" if stock in followed else "☆ Follow",
        key="follow",
        type="tertiary",
        on_click=session_state.follow,
        args=(stock,),
        help="On your watchlist" if stock in followed else "Put it on your watchlist",
    )


def leave_zoom(chosen: ViewState) -> None:
    """The way back from a part of the period; it stands where the reader has just dragged."""
    if chosen.zoom:
        st.button("Whole period", key="unzoom", icon=":material/zoom_out:", type="tertiary", on_click=zoom)
