"""The card of the movers: the ranking, and which end of it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from southbound.dashboard.charts import movers_chart
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.state import session_state
from southbound.dashboard.views import notices, widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.text_table import text_table
from southbound.market.adjustments.events import Kind
from southbound.market.changes import Changes
from southbound.market.daily_holdings import WHOLE
from southbound.market.metrics import Metric
from southbound.market.ranking import Mover, rank
from southbound.presentation import chart_texts, formatting, phrases
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import BOTH, FALLS, RISES, ViewState
from southbound.queries.market_view import MarketView

_TITLES = {
    RISES: gettext_noop("Largest rises over {window}"),
    FALLS: gettext_noop("Largest falls over {window}"),
    BOTH: gettext_noop("Largest rises and falls over {window}"),
}


def movers(market_view: MarketView, changes: Changes, chosen: ViewState, mode: Mode | None) -> None:
    """The largest rises or falls; a click on one shows its trend."""
    scope, metric = chosen.scope, chosen.metric
    found = rank(changes, metric, scope.length, chosen.floors)
    ranked = (*found.top * scope.rises, *found.bottom * scope.falls)
    title = gettext(_TITLES[scope.end], window=formatting.window(changes.pair.window))
    stock = market_view.code_on(changes.pair.new, chosen.stock or 0, changes.codes)
    with st.container(border=True, height="stretch", gap="xsmall", key="movers_card"):
        widgets.title(
            title,
            gettext(
                "{metric}, {compared}",
                metric=gettext(metric.label),
                compared=formatting.compared(changes.pair),
            ),
            formatting.trades(changes.pair.trades),
        )
        if ranked:
            looks = stock, chosen.red_up, mode
            st.plotly_chart(
                market_view.worded(
                    ("movers chart", changes.pair, chosen.kind, metric, scope, chosen.floors, *looks),
                    lambda: movers_chart.movers(
                        ranked, metric, chosen=stock, red_up=chosen.red_up, mode=mode
                    ),
                ),
                key="movers",
                on_select=_select_clicked,
                selection_mode="points",
                config=widgets.MODEBAR,
                theme=None,
                alt=chart_texts.movers(title, metric, ranked),
            )
        elif metric.needs_prices and not market_view.companions.prices.dates:
            widgets.show(notices.no_prices())
        elif metric.needs_prices and not changes.flow().priced and changes.flow().unpriced:
            widgets.show(notices.no_price_of(changes.pair.trades))
        else:
            widgets.show(notices.no_movers(changes.pair, metric, scope.end))
        names = market_view.history.names
        left_out = [
            phrases.below_floor(found, chosen.floors),
            phrases.unpriced(changes.flow()) if metric.needs_prices and ranked else "",
            _not_ranked(changes, names),
            _above_whole(changes, names),
        ]
        if any(left_out):
            st.caption(plain(gettext(". ").join(filter(None, left_out))))
    if ranked:
        with st.container(key="movers_below"):
            _as_table(title, metric, ranked, stock)


def _as_table(title: str, metric: Metric, ranked: Sequence[Mover], chosen: int | None) -> None:
    """What the chart shows, hover and click too; drawn only when it is wanted."""
    with widgets.as_table("movers") as table:
        if table.open:
            text_table(
                title,
                chart_texts.movers_table(metric, ranked),
                key="movers_rows",
                numbers=(gettext("Rank"), gettext("Before"), gettext("Now"), gettext("Change")),
                codes=[mover.code for mover in ranked],
                chosen=chosen,
            )


def _not_ranked(changes: Changes, names: Mapping[int, str]) -> str:
    suspect = [event for event in changes.events if event.kind is Kind.SUSPECT]
    if not suspect:
        return ""
    codes = sorted({event.code for event in suspect})
    return gettext(
        "Not ranked, since the page cannot tell whether somebody traded: {stocks}; see Mechanical below",
        stocks=formatting.listed(formatting.stock(code, names[code]) for code in codes),
    )


def _above_whole(changes: Changes, names: Mapping[int, str]) -> str:
    above = (changes.old_percents > WHOLE) | (changes.new_percents > WHOLE)
    if not above.any():
        return ""
    return gettext(
        "Suspect and not ranked, with more than {whole}% of the issued shares: {stocks}",
        whole=f"{WHOLE:g}",
        stocks=formatting.listed(
            formatting.stock(code, names[code]) for code in changes.codes[above].tolist()
        ),
    )


def _select_clicked() -> None:
    points = st.session_state["movers"].selection.points
    if points:
        session_state.select(points[0]["customdata"][movers_chart.CODE])
