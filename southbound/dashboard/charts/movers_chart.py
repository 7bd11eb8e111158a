"""The movers' chart. Grid and fonts are the theme's; see `palette` for the colours."""

import html
from collections.abc import Sequence
from itertools import accumulate

from southbound.common.language import local_name
from southbound.dashboard.charts import palette
from southbound.dashboard.charts.figure import PreparedFigure, drawn
from southbound.dashboard.charts.palette import Mode
from southbound.market.metrics import Metric
from southbound.market.ranking import Mover
from southbound.presentation import formatting, phrases
from southbound.presentation.lines import columns, wrapped
from southbound.presentation.messages import gettext

LABEL_WIDTH = 36
"""Characters of a name that fit beside each other on a page of 375 px; the longest name has 75."""

CODE = 3
"""Where the stock's code stands in what a click gives."""

LABEL_SIZE = 13
"""In pixels; what `LABEL_WIDTH` is computed for."""

LINE, BAR, GAP = 16, 17, 13
"""In pixels: the height of a line of a label, of a bar, and what is left between two rows."""

NARROW = 310
"""In pixels: the width of the chart on a page of 375 px."""

CHOSEN = "rgba(59, 125, 216, 0.14)"
"""Behind the row of the stock that the trend shows: `palette.ACCENT`, thinned."""


def movers(
    ranked: Sequence[Mover],
    metric: Metric,
    *,
    chosen: int | None = None,
    red_up: bool = False,
    mode: Mode | None = None,
) -> PreparedFigure:
    """Horizontal bars, the largest change on top, each under its own label; falls go to the left.

    Labels stand above the bars and not beside them: names have up to 75 letters. Behind each bar is a row
    as wide as the chart, so that a short bar can be clicked too.
    """
    labels = [label(mover) for mover in ranked]
    heights = [LINE * (text.count("<br>") + 1) + BAR + GAP for text in labels]
    # The axis counts pixels, and runs downwards: a row is as high as its label needs.
    ends = list(accumulate(heights))
    changes = [mover.change for mover in ranked]
    figures = [formatting.change(metric, change) for change in changes]
    left, right = _reach(changes, _room(figures))
    shown = {
        "type": "bar",
        "orientation": "h",
        "customdata": [
            [text + _in_english(mover), *_was_and_is(mover), mover.code]
            for text, mover in zip(labels, ranked, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        # What was clicked is shown by its row, not by fading the others.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }
    bars = shown | {
        "x": changes,
        "y": [end - GAP / 2 - BAR / 2 for end in ends],
        "width": BAR,
        "marker": {"color": [formatting.side(rises=change > 0, red_up=red_up) for change in changes]},
        "text": figures,
        "textposition": "outside",
        "textfont": {"size": LABEL_SIZE, "color": palette.strong(mode)},
        "cliponaxis": False,
    }
    rows = shown | {
        "x": [right - left for _ in ranked],
        "base": left,
        "y": [end - height / 2 for end, height in zip(ends, heights, strict=True)],
        "width": heights,
        "marker": {"color": [CHOSEN if mover.code == chosen else "rgba(0,0,0,0)" for mover in ranked]},
    }
    # A trace of letters: as annotations of the layout they take a browser five times as long.
    names = {
        "type": "scatter",
        "mode": "text",
        "x": [left] * len(ranked),
        "y": [end - GAP / 2 - BAR for end in ends],
        "text": labels,
        "textposition": "top right",
        "textfont": {"size": LABEL_SIZE, "color": palette.strong(mode)},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    layout = {
        "xaxis": {"range": [left, right], "visible": False, "fixedrange": True},
        "yaxis": {"range": [ends[-1] if ends else 1, 0], "visible": False, "fixedrange": True},
        "barmode": "overlay",
        "hovermode": "closest",
        # What Streamlit would set after the first drawing, and so draw a second time.
        "dragmode": "pan",
        "clickmode": "event+select",
        "height": sum(heights) + 12,
        "margin": {"l": 0, "r": 0, "t": 4, "b": 4},
        "showlegend": False,
    }
    return drawn([bars, rows, names], layout, mode)


def _room(figures: Sequence[str]) -> float:
    """The part of a narrow chart's width that the longest of the figures at its bars takes: 0.2 to 0.4."""
    widest = max(map(columns, figures), default=0)
    return min(max(0.2, (widest * LABEL_SIZE / 2 + 6) / NARROW), 0.4)


def _reach(changes: Sequence[float], room: float) -> tuple[float, float]:
    """From where to where the axis goes: the bars, and on each side that has some the room for a figure."""
    fall, rise = max(0.0, *(-change for change in changes), 0.0), max(0.0, *changes, 0.0)
    sides = (fall > 0) + (rise > 0)
    beside = room * (fall + rise) / (1 - sides * room)
    return -fall - beside * (fall > 0), rise + beside * (rise > 0)


def label(mover: Mover) -> str:
    """Code and name, in lines that fit a narrow page, and what the change is adjusted for."""
    stock = formatting.stock(mover.code, formatting.short_name(mover.name))
    lines = [*wrapped(stock, LABEL_WIDTH), phrases.adjusted(mover)]
    return "<br>".join(html.escape(line, quote=False) for line in filter(None, lines))


def _in_english(mover: Mover) -> str:
    """The English name, on a line of its own, where the label has another."""
    if local_name(mover.code, mover.name) == mover.name:
        return ""
    return f"<br>{html.escape(mover.name, quote=False)}"


def _was_and_is(mover: Mover) -> tuple[str, str]:
    return (
        gettext("was {held}", held=formatting.held(mover.old_shares, mover.old_percent)),
        gettext("is {held}", held=formatting.held(mover.new_shares, mover.new_percent)),
    )
