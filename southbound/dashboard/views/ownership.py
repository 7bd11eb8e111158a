"""The card of ownership: how many stocks have how large a stake, and who went from band to band."""

import math
from collections.abc import Mapping

import streamlit as st

from southbound.config.sectors import Membership
from southbound.dashboard.state.resources import process
from southbound.dashboard.views import rows, widgets
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.adjustments.code_aliases import codes_of
from southbound.market.changes import Changes
from southbound.market.metrics import POINTS
from southbound.market.ownership import Band, bands
from southbound.market.sectors import NO_SECTOR, sectors
from southbound.presentation import formatting
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView

MOST_NAMED = 12


NOT_IN_THE_FILE = "not in the file"


def ownership(market_view: MarketView, chosen: ViewState, changes: Changes | None) -> None:
    """The bands of the chosen day, and what the sectors did between the two dates that are compared."""
    _bands(market_view, chosen)
    named = process().settings.stocks.sectors
    if named is None:
        st.caption("With a file of sectors (`[stocks] sectors` in config.ini) each sector stands here, too.")
    elif changes is not None:
        members = {code: _member(market_view, named.members, code) for code in changes.codes.tolist()}
        of_sector = {code: each.sector for code, each in members.items()}
        _sectors("Sectors", "sectors", changes, of_sector, chosen)
        if any(each.group for each in members.values()):
            of_group = {code: each.group for code, each in members.items()}
            _sectors("Groups", "groups", changes, of_group, chosen)


def _member(market_view: MarketView, members: Mapping[int, Membership], code: int) -> Membership:
    """Where a stock belongs, under whichever of its codes it is in the file."""
    known = (members[each] for each in codes_of(code, market_view.events_of) if each in members)
    return next(known, Membership(NO_SECTOR))


def _sectors(title: str, key: str, changes: Changes, of: Mapping[int, str], chosen: ViewState) -> None:
    found = sectors(changes, of)
    st.subheader(f"{title}, {formatting.window(changes.pair.window)}", anchor=False)
    st.caption(
        f"{formatting.compared(changes.pair)}; medians of stakes and their changes, suspect stocks left out"
    )
    headings = [
        Heading("sector", title[:-1]),
        Heading("stocks", "Stocks", number=True),
        Heading("rose", "Rose", number=True),
        Heading("fell", "Fell", number=True),
        Heading("unchanged", "Unchanged", number=True),
        Heading("stake", "Median stake", number=True),
        Heading("points", "Median change", number=True),
    ]
    in_money = any(not math.isnan(each.money) for each in found)
    if in_money:
        headings.append(Heading("money", "Net buying", number=True))
        headings.append(Heading("unpriced", "Not priced", number=True))
    lines = []
    for each in found:
        cells = [
            Cell(each.name or NOT_IN_THE_FILE),
            *(Cell(f"{count:,}") for count in (each.stocks, each.rose, each.fell, each.unchanged)),
            rows.stake(each.stake),
            rows.change(formatting.change(POINTS, each.change), each.change),
        ]
        if in_money:
            cells += [rows.change(formatting.net_buying(each.money), each.money), Cell(f"{each.unpriced:,}")]
        lines.append(Row(cells))
    rows.draw(key, title, headings, lines, red_up=chosen.red_up)


def _bands(market_view: MarketView, chosen: ViewState) -> None:
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
