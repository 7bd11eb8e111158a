"""The card of signals: crossings, highs and lows, streaks and unusual changes, each the way to its stock."""

from collections.abc import Callable, Sequence

import streamlit as st

from southbound.dashboard.views import rows, widgets
from southbound.dashboard.views.rows import CODE, NAME, Cell, Heading, Row
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.screen_columns import change_key, screen_columns
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
    since = "" if dates is None else f"crossings since {formatting.day(dates.old)}"
    widgets.title(f"Signals of {formatting.day(day)}", since, "a click on a row shows its trend")
    change = change_key(chosen.metric, window)

    def section(title: str, key: str, places: Sequence[int], what: str, told: Callable[[int], Cell]) -> None:
        _section(title, key, places, what, told, screen=screen, change=change, chosen=chosen)

    def figure(key: str) -> Callable[[int], Cell]:
        column, values = screen_columns()[key], screen.figure(key)
        if column.signed:
            return lambda row: rows.change(column.written(values[row]), values[row])
        return lambda row: Cell(column.written(values[row]))

    over = formatting.window(window)
    crossings = {crossing.row: crossing for crossing in found.crossings}
    section(
        f"Levels crossed over {over}",
        "crossings",
        [*crossings],
        "Level",
        lambda row: _crossing(crossings[row]),
    )
    left, right = st.columns(2)
    with left:
        section("New highs", "highs", found.highs.tolist(), "Highest in", figure("high"))
        section(
            f"Rising for {LEAST_STREAK} days and more",
            "rises",
            found.rises.tolist(),
            "Days",
            figure("streak"),
        )
    with right:
        section("New lows", "lows", found.lows.tolist(), "Lowest in", figure("low"))
        section(
            f"Falling for {LEAST_STREAK} days and more",
            "falls",
            found.falls.tolist(),
            "Days",
            figure("streak"),
        )
    unusual = f"Unusual on the day: z-scores of {LEAST_SCORE:g} and more"
    section(unusual, "unusual", found.unusual.tolist(), "Z-score", figure("z"))


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
        st.caption("None.")
        return
    st.caption(
        f"{len(places)} stocks" if len(places) <= MOST else f"The first {MOST} of {len(places)} stocks"
    )
    column, changes, stakes = screen_columns()[change], screen.figure(change), screen.figure("stake")
    headings = [
        CODE,
        NAME,
        Heading("what", what, number=True),
        Heading("stake", "Stake", number=True),
        Heading("change", column.heading, help=column.label, number=True),
    ]
    lines = [
        Row(
            [
                Cell(formatting.code(int(screen.codes[row]))),
                Cell(formatting.short_name(screen.names[row])),
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
    words = f"{'above' if crossing.level > 0 else 'below'} {abs(crossing.level)}%"
    return rows.change(words, crossing.level)
