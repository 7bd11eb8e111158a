"""A month of days as one Parquet file, and back. A day that was restated has all of its readings. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from southbound.archive.kinds import Kind
from southbound.archive.manifest import Content, FileEntry
from southbound.common.remark import in_short, remark, remark_of
from southbound.common.text import one_line
from southbound.market.origin import Origin
from southbound.market.stored_figures import LONGEST_SOURCE
from southbound.market.trading_calendar import parse_date

Day = TypeVar("Day")

MOST_ROWS = 5_000_000
"""Of a month: 900 stocks have 20,000, each restated day as many as a day more."""

NEVER_TWICE = {"date", "shares", "shares_traded", "turnover", "buy", "sell", "value"}
"""Columns that a dictionary makes no smaller."""

BEFORE_ALL = np.iinfo(np.int64).min
"""Where no moment is noted: in front of all that are."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[Day]):
    """A day as it was read once."""

    day: date
    figures: Day
    origin: Origin


Readings = Mapping[date, Sequence[Reading[Day]]]
"""The readings of each day, the newest last: that one counts."""


def encode(kind: Kind[Day], readings: Readings[Day]) -> bytes:
    """The file: zstd, sorted by date, the kind's order and moment of reading, a checksum for each page."""
    parts = [table_of(kind, reading) for _, known in sorted(readings.items()) for reading in known]
    whole = pa.concat_tables(parts)
    if any(len(known) > 1 for known in readings.values()):
        keys = [(name, "ascending") for name in ("date", *kind.order)]
        whole = whole.take(pc.sort_indices(whole, keys))  # which keeps the order of the readings
    sink = pa.BufferOutputStream()
    named = [name for name in whole.column_names if name not in NEVER_TWICE]
    pq.write_table(
        whole,
        sink,
        compression="zstd",
        compression_level=9,
        use_dictionary=named,
        write_page_checksum=True,
        sorting_columns=pq.SortingColumn.from_ordering(whole.schema, [("date", "ascending")]),
    )
    return bytes(sink.getvalue())


def decode(kind: Kind[Day], content: bytes) -> Readings[Day]:
    """The readings in a file.

    Raises:
        ValueError: it is no such file, or its figures cannot be true.
    """
    try:
        readings: dict[date, list[Reading[Day]]] = {}
        for reading in _readings(kind, _table(kind, content)):
            readings.setdefault(reading.day, []).append(reading)
    except (OSError, TypeError, OverflowError, pa.ArrowException, kind.bad) as error:
        raise ValueError(in_short(remark_of(error), 200)) from error
    return readings


def entry_of(kind: Kind[Day], readings: Readings[Day], content: bytes) -> FileEntry:
    """What the manifest says of a file with these readings."""
    days = {day: content_of(kind, known[-1]) for day, known in readings.items()}
    rows = sum(_rows(kind, reading.figures) for known in readings.values() for reading in known)
    return FileEntry(Content(rows, hashlib.sha256(content).hexdigest()), days)


def content_of(kind: Kind[Day], reading: Reading[Day]) -> Content:
    """What the manifest says of a day."""
    text = kind.text(reading.figures, reading.origin)
    return Content(_rows(kind, reading.figures), hashlib.sha256(text.encode()).hexdigest())


def alike(kind: Kind[Day], one: Reading[Day], other: Reading[Day]) -> bool:
    """Whether two readings have the same figures, whenever they were read."""
    texts = (kind.text(each.figures, Origin(each.origin.source)) for each in (one, other))
    return next(texts) == next(texts)


def _rows(kind: Kind[Day], figures: Day) -> int:
    return len(kind.columns(figures)[0])


def table_of(kind: Kind[Day], reading: Reading[Day]) -> pa.Table:
    """One reading as the rows of a file."""
    columns = kind.columns(reading.figures)
    rows = len(columns[0])
    figures = (
        pa.array(column, field.type, from_pandas=True)
        for field, column in zip(kind.figures, columns, strict=True)
    )
    same = (reading.day, reading.origin.source, reading.origin.read_at)
    day, source, read_at = (
        pa.repeat(pa.scalar(value, kind.schema.field(name).type), rows)
        for name, value in zip(("date", "source", "read_at"), same, strict=True)
    )
    return pa.table([day, *figures, source, read_at], schema=kind.schema)


def _table(kind: Kind[Any], content: bytes) -> pa.Table:
    """The rows of a file. Its texts are no longer than ours: a dictionary makes very much of few bytes."""
    schema = pq.read_schema(pa.BufferReader(content))
    if not schema.equals(kind.schema):
        raise ValueError(remark("its columns are {columns}", columns=f"{', '.join(schema.names):.200}"))
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    file = pq.ParquetFile(pa.BufferReader(content), read_dictionary=texts, page_checksum_verification=True)
    if file.metadata.num_rows > MOST_ROWS:
        raise ValueError(
            remark(
                "{num_rows} rows, want at most {most}",
                num_rows=f"{file.metadata.num_rows:,}",
                most=f"{MOST_ROWS:,}",
            )
        )
    table = file.read()
    for name in texts:
        for part in table[name].chunks:
            longest = pc.max(pc.utf8_length(part.dictionary)).as_py()
            if longest is not None and longest > LONGEST_SOURCE:
                raise ValueError(
                    remark(
                        "{name}: {longest} characters, want at most {longest_source}",
                        name=name,
                        longest=f"{longest:,}",
                        longest_source=LONGEST_SOURCE,
                    )
                )
    return table.cast(kind.schema)


def _readings(kind: Kind[Day], table: pa.Table) -> Iterator[Reading[Day]]:
    """Those of a file, by day, the oldest of each day first."""
    days = table["date"].to_numpy()
    moments = table["read_at"].cast(pa.int64()).fill_null(BEFORE_ALL).to_numpy()
    order = np.lexsort((moments, days))  # which keeps the order within a day
    if (order != np.arange(len(order))).any():
        table, days, moments = table.take(order), days[order], moments[order]
    begins = np.flatnonzero((days[1:] != days[:-1]) | (moments[1:] != moments[:-1])) + 1
    bounds = [0, *begins.tolist(), len(days)] if len(days) else []
    columns = [table[name].to_pylist() for name in kind.figures.names]
    sources = table["source"]
    for first, last in pairwise(bounds):
        day = days[first].item()
        if parse_date(str(day)) is None:
            raise ValueError(remark("no date of a list: {day}", day=day))
        source = one_line(sources[first].as_py() or "", LONGEST_SOURCE)
        origin = Origin(source, _moment(int(moments[first])))
        yield Reading(day, kind.day(day, *(column[first:last] for column in columns)), origin)


def _moment(microseconds: int) -> datetime | None:
    if microseconds == BEFORE_ALL:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise ValueError(remark("no moment: {microseconds}", microseconds=microseconds)) from error


def by_file(kind: Kind[Any], days: Iterable[date]) -> dict[str, list[date]]:
    """The days of each file, oldest first."""
    files: dict[str, list[date]] = {}
    for day in sorted(days):
        files.setdefault(kind.file(day), []).append(day)
    return files
