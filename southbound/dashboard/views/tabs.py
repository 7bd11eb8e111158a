"""What is below the charts, a part at a time: stocks, additions, adjustment events, data status, mail."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from southbound.dashboard.views import (
    changes as changes_view,
    controls,
    data_status,
    ownership,
    screener,
    signals,
    stock_figures,
    watchlist,
)
from southbound.market.changes import Changes
from southbound.market.windows import Pair
from southbound.presentation.messages import gettext
from southbound.presentation.view_state import Tab, ViewState
from southbound.queries.market_view import MarketView


def below(  # noqa: C901 - a case for each part
    market_view: MarketView, chosen: ViewState, changes: Changes | None, dates: Pair | None
) -> None:
    """The part that is chosen. The others are not even computed."""
    with st.container(border=True, key="below"):
        controls.choose_tab()
        match chosen.tab:
            case Tab.STOCKS:
                screener.all_stocks(market_view, chosen, dates)
            case Tab.WATCHLIST:
                watchlist.watchlist(market_view, chosen, dates)
            case Tab.SIGNALS:
                signals.signals(market_view, chosen, dates)
            case Tab.STOCK:
                stock_figures.stock_figures(market_view, chosen, dates)
            case Tab.OWNERSHIP:
                ownership.ownership(market_view, chosen, changes)
            case Tab.LIST:
                _compared(changes, changes_view.additions_and_removals)
                if changes is not None and market_view.companions.prices.dates:
                    changes_view.divergences(market_view.divergences(changes.pair), changes)
            case Tab.ADJUSTMENTS:
                names = market_view.history.names
                _compared(changes, partial(changes_view.adjustment_events, names=names))
            case Tab.DATA:
                data_status.data_status(market_view, market_view.shown_day(chosen.day), st.context.theme.type)
            case Tab.MAIL:
                from southbound.dashboard.views import mail  # noqa: PLC0415 - only who looks at it waits for it

                mail.newest_mail()


def _compared(changes: Changes | None, draw: Callable[[Changes], None]) -> None:
    if changes is None:
        st.caption(gettext("There are no two dates to compare yet."))
    else:
        draw(changes)
