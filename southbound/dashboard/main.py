"""The page, from top to bottom. Streamlit runs this file again for every change."""

import streamlit as st

from southbound import wording
from southbound.changes import compare, pair
from southbound.dashboard import cards, controls, notices, redraw
from southbound.dashboard.feed import Edition, Sight
from southbound.dashboard.process import process
from southbound.dashboard.shelf import Figures
from southbound.errors import StoreError, StoreUnavailable

TITLE = "Mainland ownership of Hong Kong stocks"


def page() -> None:
    """Draw the page as the store is now."""
    st.set_page_config(page_title=TITLE, layout="wide")
    sight = process().feed.sight()
    figures, trouble = _figures(sight)
    st.title(TITLE, anchor=False)
    if figures is None or not figures.history.dates:
        redraw.freshness_line(process().feed, sight.edition, has_figures=False)
        cards.show(notices.unreadable(trouble) if trouble else notices.empty(sight.status))
        if figures is not None and figures.damaged:
            cards.show(notices.damaged(figures.damaged))
    else:
        _draw(figures, sight.edition)
    redraw.listen(sight.edition)


def _figures(sight: Sight) -> tuple[Figures | None, StoreError | None]:
    if sight.edition is None:
        return None, sight.trouble or StoreUnavailable("it has not answered yet")
    try:
        figures, trouble = process().shelf.figures(sight.edition)
    except StoreError as error:
        figures, trouble = None, error
    if trouble is not None:
        process().feed.report(trouble)
    return figures, trouble


def _draw(figures: Figures, asked: Edition | None) -> None:
    history = figures.history
    controls.restore(history)
    chosen = controls.view()
    day = chosen.day or history.dates[-1]
    dates = pair(history.dates, day, chosen.window)

    st.markdown(f"Shareholdings of **{wording.day(day)}**, showing the {wording.trades_of(day)}")
    redraw.freshness_line(process().feed, asked, has_figures=True)
    if figures.damaged:
        cards.show(notices.damaged(figures.damaged))
    with st.container(border=True):
        controls.choose_comparison(history)
    if dates is None:
        cards.show(notices.nothing_to_compare(history.dates, day, chosen.window))
        cards.trend(history, chosen)
    else:
        changes = compare(history, dates)
        cards.key_figures(changes, chosen)
        left, right = st.columns(2)
        with left:
            cards.movers(changes, chosen)
        with right:
            cards.trend(history, chosen)
        cards.additions_and_removals(changes)
    controls.write_address(chosen)


page()
