"""A new day is announced: by a toast, and by the title that the browser shows of a page in the background."""

from datetime import date

import streamlit as st

from southbound.presentation import formatting
from southbound.presentation.messages import gettext
from southbound.queries.store_watcher import DataVersion


def announce(title: str, shown: date, newest: date, version: DataVersion | None) -> None:
    """Name the shown day in the page's title, and say once when a newer one has come while it was open.

    The title calls it new until the reader does something: the page is drawn again with the same figures.

    Args:
        title: of the page.
        shown: the day that it is of.
        newest: the newest stored day.
        version: of the figures that are drawn.
    """
    state = st.session_state
    known, announced = state.get("newest_day"), state.get("announced_version")
    state["newest_day"] = newest
    if known is not None and newest > known:
        announced = version
        st.toast(
            gettext("New figures: shareholdings of {day}.", day=formatting.day(newest)),
            icon=":material/update:",
            duration="long",
        )
    elif announced == version:
        announced = None
    state["announced_version"] = announced
    named = f"{formatting.day(shown)} \N{MIDDLE DOT} {title}"
    is_new = announced is not None
    st.set_page_config(
        page_title=gettext("New: {title}", title=f"{formatting.day(newest)} \N{MIDDLE DOT} {title}")
        if is_new
        else named
    )
