"""One day of the list: the table, its JSON, and what must be true of it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from southbound.common.collector import collector_paused
from southbound.common.errors import BadHoldings, DamagedDay
from southbound.common.remark import remark, remark_of
from southbound.common.text import one_line
from southbound.market.day_text import split_json
from southbound.market.strict_json import read_strictly, see_each_once

CODE, NAME, SHARES, PERCENT = COLUMNS = (
    "Stock Code",
    "Name",
    "Shareholding in CCASS",
    "% of the total number of Issued Shares/Units",
)
"""The columns of the stored DataFrame: the page's own headers (the Redis contract)."""

LONGEST_NAME = 200
"""Characters; the longest name that was ever on the list has 75."""

MOST_SHARES = 2**53
"""All that is computed with it is exact up to here: a hundred thousand times the largest holding there is."""

WHOLE = 100.0
"""Percent of the issued shares. The page shows more where shares were split and its base of the percentages
is late, as its own footnote says: such a figure is kept, and the stock is suspect."""

MOST_PERCENT = 10_000.0
"""A stake of the whole, split into a hundred: what is beyond it is no percentage."""

MOST_ABOVE_WHOLE, MOST_ABOVE_WHOLE_PART = 5, 0.01
"""Stocks above the whole that a list may have, at least, and as a part of its stocks. Bases are late for one
or two at a time; a list with many has other figures in that column."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class DailyHoldings:
    """What mainland investors hold in each Hong Kong stock on one shareholding date.

    The four columns have one length and are sorted by code; the arrays cannot be written to.

    Attributes:
        day: the shareholding date, from the page's heading.
        codes: stock codes, positive and unique, ascending.
        names: as the page writes them, each in one line and without what no reader sees.
        shares: shares or units held in CCASS, positive.
        percents: of the issued shares; NaN where the page's cell is blank. Above 100 for a few: see `WHOLE`.
    """

    day: date
    codes: Ints
    names: tuple[str, ...]
    shares: Ints
    percents: Floats

    @classmethod
    def of(  # noqa: PLR0913 - four columns of a day
        cls,
        day: date,
        codes: Sequence[int],
        names: Sequence[str],
        shares: Sequence[int],
        percents: Sequence[float | None],
        *,
        like: "DailyHoldings | None" = None,
    ) -> "DailyHoldings":
        """Sort and check four columns; None in `percents` is a blank.

        Args:
            day: the shareholding date.
            codes: of the stocks, in any order.
            names: of each.
            shares: of each.
            percents: of each.
            like: a day whose names and codes are taken if these are the same, as on most days after it.

        Raises:
            BadHoldings: the figures cannot be a day of the list.
        """
        if not len(codes) == len(names) == len(shares) == len(percents):
            raise BadHoldings(remark("the columns have different lengths"))
        if not codes:
            raise BadHoldings(remark("the list has no rows"))
        try:
            code_array = np.fromiter(codes, np.int64, len(codes))
            share_array = np.fromiter(shares, np.int64, len(shares))
            percent_array = np.array(percents, dtype=np.float64) + 0.0  # -0.0 would be shown with its sign
        except OverflowError:
            raise BadHoldings(remark("a code, a holding or a percentage is beyond 64 bits")) from None
        names = like.names if like is not None and names == like.names else tuple(map(_name, names))
        if (code_array[1:] < code_array[:-1]).any():
            order = np.argsort(code_array, kind="stable")
            code_array, share_array, percent_array = (
                code_array[order],
                share_array[order],
                percent_array[order],
            )
            names = tuple(names[i] for i in order)
        _check(code_array, share_array, percent_array)
        if like is not None and np.array_equal(code_array, like.codes):
            code_array = like.codes
        for array in (code_array, share_array, percent_array):
            array.setflags(write=False)
        return cls(day, code_array, names, share_array, percent_array)

    def __len__(self) -> int:
        return len(self.codes)

    def to_json(self) -> str:
        """The day as it is stored: `DataFrame.to_json(orient="split")` (the Redis contract)."""
        return split_json(COLUMNS, self.codes, self.names, self.shares, self.percents)

    @classmethod
    def from_json(cls, day: date, text: str | bytes, like: "DailyHoldings | None" = None) -> "DailyHoldings":
        """Read a stored day. Columns that are not ours are passed over: a later version may have added them.

        Goes past `pandas.read_json`, which takes twenty times as long and turns a wrong type into a figure.

        Raises:
            DamagedDay: the text is not what `to_json` writes.
        """
        try:
            return cls.of(day, *_columns(text), like=like)
        except (ValueError, RecursionError, BadHoldings) as error:
            raise DamagedDay(day, remark_of(error)) from error

    def rows_changed(self, other: "DailyHoldings") -> int:
        """How many stocks were added, removed, or have another name or figure in `other`."""
        rows, other_rows = self.rows(), other.rows()
        return sum(rows.get(code) != other_rows.get(code) for code in rows.keys() | other_rows.keys())

    def rows(self) -> dict[int, tuple[str, int, float | None]]:
        """Name, shares and percent (None where blank) of each stock, by its code."""
        blank_as_none = [None if np.isnan(percent) else float(percent) for percent in self.percents]
        return dict(
            zip(
                self.codes.tolist(),
                zip(self.names, self.shares.tolist(), blank_as_none, strict=True),
                strict=True,
            )
        )


def read_days(texts: Iterable[tuple[date, str]]) -> tuple[list[DailyHoldings], list[DamagedDay]]:
    """Read stored days: the whole ones in their order, and the damaged ones, which cost themselves alone.

    0.2 ms a day. Each makes thousands of short-lived lists in which the collector would look for cycles.
    """
    read: list[DailyHoldings] = []
    damaged = []
    with collector_paused():
        for day, text in texts:
            try:
                read.append(DailyHoldings.from_json(day, text, like=read[-1] if read else None))
            except DamagedDay as error:
                damaged.append(error)
    return read, damaged


def _check(codes: Ints, shares: Ints, percents: Floats) -> None:
    """What holds in every record of the page that was ever seen.

    Raises:
        BadHoldings: naming the first stock that breaks a rule.
    """
    if codes[0] < 1:
        raise BadHoldings(remark("stock code {code}: want a positive number", code=codes[0]))
    repeated = codes[1:][np.diff(codes) == 0]
    if repeated.size:
        raise BadHoldings(remark("stock code {code} stands twice in the list", code=repeated[0]))
    not_held = codes[shares < 1]
    if not_held.size:
        raise BadHoldings(remark("stock {code}: want a positive number of shares", code=not_held[0]))
    beyond = codes[shares > MOST_SHARES]
    if beyond.size:
        raise BadHoldings(
            remark("stock {code}: want at most {most} shares", code=beyond[0], most=f"{MOST_SHARES:,}")
        )
    impossible = codes[(percents < 0) | (percents > MOST_PERCENT)]
    if impossible.size:
        raise BadHoldings(
            remark(
                "stock {code}: want a percentage from 0 to {most}",
                code=impossible[0],
                most=f"{MOST_PERCENT:,.0f}",
            )
        )
    above = int((percents > WHOLE).sum())
    most = max(MOST_ABOVE_WHOLE, int(MOST_ABOVE_WHOLE_PART * len(codes)))
    if above > most:
        raise BadHoldings(
            remark(
                "{above} stocks with more than {whole} % of the issued shares, want at most {most}",
                above=above,
                whole=f"{WHOLE:g}",
                most=most,
            )
        )


class _Frame(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What `to_json` writes."""

    columns: tuple[str, ...]
    index: list[int]
    data: list[tuple[int, str, int, float | None]]


_FRAME = msgspec.json.Decoder(_Frame)


def _columns(text: str | bytes) -> list[tuple[Any, ...]]:
    """The four columns of a stored day, whoever wrote it.

    Raises:
        ValueError: it is no day.
        RecursionError: it is nested too deep.
    """
    if isinstance(text, str):
        with suppress(ValueError, RecursionError):
            frame = _FRAME.decode(text)
            see_each_once(text, len(_Frame.__struct_fields__))
            if frame.columns == COLUMNS and frame.data:
                return list(zip(*frame.data, strict=True))
    # Of a later version or another hand; or it says what is wrong.
    return _columns_of(read_strictly(text))


def _columns_of(stored: Any) -> list[tuple[Any, ...]]:
    names = stored.get("columns") if isinstance(stored, dict) else None
    if not isinstance(names, list) or any(names.count(name) != 1 for name in COLUMNS):
        raise ValueError(f"want the columns {', '.join(COLUMNS)}, each once")
    rows = stored.get("data")
    if not isinstance(rows, list) or not rows:
        raise ValueError("want a list of rows under `data`")
    if set(map(type, rows)) != {list} or set(map(len, rows)) != {len(names)}:
        raise ValueError(f"want {len(names)} cells in each row")
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    if names != list(COLUMNS):
        columns = [columns[names.index(name)] for name in COLUMNS]
    wanted: tuple[set[type], ...] = ({int}, {str}, {int}, {int, float, type(None)})
    for name, column, types in zip(COLUMNS, columns, wanted, strict=True):
        wrong = set(map(type, column)) - types
        if wrong:
            raise ValueError(
                f"{name}: got {wrong.pop().__name__}, want {' or '.join(sorted(t.__name__ for t in types))}"
            )
    "".join(columns[1]).encode()  # half a surrogate pair is valid JSON, but no text that could be shown
    return columns


@lru_cache(maxsize=2**14)
def _name(text: str) -> str:
    """A name in one line, and the same object for the same name: ten years of days have two million names.

    Raises:
        BadHoldings: it is longer than any name. What swallowed half a page is no name of a stock.
    """
    if len(text) > LONGEST_NAME:
        raise BadHoldings(
            remark(
                "a name of {length} characters, want at most {most}: {name}",
                length=f"{len(text):,}",
                most=LONGEST_NAME,
                name=f"{text!r:.40}",
            )
        )
    return intern(one_line(text))
