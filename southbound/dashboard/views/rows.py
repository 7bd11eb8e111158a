"""A table whose rows lead to stocks: real text, worked by mouse, finger and keyboard alike."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from southbound.common.language import local_name
from southbound.dashboard.state import session_state
from southbound.dashboard.state.component import component
from southbound.market.daily_holdings import Floats
from southbound.presentation import formatting
from southbound.presentation.messages import gettext

HEIGHT = 440
"""In pixels, at most: a dozen rows."""

SPARK_HEIGHT = 22


@dataclass(frozen=True, slots=True)
class Heading:
    """Of one column.

    Attributes:
        key: `name` is the column whose cells are the way to the stock for the keyboard.
        text: as it is read.
        help: what it means, for a pointer that rests on it.
        number: whether its cells are figures, which stand at the right.
        sort: `ascending` or `descending`, if the rows stand by it.
        sortable: whether pressing it sorts.
    """

    key: str
    text: str
    help: str = ""
    number: bool = False
    sort: str = ""
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or text as it is read.

    Attributes:
        text: as written.
        tone: `rise`, `fall` or nothing.
        bar: the part of the cell that is filled, in percent.
        spark: heights of a line, from 0 to `SPARK_HEIGHT`; `text` says it in words.
        english: the same in English, for a pointer that rests on it.
    """

    text: str
    tone: str = ""
    bar: float | None = None
    spark: Sequence[float] | None = None
    english: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Attributes:
        cells: as many as there are headings.
        code: of the stock that it leads to; None if to none.
        followed: whether the stock is on the watchlist, for a star that changes it; None for no star.
    """

    cells: Sequence[Cell]
    code: int | None = None
    followed: bool | None = None


def code_and_name() -> tuple[Heading, Heading]:
    """The headings of the columns that say which stock a line is of."""
    return Heading("code", gettext("Code")), Heading("name", gettext("Name"))


def name(code: int, english: str) -> Cell:
    """A stock's name in the reader's language; the English one for a pointer that rests on it."""
    local = local_name(code, english)
    return Cell(local, english=english if local != english else "")


def draw(  # noqa: PLR0913 - what a table is made of
    key: str,
    label: str,
    headings: Sequence[Heading],
    rows: Sequence[Row],
    *,
    chosen: int | None = None,
    red_up: bool = False,
    height: int = HEIGHT,
    on_sort: Callable[[str], None] | None = None,
) -> None:
    """Draw it. A row that is pressed makes its stock the one of the trend.

    Args:
        key: of the widget.
        label: what the table has, for those who do not see it.
        headings: of the columns.
        rows: from top to bottom.
        chosen: the code whose row is marked.
        red_up: whether red are the rises.
        height: in pixels, at most.
        on_sort: called with the key of a heading that was pressed; in a callback.
    """
    data = {
        "label": label,
        "rise": formatting.side(rises=True, red_up=red_up),
        "fall": formatting.side(rises=False, red_up=red_up),
        "height": height,
        # Of each star the browser fills in the code.
        "follow": gettext("Follow {code}", code="{code}"),
        # Tuples: what is a list, Streamlit looks at with the eyes of pandas, which costs 25 MB.
        "headings": tuple(
            {
                "key": each.key,
                "text": each.text,
                "help": each.help,
                "number": each.number,
                "sort": each.sort,
                "sortable": each.sortable,
            }
            for each in headings
        ),
        "rows": tuple(
            {
                "did": "" if row.code is None else f"stock:{row.code}",
                "current": row.code is not None and row.code == chosen,
                "star": None if row.followed is None else [row.code, row.followed],
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in rows
        ),
    }
    _table()(key=key, data=data, on_did_change=partial(_did, key, on_sort))


def change(text: str, value: float) -> Cell:
    """A figure whose sign is a rise or a fall."""
    return Cell(text, "rise" if value > 0 else "fall" if value < 0 else "")


def stake(value: float) -> Cell:
    """A part of the issued shares, with a bar as long as it."""
    return Cell(
        formatting.percent(value),
        bar=min(max(round(value, 2), 0.0), 100.0) if not math.isnan(value) else None,
    )


def spark(values: Floats, text: str) -> Cell:
    """A line of the known ones among some figures."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return Cell(formatting.NONE)
    low, high = float(known.min()), float(known.max())
    span = high - low or 1.0
    heights = [round((value - low) / span * SPARK_HEIGHT, 1) for value in known.tolist()]
    return Cell(text, spark=heights)


def _cell(cell: Cell) -> list[object]:
    if cell.english:
        return [cell.text, cell.tone, None, None, cell.english]
    if cell.spark is not None:
        return [cell.text, cell.tone, None, list(cell.spark)]
    return [cell.text, cell.tone, cell.bar] if cell.bar is not None else [cell.text, cell.tone]


def _did(key: str, on_sort: Callable[[str], None] | None) -> None:
    kind, _, what = str(st.session_state[key].did or "").partition(":")
    if kind in _OF_A_STOCK and what.isascii() and what.isdecimal() and len(what) <= 5:
        _OF_A_STOCK[kind](int(what))
    elif kind == "sort" and on_sort is not None:
        on_sort(what)


_OF_A_STOCK = {"stock": session_state.select, "star": session_state.follow}
"""What pressing a row does, and its star."""


def _table() -> ComponentRenderer:
    html = '<div class="rows" role="region" tabindex="0"></div>'
    return component("southbound.rows", "southbound.dashboard.views", "rows", html)
