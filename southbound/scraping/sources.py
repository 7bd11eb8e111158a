"""The sources that are read beside the holdings: a row for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar

from southbound.hkex.quotations import Board, read_quotations
from southbound.hkex.short_positions import (
    MOST_BYTES as LARGEST_SHORT_POSITIONS,
    read_short_positions,
    short_positions_path,
)
from southbound.hkex.turnover import MOST_BYTES as LARGEST_TURNOVER, read_turnover, turnover_path
from southbound.market import trading_calendar
from southbound.market.daily_prices import DailyPrices
from southbound.market.origin import Origin
from southbound.market.settlement import southbound_sessions
from southbound.market.trading_calendar import HONG_KONG
from southbound.scraping import price_sources
from southbound.store.market_figures import PRICES, SHORT_POSITIONS, TURNOVER, FigureKind, Figures

EVENING = time(20)
"""In Hong Kong: by then the exchange has published the session's files."""

UNTIL_PUBLISHED = timedelta(days=7)
"""From the Friday of a week to that on which its short positions are published."""

F = TypeVar("F", bound=Figures)


@dataclass(frozen=True, slots=True)
class File(Generic[F]):
    """One file of a day.

    Attributes:
        path: below the source's address.
        read: what its parts hold, of which it takes no more than it needs.
    """

    path: str
    read: Callable[[Iterable[bytes]], F]


@dataclass(frozen=True, slots=True)
class Source(Generic[F]):
    """One source.

    Attributes:
        name: of its section in the settings, and of its field in the status.
        kind: under which keys its figures stand.
        days: that have figures, from one date to another, oldest first.
        out_from: the first moment at which those of a day are looked for.
        files: in which those of a day stand.
        joined: the figures of a day: what is there, if anything, and what was read of some of its files.
        sourced: where they come from: of the paths that were read, the address, and what is said of what was
            there before.
    """

    name: str
    kind: FigureKind[F]
    days: Callable[[date, date], list[date]]
    out_from: Callable[[date], datetime]
    files: Callable[[date], tuple[File[F], ...]]
    joined: Callable[[F | None, list[F]], F]
    sourced: Callable[[date, list[str], str, Origin | None], str]


def _evening(day: date) -> datetime:
    return datetime.combine(day, EVENING, HONG_KONG)


def _a_week_later(week_end: date) -> datetime:
    friday = week_end + timedelta(days=4 - week_end.weekday())
    return _evening(friday + UNTIL_PUBLISHED)


def week_ends(first: date, last: date) -> list[date]:
    """The last session of each week, whose last day is not after `last`."""
    found = {_week(day): day for day in trading_calendar.between(first, last)}
    return [day for day in found.values() if _week(trading_calendar.after(day)) != _week(day)]


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _boards(day: date) -> tuple[File[DailyPrices], ...]:
    def file(board: Board) -> File[DailyPrices]:
        return File(board.path(day), lambda parts: read_quotations(parts, day, board))

    return tuple(map(file, Board))


def _whole(parts: Iterable[bytes], most: int) -> bytes:
    """A small file, or as much of it as shows that it is none."""
    content = b""
    for part in parts:
        content += part
        if len(content) > most:
            break
    return content


def _alone(_there: F | None, read: list[F]) -> F:
    return read[-1]


def _at(_day: date, paths: list[str], url: str, _before: Origin | None) -> str:
    return f"{', '.join(paths)} at {url}"


def _boards_joined(there: DailyPrices | None, read: list[DailyPrices]) -> DailyPrices:
    """A board's own file takes the place of whatever was there of it."""
    if there is not None:
        for board in Board:
            if any(board.has(part.codes).all() for part in read):
                there = there.within(~board.has(there.codes))
    return DailyPrices.joined([*read, *([there] if there is not None and len(there) else [])])


def _boards_at(day: date, paths: list[str], url: str, before: Origin | None) -> str:
    return price_sources.joined(
        [board for board in Board if board.path(day) in paths], f"at {url}", before, day
    )


SOURCES: tuple[Source[Any], ...] = (
    Source("prices", PRICES, trading_calendar.between, _evening, _boards, _boards_joined, _boards_at),
    Source(
        "turnover",
        TURNOVER,
        southbound_sessions,
        _evening,
        lambda day: (
            File(turnover_path(day), lambda parts: read_turnover(_whole(parts, LARGEST_TURNOVER), day)),
        ),
        _alone,
        _at,
    ),
    Source(
        "short_positions",
        SHORT_POSITIONS,
        week_ends,
        _a_week_later,
        lambda day: (
            File(
                short_positions_path(day),
                lambda parts: read_short_positions(_whole(parts, LARGEST_SHORT_POSITIONS), day),
            ),
        ),
        _alone,
        _at,
    ),
)
