"""The colours of the charts; what is behind them is the page.

The grey of Streamlit's theme for charts has a contrast of 3.7 to 1 on white; these have 4.5 and more.
"""

from typing import Literal

ACCENT = "#3b7dd8"
"""Readable on white and on near-black; also `primaryColor` in .streamlit/config.toml."""

LINES = (ACCENT, "#c9731c", "#8b5cd6", "#15908a", "#c4487f")
"""Of stocks that are compared, the accent first."""

SHADE = "rgba(59, 125, 216, 0.08)"
"""Behind what is compared: `ACCENT`, thinned."""

MARK = "#b07d12"
"""Of adjustment events."""

GRID = "rgba(128, 136, 150, 0.2)"
"""Of the lines behind a chart; seen on white and on near-black."""

Mode = Literal["light", "dark"]

_TEXT: dict[Mode | None, str] = {"light": "#4b5563", "dark": "#aab4c3", None: "#6e7783"}
"""Until the browser has told its mode the text has a grey that can be read on both."""

_STRONG: dict[Mode | None, str] = {"light": "#0e1520", "dark": "#e6eaf0", None: "#6e7783"}


def text(mode: Mode | None) -> str:
    """Of labels and axes."""
    return _TEXT[mode]


def strong(mode: Mode | None) -> str:
    """Of what is read first: names, and figures at bars."""
    return _STRONG[mode]


def side_name(*, rises: bool, red_up: bool) -> Literal["green", "red"]:
    """Of a rise or a fall, as Streamlit names what `formatting.side` gives."""
    return "green" if rises is not red_up else "red"


def hover(mode: Mode | None) -> dict[str, str]:
    """Of what is told when a chart is pointed at: the page's own colours, as in .streamlit/config.toml."""
    return {
        "light": {"bgcolor": "#ffffff", "bordercolor": "#dfe4ea"},
        "dark": {"bgcolor": "#10151c", "bordercolor": "#2c3644"},
        None: {"bgcolor": "#f3f5f8", "bordercolor": "#dfe4ea"},
    }[mode]
