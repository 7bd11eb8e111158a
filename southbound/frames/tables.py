"""A file of any of the kinds that are read, as rows of text under its column names. It may be hostile."""

import csv
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from southbound.common.errors import BadFile
from southbound.common.remark import in_short, remark, remark_of
from southbound.common.text import one_line

MOST_BYTES, MOST_ROWS, LONGEST_CELL = 500_000_000, 5_000_000, 500

LONGEST_LINE = 20_000

MOST_PACKED, MOST_SHARED_BYTES = 100, 64_000_000
"""How many bytes one of an Excel file may become (a sheet becomes some ten), and how many all its texts."""

Row = Sequence[str]


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a table by the file's ending, a key of `TABLES`; its column names first.

    Raises:
        BadFile: it is none.
    """
    if not path.is_file():
        raise BadFile(remark("no file"))
    return TABLES[path.suffix.lower()](path)


def content_of(path: Path, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        BadFile: it cannot be read, or is too large.
    """
    try:
        if not path.is_file():
            raise BadFile(remark("no file"))
        if (size := path.stat().st_size) > most:
            raise BadFile(remark("{size} bytes, want at most {most}", size=f"{size:,}", most=f"{most:,}"))
        return path.read_bytes()
    except OSError as error:
        raise BadFile(remark("cannot be read: {strerror}", strerror=error.strerror)) from error


def check_width(number: int, row: Row, columns: Sequence[str]) -> None:
    """Raises BadFile if a row, of that line, has more or fewer cells than there are columns."""
    if len(row) != len(columns):
        raise BadFile(
            remark(
                "line {number}: {count} cells, want {wanted}",
                number=number,
                count=len(row),
                wanted=len(columns),
            )
        )


def bad_line(number: int, error: Exception) -> BadFile:
    """What a file is refused with whose line of that number is."""
    return BadFile(remark("line {number}: {error}", number=number, error=in_short(remark_of(error), 120)))


def csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file, its column names first.

    Raises:
        BadFile: it is none.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadFile(remark("{size} bytes, want at most {most}", size=f"{size:,}", most=f"{MOST_BYTES:,}"))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = iter(lambda: file.readline(LONGEST_LINE), "")
            for number, row in enumerate(csv.reader(lines, strict=True)):
                if number > MOST_ROWS:
                    raise BadFile(remark("more than {most} rows", most=f"{MOST_ROWS:,}"))
                if any(len(cell) > LONGEST_CELL for cell in row):
                    raise BadFile(
                        remark(
                            "line {number}: a cell of more than {longest} characters",
                            number=number + 1,
                            longest=LONGEST_CELL,
                        )
                    )
                yield row
    except UnicodeDecodeError:
        raise BadFile(remark("no text in UTF-8")) from None
    except csv.Error as error:
        raise BadFile(remark("no CSV: {error}", error=in_short(remark_of(error), 100))) from None
    except OSError as error:
        raise BadFile(remark("cannot be read: {strerror}", strerror=error.strerror)) from error


def parquet_rows(path: Path) -> Iterator[Row]:
    """The rows of a Parquet file, its column names first. None is an empty text.

    Raises:
        BadFile: it is none, or would take far more memory than its bytes.
    """
    try:
        schema = pq.read_schema(path)
        texts = [field.name for field in schema if _is_text(field.type)]
        with pq.ParquetFile(path, read_dictionary=texts, page_checksum_verification=True) as file:
            if file.metadata.num_rows > MOST_ROWS:
                raise BadFile(
                    remark(
                        "{num_rows} rows, want at most {most}",
                        num_rows=f"{file.metadata.num_rows:,}",
                        most=f"{MOST_ROWS:,}",
                    )
                )
            groups = range(file.metadata.num_row_groups)
            if sum(file.metadata.row_group(group).total_byte_size for group in groups) > MOST_BYTES:
                raise BadFile(remark("more than {most} bytes when unpacked", most=f"{MOST_BYTES:,}"))
            yield schema.names
            for batch in file.iter_batches(20_000):
                yield from zip(*map(_cells, batch.columns), strict=True)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise BadFile(
            remark("no Parquet that could be read: {error}", error=in_short(remark_of(error), 100))
        ) from None


def excel_rows(path: Path) -> Iterator[Row]:
    """The rows of the first sheet of an Excel file, its column names first. A blank cell is an empty text.

    Raises:
        BadFile: it is none, or would take far more memory than its bytes.
    """
    try:
        _check_packed(path)
        import openpyxl  # noqa: PLC0415 - 5 MB, and most processes here never see such a file

        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet says of its size is often wrong
            with closing(sheet.iter_rows(values_only=True)) as rows:
                yield from _rows_of_sheet(rows)
    except (BadFile, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever it stumbles over
        raise BadFile(
            remark("no Excel file that could be read: {error}", error=in_short(remark_of(error), 100))
        ) from None


def _rows_of_sheet(cells_of_rows: Iterator[Sequence[object]]) -> Iterator[Row]:
    width = 0
    for number, cells in enumerate(cells_of_rows, start=1):
        if number > MOST_ROWS:
            raise BadFile(remark("more than {most} rows", most=f"{MOST_ROWS:,}"))
        row = _without_blank_end([_excel_cell(cell) for cell in cells])
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise BadFile(
                remark(
                    "row {number}: a cell of more than {longest} characters",
                    number=number,
                    longest=LONGEST_CELL,
                )
            )
        if row:
            width = width or len(row)
            yield row + [""] * (width - len(row))


def _check_packed(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
        if sum(sizes.values()) > min(MOST_BYTES, MOST_PACKED * path.stat().st_size):
            raise BadFile(remark("it would unpack to {size} bytes", size=f"{sum(sizes.values()):,}"))
        if sizes.get("xl/sharedStrings.xml", 0) > MOST_SHARED_BYTES:
            raise BadFile(remark("more than {most} bytes of texts", most=f"{MOST_SHARED_BYTES:,}"))
        for name in sizes:
            with parts.open(name) as part:
                if b"<!DOCTYPE" in part.read(1_000):
                    raise BadFile(remark("a document type in {name}", name=one_line(name, 40)))


def _excel_cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not any(cell.timetuple()[3:6]):
        return cell.date().isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _without_blank_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def json_of(path: Path) -> Any:
    """The object in a JSON file.

    Raises:
        BadFile: it is none.
    """
    try:
        return json.loads(content_of(path, MOST_BYTES // 5))
    except (ValueError, RecursionError) as error:
        raise BadFile(remark("no JSON: {error}", error=in_short(remark_of(error), 100))) from None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _cells(column: pa.Array) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        import pyarrow.compute as pc  # noqa: PLC0415 - 3 MB

        longest = pc.max(pc.utf8_length(column.dictionary)).as_py()
        if longest is not None and longest > LONGEST_CELL:
            raise BadFile(
                remark(
                    "a cell of {longest} characters, want at most {most}",
                    longest=f"{longest:,}",
                    most=LONGEST_CELL,
                )
            )
    elif not (pa.types.is_primitive(kind) or pa.types.is_null(kind)):
        raise BadFile(remark("a column of the type {kind}", kind=one_line(str(kind), 40)))
    return ["" if cell is None or cell != cell else str(cell) for cell in column.to_pylist()]  # noqa: PLR0124 - NaN


TABLES: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": csv_rows,
    ".parquet": parquet_rows,
    ".xlsx": excel_rows,
}
"""By the ending of a file's name."""
