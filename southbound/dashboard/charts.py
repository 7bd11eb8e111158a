"""The page's charts. Text and grid take the colours of the page's theme; traces do not, so they have ours."""

import html
import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from southbound import wording
from southbound.changes import Metric, Mover
from southbound.dashboard import axis
from southbound.history import History
from southbound.holdings import Floats

ACCENT = "#3b7dd8"
"""Readable on white and on near-black; also `primaryColor` in .streamlit/config.toml."""

LABEL_WIDTH = 60
"""Characters of a name that fit beside each other on a page of 500 px; the longest name has 75."""

LEAST_SPAN = 0.005
"""Of the figure itself: what moved less in all the days shown is drawn as nearly flat, as it is."""

LABEL_SIZE = 13
"""In pixels; what `LABEL_WIDTH` is reckoned for."""

MARKED_SESSIONS = 65
"""Up to a quarter of a year each session has its marker; beyond that they would run together."""


def movers(ranked: Sequence[Mover], metric: Metric) -> go.Figure:
    """Horizontal bars, the largest change on top, each under its own label.

    Labels stand above the bars and not beside them: names have up to 75 letters.
    """
    labels = [label(mover) for mover in ranked]
    lines = max((text.count("<br>") + 1 for text in labels), default=1)
    rows = list(range(len(ranked)))
    changes = [mover.change for mover in ranked]
    figure = go.Figure(
        go.Bar(
            x=changes,
            y=rows,
            orientation="h",
            width=0.34,
            marker_color=[wording.RISE if change > 0 else wording.FALL for change in changes],
            text=[wording.change(metric, change) for change in changes],
            textposition="outside",
            textfont_size=LABEL_SIZE,
            cliponaxis=False,
            customdata=[[text, *_was_and_is(mover)] for text, mover in zip(labels, ranked, strict=True)],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )
    )
    for row, text in enumerate(labels):
        figure.add_annotation(
            text=text,
            x=0,
            xref="paper",
            xanchor="left",
            y=row - 0.2,
            yanchor="bottom",
            align="left",
            showarrow=False,
            font_size=LABEL_SIZE,
        )
    # A quarter more than the longest bar leaves room for its figure.
    reach = 1.25 * max(map(abs, changes), default=1.0)
    falling = any(change < 0 for change in changes)
    figure.update_xaxes(range=[-reach, 0] if falling else [0, reach], visible=False, fixedrange=True)
    figure.update_yaxes(range=[len(ranked) - 0.6, -0.85], visible=False, fixedrange=True)
    figure.update_layout(
        height=len(ranked) * (32 + 16 * lines) + 12,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        showlegend=False,
    )
    return figure


def trend(history: History, code: int) -> go.Figure:
    """Shares above, stake in percent below, over all sessions between the first and the last stored day.

    A session that is not stored, or whose list lacks the stock, is a gap.
    """
    column = history.column(code)
    days = axis.sessions_shown(history.dates)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    labels = [wording.day(day) for day in days]
    for row, (name, figures, unit) in enumerate(
        (("Shares held", history.shares, "%{y:,.0f} shares"), ("Stake", history.percents, "%{y:.2f}%")),
        start=1,
    ):
        known = {} if column is None else dict(zip(history.dates, figures[:, column], strict=True))
        y = np.array([known.get(day, np.nan) for day in days], dtype=np.float64)
        figure.add_trace(
            go.Scatter(
                x=[day.isoformat() for day in days],
                y=y,
                mode="lines+markers" if len(days) <= MARKED_SESSIONS else "lines",
                line={"color": ACCENT, "width": 2},
                marker={"size": 5},
                name=name,
                customdata=labels,
                hovertemplate=f"%{{customdata}}<br>{unit}<extra></extra>",
                connectgaps=False,
            ),
            row=row,
            col=1,
        )
        figure.update_yaxes(range=_range(y), row=row, col=1)
    ticks = axis.ticks(days)
    # Categories, since a time axis would draw weekends and holidays as gaps too.
    figure.update_xaxes(
        type="category",
        tickmode="array",
        tickvals=[day.isoformat() for day in ticks],
        ticktext=axis.labels(ticks),
        tickangle=0,
        showgrid=False,
        range=[-0.5, len(days) - 0.5],
    )
    figure.update_yaxes(title_text="shares held", exponentformat="B", row=1, col=1)
    figure.update_yaxes(title_text="stake", ticksuffix="%", row=2, col=1)
    figure.update_yaxes(nticks=5, automargin=True, fixedrange=True)
    figure.update_layout(
        height=460,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        showlegend=False,
        hovermode="x",
        # A zoom stays when a day is added, and goes when another stock is chosen.
        uirevision=code,
    )
    return figure


def label(mover: Mover) -> str:
    """Code and name in full, broken into lines that fit a narrow page."""
    lines = textwrap.wrap(f"{wording.code(mover.code)} {mover.name}", LABEL_WIDTH)
    return "<br>".join(html.escape(line, quote=False) for line in lines)


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


def _was_and_is(mover: Mover) -> tuple[str, str]:
    return (
        f"was {wording.shares(mover.old_shares)} shares, {wording.percent(mover.old_percent)}",
        f"is {wording.shares(mover.new_shares)} shares, {wording.percent(mover.new_percent)}",
    )
