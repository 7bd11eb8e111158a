"""Our net buying beside the exchange's: its history, and why the two differ."""

from datetime import date

import streamlit as st

from southbound.dashboard.charts import reconciliation_chart
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.views import widgets
from southbound.dashboard.views.text_table import text_table
from southbound.market import day_in_money
from southbound.presentation import chart_texts, formatting, phrases
from southbound.presentation.messages import gettext
from southbound.queries.market_view import MarketView


def reconciliation(market_view: MarketView, day: date, mode: Mode | None) -> None:
    """Of the last dates up to one; nothing where neither prices nor turnover are stored."""
    companions = market_view.companions
    if not (companions.prices.dates or companions.official):
        return
    found = market_view.money(day)
    dates = [each for each in found.reconciled if day_in_money.known(each)]
    title = gettext("Net buying beside the exchange's own")
    st.markdown(f"**{title}**")
    if not dates:
        st.caption(gettext("No date up to this one has a figure yet."))
        return
    st.plotly_chart(
        market_view.worded(
            ("reconciliation chart", day, mode),
            lambda: reconciliation_chart.reconciliation(found.reconciled, mode),
        ),
        key="reconciliation",
        config=widgets.MODEBAR,
        theme=None,
        alt=chart_texts.reconciliation(dates),
    )
    newest_first = dates[::-1]
    text_table(
        gettext("Net buying beside the exchange's own, the newest date first"),
        {
            gettext("Shareholding date"): [formatting.day(each.day) for each in newest_first],
            gettext("Shows"): [formatting.trades(each.trades) for each in newest_first],
            gettext("Ours"): [formatting.net_buying(each.ours) for each in newest_first],
            gettext("Official"): [formatting.net_buying(each.official) for each in newest_first],
            gettext("Gap"): [formatting.net_buying(each.gap) for each in newest_first],
            gettext("Known reasons"): [phrases.reasons_for_gap(each) for each in newest_first],
        },
        key="reconciled",
        numbers=(gettext("Ours"), gettext("Official"), gettext("Gap")),
    )
