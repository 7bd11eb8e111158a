"""The page, from top to bottom. Streamlit runs this file again for every change."""

from datetime import date

import streamlit as st

from southbound.common.errors import SouthboundError, StoreError, StoreUnavailable
from southbound.config.readers import Standing
from southbound.dashboard.auth import sign_in
from southbound.dashboard.live import redraw
from southbound.dashboard.state import choices
from southbound.dashboard.state.process import process
from southbound.dashboard.views import cards, controls, movers_card, notices, sidebar, tabs, trend_card
from southbound.dashboard.views.markdown import plain
from southbound.market.changes import Changes
from southbound.market.history import History
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair, free_pair, pair
from southbound.presentation import wording
from southbound.presentation.view import View
from southbound.presentation.view_summary import view_summary
from southbound.queries.feed import Edition, Sight
from southbound.queries.findings import Findings
from southbound.queries.shelf import Figures
from southbound.store.sign_outs import SignOuts

TITLE = "Mainland ownership of Hong Kong stocks"


def sign_outs() -> SignOuts:
    """Those that this process knows of."""
    return process().sign_outs


def page() -> None:
    """Draw the page as the store is now."""
    st.set_page_config(page_title=TITLE, layout="wide", initial_sidebar_state=sidebar.WIDTH)
    reader = sign_in.standing(process().settings, sign_outs)
    if reader is not Standing.ADMITTED:
        st.title(TITLE, anchor=False)
        sign_in.instead_of_figures(reader, process().settings)
        return
    sight = process().feed.sight()
    figures, trouble = _figures(sight)
    sign_in.heading(TITLE, process().settings, sign_outs)
    if figures is None or not figures.history.dates:
        redraw.freshness_line(process().feed, sight.edition, st.context.theme.type, has_figures=False)
        cards.show(notices.unreadable(trouble) if trouble else notices.empty(sight.status))
        if figures is not None and figures.damaged:
            cards.show(notices.damaged(figures.damaged))
    else:
        names_read = sight.status.names_read if sight.status else None
        _draw(process().desk.findings(figures, names_read), sight.edition)
    redraw.listen(sight.edition)


def _figures(sight: Sight) -> tuple[Figures | None, SouthboundError | None]:
    if sight.edition is None:
        return None, sight.trouble or StoreUnavailable("it has not answered yet")
    figures: Figures | None = None
    trouble: SouthboundError | None
    try:
        figures, trouble = process().shelf.figures(sight.edition)
    except StoreError as error:
        trouble = error
    if trouble is not None:
        process().feed.report(trouble)
    return figures, trouble


def _draw(findings: Findings, asked: Edition | None) -> None:
    history, damaged = findings.history, findings.figures.damaged
    chosen = choices.restore(findings)
    mode = st.context.theme.type
    day = findings.shown_day(chosen.day)
    dates = _dates(history, chosen, day)

    with st.container(gap="xxsmall"):
        st.markdown(f"Shareholdings of **{wording.day(day)}**, showing {wording.trades(trades_shown(day))}")
        st.caption(plain(view_summary(chosen, dates, findings.labels())))
        redraw.freshness_line(process().feed, asked, mode, has_figures=True)
    controls.dates_not_stored(findings, chosen)
    if damaged:
        cards.show(notices.damaged(damaged))
    if findings.figures.vanished:
        cards.show(notices.vanished(findings.figures.vanished))
    with process().turn:
        sidebar.draw(findings, chosen)
        changes = _charts(findings, chosen, dates)
    # Not in turn: some of what is there is read from the store.
    tabs.below(findings, chosen, changes, dates)
    choices.write_address(chosen)


def _charts(findings: Findings, chosen: View, dates: Pair | None) -> Changes | None:
    """All that is drawn of the figures; the changes between the dates, if there are two."""
    mode = st.context.theme.type
    changes = findings.changes(dates) if dates is not None else None
    if changes is None:
        day = findings.shown_day(chosen.day)
        cards.show(notices.nothing_to_compare(findings.history.dates, day, chosen.window))
        trend_card.trend(findings, chosen, mode)
    else:
        cards.key_figures(changes, chosen)
        left, right = st.columns(2)
        with left:
            movers_card.movers(findings, changes, chosen, mode)
        with right:
            trend_card.trend(findings, chosen, mode)
    return changes


def _dates(history: History, chosen: View, day: date) -> Pair | None:
    """What is compared, or None if there is nothing to compare with."""
    if chosen.window is not None:
        return pair(history.dates, day, chosen.window)
    return free_pair(history.dates, chosen.against or history.dates[0], day)


page()
