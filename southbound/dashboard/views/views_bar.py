"""Presets and the reader's own views, as links above the table of all stocks."""

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from southbound.dashboard.state import session_state
from southbound.dashboard.state.component import component
from southbound.presentation import view_url
from southbound.presentation.conditions import PRESETS
from southbound.presentation.messages import gettext
from southbound.presentation.view_state import Tab, ViewState

KEY = "views_bar"


def address(view: ViewState) -> str:
    """The address of a view, from the page's own."""
    return f"?{urlencode(view_url.written(view))}"


def presets(chosen: ViewState) -> list[dict[str, object]]:
    """What is asked most; each keeps what else is chosen, and the one that is chosen leads back."""
    found = []
    for name, (where, sort) in PRESETS.items():
        current = (chosen.where, chosen.sort) == (where, sort)
        without = replace(chosen, tab=Tab.STOCKS, where=(), sort=ViewState().sort)
        view = without if current else replace(without, where=where, sort=sort, find="")
        found.append({"name": gettext(name), "address": address(view), "current": current})
    return found


def draw(chosen: ViewState) -> None:
    """Draw them."""
    words = {
        "views": gettext("Views"),
        "name": gettext("Name of this view"),
        "save": gettext("Save view"),
        # The browser alone knows the names of the reader's own views.
        "remove": gettext("Remove the view {name}", name="{name}"),
    }
    _bar()(key=KEY, data={"presets": tuple(presets(chosen)), **words}, on_go_change=_go)


def _go() -> None:
    session_state.go(str(st.session_state[KEY].go or ""))


def _bar() -> ComponentRenderer:
    html = '<nav class="views"></nav>'
    return component("southbound.views", "southbound.dashboard.views", "views_bar", html)
