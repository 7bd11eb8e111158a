"""Whom an open page is written for: each run of it begins with that, and each part that runs alone."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

import streamlit as st

from southbound.common.language import Language, Reader, of_header, of_tag, write_for

P = ParamSpec("P")

KEY = "reader"
"""Where the session has the reader."""


def write_page_for(
    language: Language | None, names: Callable[[Language], Mapping[int, str]] = lambda _: {}
) -> None:
    """Write what is drawn from here on, and what the page draws again by itself, in a language.

    Args:
        language: that the reader chose; None is the browser's, else the one of ours that it would rather
            have, else English.
        names: of stocks in a language, by code, where they are known already.
    """
    accepted = st.context.headers.get("Accept-Language", "")
    usual = of_tag(st.context.locale or "") or of_header(accepted) or Language.ENGLISH
    spoken = language or usual
    st.session_state[KEY] = Reader(spoken, names(spoken), usual)
    resume()


def resume() -> None:
    """Write for the reader of this page again, in a callback or a part of the page: those begin with none."""
    write_for(st.session_state.get(KEY, Reader()))


def fragment(run_every: float) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A part of the page that is drawn again by itself every so many seconds, for the same reader."""

    def decorated(draw: Callable[P, None]) -> Callable[P, None]:
        @st.fragment(run_every=run_every)
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            resume()
            draw(*args, **kwargs)

        return drawn

    return decorated
