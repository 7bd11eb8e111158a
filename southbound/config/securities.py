"""HKEX's list of securities, as it is downloaded: what each code is."""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 20_000_000, 200_000_000, 100_000
HEADING_WITHIN = 20
"""Rows: the list has titles above its heading."""

CODE, CATEGORY, SUB_CATEGORY = "stock code", "category", "sub-category"


@dataclass(frozen=True, slots=True)
class Securities:
    """A list that was read.

    Attributes:
        path: of the file.
        categories: by code, `Category` and `Sub-Category` with a blank between them.
    """

    path: Path
    categories: Mapping[int, str] = field(repr=False, hash=False)

    def __str__(self) -> str:
        """`ListOfSecurities.xlsx (15,400 securities)`."""
        return f"{self.path} ({len(self.categories):,} securities)"


def securities_of_file(given: str) -> Securities:
    """The list, as Excel file or saved as CSV in UTF-8; of its columns code and category are read.

    Raises:
        ValueError: it cannot be read, or is another file; says why.
    """
    want = "HKEX's list of securities, as .xlsx or .csv"
    path = Path(given)
    try:
        if not given.isprintable() or not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{want}, of at most {MOST_BYTES // 1_000_000} MB")
        rows = _excel_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
        categories = _read(rows)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ValueError(f"{want}, readable, and in UTF-8 if it is CSV") from None
    if not categories:
        raise ValueError(f"{want}, with securities under columns named Stock Code and Category")
    return Securities(path, categories)


def _read(rows: Iterator[Sequence[str]]) -> dict[int, str]:
    for heading in islice(rows, HEADING_WITHIN):
        names = [" ".join(name.split()).casefold() for name in heading]
        if CODE in names and CATEGORY in names:
            break
    else:
        return {}
    code = names.index(CODE)
    places = [names.index(name) for name in (CATEGORY, SUB_CATEGORY) if name in names]
    found: dict[int, str] = {}
    for row in islice(rows, MOST_ROWS):
        cells = [cell.strip() for cell in row]
        digits = cells[code] if code < len(cells) else ""
        category = " ".join(cells[place] for place in places if place < len(cells)).strip()
        if digits.isascii() and digits.isdecimal() and len(digits) <= 5 and category:
            found[int(digits)] = category[:100]
    return found


def _csv_rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, strict=True)


def _excel_rows(path: Path) -> Iterator[list[str]]:
    """Of the first sheet, whatever it says of its size: that of the exchange says eight rows."""
    import openpyxl  # noqa: PLC0415 - only who has such a file waits for it

    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise OSError  # noqa: TRY301 - as what else is wrong with it
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from map(_texts, sheet.iter_rows(values_only=True))
        finally:
            book.close()
    except OSError:
        raise
    except Exception as error:
        raise OSError from error


def _texts(cells: Iterable[object]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]
