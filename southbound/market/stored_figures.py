"""Figures that are stored beside the holdings: how they are written, and where and when they were read. Pure.

A JSON object with `day`, `source` and `read_at`, and the figures' own members: columns of one length, or what
their class writes. `json.loads` and `pandas.DataFrame` of the columns give them back.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Protocol, TypeVar

import numpy as np

from southbound.common.errors import (
    BadPrices,
    BadShortPositions,
    BadTurnover,
    DamagedFigures,
    SouthboundError,
)
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.common.timestamps import parse_moment
from southbound.market.daily_holdings import Floats, Ints
from southbound.market.origin import Origin
from southbound.market.strict_json import read_strictly

LONGEST_SOURCE = 500
"""Characters: an address, or a file's name."""
FIGURE: frozenset[type] = frozenset({int, float, type(None)})
"""The types of a figure that may be blank."""
WHOLE = FIGURE - {float}
"""Of one that is counted."""


class Row(Protocol):
    """A counter's figures."""

    @property
    def code(self) -> int: ...


R = TypeVar("R", bound=Row)


def by_code(rows: Iterable[R], problem: Callable[[R], str], bad: type[SouthboundError]) -> list[R]:
    """Counters that are all right, by their codes.

    Args:
        rows: in any order.
        problem: what cannot be true of one; empty if nothing.
        bad: what is raised; it names the first counter that is not all right, or stands twice.
    """
    ordered = sorted(rows, key=lambda row: row.code)
    for row in ordered:
        if what := problem(row):
            raise bad(f"stock {row.code}: {what}")
    for before, after in pairwise(ordered):
        if before.code == after.code:
            raise bad(f"stock code {after.code} stands twice in the list")
    return ordered


def figures_text(day: date, source: str, read_at: datetime, members: Mapping[str, Any]) -> str:
    """The text that is stored."""
    stands = {
        "day": day.isoformat(),
        "source": one_line(source, LONGEST_SOURCE),
        "read_at": read_at.isoformat(timespec="seconds"),
    }
    return json.dumps({**stands, **members}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def origin_of(text: str | bytes) -> Origin:
    """Where stored figures come from.

    Raises:
        DamagedFigures: the text is not what `figures_text` writes.
    """
    with reading_figures():
        members = _members(text)
        source, read_at = members.get("source"), members.get("read_at")
        moment = parse_moment(read_at) if isinstance(read_at, str) else None
        if not isinstance(source, str) or moment is None:
            raise ValueError("want text under `source` and a moment under `read_at`")
        return Origin(one_line(source, LONGEST_SOURCE), moment)


def _members(text: str | bytes) -> dict[str, Any]:
    members = read_strictly(text)
    if not isinstance(members, dict):
        raise ValueError("want an object")  # noqa: TRY004 - of the text, not of a call
    return members


def day_and_members(text: str | bytes) -> tuple[date, dict[str, Any]]:
    """The day of stored figures, and all that stands in the text; within `reading_figures`."""
    members = _members(text)
    day = members.get("day")
    if not isinstance(day, str):
        raise ValueError("want YYYY-MM-DD under `day`")  # noqa: TRY004 - of the text, not of a call
    return date.fromisoformat(day), members


@contextmanager
def reading_figures() -> Iterator[None]:
    """What is wrong with a text, as one error.

    Raises:
        DamagedFigures: what is read within is not what we write.
    """
    try:
        yield
    except (ValueError, OverflowError, RecursionError, BadPrices, BadTurnover, BadShortPositions) as error:
        raise DamagedFigures(remark("the stored figures are damaged: {error}", error=error)) from error


def column(members: Mapping[str, Any], name: str, types: frozenset[type]) -> list[Any]:
    """A column whose cells have these types alone.

    Raises:
        ValueError: it is missing, or has others.
    """
    cells = members.get(name)
    if not isinstance(cells, list):
        raise ValueError(f"want a list under `{name}`")  # noqa: TRY004 - of the text, not of a call
    if wrong := set(map(type, cells)) - types:
        raise ValueError(f"{name}: got {wrong.pop().__name__}")
    return cells


def codes_of(cells: list[int]) -> Ints:
    """A column of stock codes: positive, ascending, each once.

    Raises:
        ValueError: it is not.
    """
    codes = np.fromiter(cells, np.int64, len(cells))
    if codes.size and (codes[0] < 1 or (np.diff(codes) < 1).any()):
        raise ValueError("want positive stock codes, ascending, each once")
    codes.setflags(write=False)
    return codes


def floats(
    cells: list[float | None] | tuple[float | None, ...], name: str = "", count: int | None = None
) -> Floats:
    """A column that cannot be written to; None becomes NaN.

    Raises:
        ValueError: it is to have so many cells, and has not.
    """
    if count is not None and len(cells) != count:
        raise ValueError(f"{name}: got {len(cells)} cells for {count} codes")
    figures: Floats = np.array(cells, dtype=np.float64)
    figures.setflags(write=False)
    return figures


def cells(figures: Floats, *, whole: bool = False) -> list[float | None]:
    """A column as JSON takes it: NaN becomes null, and what is counted in whole numbers is written so."""
    return [
        None if figure != figure else int(figure) if whole else figure  # noqa: PLR0124 - NaN
        for figure in figures.tolist()
    ]
