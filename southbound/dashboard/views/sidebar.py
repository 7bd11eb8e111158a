"""The sidebar: all that can be chosen but what stands below the charts, from top to bottom."""

import streamlit as st

from southbound.dashboard.state import session_state
from southbound.dashboard.views import controls, trend_controls
from southbound.presentation import view_url
from southbound.presentation.messages import gettext
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView

WIDTH = 312
"""In pixels; on a phone it lies over the page, and is folded away at first."""


def draw(market_view: MarketView, chosen: ViewState) -> None:
    """Draw all controls; Streamlit hides a sidebar in which nothing is drawn."""
    as_usual = ViewState(watch=chosen.watch, language=chosen.language)
    with st.sidebar, st.container(gap="xsmall"):
        controls.choose_comparison(market_view)
        controls.choose_ranking()
        controls.choose_watchlist(market_view.labels())
        trend_controls.choose_stocks(market_view.labels())
        trend_controls.choose_trend(chosen, has_prices=bool(market_view.companions.prices.dates))
        controls.choose_language()
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
            key="sidebar_end",
        ):
            controls.choose_colours()
            st.button(
                gettext("Reset"),
                key="reset",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=session_state.reset,
                disabled=view_url.written(chosen) == view_url.written(as_usual),
                help=gettext("Choose everything as on a first visit; watchlist and language stay."),
            )
