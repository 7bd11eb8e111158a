"""The card of the trend: the stock that was chosen, what is worth telling of it, and others beside it."""

import math
from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from southbound.dashboard.charts import lines
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.state import choices
from southbound.dashboard.views import cards, notices, trend_controls
from southbound.dashboard.views.markdown import plain
from southbound.market.holdings import Floats
from southbound.presentation import sentences, wording
from southbound.presentation.view import View
from southbound.queries.findings import Findings
from southbound.queries.trend import Trend, correlation


def trend(findings: Findings, chosen: View, mode: Mode | None) -> None:
    """The chosen stock over a period, or several stocks compared."""
    history = findings.history
    with st.container(border=True, height="stretch", gap="xsmall"):
        if chosen.stock is None or history.column(chosen.stock) is None:
            cards.title("Trend")
            cards.show(notices.unknown_stock(chosen.unknown or wording.code(chosen.stock or 0)))
            return
        unknown = [code for code in chosen.compare if history.column(code) is None]
        codes = (chosen.stock, *(code for code in chosen.compare if code not in unknown))
        shown = findings.trend(codes)
        days = shown.days[shown.shown(chosen.period, chosen.zoom)]
        compared = len(codes) > 1
        period = f"{wording.day(days[0])} to {wording.day(days[-1])}" if len(days) > 1 else "one day alone"
        restated = any(line.restated for line in shown.lines)
        cards.title(
            f"Trend of {len(codes)} stocks compared" if compared else "Trend of one stock",
            period,
            "missing sessions are gaps" if len(days) > 1 else "",
            "earlier holdings in the shares of today" if restated else "",
            f"on no stored list: {', '.join(map(wording.code, unknown))}" if unknown else "",
        )
        told = st.container()
        trend_controls.leave_zoom(chosen)
        question = ("trend chart", codes, chosen.show, chosen.period, chosen.zoom, chosen.averages, mode)
        st.plotly_chart(
            findings.once(question, lambda: lines.trend(shown, chosen, mode)),
            key="trend",
            height="stretch",
            # Streamlit draws a new chart for new figures, so a zoom in the chart alone would be lost.
            on_select=partial(_zoom, days),
            selection_mode="box",
            config=cards.MODEBAR,
            alt="The trend of the chosen stocks",
        )
        # Last, since the signals of a new day are reckoned longer than its charts.
        with told:
            _signals(findings, chosen)
        if compared:
            _correlation(shown, chosen)


def _signals(findings: Findings, chosen: View) -> None:
    day, stock = findings.shown_day(chosen.day), chosen.stock or 0
    signals = findings.signals(day)
    code = findings.code_on(day, stock, signals.codes)
    signal = None if code is None else signals.of(code)
    told = sentences.signal(signal) if signal is not None else (f"not on the list of {wording.day(day)}",)
    if code is not None:
        row, column = findings.history.row(day), findings.history.columns(np.array([code]))[0]
        suspect = sentences.above_whole(float(findings.history.percents[row, column]))
        told = (*((suspect,) if suspect else ()), *told)
    if code not in {None, stock}:
        told = (f"listed as {wording.code(code)}", *told)
    if told:
        st.markdown(" ".join(f":gray-badge[{plain(text)}]" for text in told))


def _correlation(shown: Trend, chosen: View) -> None:
    period = shown.shown(chosen.period, chosen.zoom)
    factors, count = correlation([line.shares[period] for line in shown.lines])
    codes = [wording.code(line.code) for line in shown.lines]
    heading = f"Correlation of the daily changes of holdings, {count} sessions"
    if len(codes) == 2:
        st.caption(f"{heading}: {_written(factors)[0][1]}")
        return
    st.caption(heading)
    st.table(pd.DataFrame(_written(factors), columns=codes, index=codes), border="horizontal")


def _written(factors: Floats) -> list[list[str]]:
    return [
        [wording.NONE if np.isnan(factor) else f"{factor:+.2f}".replace("-", wording.MINUS) for factor in row]
        for row in factors.tolist()
    ]


def _zoom(days: Sequence[date]) -> None:
    """Show the sessions that the box covers; a box gives places among the sessions that were drawn."""
    boxes = st.session_state["trend"].selection.box
    if boxes:
        first, last = sorted(boxes[0]["x"])
        covered = days[max(0, math.ceil(first)) : math.floor(last) + 1]
        if len(covered) > 1:
            choices.zoom((covered[0], covered[-1]))
