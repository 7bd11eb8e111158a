"""The card of the watchlist: a line of figures for each stock that the reader follows."""

import streamlit as st

from southbound.dashboard.state import session_state
from southbound.dashboard.views import widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.text_table import text_table
from southbound.market.metrics import Metric
from southbound.market.windows import Pair
from southbound.presentation import formatting, phrases
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView
from southbound.queries.stock_table import heading

SHOWN = "watched"
"""The switch that chooses one of them for the trend."""


def watchlist(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """All stocks that are followed, in the order in which they were chosen, and the way to each trend."""
    day = market_view.shown_day(chosen.day)
    table = market_view.stock_table(day, chosen.metric, dates)
    against = ", ".join(f"{formatting.day(pair.old)} ({heading(pair)})" for pair in table.changes)
    widgets.title(
        f"Watchlist on {formatting.day(day)}", f"{chosen.metric.label}, against {against}" if against else ""
    )
    if not chosen.watch:
        st.caption(
            "You follow no stock yet: choose some under Watchlist, or press Follow at a stock's trend."
        )
        return
    lines = market_view.watched(chosen.watch, table)
    signals = market_view.signals(day)
    told = [
        ""
        if line is None or (signal := signals.of(line.listed_as)) is None
        else ", ".join(phrases.signal(signal))
        for line in lines
    ]
    names = market_view.history.names
    text_table(
        "The stocks that you follow",
        {
            "Code": [formatting.code(code) for code in chosen.watch],
            "Name": [
                names.get(code, "on no stored list") if line is None else line.name
                for code, line in zip(chosen.watch, lines, strict=True)
            ],
            "Shares": [formatting.NONE if line is None else formatting.shares(line.shares) for line in lines],
            "Stake": [
                formatting.NONE if line is None else formatting.percent(line.percent) for line in lines
            ],
            **{
                heading(pair): [
                    formatting.NONE if line is None else _in_one_line(chosen.metric, line.changes[pair])
                    for line in lines
                ]
                for pair in table.changes
            },
            "Worth telling": [
                f"not on the list of {formatting.day(day)}" if line is None else words
                for line, words in zip(lines, told, strict=True)
            ],
        },
        key="watched_rows",
        numbers=("Shares", "Stake", *map(heading, table.changes)),
        codes=chosen.watch,
        chosen=chosen.stock,
    )
    labels = market_view.labels()
    st.pills(
        "Show the trend of",
        [code for code in chosen.watch if code in labels],
        key=SHOWN,
        format_func=lambda code: plain(labels[code]),
        on_change=_show,
    )


def _in_one_line(metric: Metric, change: float) -> str:
    return formatting.change(metric, change).replace(" ", "\N{NO-BREAK SPACE}")


def _show() -> None:
    code = st.session_state[SHOWN]
    if code is not None:
        session_state.select(code)
