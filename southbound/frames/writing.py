"""The stored days -> one file: CSV, Parquet or Excel, with the columns of the archive, and in HK$."""

import csv
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from southbound.archive.kinds import HOLDINGS
from southbound.archive.month_files import Reading, table_of
from southbound.common.errors import BadFile
from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation import formatting
from southbound.presentation.spreadsheets import harmless

MOST_EXCEL_ROWS = 1_048_575
"""Beside the heading."""

IN_MONEY = pa.schema(
    [
        ("close", pa.float64()),
        ("priced_on", pa.date32()),
        ("value", pa.float64()),
        ("net_buying", pa.float64()),
    ]
)
"""The columns behind those of the archive, where prices are known: HK$, null where not known."""

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A day, and its stocks in HK$.

    Attributes:
        reading: the day.
        in_money: the columns of `IN_MONEY`, by code; None for all days if no prices are known.
    """

    reading: Reading[DailyHoldings]
    in_money: Sequence[Sequence[Any]] | None = None

    def table(self) -> pa.Table:
        """As the rows of a Parquet file."""
        table = table_of(HOLDINGS, self.reading)
        for field, column in zip(IN_MONEY, self.in_money or (), strict=False):
            table = table.append_column(field, pa.array(column, field.type, from_pandas=True))
        return table

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """As those of a sheet."""
        origin = self.reading.origin
        read_at = origin.read_at.isoformat() if origin.read_at else ""
        columns = zip(*self.in_money, strict=True) if self.in_money else repeat(())
        stocks = self.reading.figures.rows().items()
        for (code, (name, shares, percent)), figures in zip(stocks, columns, strict=bool(self.in_money)):
            head = (str(self.reading.day), formatting.code(code), name, shares, percent)
            yield (*head, origin.source, read_at, *map(_cell, figures))


Days = Iterator[Listed]


def _cell(figure: Any) -> Cell:
    if isinstance(figure, date):
        return str(figure)
    return None if figure is None or math.isnan(figure) else float(figure)


def write(days: Days, path: Path, *, in_money: bool = False) -> None:
    """Write days into a file, whose ending says how. What was there is replaced once all is written.

    Args:
        days: in their order.
        path: of the file.
        in_money: whether the days have columns in HK$.

    Raises:
        BadFile: the ending is none of ours, the file cannot be written, or is too long for Excel.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise BadFile(f"{path}: want a file that ends in {', '.join(WRITERS)}")
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        schema = pa.schema([*HOLDINGS.schema, *(IN_MONEY if in_money else ())])
        writer(days, schema, beside)
        beside.replace(path)
    except OSError as error:
        raise BadFile(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _csv(days: Days, schema: pa.Schema, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(schema.names)
        for listed in days:
            writer.writerows(
                ["" if cell is None else harmless(cell) for cell in row] for row in listed.rows()
            )


def _parquet(days: Days, schema: pa.Schema, path: Path) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for listed in days:
            writer.write_table(listed.table())


def _excel(days: Days, schema: pa.Schema, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("holdings")
        for column, name in enumerate(schema.names):
            sheet.write_string(0, column, name)
        number = 0
        for listed in days:
            for row in listed.rows():
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


WRITERS: dict[str, Callable[[Days, pa.Schema, Path], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _excel,
}
