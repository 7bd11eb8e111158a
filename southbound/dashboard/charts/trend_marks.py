"""Marks in the trend's chart: what happened to a stock besides buying and selling."""

import html
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from southbound.dashboard.charts import palette
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.charts.trend_panels import Panel, Trace
from southbound.market.adjustments.events import Step
from southbound.market.daily_holdings import Floats
from southbound.market.windows import Pair
from southbound.presentation import phrases
from southbound.presentation.lines import wrapped
from southbound.presentation.messages import gettext
from southbound.presentation.view_state import Show
from southbound.queries.trend import Line

LABEL_WIDTH = 56
"""Characters of what a mark says that fit beside each other on a page of 500 px."""


def marks(panel: Panel, line: Line, y: Floats) -> Iterator[Trace]:
    """A mark on each session with an adjustment event; it says what happened."""
    places = {day: place for place, day in enumerate(panel.trend.days[panel.period])}
    told: dict[int, list[str]] = {}
    shown = [(event, part) for event in line.events for part in event.parts]
    for event, part in shown:
        place = places.get(part.day)
        # A new base moves percentages alone.
        seen = panel.show is Show.STAKE or part.step is not Step.BASE
        if seen and place is not None and not np.isnan(y[place]):
            told.setdefault(place, []).extend(wrapped(phrases.part(event, part), LABEL_WIDTH))
    if told:
        days = panel.days
        yield panel.axes | {
            "type": "scatter",
            "x": [days[place] for place in told],
            "y": [float(y[place]) for place in told],
            "mode": "markers",
            "marker": {"symbol": "diamond", "size": 9, "color": palette.MARK},
            "name": gettext("adjustment event"),
            "showlegend": False,
            "unselected": {"marker": {"opacity": 1}},
            "customdata": [_in_lines(texts) for texts in told.values()],
            "hovertemplate": "%{customdata}<extra></extra>",
        }


def window(panel: Panel, dates: Pair, mode: Mode | None) -> Iterator[Trace]:
    """Shapes of the layout: what is compared is shaded, and where it ends there is a line.

    Of a window that reaches beyond the sessions that are drawn, the part within is; one that begins or ends
    where none are has no shapes.
    """
    days = panel.trend.days[panel.period]
    first, last = bisect_left(days, dates.old), bisect_right(days, dates.new) - 1
    if last < 0 or first >= len(days):
        return
    place = {"yref": f"y{panel.axis} domain", "xref": "x", "y0": 0, "y1": 1, "layer": "below"}
    yield place | {
        "type": "rect",
        "x0": panel.days[first],
        "x1": panel.days[last],
        "fillcolor": palette.SHADE,
        "line": {"width": 0},
    }
    if last < len(days) - 1:
        yield place | {
            "type": "line",
            "x0": panel.days[last],
            "x1": panel.days[last],
            "line": {"width": 1.5, "dash": "dot", "color": palette.text(mode)},
            "label": {
                "text": panel.days[last] if panel.place == 0 else "",
                "textangle": 0,
                "textposition": "start",
                "xanchor": "right" if 2 * last > len(days) else "left",
                "font": {"size": 12, "color": palette.text(mode)},
            },
        }


def _in_lines(texts: Sequence[str]) -> str:
    return "<br>".join(html.escape(text, quote=False) for text in texts)
