"""A file of any of the kinds that are read, as rows of text under its column names. It may be hostile."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from southbound.common.errors import BadFile
from southbound.common.text import one_line

MOST_BYTES, MOST_ROWS, LONGEST_CELL = 500_000_000, 5_000_000, 500

LONGEST_LINE = 20_000

Row = Sequence[str]


def content_of(path: Path, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        BadFile: it cannot be read, or is too large.
    """
    try:
        if not path.is_file():
            raise BadFile("no file")
        if (size := path.stat().st_size) > most:
            raise BadFile(f"{size:,} bytes, want at most {most:,}")
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror}") from error


def csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file, its column names first.

    Raises:
        BadFile: it is none.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadFile(f"{size:,} bytes, want at most {MOST_BYTES:,}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = iter(lambda: file.readline(LONGEST_LINE), "")
            for number, row in enumerate(csv.reader(lines, strict=True)):
                if number > MOST_ROWS:
                    raise BadFile(f"more than {MOST_ROWS:,} rows")
                if any(len(cell) > LONGEST_CELL for cell in row):
                    raise BadFile(f"line {number + 1}: a cell of more than {LONGEST_CELL} characters")
                yield row
    except UnicodeDecodeError:
        raise BadFile("no text in UTF-8") from None
    except csv.Error as error:
        raise BadFile(f"no CSV: {one_line(str(error), 100)}") from None
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror}") from error


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
                raise BadFile(f"{file.metadata.num_rows:,} rows, want at most {MOST_ROWS:,}")
            groups = range(file.metadata.num_row_groups)
            if sum(file.metadata.row_group(group).total_byte_size for group in groups) > MOST_BYTES:
                raise BadFile(f"more than {MOST_BYTES:,} bytes when unpacked")
            yield schema.names
            for batch in file.iter_batches(20_000):
                yield from zip(*map(_cells, batch.columns), strict=True)
    except (OSError, pa.ArrowException) as error:
        raise BadFile(f"no Parquet that could be read: {one_line(str(error), 100)}") from None


def json_of(path: Path) -> Any:
    """The object in a JSON file.

    Raises:
        BadFile: it is none.
    """
    try:
        return json.loads(content_of(path, MOST_BYTES // 5))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"no JSON: {one_line(str(error), 100)}") from None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _cells(column: pa.Array) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        longest = pc.max(pc.utf8_length(column.dictionary)).as_py()
        if longest is not None and longest > LONGEST_CELL:
            raise BadFile(f"a cell of {longest:,} characters, want at most {LONGEST_CELL}")
    elif not (pa.types.is_primitive(kind) or pa.types.is_null(kind)):
        raise BadFile(f"a column of the type {one_line(str(kind), 40)}")
    return ["" if cell is None or cell != cell else str(cell) for cell in column.to_pylist()]  # noqa: PLR0124 - NaN
