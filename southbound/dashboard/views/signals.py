"""The card of signals: crossings, highs and lows, streaks and unusual changes, each the way to its stock."""

from collections.abc import Callable, Sequence

import streamlit as st

from southbound.dashboard.views import rows, widgets
from southbound.dashboard.views.most_active import most_active
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, ngettext
from southbound.presentation.screen_columns import change_key, crossed, screen_columns
from southbound.presentation.view_state import ViewState
from southbound.queries.day_signals import LEAST_SCORE, LEAST_STREAK, Crossing, day_signals
from southbound.queries.market_view import MarketView
from southbound.queries.screen import Screen

MOST = 20
"""Rows of each kind; the table of all stocks has the rest."""

HEIGHT = 330


def signals(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """The signals of the chosen day, and the crossings between the two dates that are compared."""
    day = market_view.shown_day(chosen.day)
    screen = market_view.screen(day, dates)
    window = None if dates is None else dates.window
    among = market_view.kinds.chosen(chosen.kind, screen.codes, screen.names)
    found = market_view.once(
        ("signals of", day, dates, chosen.kind), lambda: day_signals(screen, window, among)
    )
    since = "" if dates is None else gettext("crossings since {day}", day=formatting.day(dates.old))
    widgets.title(
        gettext("Signals of {day}", day=formatting.day(day)),
        since,
        gettext("a click on a row shows its trend"),
    )
    change = change_key(chosen.metric, window)

    def section(title: str, key: str, places: Sequence[int], what: str, told: Callable[[int], Cell]) -> None:
        _section(title, key, places, what, told, screen=screen, change=change, chosen=chosen)

    def figure(key: str) -> Callable[[int], Cell]:
        column, values = screen_columns()[key], screen.figure(key)
        if column.signed:
            return lambda row: rows.change(column.written(values[row]), values[row])
        return lambda row: Cell(column.written(values[row]))

    crossings = {crossing.row: crossing for crossing in found.crossings}
    section(
        gettext("Levels crossed over {window}", window=formatting.window(window)),
        "crossings",
        [*crossings],
        gettext("Level"),
        lambda row: _crossing(crossings[row]),
    )
    left, right = st.columns(2)
    with left:
        section(gettext("New highs"), "highs", found.highs.tolist(), gettext("Highest in"), figure("high"))
        section(
            gettext("Rising for {count} days and more", count=LEAST_STREAK),
            "rises",
            found.rises.tolist(),
            gettext("Days"),
            figure("streak"),
        )
    with right:
        section(gettext("New lows"), "lows", found.lows.tolist(), gettext("Lowest in"), figure("low"))
        section(
            gettext("Falling for {count} days and more", count=LEAST_STREAK),
            "falls",
            found.falls.tolist(),
            gettext("Days"),
            figure("streak"),
        )
    unusual = gettext("Unusual on the day: z-scores of {score} and more", score=f"{LEAST_SCORE:g}")
    section(unusual, "unusual", found.unusual.tolist(), gettext("Z-score"), figure("z"))
    most_active(market_view, day, chosen)


def _section(  # noqa: PLR0913 - what a table of signals is made of
    title: str,
    key: str,
    places: Sequence[int],
    what: str,
    told: Callable[[int], Cell],
    *,
    screen: Screen,
    change: str,
    chosen: ViewState,
) -> None:
    st.subheader(title, anchor=False)
    if not places:
        st.caption(gettext("None."))
        return
    st.caption(
        ngettext("1 stock", "{count} stocks", len(places))
        if len(places) <= MOST
        else gettext("The first {count} of {total} stocks", count=MOST, total=len(places))
    )
    column, changes, stakes = screen_columns()[change], screen.figure(change), screen.figure("stake")
    headings = [
        *rows.code_and_name(),
        Heading("what", what, number=True),
        Heading("stake", gettext("Stake"), number=True),
        Heading("change", column.heading, help=column.label, number=True),
    ]
    lines = [
        Row(
            [
                Cell(formatting.code(int(screen.codes[row]))),
                rows.name(int(screen.codes[row]), formatting.short_name(screen.names[row])),
                told(row),
                rows.stake(stakes[row]),
                rows.change(column.written(changes[row]), changes[row]),
            ],
            int(screen.codes[row]),
        )
        for row in places[:MOST]
    ]
    rows.draw(
        f"signals_{key}", title, headings, lines, chosen=chosen.stock, red_up=chosen.red_up, height=HEIGHT
    )


def _crossing(crossing: Crossing) -> Cell:
    return rows.change(crossed(crossing.level), crossing.level)
