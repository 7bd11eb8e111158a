"""The reader's watchlist in the browser's storage: it is there again when the page is opened without one."""

from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from southbound.presentation import address_texts
from southbound.presentation.view_state import ViewState


def keep(chosen: ViewState) -> None:
    """Store a list that has changed; the stored one chooses by the address, as a link would."""
    _storage()(
        key="watchlist_storage", data={"watch": address_texts.listed(chosen.watch)}, on_found_change=_nothing
    )


@cache
def _storage() -> ComponentRenderer:
    script = files("southbound.dashboard.state").joinpath("watchlist_storage.js").read_text(encoding="utf-8")
    return st.components.v2.component("southbound.watchlist_storage", js=script)


def _nothing() -> None:
    """The rerun itself is all that is wanted."""
