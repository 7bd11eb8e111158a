"""The page's own components: a script of ours each, and what it draws into."""

from functools import cache
from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


@cache
def component(name: str, package: str, file: str, html: str = "") -> ComponentRenderer:
    """A component that is made once.

    Args:
        name: under which Streamlit knows it.
        package: with `file`.js; and `file`.css, if it draws.
        file: without an ending.
        html: what the script finds when it begins to draw; empty for one that draws nothing.
    """

    def text(ending: str) -> str:
        return files(package).joinpath(f"{file}.{ending}").read_text(encoding="utf-8")

    if not html:
        return st.components.v2.component(name, js=text("js"))
    return st.components.v2.component(name, html=html, css=text("css"), js=text("js"))


def rerun_alone() -> None:
    """For a component whose news want nothing more than the rerun that they cause."""
