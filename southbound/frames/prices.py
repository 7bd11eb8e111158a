"""Price frames that people keep: `date, code, close[, shares_traded, turnover]`, as CSV, Excel or Parquet."""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np

from southbound.common.errors import BadFile, BadPrices
from southbound.common.remark import remark, remark_of
from southbound.common.text import one_line
from southbound.frames import formats, tables
from southbound.market import trading_calendar
from southbound.market.daily_holdings import Floats, Ints
from southbound.market.daily_prices import DailyPrices

WANTED = ("date", "code", "close")
OPTIONAL = ("shares_traded", "turnover")
BLANKS = frozenset({"", "-", "nan", "none", "null", "n/a", "<na>"})

SWAPPED_PART, FAR = 0.1, 5.0
"""Of the counters with all three figures so many may have an average price that far from the close."""


@dataclass(frozen=True, slots=True, eq=False)
class PriceFrame:
    """The prices in one file, unadjusted, in HK$.

    Attributes:
        days: its trading days, ascending.
        no_sessions: the other days that it has; their rows are left out.
    """

    days: tuple[date, ...]
    no_sessions: tuple[date, ...]
    _codes: tuple[Ints, ...]
    _figures: tuple[tuple[Floats, Floats, Floats], ...]

    def prices(self) -> Iterator[DailyPrices]:
        """Of each day. Raises BadPrices for a figure that cannot be true."""
        for day, codes, figures in zip(self.days, self._codes, self._figures, strict=True):
            yield DailyPrices.of_columns(day, codes, *figures)


def read_price_frame(path: Path) -> PriceFrame:
    """Read a file, as a whole or not at all.

    Columns are found by their names, in any order and case; others are passed over. `0700.HK` is 00700. A row
    without any figure is none.

    Raises:
        BadFile: it is no such file, or holds what cannot be true; says where and what was expected.
    """
    if path.suffix.lower() not in tables.TABLES:
        raise BadFile(
            remark("want daily quotations as .htm, or prices as {formats}", formats=", ".join(tables.TABLES))
        )
    rows = tables.rows_of(path)
    columns = [name.strip().lower() for name in next(rows, ())]
    places = _places(columns)
    read: list[array[Any]] = [array(kind) for kind in "qqddd"]
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        tables.check_width(number, row, columns)
        try:
            values = _values([row[place].strip() if place >= 0 else "" for place in places])
        except ValueError as error:
            raise tables.bad_line(number, error) from None
        if values is not None:
            for column, value in zip(read, values, strict=True):
                column.append(value)
    try:
        return _framed(*map(np.array, read))
    except BadPrices as error:
        raise BadFile(remark_of(error)) from None


def _places(columns: Sequence[str]) -> list[int]:
    if missing := [name for name in WANTED if name not in columns]:
        raise BadFile(
            remark(
                "want the columns {wanted}[, {optional}]: {missing} not among {columns}",
                wanted=", ".join(WANTED),
                optional=", ".join(OPTIONAL),
                missing=", ".join(missing),
                columns=one_line(", ".join(columns), 80) or "none",
            )
        )
    if twice := [name for name in (*WANTED, *OPTIONAL) if columns.count(name) > 1]:
        raise BadFile(remark("the column {column} stands twice", column=twice[0]))
    return [columns.index(name) if name in columns else -1 for name in (*WANTED, *OPTIONAL)]


def _values(cells: Sequence[str]) -> tuple[int, int, float, float, float] | None:
    """Day, code and figures of a row; None if it has none of these.

    Raises:
        ValueError: a cell is not what its column wants.
    """
    day, code, *figures = cells
    close, shares, turnover = map(_figure, ("close", *OPTIONAL), figures)
    if shares % 1 > 0:
        raise ValueError(remark("shares_traded: got {got}, want a whole number", got=f"{figures[1]!r:.30}"))
    if isnan(close) and isnan(shares) and isnan(turnover):
        return None
    return _ordinal(day), _code(code), close, shares, turnover


_FIGURE = re.compile(r"[0-9]{1,18}(\.[0-9]{0,20})?([eE][-+]?[0-9]{1,2})?")


def _figure(name: str, cell: str) -> float:
    if _FIGURE.fullmatch(cell):
        return float(cell)
    if cell.lower() not in BLANKS:
        raise ValueError(
            remark(
                "{name}: got {cell}, want a figure of 0 or more, or a blank", name=name, cell=f"{cell!r:.30}"
            )
        )
    return nan


@cache
def _ordinal(cell: str) -> int:
    return formats.day_of(cell).toordinal()


@cache
def _code(cell: str) -> int:
    code = formats.code_of(cell)
    if not code:
        raise ValueError(remark("code: got {cell}, want a stock code", cell=f"{cell!r:.30}"))
    return code


def _framed(days: Ints, codes: Ints, *figures: Floats) -> PriceFrame:
    """The rows by day and code.

    Raises:
        BadPrices: a stock has several prices on a day, a figure cannot be true, or columns seem swapped.
    """
    if not len(days):
        raise BadPrices(remark("it holds no price"))
    order = np.lexsort((codes, days))
    days, codes = days[order], codes[order]
    closes, shares, turnovers = (column[order] for column in figures)
    turnovers = np.round(turnovers)
    twice = np.append(False, (np.diff(days) == 0) & (np.diff(codes) == 0))
    before = np.roll(np.arange(len(days)), 1)
    for name, column in (("close", closes), ("shares_traded", shares), ("turnover", turnovers)):
        other = twice & (column != column[before]) & ~(np.isnan(column) & np.isnan(column[before]))
        if other.any():
            place = int(np.flatnonzero(other)[0])
            raise BadPrices(
                remark(
                    "stock {code} stands twice on {day}, with another {name}",
                    code=codes[place],
                    day=date.fromordinal(days[place]),
                    name=name,
                )
            )
    _check_averages(closes, shares, turnovers)
    there = [date.fromordinal(day) for day in np.unique(days).tolist()]
    no_sessions = [day for day in there if not trading_calendar.is_session(day)]
    if len(no_sessions) == len(there):
        raise BadPrices(remark("{day} is no Hong Kong session", day=there[0]))
    kept = ~twice & ~np.isin(days, [day.toordinal() for day in no_sessions])
    days, codes = days[kept], codes[kept]
    figures = closes[kept], shares[kept], turnovers[kept]
    begins = np.flatnonzero(np.diff(days, prepend=0))
    frame = PriceFrame(
        tuple(date.fromordinal(day) for day in days[begins].tolist()),
        tuple(no_sessions),
        tuple(np.split(codes, begins[1:])),
        tuple(zip(*(np.split(column, begins[1:]) for column in figures), strict=True)),
    )
    for _ in frame.prices():  # what cannot be true is found before anything of it is taken
        pass
    return frame


def _check_averages(closes: Floats, shares: Floats, turnovers: Floats) -> None:
    known = (closes > 0) & (shares > 0) & (turnovers > 0)
    ratios = turnovers[known] / shares[known] / closes[known]
    far = int(((ratios > FAR) | (ratios < 1 / FAR)).sum())
    if far > SWAPPED_PART * len(ratios):
        raise BadPrices(
            remark(
                "turnover / shares_traded is far from the close in {far} of {count} rows: swapped columns, "
                "or another unit?",
                far=f"{far:,}",
                count=f"{len(ratios):,}",
            )
        )
