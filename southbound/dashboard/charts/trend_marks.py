"""Marks in the trend's chart: what happened to a stock besides buying and selling."""

import html
import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from southbound.dashboard.charts import palette
from southbound.dashboard.charts.trend_panels import Panel, Trace
from southbound.market.adjustments.events import Step
from southbound.market.daily_holdings import Floats
from southbound.presentation import phrases
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
            told.setdefault(place, []).extend(textwrap.wrap(phrases.part(event, part), LABEL_WIDTH))
    if told:
        days = panel.days
        yield panel.axes | {
            "type": "scatter",
            "x": [days[place] for place in told],
            "y": [y[place] for place in told],
            "mode": "markers",
            "marker": {"symbol": "diamond", "size": 9, "color": palette.MARK},
            "name": "adjustment event",
            "showlegend": False,
            "unselected": {"marker": {"opacity": 1}},
            "customdata": [_in_lines(texts) for texts in told.values()],
            "hovertemplate": "%{customdata}<extra></extra>",
        }


def _in_lines(texts: Sequence[str]) -> str:
    return "<br>".join(html.escape(text, quote=False) for text in texts)
