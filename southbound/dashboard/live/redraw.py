"""What makes an open page draw itself again: the socket in the browser, and a slow timer behind it."""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.views import freshness, notices
from southbound.dashboard.views.cards import show
from southbound.dashboard.views.markdown import plain
from southbound.queries.feed import Edition, Feed


def listen(asked: Edition | None) -> None:
    """Rerun this page when the store has another version than that in `asked`, or the page another mode."""
    data = {"version": asked.version if asked else None}
    _socket()(key="live", data=data, on_version_change=_nothing, on_mode_change=_nothing)


@st.fragment(run_every="5s")
def freshness_line(feed: Feed, asked: Edition | None, mode: Mode | None, *, has_figures: bool) -> None:
    """How fresh the page is; every page looks by itself, since nothing rings when a scraper dies.

    Also the way back for a page whose socket cannot tell: the store was away, or a proxy lets none through;
    and for charts whose colours are those of the other mode.
    """
    sight = feed.sight()
    if sight.edition != asked or st.context.theme.type != mode:
        st.rerun()
    seen = freshness.badge(sight, datetime.now(UTC))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(seen.label, color=seen.colour)
        st.caption(plain(seen.sentence), width="stretch")
    if has_figures and sight.trouble is not None:
        show(notices.last_figures(sight.trouble))


@cache
def _socket() -> ComponentRenderer:
    script = files("southbound.dashboard.live").joinpath("live.js").read_text(encoding="utf-8")
    return st.components.v2.component("southbound.live", js=script)


def _nothing() -> None:
    """The rerun itself is all that is wanted."""
