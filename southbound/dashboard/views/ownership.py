"""The card of ownership: how many stocks have how large a stake, and who went from band to band."""

import streamlit as st

from southbound.dashboard.views import rows, widgets
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.ownership import Band, bands
from southbound.presentation import formatting
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView

MOST_NAMED = 12


def ownership(market_view: MarketView, chosen: ViewState) -> None:
    """The bands of the chosen day, beside those of the stored day before it."""
    day, history = market_view.shown_day(chosen.day), market_view.history
    row = history.row(day)
    widgets.title(
        f"Stakes in bands on {formatting.day(day)}",
        f"beside {formatting.day(history.dates[row - 1])}" if row else "",
        "counts of stocks: shares of several stocks are no sum",
    )
    if not row:
        st.caption("There is no day before it yet.")
        return
    names = [history.names[code] for code in history.codes.tolist()]
    kept = market_view.kinds.chosen(chosen.kind, history.codes, names)
    found = bands(history.codes[kept], history.percents[row - 1, kept], history.percents[row, kept])
    total = sum(band.now for band in found)
    headings = [
        Heading("band", "Stake"),
        Heading("now", "Stocks", number=True),
        Heading("part", "Of all", number=True),
        Heading("before", "Day before", number=True),
        Heading("change", "Change", number=True),
        Heading("came", "Came in"),
        Heading("left", "Left"),
    ]
    lines = [
        Row(
            [
                Cell(_name(band)),
                Cell(f"{band.now:,}"),
                Cell(
                    f"{band.now / total:.0%}" if total else formatting.NONE,
                    bar=band.now / total * 100 if total else None,
                ),
                Cell(f"{band.before:,}"),
                rows.change(_signed(band.now - band.before), band.now - band.before),
                Cell(_named(market_view, band.came)),
                Cell(_named(market_view, band.left)),
            ]
        )
        for band in found
    ]
    rows.draw("bands", "Stocks by the size of the stake", headings, lines, red_up=chosen.red_up)


def _name(band: Band) -> str:
    if band.ceiling is None:
        return f"{band.floor}% and above"
    return f"below {band.ceiling}%" if not band.floor else f"{band.floor}% to {band.ceiling}%"


def _signed(count: int) -> str:
    return "±0" if not count else f"{'+' if count > 0 else formatting.MINUS}{abs(count)}"


def _named(market_view: MarketView, codes: tuple[int, ...]) -> str:
    told = [
        f"{formatting.code(code)} {formatting.short_name(market_view.history.names[code])}"
        for code in codes[:MOST_NAMED]
    ]
    more = len(codes) - MOST_NAMED
    return ", ".join([*told, *([f"{more} more"] if more > 0 else [])])
