"""The figures that the page once showed, as recorded in `data/` (see PROVENANCE.md there)."""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

DAYS_OF_2026 = "southbound_hk_20260102_20260227.csv.gz"
DAY_OF_2019 = "southbound_hk_20190125.csv"
NAMES = "names.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """One counter's stake on one day: `shares` a whole number, `percent` as shown ("3.07"), "" when blank."""

    code: int
    name: str
    shares: int
    percent: str


@dataclass(frozen=True, slots=True)
class Day:
    """One shareholding date, its rows in ascending order of code."""

    date: date
    rows: tuple[Row, ...]


@cache
def recorded_days() -> Mapping[date, Day]:
    """The 38 consecutive sessions from 2026-01-02 to 2026-02-27, 874-878 rows each."""
    return MappingProxyType(_days(DAYS_OF_2026))


@cache
def recorded_2019() -> Day:
    """2019-01-25: 564 rows with Chinese names, three percents blank."""
    (day,) = _days(DAY_OF_2019).values()
    return day


@cache
def chinese_names() -> Mapping[int, str]:
    """Code to name as on the Chinese page; a counter that nobody recorded a name for is absent."""
    return MappingProxyType(_names("name_zh"))


@cache
def english_names() -> Mapping[int, str]:
    """Code to name in capitals; a counter that nobody recorded a name for is absent."""
    return MappingProxyType(_names("name_en"))


def _days(file: str) -> dict[date, Day]:
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for record in records(file):
        code = int(record["code"])
        # The page never leaves a name empty, but the record does for counters that were gone by mid-2026.
        name = record["name"] or english_names().get(code) or f"STOCK {code:05}"
        rows[record["date"]].append(Row(code, name, int(record["shareholding"]), record["percent"]))
    days = (Day(date.fromisoformat(day), tuple(sorted(rows[day], key=_code))) for day in sorted(rows))
    return {day.date: day for day in days}


def _code(row: Row) -> int:
    return row.code


def _names(column: str) -> dict[int, str]:
    return {int(record["code"]): record[column] for record in records(NAMES) if record[column]}


def records(file: str) -> Iterator[dict[str, str]]:
    """The rows of a recorded file."""
    content = (files("replay") / "data" / file).read_bytes()
    text = gzip.decompress(content) if file.endswith(".gz") else content
    yield from csv.DictReader(io.StringIO(text.decode("utf-8")))
