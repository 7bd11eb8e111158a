"""What is put into the folder of prices: saved quotations and short positions, and frames, into the store.

Official figures win over frames: a board whose own file is stored takes nothing from a frame, and its file
takes the place of whatever a frame had. Where two files of one kind differ, the one that came later counts.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from southbound.common.errors import NoTrading
from southbound.common.remark import remark, together
from southbound.common.text import one_line
from southbound.frames.prices import PriceFrame, read_price_frame
from southbound.frames.tables import content_of
from southbound.hkex.quotations import Board, read_saved_quotations
from southbound.hkex.short_positions import (
    MOST_BYTES,
    is_short_positions,
    read_saved_short_positions,
)
from southbound.market import trading_calendar
from southbound.market.daily_prices import DailyPrices, Difference
from southbound.market.origin import Origin
from southbound.market.short_positions import ShortPositions
from southbound.scraping import price_sources
from southbound.scraping.folder_reader import Told, read_or_told
from southbound.scraping.watched_folder import SeenFile
from southbound.store.market_figures import PRICES, SHORT_POSITIONS, FigureKind, Figures, MarketFigures

F = TypeVar("F", bound=Figures)

PAGES = (".htm", ".html")
CHUNK_BYTES = 2**16
LONGEST_NAME = 60


@dataclass(slots=True)
class _Frame:
    """What is told of a frame, day by day.

    Attributes:
        stored: days of which something was stored.
        official: days of which the exchange's own figures stay.
        differences: from those.
    """

    frame: PriceFrame
    stored: list[date] = field(default_factory=list)
    official: list[date] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


class PriceFiles:
    """Takes files into the store. Every method raises StoreUnavailable, StoreRefused and NotTheWriter.

    Args:
        figures: where they go.
        turn: held while a day is read, judged and written: others write it, too.
        put: does a write, which may have to wait for the store.
    """

    def __init__(
        self,
        figures: MarketFigures,
        turn: AbstractContextManager[object],
        put: Callable[[Callable[[], None]], None] = lambda write: write(),
    ) -> None:
        self._figures = figures
        self._turn = turn
        self._put = put
        self._days: dict[str, frozenset[date]] = {}
        self._official_days: deque[date] = deque()

    def take(self, files: Sequence[SeenFile]) -> Iterator[tuple[SeenFile, Told]]:
        """Each file, and what became of it; the official ones first, since frames are measured by them."""
        frames: list[SeenFile] = []
        for file in files:
            self._days.pop(file.name, None)
            if not _is_official(file.path):
                frames.append(file)
            elif told := self._official(file):
                yield file, told
        yield from self._frames(frames)

    def official_came(self, day: date) -> None:
        """The exchange's own figures of a day were stored; from any thread."""
        self._official_days.append(day)

    def to_compare(self) -> list[str]:
        """The names of the frames that have a day of which the official figures have come since."""
        came = set()
        while self._official_days:
            came.add(self._official_days.popleft())
        return [name for name, days in self._days.items() if came & days]

    def _official(self, file: SeenFile) -> Told | None:
        if file.path.suffix.lower() == ".csv":
            read = read_or_told(file, lambda: read_saved_short_positions(content_of(file.path, MOST_BYTES)))
            return self._short_positions(file, read) if isinstance(read, ShortPositions) else read
        quotations = read_or_told(file, lambda: _quotations(file.path))
        return self._quotations(file, *quotations) if isinstance(quotations, tuple) else quotations

    def _short_positions(self, file: SeenFile, read: ShortPositions) -> Told:
        what = remark("short positions as of {day}", day=read.day)
        if not trading_calendar.is_session(read.day):
            return Told(remark("{what}: no Hong Kong session", what=what), is_taken=False)
        with self._turn:
            before = self._figures.origins(SHORT_POSITIONS, [read.day]).get(read.day)
            there, _ = self._figures.get_many(SHORT_POSITIONS, [read.day])
            if there and there[0].has_the_same(read):
                return Told(remark("{what}: as it is stored", what=what))
            if there and _is_later(before, file):
                return Told(
                    remark("{what}: other figures; what was read later stays", what=what), is_taken=False
                )
            self._store(SHORT_POSITIONS, read, f"from {_named(file)}", file.arrived)
        return Told(_stored(what, len(read)))

    def _quotations(self, file: SeenFile, read: DailyPrices, board: Board) -> Told:
        what = remark("{board} of {day}", board=remark(board.title), day=read.day)
        if not trading_calendar.is_session(read.day):
            return Told(remark("{what}: no Hong Kong session", what=what), is_taken=False)
        with self._turn:
            before, there = self._stored(read.day)
            part = there.within(board.has(there.codes)) if there is not None else None
            is_official = before is not None and board in price_sources.official(before.source, read.day)
            if part is not None and is_official and part.has_the_same(read):
                return Told(remark("{what}: as it is stored", what=what))
            if is_official and _is_later(before, file):
                return Told(
                    remark("{what}: other figures; what was read later stays", what=what), is_taken=False
                )
            kept = there.within(~board.has(there.codes)) if there is not None else None
            joined = read if kept is None or not len(kept) else DailyPrices.joined([read, kept])
            source = price_sources.joined([board], f"from {_named(file)}", before, read.day)
            self._store(PRICES, joined, source, file.arrived)
        self.official_came(read.day)
        differences = [] if part is None or is_official else part.differences(read)
        said: list[str] = [_stored(what, len(read))]
        if differences:
            said.append(remark("in place of a frame, {differences}", differences=_differences(differences)))
        return Told(together(said))

    def _frames(self, files: Sequence[SeenFile]) -> Iterator[tuple[SeenFile, Told]]:
        frames: dict[SeenFile, _Frame] = {}
        for file in files:
            read = read_or_told(file, lambda: read_price_frame(file.path))  # noqa: B023 - it is called at once
            if isinstance(read, PriceFrame):
                frames[file] = _Frame(read)
                self._days[file.name] = frozenset(read.days)
            elif read is not None:
                yield file, read
        # The newest first: what it has of a day, an older one does not replace.
        parts = [(file, prices) for file, each in reversed(frames.items()) for prices in each.frame.prices()]
        parts.sort(key=lambda part: part[1].day)
        for place, (file, prices) in enumerate(parts):
            newest = place == 0 or parts[place - 1][1].day != prices.day
            self._day_of_frame(file, prices, frames[file], replaces=newest)
        for file, each in frames.items():
            yield file, _told(each)

    def _day_of_frame(self, file: SeenFile, prices: DailyPrices, told: _Frame, *, replaces: bool) -> None:
        with self._turn:
            before, there = self._stored(prices.day)
            boards = price_sources.official(before.source, prices.day) if before is not None else set()
            official = np.zeros(len(prices), np.bool_)
            for board in boards:
                official |= board.has(prices.codes)
            if official.any() and there is not None:
                told.official.append(prices.day)
                told.differences += prices.within(official).differences(there)
            free = prices.within(~official)
            if not len(free):
                return
            wins = replaces and not _is_later(before, file)
            joined = free if there is None else free.over(there) if wins else there.over(free)
            if there is not None and there.has_the_same(joined):
                return
            source = price_sources.joined([], f"{price_sources.FRAME}{_named(file)}", before, prices.day)
            arrived = file.arrived if wins or before is None or before.read_at is None else before.read_at
            self._store(PRICES, joined, source, arrived)
        told.stored.append(prices.day)

    def _stored(self, day: date) -> tuple[Origin | None, DailyPrices | None]:
        there, _ = self._figures.get_many(PRICES, [day])
        before = self._figures.origins(PRICES, [day]).get(day)
        return (before, there[0]) if there and before is not None else (None, None)

    def _store(self, kind: FigureKind[F], figures: F, source: str, read_at: datetime) -> None:
        self._put(lambda: self._figures.put(kind, figures, source, read_at))


def _is_official(path: Path) -> bool:
    """Whether it is to be read as a file of the exchange or the regulator."""
    if path.suffix.lower() in PAGES:
        return True
    try:
        with path.open("rb") as file:
            return path.suffix.lower() == ".csv" and is_short_positions(file.read(1_000))
    except OSError:
        return False


def _quotations(path: Path) -> tuple[DailyPrices, Board] | Told:
    try:
        with path.open("rb") as file:
            return read_saved_quotations(iter(lambda: file.read(CHUNK_BYTES), b""))
    except NoTrading as error:
        return Told(remark("{error}: there is nothing to store", error=error))


def _is_later(before: Origin | None, file: SeenFile) -> bool:
    """Whether what is stored was read after a file came."""
    return before is not None and before.read_at is not None and before.read_at > file.arrived


def _named(file: SeenFile) -> str:
    """As it stands in a source, whose parts are divided by semicolons."""
    return one_line(file.name.replace(";", ","), LONGEST_NAME)


def _told(each: _Frame) -> Told:
    """What became of a frame, in a sentence."""
    days = each.frame.days
    what = {"days": _days(days), "first": days[0], "last": days[-1]}
    said: list[str] = [
        remark("prices of {days}, {first} to {last}: {stored} stored", **what, stored=_days(each.stored))
        if each.stored
        else remark("prices of {days}, {first} to {last}: as it is stored", **what)
    ]
    if each.official:
        said.append(remark("of {days} the official figures stay", days=_days(each.official)))
    if each.differences:
        said.append(_differences(each.differences))
    if no_sessions := each.frame.no_sessions:
        said.append(
            remark(
                "{day} is no Hong Kong session ({days} left out)",
                day=no_sessions[0],
                days=_days(no_sessions),
            )
        )
    return Told(together(said), is_taken=not (each.differences or no_sessions))


def _stored(what: str, counters: int) -> str:
    return remark("{what}: {count} counters stored", what=what, count=f"{counters:,}")


def _differences(differences: Sequence[Difference]) -> str:
    first = differences[0]
    told = {
        "code": f"{first.code:05}",
        "day": first.day,
        "name": first.name,
        "ours": f"{first.ours:g}",
        "official": f"{first.other:g}",
    }
    if len(differences) == 1:
        return remark(
            "1 figure of it differs, first {code} on {day}: {name} {ours}, official {official}", **told
        )
    return remark(
        "{count} figures of it differ, first {code} on {day}: {name} {ours}, official {official}",
        count=f"{len(differences):,}",
        **told,
    )


def _days(days: Sequence[date]) -> str:
    return (
        remark("{number} day", number=1)
        if len(days) == 1
        else remark("{number} days", number=f"{len(days):,}")
    )
