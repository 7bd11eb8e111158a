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
from southbound.presentation.messages import gettext, ngettext
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView

MOST_NAMED = 12


def ownership(market_view: MarketView, chosen: ViewState, changes: Changes | None) -> None:
    """The bands of the chosen day, and what the sectors did between the two dates that are compared."""
    _bands(market_view, chosen)
    named = process().settings.stocks.sectors
    if named is None:
        st.caption(
            gettext("With a file of sectors (`[stocks] sectors` in config.ini) each sector stands here, too.")
        )
    elif changes is not None:
        members = {code: _member(market_view, named.members, code) for code in changes.codes.tolist()}
        of_sector = {code: each.sector for code, each in members.items()}
        over = formatting.window(changes.pair.window)
        title, what = gettext("Sectors, {window}", window=over), gettext("Sector")
        _sectors("sectors", changes, of_sector, chosen, title=title, what=what)
        if any(each.group for each in members.values()):
            of_group = {code: each.group for code, each in members.items()}
            title, what = gettext("Groups, {window}", window=over), gettext("Group")
            _sectors("groups", changes, of_group, chosen, title=title, what=what)


def _member(market_view: MarketView, members: Mapping[int, Membership], code: int) -> Membership:
    """Where a stock belongs, under whichever of its codes it is in the file."""
    known = (members[each] for each in codes_of(code, market_view.events_of) if each in members)
    return next(known, Membership(NO_SECTOR))


def _sectors(  # noqa: PLR0913 - what a table is made of
    key: str, changes: Changes, of: Mapping[int, str], chosen: ViewState, *, title: str, what: str
) -> None:
    found = sectors(changes, of)
    st.subheader(title, anchor=False)
    st.caption(
        gettext(
            "{dates}; medians of stakes and their changes, suspect stocks left out",
            dates=formatting.compared(changes.pair),
        )
    )
    headings = [
        Heading("sector", what),
        Heading("stocks", gettext("Stocks"), number=True),
        Heading("rose", gettext("Rose"), number=True),
        Heading("fell", gettext("Fell"), number=True),
        Heading("unchanged", gettext("Unchanged"), number=True),
        Heading("stake", gettext("Median stake"), number=True),
        Heading("points", gettext("Median change"), number=True),
    ]
    in_money = any(not math.isnan(each.money) for each in found)
    if in_money:
        headings.append(Heading("money", gettext("Net buying"), number=True))
        headings.append(Heading("unpriced", gettext("Not priced"), number=True))
    lines = []
    for each in found:
        cells = [
            Cell(each.name or gettext("not in the file")),
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
        gettext("Stakes in bands on {day}", day=formatting.day(day)),
        gettext("beside {day}", day=formatting.day(history.dates[row - 1])) if row else "",
        gettext("counts of stocks: shares of several stocks are no sum"),
    )
    if not row:
        st.caption(gettext("There is no day before it yet."))
        return
    names = [history.names[code] for code in history.codes.tolist()]
    kept = market_view.kinds.chosen(chosen.kind, history.codes, names)
    found = bands(history.codes[kept], history.percents[row - 1, kept], history.percents[row, kept])
    total = sum(band.now for band in found)
    headings = [
        Heading("band", gettext("Stake")),
        Heading("now", gettext("Stocks"), number=True),
        Heading("part", gettext("Of all"), number=True),
        Heading("before", gettext("Day before"), number=True),
        Heading("change", gettext("Change"), number=True),
        Heading("came", gettext("Came in")),
        Heading("left", gettext("Left")),
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
    rows.draw("bands", gettext("Stocks by the size of the stake"), headings, lines, red_up=chosen.red_up)


def _name(band: Band) -> str:
    if band.ceiling is None:
        return gettext("{percent} and above", percent=f"{band.floor}%")
    if not band.floor:
        return gettext("below {percent}", percent=f"{band.ceiling}%")
    return gettext("{first} to {last}", first=f"{band.floor}%", last=f"{band.ceiling}%")


def _signed(count: int) -> str:
    return "±0" if not count else f"{'+' if count > 0 else formatting.MINUS}{abs(count)}"


def _named(market_view: MarketView, codes: tuple[int, ...]) -> str:
    told = [
        formatting.stock(code, formatting.short_name(market_view.history.names[code]))
        for code in codes[:MOST_NAMED]
    ]
    more = len(codes) - MOST_NAMED
    if more > 0:
        told.append(ngettext("1 more", "{count} more", more))
    return formatting.listed(told)
