"""The page, from top to bottom. Streamlit runs this file again for every change."""

from datetime import date

import streamlit as st

from southbound.common.errors import SouthboundError
from southbound.config.access import Standing
from southbound.dashboard.auth import sign_in_page
from southbound.dashboard.live import rerun, streamlit_words
from southbound.dashboard.state import reader, session_state, watchlist_storage
from southbound.dashboard.state.resources import process
from southbound.dashboard.views import announcement, controls, movers, notices, sidebar, tabs, trend, widgets
from southbound.dashboard.views.markdown import plain
from southbound.market.changes import Changes
from southbound.market.history import History
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair, free_pair, pair
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import ViewState
from southbound.presentation.view_summary import view_summary
from southbound.queries.current import current_view, is_of_late
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import StoreSnapshot
from southbound.store.sign_outs import SignOuts

TITLE = gettext_noop("Mainland ownership of Hong Kong stocks")


def sign_outs() -> SignOuts:
    """Those that this process knows of."""
    return process().sign_outs


def page() -> None:
    """Draw the page as the store is now."""
    reader.write_page_for(session_state.language())
    st.set_page_config(page_title=gettext(TITLE), layout="wide", initial_sidebar_state=sidebar.WIDTH)
    standing = sign_in_page.standing(process().settings.dashboard, sign_outs)
    if standing is not Standing.ADMITTED:
        st.title(gettext(TITLE), anchor=False)
        sign_in_page.instead_of_figures(standing, process().settings.dashboard)
        streamlit_words.replace()
        return
    snapshot = process().store_watcher.snapshot()
    market_view, trouble = _figures(snapshot, whole=False)
    if market_view is None or not market_view.history.dates:
        _heading()
        rerun.freshness_line(
            process().store_watcher, snapshot.data_version, st.context.theme.type, has_figures=False
        )
        widgets.show(notices.unreadable(trouble) if trouble else notices.empty(snapshot.status))
        if market_view is not None and market_view.figures.damaged:
            widgets.show(notices.damaged(market_view.figures.damaged))
    else:
        _draw(market_view, snapshot)
    rerun.listen(snapshot.data_version, st.context.theme.type)
    streamlit_words.replace()


def _heading() -> None:
    sign_in_page.heading(gettext(TITLE), process().settings.dashboard, sign_outs)


def _figures(snapshot: StoreSnapshot, *, whole: bool) -> tuple[MarketView | None, SouthboundError | None]:
    return current_view(process().store_watcher, process().figures_cache, snapshot, whole=whole)


def _draw(market_view: MarketView, snapshot: StoreSnapshot) -> None:
    asked = snapshot.data_version
    chosen = session_state.restore(market_view)
    if not market_view.figures.is_whole and not is_of_late(chosen, market_view.history.dates):
        market_view = _figures(snapshot, whole=True)[0] or market_view
        chosen = session_state.restore(market_view)
    history, damaged = market_view.history, market_view.figures.damaged
    mode = st.context.theme.type
    day = market_view.shown_day(chosen.day)
    dates = _dates(history, chosen, day)
    announcement.announce(gettext(TITLE), day, history.dates[-1], asked)

    with process().turn:
        # First on a page that opens, which would move aside for it; else after the charts that it changed.
        is_open = st.session_state.get("is_open", False)
        if not is_open:
            sidebar.draw(market_view, chosen)
        with st.container(gap="xxsmall"):
            _heading()
            st.markdown(
                gettext(
                    "Shareholdings of **{day}**, showing {trades}",
                    day=formatting.day(day),
                    trades=formatting.trades(trades_shown(day)),
                )
            )
            st.caption(plain(view_summary(chosen, dates, market_view.labels())))
            rerun.freshness_line(process().store_watcher, asked, mode, has_figures=True)
        controls.dates_not_stored(market_view, chosen)
        if damaged:
            widgets.show(notices.damaged(damaged))
        if market_view.figures.vanished:
            widgets.show(notices.vanished(market_view.figures.vanished))
        changes = _charts(market_view, chosen, dates)
        if is_open:
            sidebar.draw(market_view, chosen)
        st.session_state["is_open"] = True
    # Not in turn: some of what is there is read from the store.
    tabs.below(market_view, chosen, changes, dates)
    session_state.write_address(chosen)
    watchlist_storage.keep(chosen)


def _charts(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> Changes | None:
    """All that is drawn of the figures; the changes between the dates, if there are two."""
    mode = st.context.theme.type
    changes = market_view.changes_of(dates, chosen.kind) if dates is not None else None
    if changes is None:
        day = market_view.shown_day(chosen.day)
        widgets.show(notices.nothing_to_compare(market_view.history.dates, day, chosen.window))
        trend.trend(market_view, chosen, None, mode)
    else:
        companions = market_view.companions
        in_money = companions.prices.dates or companions.official
        money = market_view.money(changes.pair.new) if in_money else None
        widgets.key_figures(changes, chosen, money)
        with st.container(key="charts"):
            movers.movers(market_view, changes, chosen, mode)
            trend.trend(market_view, chosen, changes.pair, mode)
    return changes


def _dates(history: History, chosen: ViewState, day: date) -> Pair | None:
    """What is compared, or None if there is nothing to compare with."""
    if chosen.window is not None:
        return pair(history.dates, day, chosen.window)
    return free_pair(history.dates, chosen.against or history.dates[0], day)


page()
