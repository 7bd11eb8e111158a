"""The card of the trend: the stock that was chosen, what is worth telling of it, and others beside it."""

import math
from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import streamlit as st

from southbound.dashboard.charts import trend_chart
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.state import session_state
from southbound.dashboard.views import notices, trend_controls, widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.text_table import text_table
from southbound.market.daily_holdings import Floats
from southbound.market.windows import Pair
from southbound.presentation import chart_texts, formatting, phrases
from southbound.presentation.messages import gettext, ngettext
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView
from southbound.queries.trend import Line, Trend, correlation


def trend(market_view: MarketView, chosen: ViewState, dates: Pair | None, mode: Mode | None) -> None:
    """The chosen stock over a period, or several stocks compared; what is compared of it is shaded."""
    history = market_view.history
    with st.container(border=True, height="stretch", gap="xsmall", key="trend_card"):
        if chosen.stock is None or history.column(chosen.stock) is None:
            widgets.title(gettext("Trend"))
            widgets.show(notices.unknown_stock(chosen.unknown or formatting.code(chosen.stock or 0)))
            return
        unknown = [code for code in chosen.compare if history.column(code) is None]
        codes = (chosen.stock, *(code for code in chosen.compare if code not in unknown))
        shown = market_view.trend(codes)
        period_shown = shown.shown(chosen.period, chosen.zoom, dates.old if dates else None)
        days = shown.days[period_shown]
        compared = len(codes) > 1
        period = formatting.span(days[0], days[-1]) if len(days) > 1 else gettext("one day alone")
        restated = any(line.restated for line in shown.lines)
        name = formatting.stock(chosen.stock, formatting.short_name(history.names[chosen.stock]))
        with st.container(horizontal=True, vertical_alignment="top"):
            with st.container(gap="xsmall"):
                widgets.title(
                    gettext("Trend of {count} stocks compared", count=len(codes))
                    if compared
                    else gettext("Trend of {stock}", stock=name),
                    period,
                    gettext("missing sessions are gaps") if len(days) > 1 else "",
                    gettext("earlier holdings in the shares of today") if restated else "",
                    gettext(
                        "on no stored list: {codes}", codes=formatting.listed(map(formatting.code, unknown))
                    )
                    if unknown
                    else "",
                )
            trend_controls.follow(chosen.stock, chosen.watch)
        told = st.container()
        trend_controls.leave_zoom(chosen)
        if chosen.show in trend_controls.IN_MONEY and all(
            np.isnan(line.values).all() for line in shown.lines
        ):
            has_prices = bool(market_view.companions.prices.dates)
            widgets.show(notices.no_price_of_stocks() if has_prices else notices.no_prices())
            return
        figures = [_figures(line, shown.days, period_shown) for line in shown.lines]
        asked = (codes, chosen.show, chosen.rebase, chosen.period, chosen.zoom, chosen.averages, dates, mode)
        st.plotly_chart(
            market_view.worded(
                ("trend chart", *asked), lambda: trend_chart.trend(shown, chosen, mode, dates)
            ),
            key="trend",
            # Streamlit draws a new chart for new figures, so a zoom in the chart alone would be lost.
            on_select=partial(_zoom, days),
            selection_mode="box",
            config=widgets.MODEBAR,
            theme=None,
            alt=chart_texts.trend(figures),
        )
        trend_controls.look(shown, period_shown)
        # Last, since the signals of a new day take longer to compute than its charts.
        with told:
            _signals(market_view, chosen)
        if compared:
            _correlation(shown, period_shown)
    with st.container(key="trend_below"):
        _as_table(shown, figures, period_shown)


def _figures(line: Line, days: Sequence[date], period: slice) -> chart_texts.Figures:
    return chart_texts.Figures(
        line.code,
        line.name,
        days[period],
        line.shares[period],
        line.percents[period],
        line.prices[period],
        line.values[period],
        float(line.shares[period.start - 1]) if period.start else math.nan,
    )


def _as_table(shown: Trend, figures: Sequence[chart_texts.Figures], period: slice) -> None:
    """A session a row, or a stock a row where several are compared; drawn only when it is wanted."""
    with widgets.as_table("trend") as table:
        if not table.open:
            return
        if len(figures) > 1:
            text_table(
                gettext("The stocks compared, on the first and the last session of each"),
                chart_texts.compared_table(figures),
                key="compared_rows",
                numbers=[
                    gettext("Before"),
                    gettext("Now"),
                    gettext("Change in %"),
                    gettext("Change in % points"),
                ],
                codes=[line.code for line in shown.lines],
            )
            return
        told: dict[date, list[str]] = {}
        for event in shown.lines[0].events:
            for part in event.parts:
                told.setdefault(part.day, []).append(phrases.part(event, part))
        notes = [formatting.paragraph(told.get(day, ())) for day in shown.days[period]]
        columns = chart_texts.trend_table(figures[0], notes)
        text_table(
            gettext("{stock}, by session, the newest first", stock=figures[0].label),
            columns,
            key="trend_rows",
            numbers=[name for name in columns if name not in {gettext("Date"), gettext("Note")}],
        )


def _signals(market_view: MarketView, chosen: ViewState) -> None:
    day, stock = market_view.shown_day(chosen.day), chosen.stock or 0
    signals = market_view.signals(day)
    code = market_view.code_on(day, stock, signals.codes)
    signal = None if code is None else signals.of(code)
    written = formatting.day(day)
    told = (
        phrases.signal(signal) if signal is not None else (gettext("not on the list of {day}", day=written),)
    )
    if signal is not None and day != market_view.history.dates[-1]:
        told = tuple(gettext("{signal} on {day}", signal=text, day=written) for text in told)
    if code is not None:
        row, column = market_view.history.row(day), market_view.history.columns(np.array([code]))[0]
        suspect = phrases.above_whole(float(market_view.history.percents[row, column]))
        sold_short = market_view.short_of(day, column)
        told = tuple(filter(None, (suspect, *told, sold_short)))
        if code != stock:
            told = (gettext("listed as {code}", code=formatting.code(code)), *told)
    if told:
        st.markdown(" ".join(f":gray-badge[{plain(text)}]" for text in told))


def _correlation(shown: Trend, period: slice) -> None:
    factors, count = correlation([line.shares[period] for line in shown.lines])
    stocks = [formatting.stock(line.code, formatting.short_name(line.name)) for line in shown.lines]
    heading = ngettext(
        "Correlation of the daily changes of holdings, 1 session",
        "Correlation of the daily changes of holdings, {count} sessions",
        count,
    )
    if len(stocks) == 2:
        st.caption(gettext("{title}: {figure}", title=heading, figure=_written(factors)[0][1]))
        return
    st.caption(heading)
    columns = dict(zip(stocks, map(list, zip(*_written(factors), strict=True)), strict=True))
    text_table(heading, {gettext("Stock"): stocks, **columns}, key="correlation", numbers=stocks)


def _written(factors: Floats) -> list[list[str]]:
    return [
        [
            formatting.NONE if np.isnan(factor) else f"{factor:+.2f}".replace("-", formatting.MINUS)
            for factor in row
        ]
        for row in factors.tolist()
    ]


def _zoom(days: Sequence[date]) -> None:
    """Show the sessions that the box covers; a box gives places among the sessions that were drawn."""
    boxes = st.session_state["trend"].selection.box
    if boxes:
        first, last = sorted(boxes[0]["x"])
        covered = days[max(0, math.ceil(first)) : math.floor(last) + 1]
        if len(covered) > 1:
            session_state.zoom((covered[0], covered[-1]))
