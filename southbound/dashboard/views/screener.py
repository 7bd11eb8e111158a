"""The card of all stocks: presets, filters and columns, the table, and its downloads."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from southbound.common.language import for_same_reader, spoken
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
    figure_name,
    read_sort,
    written_sort,
)
from southbound.presentation.messages import gettext, gettext_noop, pgettext
from southbound.presentation.screen_columns import change_key, screen_columns
from southbound.presentation.typed_conditions import typed_conditions
from southbound.presentation.view_state import ViewState
from southbound.queries import export
from southbound.queries.market_view import MarketView
from southbound.queries.screen import Screen
from southbound.queries.sheet import Sheet

ROWS_AT_FIRST, ROWS_MORE = 100, 400
"""Sent to the browser: every control that changes them sends them again; and with each press of *more*."""

FOUND = {
    KindChoice.SHARES: gettext_noop("{found} of {count} shares"),
    KindChoice.FUNDS: gettext_noop("{found} of {count} funds"),
    KindChoice.ALL: gettext_noop("{found} of {count} stocks"),
}

NO_FIGURES = {"kind", "first"}
"""Columns that stand for words and dates: nobody knows between which numbers they lie."""

IN_MONEY = ("value", "bought", "short", "cover")


def all_stocks(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """The stocks on the list of the chosen day that meet what is asked for."""
    day = market_view.shown_day(chosen.day)
    screen = market_view.screen(day, dates)
    compared = {"": dates} if dates is not None and dates.window is None else {}
    against = formatting.listed(
        gettext("{window} since {day}", window=formatting.window(pair.window), day=formatting.day(pair.old))
        for pair in (*market_view.pairs(day), *compared.values())
    )
    widgets.title(
        gettext("All stocks on {day}", day=formatting.day(day)),
        against,
        gettext("a click on a row shows its trend"),
    )
    views_bar.draw(chosen)
    shown = chosen.columns or usual_columns(chosen, screen)
    with st.container(horizontal=True, vertical_alignment="center"):
        controls.find_in_table()
        _filters()
        _columns(chosen, screen, shown)
        st.toggle(gettext("Watchlist only"), key="only_watched")
        downloads = st.container(horizontal=True, width="content", vertical_alignment="center")
    text, typed = typed_conditions(chosen.find)
    watched = chosen.watch if chosen.only_watched else None
    question = "rows", day, dates, chosen.kind, chosen.find, chosen.where, chosen.sort, watched
    # Names stand in another order in each language.
    found = market_view.worded(
        question,
        lambda: screen.rows(
            (*chosen.where, *typed), chosen.sort, among(market_view, screen, chosen.kind, text, watched)
        ),
    )
    _conditions(chosen.where)
    of_kind = int(market_view.kinds.chosen(chosen.kind, screen.codes, screen.names).sum())
    among_all = partial(gettext, FOUND[chosen.kind], count=f"{of_kind:,}")
    searched = _searched(" ".join(text.split()))
    st.caption(
        " · ".join([among_all(found=f"**{len(found):,}**"), *map(plain, (*map(str, typed), *searched))])
    )
    with downloads:
        asked = gettext("; ").join(
            [among_all(found=f"{len(found):,}"), *map(str, (*chosen.where, *typed)), *searched]
        )
        wanted = partial(market_view.sheet, day, dates)
        _downloads(day, wanted, partial(wanted, found, shown, asked))
    if not found.size:
        return
    most = ROWS_AT_FIRST + ROWS_MORE * st.session_state.setdefault("rows_more", 0)
    drawn = "table", *question, shown, most
    plain_rows = market_view.worded(drawn, lambda: table_rows(screen, found[:most], shown))
    drawn_rows = [replace(row, followed=row.code in chosen.watch) for row in plain_rows]
    rows.draw(
        "listing",
        gettext("Stocks on {day}", day=formatting.day(day)),
        _headings(shown, chosen.sort),
        drawn_rows,
        chosen=chosen.stock,
        red_up=chosen.red_up,
        on_sort=partial(_sort, chosen.sort),
    )
    if len(found) > most:
        st.button(
            gettext("{count} more", count=ROWS_MORE),
            key="more",
            type="tertiary",
            on_click=_more,
            icon=":material/expand_more:",
        )


def usual_columns(chosen: ViewState, screen: Screen) -> tuple[str, ...]:
    """Those that are shown unless others are chosen: on a phone the stake and the change come first."""
    first = change_key(chosen.metric, chosen.window)
    others = (change_key(chosen.metric, window) for window in WINDOWS)
    wanted = dict.fromkeys(["stake", first, *others, "shares", "streak", *IN_MONEY])
    return tuple(key for key in wanted if key in screen.figures or key in {"stake", first})


def _headings(shown: tuple[str, ...], sort: Sort) -> list[Heading]:
    way = "descending" if sort.falling else "ascending"
    columns = (screen_columns()[key] for key in shown)
    listed = (Heading(each.key, each.heading, help=each.label, number=True) for each in columns)
    headings = [
        replace(each, sort=way if sort.key == each.key else "", sortable=True)
        for each in (*rows.code_and_name(), *listed)
    ]
    return [
        *headings,
        Heading("trend", gettext("Trend"), help=gettext("Shares held on the last stored days")),
    ]


def table_rows(screen: Screen, places: Ints, shown: tuple[str, ...]) -> list[Row]:
    """The stocks at some places of the screen, with the columns that are shown."""
    columns = [(screen_columns()[key], screen.figure(key)[places].tolist()) for key in shown]
    lines = []
    for line, place in enumerate(places.tolist()):
        code = int(screen.codes[place])
        cells = [Cell(formatting.code(code)), _name(screen, place)]
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


def _name(screen: Screen, place: int) -> Cell:
    name, chinese = screen.names[place], screen.chinese[place]
    if spoken().is_chinese or chinese in {"", name}:
        return rows.name(int(screen.codes[place]), name)
    return Cell(f"{name} {chinese}")


def _in_words(held: list[float]) -> str:
    """What a sparkline shows, for those who do not see it."""
    if not held:
        return ""
    first, last = formatting.shares_in_short(held[0]), formatting.shares_in_short(held[-1])
    return gettext("from {first} to {last}", first=first, last=last)


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


def _searched(text: str) -> list[str]:
    """What was typed to find them, but for conditions."""
    if not any(map(str.isalnum, text)):
        return []  # a comma between conditions
    return [gettext("with “{text}” in code or name", text=text)]


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
                help=gettext("Take this condition away"),
                on_click=_set_where,
                args=(where[:place] + where[place + 1 :],),
            )


def _filters() -> None:
    """One condition more: of which figure, from where to where."""
    keys = [*(key for key in screen_columns() if key not in NO_FIGURES), *SIZES, *CROSSINGS]
    names = {key: figure_name(key) for key in keys}
    with st.popover(gettext("Filter"), icon=":material/filter_alt:"):
        key = st.selectbox(gettext("Figure"), keys, key="filter_of", format_func=names.__getitem__)
        if key in CROSSINGS:
            st.number_input(
                gettext("Level, %"), key="filter_level", value=10.0, min_value=0.01, max_value=100.0
            )
        else:
            any_figure = pgettext("figure", "any")
            st.number_input(gettext("From"), key="filter_low", value=None, placeholder=any_figure)
            st.number_input(gettext("To"), key="filter_high", value=None, placeholder=any_figure)
        st.button(gettext("Add"), key="filter_add", type="primary", on_click=_add_condition)
        st.caption(gettext("Or type it into the search: `stake>20 pp5>=1`, `cross5=10`, `run>=10`."))


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
    names = {key: screen_columns()[key].heading for key in screen_columns() if key in screen.figures}
    with st.popover(gettext("Columns"), icon=":material/view_column:"):
        st.pills(
            gettext("Columns"),
            list(names),
            key="columns_shown",
            selection_mode="multi",
            format_func=names.__getitem__,
            label_visibility="collapsed",
            on_change=_set_columns,
            args=(shown,),
        )
        st.button(
            gettext("As usual"), key="columns_usual", on_click=_usual_columns, disabled=not chosen.columns
        )


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
        gettext("All figures"),
        key="download_all",
        help=gettext("Download all stocks with every metric, window and signal, instead of what is shown."),
    )
    # It is written in another thread.
    wanted = for_same_reader(everything if wants_all else shown)
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
