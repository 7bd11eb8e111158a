"""The sidebar: all that can be chosen but what stands below the charts, from top to bottom."""

import streamlit as st

from southbound.dashboard.state import choices
from southbound.dashboard.views import controls, trend_controls
from southbound.presentation import address
from southbound.presentation.view import View
from southbound.queries.findings import Findings

WIDTH = 312
"""In pixels; on a phone it lies over the page, and is folded away at first."""


def draw(findings: Findings, chosen: View) -> None:
    """Draw all controls; Streamlit hides a sidebar in which nothing is drawn."""
    with st.sidebar, st.container(gap="xsmall"):
        controls.choose_comparison(findings)
        controls.choose_ranking()
        trend_controls.choose_stocks(findings.labels())
        trend_controls.choose_trend(chosen)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            controls.choose_colours()
            st.button(
                "Reset",
                key="reset",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=choices.reset,
                disabled=address.written(chosen) == address.written(View()),
                help="Choose everything as on a first visit.",
            )
