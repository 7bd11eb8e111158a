"""The card of all stocks: presets, filters and columns, the table, and its downloads."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from southbound.dashboard.views import controls, rows, views_bar, widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.daily_holdings import Bools, Ints
from southbound.market.kinds import KindChoice
from southbound.market.windows import WINDOWS, Pair
from southbound.presentation import formatting
from southbound.presentation.conditions import (
    CROSSINGS,
    SIZES,
    Condition,
    Sort,
    read_sort,
    typed_conditions,
    written_sort,
)
from southbound.presentation.screen_columns import change_key, screen_columns
from southbound.presentation.view_state import ViewState
from southbound.queries import export
from southbound.queries.market_view import MarketView
from southbound.queries.screen import Screen
from southbound.queries.sheet import Sheet

ROWS_AT_ONCE = 200
"""Sent to the browser at first, and with each press of *more*."""

KIND_WORDS = {KindChoice.SHARES: "shares", KindChoice.FUNDS: "funds", KindChoice.ALL: "stocks"}

NO_FIGURES = {"kind", "first"}
"""Columns that stand for words and dates: nobody knows between which numbers they lie."""

IN_MONEY = ("value", "bought", "short", "cover")


def all_stocks(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """The stocks on the list of the chosen day that meet what is asked for."""
    day = market_view.shown_day(chosen.day)
    screen = market_view.screen(day, dates)
    compared = {"": dates} if dates is not None and dates.window is None else {}
    against = ", ".join(
        f"{formatting.window(pair.window)} since {formatting.day(pair.old)}"
        for pair in (*market_view.pairs(day), *compared.values())
    )
    widgets.title(f"All stocks on {formatting.day(day)}", against, "a click on a row shows its trend")
    views_bar.draw(chosen)
    shown = chosen.columns or usual_columns(chosen, screen)
    with st.container(horizontal=True, vertical_alignment="center"):
        controls.find_in_table()
        _filters()
        _columns(chosen, screen, shown)
        st.toggle("Watchlist only", key="only_watched")
        downloads = st.container(horizontal=True, width="content", vertical_alignment="center")
    text, typed = typed_conditions(chosen.find)
    watched = chosen.watch if chosen.only_watched else None
    question = "rows", day, dates, chosen.kind, chosen.find, chosen.where, chosen.sort, watched
    found = market_view.once(
        question,
        lambda: screen.rows(
            (*chosen.where, *typed), chosen.sort, among(market_view, screen, chosen.kind, text, watched)
        ),
    )
    _conditions(chosen.where)
    of_kind = int(market_view.kinds.chosen(chosen.kind, screen.codes, screen.names).sum())
    hits = _hits(len(found), f"{of_kind:,} {KIND_WORDS[chosen.kind]}", typed, " ".join(text.split()))
    st.caption(hits)
    with downloads:
        asked = "; ".join(
            [
                f"{len(found):,} of {of_kind:,} {KIND_WORDS[chosen.kind]}",
                *map(str, (*chosen.where, *typed)),
                *([f"with “{' '.join(text.split())}” in code or name"] if text.strip() else []),
            ]
        )
        wanted = partial(market_view.sheet, day, dates)
        _downloads(day, wanted, partial(wanted, found, shown, asked))
    if not found.size:
        return
    most = ROWS_AT_ONCE * (1 + st.session_state.setdefault("rows_more", 0))
    drawn = "table", *question, shown, most
    plain_rows = market_view.worded(drawn, lambda: table_rows(screen, found[:most], shown))
    drawn_rows = [replace(row, followed=row.code in chosen.watch) for row in plain_rows]
    rows.draw(
        "listing",
        f"Stocks on {formatting.day(day)}",
        _headings(shown, chosen.sort),
        drawn_rows,
        chosen=chosen.stock,
        red_up=chosen.red_up,
        on_sort=partial(_sort, chosen.sort),
    )
    if len(found) > most:
        st.button(
            f"{ROWS_AT_ONCE} more", key="more", type="tertiary", on_click=_more, icon=":material/expand_more:"
        )


def usual_columns(chosen: ViewState, screen: Screen) -> tuple[str, ...]:
    """Those that are shown unless others are chosen: on a phone the stake and the change come first."""
    first = change_key(chosen.metric, chosen.window)
    others = (change_key(chosen.metric, window) for window in WINDOWS)
    wanted = dict.fromkeys(["stake", first, *others, "shares", "streak", *IN_MONEY])
    return tuple(key for key in wanted if key in screen.figures or key in {"stake", first})


def _headings(shown: tuple[str, ...], sort: Sort) -> list[Heading]:
    way = "descending" if sort.falling else "ascending"
    fixed = [("code", "Code", "", False), ("name", "Name", "", False)]
    listed = [(key, screen_columns()[key].heading, screen_columns()[key].label, True) for key in shown]
    headings = [
        Heading(key, text, help=label, number=number, sort=way if sort.key == key else "", sortable=True)
        for key, text, label, number in (*fixed, *listed)
    ]
    return [*headings, Heading("trend", "Trend", help="Shares held on the last stored days")]


def table_rows(screen: Screen, places: Ints, shown: tuple[str, ...]) -> list[Row]:
    """The stocks at some places of the screen, with the columns that are shown."""
    columns = [(screen_columns()[key], screen.figure(key)[places].tolist()) for key in shown]
    lines = []
    for line, place in enumerate(places.tolist()):
        code = int(screen.codes[place])
        cells = [Cell(formatting.code(code)), Cell(_name(screen, place))]
        for column, values in columns:
            value = values[line]
            if column.is_bar:
                cells.append(rows.stake(value))
            elif column.signed:
                cells.append(rows.change(column.written(value), value))
            else:
                cells.append(Cell(column.written(value)))
        held = screen.sparks[:, place]
        lines.append(Row([*cells, rows.spark(held, _in_words(held[~np.isnan(held)].tolist()))], code))
    return lines


def _name(screen: Screen, place: int) -> str:
    name, chinese = screen.names[place], screen.chinese[place]
    return name if chinese in {"", name} else f"{name} {chinese}"


def _in_words(held: list[float]) -> str:
    """What a sparkline shows, for those who do not see it."""
    return (
        f"from {formatting.shares_in_short(held[0])} to {formatting.shares_in_short(held[-1])}"
        if held
        else ""
    )


def among(
    market_view: MarketView, screen: Screen, kind: KindChoice, text: str, watched: Sequence[int] | None = None
) -> Bools:
    """The stocks of some kinds, or those of them that are searched for, or followed."""
    kept = market_view.kinds.chosen(kind, screen.codes, screen.names)
    if text.strip():
        kept &= np.isin(screen.codes, list(market_view.search.found(text)))
    if watched is not None:
        listed_as = [market_view.code_on(screen.day, code, screen.codes) for code in watched]
        kept &= np.isin(screen.codes, [code for code in listed_as if code is not None])
    return kept


def _hits(found: int, of_all: str, typed: tuple[Condition, ...], text: str) -> str:
    """How many there are, and what was typed to find them; all else stands in the buttons above."""
    told = [f"**{found:,}** of {of_all}", *(plain(str(each)) for each in typed)]
    if text:
        told.append(f"with “{plain(text)}” in code or name")
    return " · ".join(told)


def _conditions(where: tuple[Condition, ...]) -> None:
    """What is asked for, each with the way to take it away."""
    if not where:
        return
    with st.container(horizontal=True, gap="xsmall"):
        for place, condition in enumerate(where):
            st.button(
                plain(str(condition)),
                key=f"without_{place}",
                icon=":material/close:",
                help="Take this condition away",
                on_click=_set_where,
                args=(where[:place] + where[place + 1 :],),
            )


def _filters() -> None:
    """One condition more: of which figure, from where to where."""
    keys = [*(key for key in screen_columns() if key not in NO_FIGURES), *SIZES, *CROSSINGS]
    with st.popover("Filter", icon=":material/filter_alt:"):
        key = st.selectbox("Figure", keys, key="filter_of", format_func=_named)
        if key in CROSSINGS:
            st.number_input("Level, %", key="filter_level", value=10.0, min_value=0.01, max_value=100.0)
        else:
            st.number_input("From", key="filter_low", value=None, placeholder="any")
            st.number_input("To", key="filter_high", value=None, placeholder="any")
        st.button("Add", key="filter_add", type="primary", on_click=_add_condition)
        st.caption("Or type it into the search: `stake>20 pp5>=1`, `cross5=10`, `run>=10`.")


def _named(key: str) -> str:
    if key in CROSSINGS:
        word, window = CROSSINGS[key]
        what = {"cross": "Crossed a level", "up": "Rose to a level", "down": "Fell below a level"}[word]
        return f"{what} within {formatting.window(window)}"
    return SIZES[key][1].strip(",").capitalize() if key in SIZES else screen_columns()[key].heading


def _add_condition() -> None:
    state: Any = st.session_state
    key = state["filter_of"]
    if key in CROSSINGS:
        low = high = state["filter_level"]
    else:
        low, high = state["filter_low"], state["filter_high"]
    if low is None and high is None:
        return
    if low is not None and high is not None and low > high:
        low, high = high, low
    condition = Condition(key, -np.inf if low is None else low, np.inf if high is None else high)
    _set_where((*(each for each in state["where"] if each.key != key), condition))


def _columns(chosen: ViewState, screen: Screen, shown: tuple[str, ...]) -> None:
    st.session_state["columns_shown"] = list(shown)
    with st.popover("Columns", icon=":material/view_column:"):
        st.pills(
            "Columns",
            [key for key in screen_columns() if key in screen.figures],
            key="columns_shown",
            selection_mode="multi",
            format_func=lambda key: screen_columns()[key].heading,
            label_visibility="collapsed",
            on_change=_set_columns,
            args=(shown,),
        )
        st.button("As usual", key="columns_usual", on_click=_usual_columns, disabled=not chosen.columns)


def _set_columns(before: tuple[str, ...]) -> None:
    state: Any = st.session_state
    wanted = state["columns_shown"]
    kept = [key for key in before if key in wanted]
    state["columns"] = (*kept, *(key for key in wanted if key not in kept))


def _usual_columns() -> None:
    st.session_state["columns"] = ()


def _set_where(where: tuple[Condition, ...]) -> None:
    st.session_state["where"] = where
    st.session_state["rows_more"] = 0


def _sort(sort: Sort, key: str) -> None:
    try:
        st.session_state["sort"] = read_sort(written_sort(sort.pressed(key)))
    except ValueError:
        return  # no heading of ours


def _more() -> None:
    st.session_state["rows_more"] += 1


def _downloads(day: date, everything: Callable[[], Sheet], shown: Callable[[], Sheet]) -> None:
    """What is on the screen, in its order; or all stocks with every metric over every window."""
    wants_all = st.toggle(
        "All figures",
        key="download_all",
        help="Download all stocks with every metric, window and signal, instead of what is shown.",
    )
    wanted = everything if wants_all else shown
    _download("CSV", day, lambda: export.as_csv(wanted()), "text/csv", "csv")
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    _download("Excel", day, lambda: export.as_excel(wanted()), excel, "xlsx")


def _download(label: str, day: date, write: Callable[[], bytes], mime: str, ending: str) -> None:
    st.download_button(
        label,
        # Written when it is clicked, not on every rerun.
        write,
        export.file_name(day, ending),
        mime,
        key=f"download_{ending}",
        icon=":material/download:",
        on_click="ignore",
    )
