"""The parts of the page, each in a bordered card on the one grid."""

import re
from collections.abc import Sequence
from typing import Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from southbound import wording
from southbound.changes import Changes, Metric, Mover, Stake
from southbound.dashboard import charts, controls, notices
from southbound.dashboard.address import View
from southbound.dashboard.notices import Notice
from southbound.history import History

ROWS_AT_ONCE = 8
"""Of a table; more of them scroll inside its card."""

_Arrow = Literal["up", "down", "off"]
_COLOURS: dict[_Arrow, Literal["green", "red", "off"]] = {"up": "green", "down": "red", "off": "off"}


def show(notice: Notice) -> None:
    """A message instead of figures, or above them."""
    box = {"info": st.info, "warning": st.warning, "error": st.error}[notice.kind]
    icon = {"info": ":material/info:", "warning": ":material/warning:", "error": ":material/error:"}[
        notice.kind
    ]
    box(f"**{plain(notice.title)}**  \n{plain(notice.what_next)}", icon=icon)


def key_figures(changes: Changes, chosen: View) -> None:
    """Four equal cards: the list, its breadth, and its two extremes."""
    breadth = changes.breadth()
    extremes = changes.movers(chosen.metric, 1)
    on_both = len(changes.codes)
    on_the_list, direction, top, bottom = st.columns(4)
    with on_the_list:
        _key_figure(
            "Stocks on the list",
            f"{on_both + breadth.added:,}",
            f"{breadth.added} added, {breadth.removed} removed",
            f"{on_both + breadth.removed:,} on {wording.day(changes.pair.old)}",
        )
    with direction:
        _key_figure(
            "Rose / fell",
            f"{breadth.rose:,} / {breadth.fell:,}",
            f"{breadth.unchanged:,} unchanged",
            f"of {on_both:,} that are on both lists",
        )
    with top:
        _extreme("Largest rise", extremes.top, chosen.metric)
    with bottom:
        _extreme("Largest fall", extremes.bottom, chosen.metric)


def movers(changes: Changes, chosen: View) -> None:
    """The ranking, and which end of it."""
    scope, metric = chosen.scope, chosen.metric
    both = changes.movers(metric, scope.length)
    ranked = both.top if scope.rises else both.bottom
    with st.container(border=True, height="stretch"):
        period = wording.window(changes.pair.window)
        st.subheader(f"Largest {'rises' if scope.rises else 'falls'} over {period}", anchor=False)
        st.caption(f"{wording.METRIC_LABELS[metric]}, {wording.compared(changes.pair)}")
        controls.choose_scope()
        if ranked:
            _draw(charts.movers(ranked, metric), key="movers")
        else:
            show(notices.no_movers(changes.pair, metric, rises=scope.rises))


def trend(history: History, chosen: View) -> None:
    """One stock over all stored days."""
    first, last = wording.day(history.dates[0]), wording.day(history.dates[-1])
    period = f"{first} to {last}; sessions that are not stored are gaps" if first != last else f"{last} alone"
    with st.container(border=True, height="stretch"):
        st.subheader("Trend of one stock: shares held and stake", anchor=False)
        st.caption(period)
        controls.choose_stock(history)
        _draw(charts.trend(history, chosen.stock), key="trend")


def additions_and_removals(changes: Changes) -> None:
    """Who is on one of the two lists alone."""
    new, old = wording.day(changes.pair.new), wording.day(changes.pair.old)
    added, removed = st.columns(2)
    with added, st.container(border=True, height="stretch"):
        st.subheader("Added to the list", anchor=False)
        st.caption(f"On the list of {new}, not on that of {old}")
        _stakes(changes.added)
    with removed, st.container(border=True, height="stretch"):
        st.subheader("Gone from the list", anchor=False)
        st.caption(f"On the list of {old}, not on that of {new}; that does not mean sold")
        _stakes(changes.removed)


def plain(text: str) -> str:
    """Text that Markdown would read signs in, such as the names of stocks, to be shown as it stands."""
    return re.sub(r"([\\`*_{}\[\]<>#+!|$~:])", r"\\\1", text)


def _extreme(title: str, ranked: Sequence[Mover], metric: Metric) -> None:
    if not ranked:
        _key_figure(title, wording.NONE, "none", "No holding moved that way")
        return
    mover = ranked[0]
    arrow: _Arrow = "up" if mover.change > 0 else "down"
    _key_figure(title, wording.change(metric, mover.change), wording.code(mover.code), mover.name, arrow)


def _key_figure(title: str, figure: str, beside: str, below: str, arrow: _Arrow = "off") -> None:
    # The last line is no part of the metric, which would cut it off instead of breaking it.
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(title, figure, beside, delta_color=_COLOURS[arrow], delta_arrow=arrow)
        st.caption(plain(below))


def _stakes(stakes: Sequence[Stake]) -> None:
    if not stakes:
        st.caption("None.")
        return
    table = pd.DataFrame(
        {
            "Code": [wording.code(stake.code) for stake in stakes],
            "Name": [plain(stake.name) for stake in stakes],
            "Shares": [wording.shares(stake.shares) for stake in stakes],
            "Stake": [wording.percent(stake.percent) for stake in stakes],
        }
    )
    with st.container(height=340 if len(stakes) > ROWS_AT_ONCE else "content", border=False):
        st.table(table, border="horizontal", hide_index=True)


def _draw(figure: go.Figure, key: str) -> None:
    st.plotly_chart(figure, key=key, height="stretch", config={"displayModeBar": False})
