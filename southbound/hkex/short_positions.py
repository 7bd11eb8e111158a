"""The regulator's weekly file of reportable short positions -> one day of them, or an error.

80 kB of CSV:

    Date,Stock Code,Stock Name,Aggregated Reportable Short Positions (Shares),...(HK$)
    20/10/2023,1,CKH HOLDINGS,14169933,562546340

With or without a byte order mark, the day first, codes in ascending order. `n.a.` is a blank, and so is
`1.18734E+11`, which a spreadsheet has made of a figure. HK$ is shares times that day's close, so a row whose
HK$ are no shares at any price is damaged: it is blank, too. Pure.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date

from southbound.common.errors import OtherDate, SiteChanged
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.hkex.turnover import decoded
from southbound.market.short_positions import ShortPosition, ShortPositions

MOST_BYTES = 2 * 2**20
FEWEST, MOST_DAMAGED_PART = 500, 0.01
"""Rows of a whole file, and the part of them that may be no shares at a price."""

_HEADING = (
    "Date",
    "Stock Code",
    "Stock Name",
    "Aggregated Reportable Short Positions (Shares)",
    "Aggregated Reportable Short Positions (HK$)",
)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_CODE = re.compile(r"0*[1-9]\d{0,4}", re.ASCII)
_WHOLE = re.compile(r"0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
_MANGLED = re.compile(r"\d(?:\.\d+)?E\+\d{1,2}", re.ASCII)
_BLANKS = {"", "-", "n.a.", "n.a", "N.A.", "N/A"}
_THOUSANDTHS = 1000
"""Of a HK$: no price has more decimals."""


def short_positions_path(day: date) -> str:
    """Of the file as of a day, below the address of the weekly files."""
    return f"{day:%Y/%m/%d}/Short_Position_Reporting_Aggregated_Data_{day:%Y%m%d}.csv"


def is_short_positions(begin: bytes) -> bool:
    """Whether a file that begins so is one of these; it may be damaged all the same."""
    return ",".join(_HEADING[:2]).encode() in begin.partition(b"\n")[0].replace(b'"', b"")


def read_saved_short_positions(content: bytes) -> ShortPositions:
    """Read the file as of whatever day, by the date in its first row.

    Raises:
        NotPublished, SiteChanged, BadShortPositions: as `read_short_positions`.
        OtherDate: it has several.
    """
    dates = _DAY_FIRST.search(content.partition(b"\n")[2][:200].decode("latin-1"))
    try:
        day = date(*map(int, reversed(dates.groups()))) if dates else date.min
    except ValueError:
        day = date.min  # what is wrong with the row is said as it is read
    return read_short_positions(content, day)


def read_short_positions(content: bytes, day: date) -> ShortPositions:
    """Read the file as of a day.

    Raises:
        NotPublished: a page stands in its place.
        OtherDate: the file of another day.
        SiteChanged: not the layout that we know; it names the line.
        BadShortPositions: figures that cannot be true.
    """
    positions, damaged = [], 0
    for position in _positions(decoded(content, "the short positions", MOST_BYTES), day):
        if _is_at_a_price(position):
            positions.append(position)
        else:
            damaged += 1
            positions.append(position._replace(shares=None, value=None))
    if len(positions) < FEWEST:
        raise SiteChanged(
            remark(
                "the short positions have {count} rows, want at least {least}",
                count=f"{len(positions):,}",
                least=f"{FEWEST:,}",
            )
        )
    if damaged > MOST_DAMAGED_PART * len(positions):
        raise SiteChanged(
            remark(
                "of {damaged} of {count} short positions the HK$ are no shares at a price",
                damaged=f"{damaged:,}",
                count=f"{len(positions):,}",
            )
        )
    return ShortPositions.of(day, positions)


def _positions(text: str, day: date) -> Iterator[ShortPosition]:
    lines = csv.reader(text.splitlines(), strict=True)
    before = 0
    try:
        heading = tuple(map(one_line, next(lines, [])))
        if heading != _HEADING:
            raise SiteChanged(
                remark(
                    "the short positions: want the columns {columns}, got {heading}",
                    columns=", ".join(_HEADING),
                    heading=f"{heading!r:.120}",
                )
            )
        for cells in lines:
            if not any(cells):
                continue
            position = _position(cells, day)
            if position.code <= before:
                wrong = remark("stock {code} stands below stock {before}", code=position.code, before=before)
                raise ValueError(wrong)  # noqa: TRY301 - told as one below
            before = position.code
            yield position
    except (ValueError, csv.Error) as error:
        raise SiteChanged(
            remark("line {number} of the short positions: {error}", number=f"{lines.line_num:,}", error=error)
        ) from None


def _position(cells: list[str], day: date) -> ShortPosition:
    """The counter of a row.

    Raises:
        OtherDate: of another day.
        ValueError: what stands in a column does not belong there.
    """
    if len(cells) != len(_HEADING):
        raise ValueError(remark("got {count} cells, want {wanted}", count=len(cells), wanted=len(_HEADING)))
    shown, code, name, shares, value = (cell.strip() for cell in cells)
    match = _DAY_FIRST.fullmatch(shown)
    if not match:
        raise ValueError(remark("Date: got {shown}, want D/M/YYYY", shown=f"{shown!r:.20}"))
    got = date(int(match[3]), int(match[2]), int(match[1]))
    if got != day:
        raise OtherDate(day, got)
    if not _CODE.fullmatch(code):
        raise ValueError(remark("Stock Code: got {code}", code=f"{code!r:.20}"))
    return ShortPosition(int(code), one_line(name), _figure(shares), _figure(value))


def _figure(cell: str) -> int | None:
    if cell in _BLANKS or _MANGLED.fullmatch(cell):
        return None
    if not _WHOLE.fullmatch(cell):
        raise ValueError(remark("want a whole figure or `n.a.`, got {cell}", cell=f"{cell!r:.30}"))
    return int(cell.replace(",", ""))


def _is_at_a_price(position: ShortPosition) -> bool:
    """Whether the HK$ can be the shares at a price of at most three decimals, rounded to whole HK$."""
    shares, value = position.shares, position.value
    if not shares or not value:
        return True
    price = round(value * _THOUSANDTHS / shares)
    return 2 * abs(value * _THOUSANDTHS - shares * price) <= _THOUSANDTHS
