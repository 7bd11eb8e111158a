"""Moves of the figures that no buying or selling made: what kinds there are, and what was seen of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

TEMPORARY_CODES = range(2900, 3000)
"""HKEX's plan keeps these codes for temporary counters. Recorded: 02918 of 02160, and 02979 of 03939."""

FUND_CODES = (range(2800, 2850), range(3000, 3200), range(3400, 3500))
"""HKEX's plan keeps these for exchange-traded funds, whose units are made and redeemed by the million."""


class Kind(StrEnum):
    """Why figures moved."""

    SPLIT = "split"
    CONSOLIDATION = "consolidation"
    COUNTER_CHANGE = "counter change"
    """A stock goes on under another code: a temporary counter, or for good."""
    PARALLEL = "parallel trading"
    """The old code is back, and the temporary one is still there."""
    COUNTER_CLOSED = "counter closed"
    """The temporary code left, and its holding is under the other one."""
    NEW_BASE = "new base"
    """The number of issued shares was updated: percentages jump, holdings do not."""
    SUSPECT = "suspect"
    """A holding multiplied, and the page cannot tell whether it was bought."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One code before and after: None where it is not on the list; a percent also where it is blank."""

    code: int
    old_shares: int | None
    new_shares: int | None
    old_percent: float | None
    new_percent: float | None


@dataclass(frozen=True, slots=True)
class MechanicalMove:
    """What happened to one stock between two stored dates.

    Attributes:
        since: the date of the old figures: the stored date before, or the last one with a percentage.
        day: the date of the new figures.
        legs: the stock's code and, where counters change, the other one: for COUNTER_CHANGE the code that
            left and the one that came; for PARALLEL and COUNTER_CLOSED the lasting one and the temporary one.
        factor: how many shares became of one, where that is clear: 5 for a split, 1/5 for a consolidation.
    """

    since: date
    day: date
    kind: Kind
    legs: tuple[Leg, ...]
    factor: Fraction | None = None

    @property
    def code(self) -> int:
        return self.legs[0].code

    @property
    def other_code(self) -> int | None:
        """The second code, where counters change."""
        return self.legs[1].code if len(self.legs) > 1 else None

    @property
    def points_of_base(self) -> float:
        """The percentage points that a NEW_BASE alone made, to two decimals; 0 for every other kind.

        What trading made is reckoned where the holding is the larger, so that the two decimals of the
        percentage are not multiplied: the error stays below theirs.
        """
        leg = self.legs[0]
        if self.kind is not Kind.NEW_BASE or not (leg.old_shares and leg.new_shares):
            return 0.0
        if leg.old_percent is None or leg.new_percent is None:
            return 0.0
        rose = leg.new_shares >= leg.old_shares
        larger, percent = (leg.new_shares, leg.new_percent) if rose else (leg.old_shares, leg.old_percent)
        traded = percent * (leg.new_shares - leg.old_shares) / larger
        return round(leg.new_percent - leg.old_percent - traded, 2)

    @property
    def base_factor(self) -> float:
        """By how much a NEW_BASE multiplied the issued shares, as well as two decimals tell; else 1."""
        leg = self.legs[0]
        if self.kind is not Kind.NEW_BASE or not (leg.old_shares and leg.new_shares):
            return 1.0
        if not (leg.old_percent and leg.new_percent):
            return 1.0
        return leg.new_shares / leg.new_percent / (leg.old_shares / leg.old_percent)


@dataclass(frozen=True, slots=True)
class Line:
    """Two codes of one stock: what stands under `other` from `first` until before `last` is `main`'s."""

    main: int
    other: int
    first: date | None
    last: date | None


def lines(moves: Iterable[MechanicalMove]) -> tuple[Line, ...]:
    """Which codes belong together, and when; `moves` are in the order of their days."""
    closed: list[Line] = []
    open_lines: dict[int, Line] = {}
    for move in moves:
        if move.other_code is None:
            continue
        code, other = move.code, move.other_code
        match move.kind:
            case Kind.COUNTER_CHANGE if other in TEMPORARY_CODES:
                open_lines[other] = Line(code, other, move.day, None)
            case Kind.COUNTER_CHANGE:
                closed.append(Line(other, code, None, move.day))
            case Kind.PARALLEL:
                open_lines.setdefault(other, Line(code, other, None, None))
            case _:
                known = open_lines.pop(other, Line(code, other, None, None))
                closed.append(Line(known.main, other, known.first, move.day))
    return (*closed, *open_lines.values())


def is_fund(code: int) -> bool:
    """Whether the code is one of an exchange-traded fund."""
    return any(code in codes for codes in FUND_CODES)
