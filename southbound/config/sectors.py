"""Which sector and group each stock is in, as a file of the reader's has it."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

MOST_BYTES, MOST_LINES = 4_000_000, 30_000
LONGEST_NAME = 60
HEADINGS = ("code", "sector", "group")

_CODE = re.compile(r"0*([1-9]\d{0,4})(?:\.hk)?", re.IGNORECASE)


class Membership(NamedTuple):
    """Where a stock belongs; the group is empty where the file has none."""

    sector: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sectors:
    """A file that was read.

    Attributes:
        path: of it.
        members: by code.
    """

    path: Path
    members: Mapping[int, Membership] = field(repr=False, hash=False)

    def __str__(self) -> str:
        """`sectors.csv (2,742 stocks)`."""
        return f"{self.path} ({len(self.members):,} stocks)"


def sectors_of_file(given: str) -> Sectors:
    """A file of lines `code,sector[,group]` under these names, in UTF-8; other columns are not read.

    Raises:
        ValueError: it cannot be read, or a line of it makes no sense; says which.
    """
    want = "a CSV file with the columns code, sector and perhaps group"
    path = Path(given)
    try:
        if not given.isprintable() or not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{want}, of at most {MOST_BYTES // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{want}, readable and in UTF-8") from None
    try:
        members = _read(text)
    except (ValueError, csv.Error) as trouble:
        raise ValueError(f"{want}: {trouble}") from None
    return Sectors(path, members)


def _read(text: str) -> dict[int, Membership]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading = [name.strip().casefold() for name in next(lines, [])]
    missing = [name for name in HEADINGS[:2] if heading.count(name) != 1]
    if missing:
        raise ValueError(f"its first line has no {' and no '.join(missing)}")
    places = [heading.index(name) for name in HEADINGS if name in heading]
    members: dict[int, Membership] = {}
    for line in lines:
        at = f"line {lines.line_num}"
        if not any(cell.strip() for cell in line):
            continue
        if len(line) <= max(places):
            raise ValueError(f"{at} has {len(line)} of {len(heading)} cells")
        code, *names = (" ".join(line[place].split()) for place in places)
        match = _CODE.fullmatch(code)
        if match is None:
            raise ValueError(f"{at} has no stock code")
        if not names[0] or any(len(name) > LONGEST_NAME or not name.isprintable() for name in names):
            raise ValueError(f"{at} has no sector of at most {LONGEST_NAME} printable characters")
        belongs = Membership(*names)
        if members.setdefault(int(match[1]), belongs) != belongs:
            raise ValueError(f"{at} has {match[1]} again, elsewhere")
        if len(members) > MOST_LINES:
            raise ValueError(f"it has more than {MOST_LINES:,} stocks")
    if not members:
        raise ValueError("it has no stocks")
    return members
