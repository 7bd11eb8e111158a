"""Files -> days: each file by its format, and rows of one day from several files put together."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from southbound.common.errors import BadFile, BadHoldings, SouthboundError
from southbound.common.remark import in_short, remark, remark_of
from southbound.common.text import one_line
from southbound.common.timestamps import parse_moment
from southbound.frames import formats, tables
from southbound.frames.formats import Cells
from southbound.hkexnews.page_parser import read_page
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import LONGEST_SOURCE, Origin

MOST_PAGE_BYTES = 32_000_000

PAGE = "page file"


@dataclass(slots=True)
class _Day:
    """What was read of a day so far, by stock."""

    origin: Origin
    stamp: str = ""
    files: list[Path] = field(default_factory=list)
    stocks: dict[int, Cells] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FileDay:
    """A day out of files.

    Attributes:
        holdings: the list; None if it cannot be one.
        problem: why it cannot.
        origin: its source, and when that was read if a file says so.
        files: from which it was read.
    """

    day: date
    holdings: DailyHoldings | None
    problem: str
    origin: Origin
    files: tuple[Path, ...] = ()


class Frames:
    """The days of the files that were added.

    Args:
        names: of stocks, for formats that have none.
    """

    def __init__(self, names: Callable[[int], str] = str) -> None:
        self._names = names
        self._days: dict[tuple[str, date], _Day] = {}
        self._pages: list[FileDay] = []

    def add(self, path: Path) -> None:
        """Read a file.

        Raises:
            BadFile: nothing of it was taken, or what was read of it must not be used; says why.
        """
        kind = path.suffix.lower()
        if kind in {".html", ".htm"}:
            self._pages.append(_page(path))
        elif kind == ".json":
            self._add_all(path, "json by date", _by_date(path), adds_up=False)
        elif kind in tables.TABLES:
            rows = tables.rows_of(path)
            columns = [name.strip() for name in next(rows, ())]
            known = formats.recognised(columns)
            self._add_all(path, known.name, _cells(known, columns, rows), adds_up=known.adds_up)
        else:
            raise BadFile(
                remark("want a file that ends in .html, .json, {formats}", formats=", ".join(tables.TABLES))
            )

    def days(self) -> list[FileDay]:
        """The days of all files, oldest first."""
        read = [self._file_day(day, known) for (_, day), known in self._days.items()]
        return sorted([*read, *self._pages], key=lambda each: each.day)

    def _add_all(self, path: Path, source: str, cells: Iterable[Cells], *, adds_up: bool) -> None:
        # As a whole or not at all: half a file would make half a day.
        for each in list(cells):
            origin = Origin(one_line(each.source, LONGEST_SOURCE) or source, parse_moment(each.read_at))
            known = self._days.setdefault((source, each.day), _Day(origin, each.read_at))
            if each.read_at != known.stamp:
                if _moment(each.read_at) < _moment(known.stamp):
                    continue
                known = self._days[source, each.day] = _Day(origin, each.read_at)
            if known.files[-1:] != [path]:
                known.files.append(path)
            before = known.stocks.get(each.code)
            if before is not None and adds_up:
                each = _sum(before, each)  # noqa: PLW2901
            elif before is not None and before != each:
                known.problem = known.problem or remark(
                    "stock {code} stands there twice, with other figures", code=each.code
                )
            known.stocks[each.code] = each

    def _file_day(self, day: date, known: _Day) -> FileDay:
        rows = list(known.stocks.values())
        if known.problem:
            return FileDay(day, None, known.problem, known.origin, tuple(known.files))
        try:
            holdings = DailyHoldings.of(
                day,
                [row.code for row in rows],
                [row.name or self._names(row.code) for row in rows],
                [row.shares for row in rows],
                [row.percent for row in rows],
            )
        except BadHoldings as error:
            return FileDay(day, None, str(error), known.origin, tuple(known.files))
        return FileDay(day, holdings, "", known.origin, tuple(known.files))


def _cells(known: formats.Format, columns: list[str], rows: Iterator[tables.Row]) -> Iterator[Cells]:
    for number, row in enumerate(rows, start=2):
        tables.check_width(number, row, columns)
        try:
            cells = known.read(dict(zip(columns, map(str.strip, row), strict=True)))
        except ValueError as error:
            raise tables.bad_line(number, error) from None
        if cells is not None:
            yield cells


def _by_date(path: Path) -> Iterator[Cells]:
    stored = tables.json_of(path)
    days = stored.get("by_date") if isinstance(stored, dict) else None
    if not isinstance(days, dict):
        raise BadFile(remark('want {{"by_date": {{DATE: {{CODE: {{"sh": …, "pct": …}}}}}}}}'))
    for day, stocks in days.items():
        if not isinstance(stocks, dict):
            raise BadFile(remark("{day}: want stocks by code", day=one_line(day, 20)))
        for code, figures in stocks.items():
            try:
                yield formats.by_date_cells(day, code, figures)
            except ValueError as error:
                raise BadFile(
                    remark("{day}: {error}", day=one_line(day, 20), error=in_short(remark_of(error), 120))
                ) from None


def _page(path: Path) -> FileDay:
    content = tables.content_of(path, MOST_PAGE_BYTES)
    try:
        page = read_page(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadFile(remark("no text in UTF-8")) from None
    except SouthboundError as error:
        raise BadFile(in_short(remark_of(error), 200)) from None
    if page.heading is None:
        raise BadFile(remark("a page without a list: {alert}", alert=one_line(page.alert, 80)))
    return FileDay(page.heading, page.listed, page.problem, Origin(PAGE), (path,))


def _sum(one: Cells, other: Cells) -> Cells:
    parts = [part for part in (one.percent, other.percent) if part is not None]
    return one._replace(shares=one.shares + other.shares, percent=round(sum(parts), 4) if parts else None)


def _moment(text: str) -> float:
    moment: datetime | None = parse_moment(text)
    return -1.0 if moment is None else moment.timestamp()
