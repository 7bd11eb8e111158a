"""The card of the watchlist: a line of figures for each stock that the reader follows."""

from collections.abc import Iterator

import streamlit as st

from southbound.dashboard.views import rows, widgets
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.windows import Pair
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, pgettext
from southbound.presentation.screen_columns import under_heading
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView
from southbound.queries.stock_table import StockTable, heading


def watchlist(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """All stocks that are followed, in the order in which they were chosen, and the way to each trend."""
    day = market_view.shown_day(chosen.day)
    table = market_view.stock_table(day, chosen.metric, dates)
    against = formatting.listed(
        gettext("{day} ({window})", day=formatting.day(pair.old), window=heading(pair))
        for pair in table.changes
    )
    metric, title = gettext(chosen.metric.label), gettext("Watchlist on {day}", day=formatting.day(day))
    widgets.title(title, gettext("{metric}, against {days}", metric=metric, days=against) if against else "")
    if not chosen.watch:
        st.caption(gettext("You follow no stock yet: choose some under Watchlist, or press a star."))
        return
    rows.draw(
        "watched",
        title,
        [
            *rows.code_and_name(),
            Heading("stake", gettext("Stake"), number=True),
            *(Heading("change", heading(pair), number=True) for pair in table.changes),
            Heading("shares", pgettext("held", "Shares"), number=True),
            Heading("prose", gettext("Worth telling")),
        ],
        list(_rows(market_view, chosen, table)),
        chosen=chosen.stock,
        red_up=chosen.red_up,
    )


def _rows(market_view: MarketView, chosen: ViewState, table: StockTable) -> Iterator[Row]:
    names, signals = market_view.history.names, market_view.signals(table.day)
    for code, line in zip(chosen.watch, market_view.watched(chosen.watch, table), strict=True):
        if line is None:
            absent = [Cell(formatting.NONE)] * (2 + len(table.changes))
            gone = Cell(gettext("not on the list of {day}", day=formatting.day(table.day)))
            name = rows.name(code, names[code]) if code in names else Cell(gettext("on no stored list"))
            yield Row([Cell(formatting.code(code)), name, *absent, gone], code, followed=True)
            continue
        signal = signals.of(line.listed_as)
        yield Row(
            [
                Cell(formatting.code(code)),
                rows.name(line.listed_as, line.name),
                rows.stake(line.percent),
                *(
                    rows.change(formatting.change(under_heading(chosen.metric), value), value)
                    for value in line.changes.values()
                ),
                Cell(formatting.shares(line.shares)),
                Cell(formatting.listed(phrases.signal(signal)) if signal is not None else ""),
            ],
            code,
            followed=True,
        )
