"""The chart of a trend: holdings above, stakes below, over all sessions of a period."""

import html
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from southbound import sentences, wording
from southbound.dashboard import axis, palette
from southbound.dashboard.address import Show, View
from southbound.dashboard.palette import Mode
from southbound.dashboard.trend import Line, Trend, average, rebased
from southbound.holdings import Floats
from southbound.moves import Kind

LEAST_SPAN = 0.005
"""Of the figure itself: what moved less in all the days shown is drawn as nearly flat, as it is."""

MARKED_SESSIONS = 65
"""Up to a quarter of a year each session has its marker; beyond that they would run together."""

LABEL_WIDTH = 56
"""Characters of what a mark says that fit beside each other on a page of 500 px."""

_TITLES = {Show.SHARES: "Shares held", Show.STAKE: "Stake in % of the issued shares"}
_UNITS = {Show.SHARES: "%{y:,.0f} shares", Show.STAKE: "%{y:.2f}%"}
_AVERAGES = {5: (palette.LINES[1], "dot"), 20: (palette.LINES[2], "dash")}

Trace = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Panel:
    """One of the two charts that stand above each other.

    Attributes:
        compared: whether several stocks are rebased to 100.
        place: 0 for the upper one, whose lines are in the legend.
    """

    show: Show
    trend: Trend
    period: slice
    compared: bool
    place: int

    @property
    def axis(self) -> str:
        """What plotly puts behind the names of its axes."""
        return str(self.place + 1) if self.place else ""

    @property
    def axes(self) -> Trace:
        return {"xaxis": f"x{self.axis}", "yaxis": f"y{self.axis}"}

    def domain(self, panels: int) -> list[float]:
        """Which part of the chart's height it has, from the bottom."""
        if panels == 1:
            return [0, 1]
        return [0, 0.44] if self.place else [0.56, 1]

    @property
    def days(self) -> list[str]:
        return [axis.name(day) for day in self.trend.days[self.period]]

    @property
    def title(self) -> str:
        title = _TITLES[self.show]
        return f"{title}: 100 is the first session that all have" if self.compared else title

    def values(self, line: Line) -> Floats:
        """All figures of a stock, before the period too."""
        return line.shares if self.show is Show.SHARES else line.percents

    def drawn(self) -> list[Floats]:
        """What is drawn of each stock."""
        values = [self.values(line)[self.period] for line in self.trend.lines]
        return rebased(values) if self.compared else values


def trend(shown: Trend, view: View, mode: Mode | None = None) -> go.Figure:
    """One stock with its averages, or several rebased to 100.

    A session that is not stored, or whose list lacks the stock, is a gap.
    """
    period, compared = shown.shown(view.period, view.zoom), len(shown.lines) > 1
    wanted = [show for show in _TITLES if view.show in {Show.BOTH, show}]
    panels = [_Panel(show, shown, period, compared, place) for place, show in enumerate(wanted)]
    traces: list[Trace] = []
    layout: dict[str, object] = {
        "annotations": [_title(panel, mode) for panel in panels],
        "height": 420 + 60 * compared if len(panels) > 1 else 340,
        "margin": {"l": 0, "r": 8, "t": 26, "b": 0},
        "hovermode": "x",
        # Dragging selects sessions, and the page shows those alone; see `trend_card`.
        "dragmode": "select",
        "selectdirection": "h",
        # What Streamlit would set after the first drawing, and so draw a second time.
        "clickmode": "event",
        "showlegend": compared or bool(view.averages),
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": -0.16,
            "yanchor": "top",
            "font": {"color": palette.text(mode)},
        },
    }
    for panel in panels:
        drawn = panel.drawn()
        traces += [_line(panel, number, y) for number, y in enumerate(drawn)]
        if not compared:
            traces += _averages(panel, view.averages)
        for line, y in zip(shown.lines, drawn, strict=True):
            traces += _marks(panel, line, y)
        layout[f"yaxis{panel.axis}"] = {
            "domain": panel.domain(len(panels)),
            "anchor": f"x{panel.axis}",
            "range": _range(np.concatenate(drawn)),
            "tickfont": {"color": palette.text(mode)},
        }
        layout[f"xaxis{panel.axis}"] = _sessions(panel, mode) | {
            "anchor": f"y{panel.axis}",
            "showticklabels": panel.place == len(panels) - 1,
            "matches": "x" if panel.place else None,
        }
    # In one piece: changing a figure part by part takes plotly ten times as long.
    return go.Figure(data=traces, layout=layout)


def _sessions(panel: _Panel, mode: Mode | None) -> dict[str, object]:
    ticks = axis.ticks(panel.trend.days[panel.period])
    # Categories, since a time axis would draw weekends and holidays as gaps too.
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": panel.days,
        "tickmode": "array",
        "tickvals": [axis.name(day) for day in ticks],
        "ticktext": axis.labels(ticks),
        "tickangle": 0,
        "tickfont": {"color": palette.text(mode)},
    }


def _line(panel: _Panel, number: int, y: Floats) -> Trace:
    line, code = panel.trend.lines[number], wording.code(panel.trend.lines[number].code)
    name = textwrap.shorten(f"{code} {line.name}", 34, placeholder="…") if panel.compared else "each day"
    unit = "%{y:.1f}" if panel.compared else _UNITS[panel.show]
    return panel.axes | {
        "type": "scatter",
        "x": panel.days,
        "y": y,
        "mode": "lines+markers" if len(y) <= MARKED_SESSIONS else "lines",
        "line": {"color": palette.LINES[number], "width": 2},
        "marker": {"size": 4 if panel.compared else 5},
        "unselected": {"marker": {"opacity": 1}},
        "name": html.escape(name, quote=False),
        "legendgroup": code,
        "showlegend": panel.place == 0,
        "hovertemplate": f"%{{x}}<br>{code}: {unit}<extra></extra>",
        "connectgaps": False,
    }


def _averages(panel: _Panel, counts: Sequence[int]) -> Iterator[Trace]:
    values = panel.values(panel.trend.lines[0])
    for count in counts:
        colour, dash = _AVERAGES[count]
        yield panel.axes | {
            "type": "scatter",
            "x": panel.days,
            "y": average(values, count)[panel.period],
            "mode": "lines",
            "line": {"color": colour, "width": 1.5, "dash": dash},
            "name": f"average of {count} sessions",
            "legendgroup": f"average {count}",
            "showlegend": panel.place == 0,
            "hoverinfo": "skip",
            "connectgaps": False,
        }


def _marks(panel: _Panel, line: Line, y: Floats) -> Iterator[Trace]:
    """A mark on each session with a mechanical move; it says what happened."""
    places = {day: place for place, day in enumerate(panel.trend.days[panel.period])}
    told: dict[int, list[str]] = {}
    for move in line.moves:
        place = places.get(move.day)
        # A new base moves percentages alone.
        seen = panel.show is Show.STAKE or move.kind is not Kind.NEW_BASE
        if seen and place is not None and not np.isnan(y[place]):
            told.setdefault(place, []).extend(textwrap.wrap(sentences.mechanical(move), LABEL_WIDTH))
    if told:
        days = panel.days
        yield panel.axes | {
            "type": "scatter",
            "x": [days[place] for place in told],
            "y": [y[place] for place in told],
            "mode": "markers",
            "marker": {"symbol": "diamond", "size": 9, "color": palette.MARK},
            "name": "mechanical move",
            "showlegend": False,
            "unselected": {"marker": {"opacity": 1}},
            "customdata": [_in_lines(texts) for texts in told.values()],
            "hovertemplate": "%{customdata}<extra></extra>",
        }


def _title(panel: _Panel, mode: Mode | None) -> dict[str, object]:
    return {
        "text": panel.title,
        "xref": "paper",
        "yref": f"y{panel.axis} domain",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": 13, "color": palette.strong(mode)},
    }


def _in_lines(texts: Sequence[str]) -> str:
    return "<br>".join(html.escape(text, quote=False) for text in texts)


def _range(values: Floats) -> list[float] | None:
    """An axis that a change of a ten-thousandth does not fill; None where the figures need no such help."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    least = LEAST_SPAN * high
    if high - low >= least:
        return None
    middle = (low + high) / 2
    return [middle - least, middle + least]
