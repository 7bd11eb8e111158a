"""The files that others keep days in: a row for each format, recognised by its columns. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from southbound.common.errors import BadFile
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.market.trading_calendar import parse_date

LONGEST_SHOWN = 40


class Cells(NamedTuple):
    """One stock of one day, as a file has it.

    Attributes:
        percent: None for a blank.
        source: where the file has it from; empty if it does not say.
        read_at: when that was read; empty if it does not say. The newest of a day counts.
    """

    day: date
    code: int
    name: str
    shares: int
    percent: float | None
    source: str = ""
    read_at: str = ""


Named = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Format:
    """How others write days.

    Attributes:
        name: the source that an imported day has.
        columns: a file that has all of them is of this format.
        read: of one row by its columns; None for a row that is no southbound holding. Raises ValueError.
        adds_up: whether rows of one stock and day are parts of its holding, else they are the same twice.
    """

    name: str
    columns: frozenset[str]
    read: Callable[[Named], Cells | None]
    adds_up: bool = False


def recognised(columns: list[str]) -> Format:
    """The format of a file with these columns.

    Raises:
        BadFile: none has them.
    """
    for known in FORMATS:
        if known.columns <= set(columns):
            if len(set(columns)) < len(columns):
                raise BadFile(remark("a column stands twice"))
            return known
    raise BadFile(remark("columns of no known format: {columns}", columns=one_line(", ".join(columns), 100)))


def _ours(row: Named) -> Cells:
    return Cells(
        day_of(row["date"]),
        code_of(row["code"]),
        row["name"],
        _shares(row["shares"]),
        _percent(row["percent"]),
        row.get("source", ""),
        row.get("read_at", ""),
    )


def _daily(row: Named) -> Cells:
    return Cells(
        day_of(row["date"]),
        code_of(row["code"]),
        row["name"],
        _shares(row["shareholding"]),
        _percent(row["percent"]),
    )


def _tushare(row: Named) -> Cells | None:
    if row["exchange"] != "HK":
        return None  # what foreigners hold of the mainland's stocks
    code = row["ts_code"].removesuffix(".HK") or row["code"]
    return Cells(
        day_of(row["trade_date"]), code_of(code), row["name"], _shares(row["vol"]), _percent(row["ratio"])
    )


def _akshare(row: Named) -> Cells:
    shares = _shares(row["持股数量"])
    close, value = (_number(row.get(name, "")) for name in ("当日收盘价", "持股市值"))
    if close and value and not 0.5 < shares * close / value < 2:
        raise ValueError(
            remark(
                "{shares} shares at {close} are not worth {value}: swapped columns?",
                shares=f"{shares:,}",
                close=f"{close:g}",
                value=f"{value:,.0f}",
            )
        )
    percent = _percent(row["持股数量占A股百分比"])
    return Cells(day_of(row["持股日期"]), code_of(row["股票代码"]), row["股票简称"], shares, percent)


PARTICIPANTS = {"A00003", "A00004"}
"""The clearing houses of Shanghai and Shenzhen, which hold all that is southbound."""


def _participant(row: Named) -> Cells | None:
    if row["participant"] not in PARTICIPANTS:
        return None
    percent = _percent(row.get("percent", ""))
    return Cells(day_of(row["date"]), code_of(row["code"]), "", _shares(row["shareholding"]), percent)


FORMATS: tuple[Format, ...] = (
    Format("own export", frozenset({"date", "code", "name", "shares", "percent"}), _ours),
    Format("daily csv", frozenset({"code", "name", "shareholding", "percent", "date"}), _daily),
    Format(
        "tushare",
        frozenset({"code", "trade_date", "ts_code", "name", "vol", "ratio", "exchange"}),
        _tushare,
    ),
    Format(
        "akshare",
        frozenset({"持股日期", "股票代码", "股票简称", "持股数量", "持股数量占A股百分比"}),
        _akshare,
    ),
    Format(
        "participants", frozenset({"date", "code", "participant", "shareholding"}), _participant, adds_up=True
    ),
)


def by_date_cells(day: str, code: str, figures: object) -> Cells:
    """A stock of `{"by_date": {DAY: {CODE: {"sh": SHARES, "pct": PERCENT}}}}`, where a blank stands as 0.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(figures, dict) or type(figures.get("sh")) is not int:
        raise ValueError(remark("got {figures}, want sh and pct", figures=f"{figures!r:.40}"))
    percent = figures.get("pct")
    if type(percent) not in {int, float, type(None)}:
        raise ValueError(remark("pct: got {percent}", percent=f"{percent!r:.40}"))
    return Cells(day_of(day), code_of(code), "", figures["sh"], float(percent) if percent else None)


_MIDNIGHT = re.compile(r"[ T]00:00:00(\.0+)?(\+08:?00)?\Z")
"""Behind a date, without a zone or in Hong Kong's."""


def day_of(text: str) -> date:
    """The date in a cell.

    Raises:
        ValueError: there is none.
    """
    plain = _MIDNIGHT.sub("", text[:40])
    if re.fullmatch("[0-9]{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    if (day := parse_date(plain)) is None:
        raise ValueError(remark("no date: {text}", text=f"{text!r:.40}"))
    return day


def code_of(text: str) -> int:
    """The stock code in a cell: `700`, `00700` or `0700.HK`.

    Raises:
        ValueError: there is none.
    """
    plain = text.upper().removesuffix(".HK")
    if not re.fullmatch("[0-9]{1,5}", plain):
        raise ValueError(remark("no stock code: {text}", text=f"{text!r:.40}"))
    return int(plain)


def _shares(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,16}(\.0+)?", text):
        raise ValueError(remark("no number of shares: {text}", text=f"{text!r:.40}"))
    return int(text.partition(".")[0])


def _percent(text: str) -> float | None:
    number = _number(text)
    if number is None and text not in {"", "nan", "None"}:
        raise ValueError(remark("no percentage: {text}", text=f"{text!r:.40}"))
    return number


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,20})?(e-[0-9]{1,2})?", text) else None
