"""The chart of a trend: holdings above, stakes below, over all sessions of a period."""

import html
from collections.abc import Iterator, Sequence

import numpy as np

from southbound.common.language import spoken
from southbound.dashboard.charts import palette
from southbound.dashboard.charts.figure import PreparedFigure, drawn, with_blanks
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.charts.trend_marks import marks, window
from southbound.dashboard.charts.trend_panels import Panel, Trace, figures, heading, sessions
from southbound.market.daily_holdings import Floats
from southbound.market.metrics import PERCENT, POINTS, SHARES
from southbound.market.windows import Pair
from southbound.presentation import formatting, time_axis
from southbound.presentation.lines import shortened
from southbound.presentation.messages import gettext
from southbound.presentation.view_state import Show, ViewState
from southbound.queries.trend import Line, Trend, average

MARKED_SESSIONS = 65
"""Up to a quarter of a year each session has its marker; beyond that they would run together."""

_HEIGHTS = {1: 380, 2: 480, 3: 580}
"""In pixels, of so many panels."""

_AVERAGES = {5: (palette.LINES[1], "dot"), 20: (palette.LINES[2], "dash")}


def trend(
    shown: Trend, view: ViewState, mode: Mode | None = None, dates: Pair | None = None
) -> PreparedFigure:
    """One stock with its averages, or several, at their levels or rebased to 100.

    A session that is not stored, or whose list lacks the stock, is a gap.

    Args:
        shown: the stocks.
        view: what is chosen.
        mode: of the page.
        dates: what is compared; it is shaded, and its end is marked unless it is the last session.
    """
    period, compared = shown.shown(view.period, view.zoom, dates.old if dates else None), len(shown.lines) > 1
    rebased = compared and view.rebase
    wanted = _wanted(shown, view)
    days = [time_axis.name(day) for day in shown.days[period]]
    panels = [Panel(show, shown, period, days, compared, place, rebased) for place, show in enumerate(wanted)]
    traces: list[Trace] = []
    layout: dict[str, object] = {
        "annotations": [heading(panel, mode) for panel in panels],
        "shapes": [shape for panel in panels for shape in window(panel, dates, mode)] if dates else [],
        "height": _HEIGHTS[len(panels)] + 60 * compared * (len(panels) > 1),
        "margin": {"l": 0, "r": 8, "t": 26, "b": 0},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        # Dragging selects sessions, and the page shows those alone; see `trend_card`.
        "dragmode": "select",
        "selectdirection": "h",
        # What Streamlit would set after the first drawing, and so draw a second time.
        "clickmode": "event",
        "showlegend": compared or bool(view.averages),
        "legend": {
            "orientation": "h",
            "x": 0,
            # Below the labels of the axis: the day, the year; in Chinese the month between them.
            "y": -0.22 if spoken().is_chinese else -0.16,
            "yanchor": "top",
            "font": {"color": palette.text(mode)},
        },
    }
    for panel in panels:
        lines = panel.drawn()
        traces += [_line(panel, number, y) for number, y in enumerate(lines)]
        if not compared:
            traces += _averages(panel, view.averages)
        for line, y in zip(shown.lines, lines, strict=True):
            traces += marks(panel, line, y)
        layout[f"yaxis{panel.axis}"] = figures(panel, lines) | {
            "domain": panel.domain(len(panels)),
            "anchor": "x",
            "tickfont": {"color": palette.text(mode)},
        }
    layout["xaxis"] = sessions(panels[0], mode) | {"anchor": f"y{panels[-1].axis}"}
    return drawn(traces, layout, mode)


def _wanted(shown: Trend, view: ViewState) -> list[Show]:
    """The panels: the one that is chosen; else holding and stake, and of one stock the price if known.

    The levels of holdings say nothing beside each other, so that there are stakes alone.
    """
    if view.show is not Show.BOTH:
        return [view.show]
    if len(shown.lines) > 1 and not view.rebase:
        return [Show.STAKE]
    priced = len(shown.lines) == 1 and not np.isnan(shown.lines[0].prices).all()
    return [Show.SHARES, Show.STAKE, *([Show.PRICE] if priced else [])]


def _line(panel: Panel, number: int, y: Floats) -> Trace:
    line = panel.trend.lines[number]
    name = shortened(formatting.stock(line.code, line.name), 34) if panel.compared else gettext("each day")
    name = html.escape(name, quote=False)
    is_worth = panel.show is Show.VALUE and not panel.rebased
    worth = [formatting.money(value) for value in y] if is_worth else [""] * len(y)
    return panel.axes | {
        "type": "scatter",
        "x": panel.days,
        "y": with_blanks(y),
        "mode": "lines+markers" if len(y) <= MARKED_SESSIONS else "lines",
        "line": {"color": palette.LINES[number], "width": 2},
        "marker": {"size": 4 if panel.compared else 5},
        "unselected": {"marker": {"opacity": 1}},
        "name": name,
        "legendgroup": formatting.code(line.code),
        "showlegend": panel.place == 0,
        "customdata": [
            [change, name, value] for change, value in zip(_day_changes(panel, line), worth, strict=True)
        ],
        "hovertemplate": f"{_figure(panel)}%{{customdata[0]}}<extra></extra>",
        "connectgaps": False,
    }


def _figure(panel: Panel) -> str:
    """How the hover writes one; of several stocks with its name."""
    if panel.rebased:
        figure = "%{y:.1f}"
    else:
        match panel.show:
            case Show.SHARES:
                figure = gettext("{figure} shares", figure="%{y:,.0f}")
            case Show.PRICE:
                figure = gettext("HK${figure}", figure="%{y:,.2f}")
            case Show.VALUE:
                figure = "%{customdata[2]}"
            case _:
                figure = "%{y:.2f}%"
    return gettext("{stock}: {figure}", stock="%{customdata[1]}", figure=figure) if panel.compared else figure


def _day_changes(panel: Panel, line: Line) -> list[str]:
    """What each session changed, in the panel's unit and in % of the one before; nothing where not known."""
    values = panel.values(line)
    before = np.concatenate([[np.nan], values[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = (values / before - 1) * 100
    metric = {Show.SHARES: SHARES, Show.STAKE: POINTS}.get(panel.show)
    told = []
    for moved, part in zip((values - before)[panel.period], relative[panel.period], strict=True):
        parts = []
        if metric is not None and not panel.rebased and np.isfinite(moved):
            parts.append(formatting.change(metric, moved))
        if (panel.rebased or metric is not POINTS) and np.isfinite(part):
            parts.append(formatting.change(PERCENT, part))
        told.append("".join(gettext(", {change}", change=text) for text in parts))
    return told


def _averages(panel: Panel, counts: Sequence[int]) -> Iterator[Trace]:
    values = panel.values(panel.trend.lines[0])
    for count in counts:
        colour, dash = _AVERAGES[count]
        yield panel.axes | {
            "type": "scatter",
            "x": panel.days,
            "y": with_blanks(average(values, count)[panel.period]),
            "mode": "lines",
            "line": {"color": colour, "width": 1.5, "dash": dash},
            "name": f"MA{count}",
            "legendgroup": f"average {count}",
            "showlegend": panel.place == 0,
            "hoverinfo": "skip",
            "connectgaps": False,
        }
