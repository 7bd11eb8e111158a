"""The stored days -> one file: CSV, Parquet or Excel, with the columns of the archive."""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import xlsxwriter

from southbound.archive.kinds import HOLDINGS
from southbound.archive.month_files import Reading, table_of
from southbound.common.errors import BadFile
from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation import formatting
from southbound.presentation.spreadsheets import harmless

Days = Iterator[Reading[DailyHoldings]]

MOST_EXCEL_ROWS = 1_048_575
"""Beside the heading."""


def write(days: Days, path: Path) -> None:
    """Write days into a file, whose ending says how. What was there is replaced once all is written.

    Raises:
        BadFile: the ending is none of ours, the file cannot be written, or is too long for Excel.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise BadFile(f"{path}: want a file that ends in {', '.join(WRITERS)}")
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        writer(days, beside)
        beside.replace(path)
    except OSError as error:
        raise BadFile(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _csv(days: Days, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HOLDINGS.schema.names)
        for reading in days:
            writer.writerows(
                ["" if cell is None else harmless(cell) for cell in row] for row in _rows(reading)
            )


def _parquet(days: Days, path: Path) -> None:
    with pq.ParquetWriter(path, HOLDINGS.schema, compression="zstd") as writer:
        for reading in days:
            writer.write_table(table_of(HOLDINGS, reading))


def _excel(days: Days, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("holdings")
        for column, name in enumerate(HOLDINGS.schema.names):
            sheet.write_string(0, column, name)
        number = 0
        for reading in days:
            for row in _rows(reading):
                number += 1
                if number > MOST_EXCEL_ROWS:
                    raise BadFile(
                        f"{path}: Excel takes {MOST_EXCEL_ROWS:,} rows: want .csv, .parquet, or --from"
                    )
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write_number(number, column, cell)


def _rows(reading: Reading[DailyHoldings]) -> Iterator[tuple[str | int | float | None, ...]]:
    read_at = reading.origin.read_at.isoformat() if reading.origin.read_at else ""
    for code, (name, shares, percent) in reading.figures.rows().items():
        head = (str(reading.day), formatting.code(code), name, shares, percent)
        yield (*head, reading.origin.source, read_at)


WRITERS: dict[str, Callable[[Days, Path], None]] = {".csv": _csv, ".parquet": _parquet, ".xlsx": _excel}
