"""What happens to a stock's figures without anybody buying or selling: one event, and its parts by day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

TEMPORARY_CODES = range(2900, 3000)
"""HKEX's plan keeps these codes for temporary counters. Recorded: 02918 of 02160, and 02979 of 03939."""

FUND_CODES = (range(2800, 2850), range(3000, 3200), range(3400, 3500))
"""HKEX's plan keeps these for exchange-traded funds, whose units are made and redeemed by the million."""


class Kind(StrEnum):
    """What an event is."""

    SPLIT = "split"
    CONSOLIDATION = "consolidation"
    BONUS = "bonus issue or rights"
    """Holding and issued shares grew (or shrank) by the same uneven ratio, and the stake stayed."""
    CODE_CHANGE = "change of code"
    """A stock goes on under another code, share for share."""
    NEW_BASE = "new base"
    """The number of issued shares was updated: percentages jump, holdings do not."""
    SUSPECT = "suspect"
    """A holding jumped, and figures cannot tell whether it was traded."""


class Step(StrEnum):
    """What a part of an event shows on the page."""

    BASE = "base"
    """The percentage is of the new number of issued shares from this day on."""
    SHARES = "shares"
    """The holding is in new shares from this day on, under the same code."""
    MOVED = "moved"
    """The old code is off the list, and the other one stands for it, in new shares."""
    PARALLEL = "parallel"
    """Both codes are on the list."""
    RETURNED = "returned"
    """The temporary code is off the list, and the lasting one is back."""
    CLOSED = "closed"
    """The temporary code is off the list, and its holding is under the lasting one."""
    REOPENED = "reopened"
    """The temporary code is back for what is left under it."""


class Witness(StrEnum):
    """What speaks for a reading."""

    SHARES = "shares"
    BASE = "base"
    NAME = "name"
    CODE = "code"
    BEFORE = "before"
    """An odd session before: a base or a blank that did not fit the holding."""
    AFTER = "after"
    """What a later day showed."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One code before and after: None where it is not on the list; a percent also where it is blank."""

    code: int
    old_shares: int | None
    new_shares: int | None
    old_percent: float | None
    new_percent: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one day showed of an event.

    Attributes:
        since: the date of the old figures: the stored date before, or the last one with a percentage.
        day: the date of the new figures.
        legs: the stock's code and, where counters change, the other one.
    """

    step: Step
    since: date
    day: date
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """Two codes of one stock: what stands under `other` from `first` until before `last` is `main`'s.

    Attributes:
        main: the lasting code.
        other: the temporary one, or one that was given up for good.
        first, last: None where it has no beginning in the days known, or no end yet.
        temporary: whether `other` is a temporary counter.
    """

    main: int
    other: int
    first: date | None
    last: date | None
    temporary: bool = True

    def holds(self, day: date) -> bool:
        """Whether `other` is `main`'s on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day < self.last)


@dataclass(frozen=True, slots=True)
class AdjustmentEvent:
    """What happened to one stock, from its first odd session to its last.

    Attributes:
        kind: the reading that was taken.
        parts: what each day showed, by day; one at least.
        factor: how many shares became of one: 5 for a split, 1/5 for a consolidation; None where none did.
        certainty: the weight of the reading taken among all readings, 0 to 1.
        alternative: what else it may be; None if nothing else is worth naming.
        witnesses: what speaks for the reading.
        line: the codes that are one stock by it.
        base: the issued shares that the stake on odd sessions is computed with: those of the first session
            whose holding and percentage fit each other again; None where there was no odd session.
    """

    kind: Kind
    parts: tuple[Part, ...]
    factor: Fraction | None = None
    certainty: float = 1.0
    alternative: Kind | None = None
    witnesses: tuple[Witness, ...] = ()
    line: CodeLine | None = None
    base: float | None = None

    @property
    def day(self) -> date:
        """The first day that shows it."""
        return self.parts[0].day

    @property
    def last_day(self) -> date:
        """The last day, so far, that shows it."""
        return self.parts[-1].day

    @property
    def principal(self) -> Part:
        """The part that changed the holding; of the others the first."""
        if len(self.parts) == 1:
            return self.parts[0]
        steps = {Step.SHARES, Step.MOVED}
        return next((part for part in self.parts if part.step in steps), self.parts[0])

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Those of the principal part."""
        return self.principal.legs

    @property
    def code(self) -> int:
        """The stock's code: the lasting one where there is a temporary one, else that before the event."""
        return self.legs[0].code

    @property
    def other_code(self) -> int | None:
        """The second code, where counters change."""
        return self.legs[1].code if len(self.legs) > 1 else None

    @property
    def multiplied(self) -> date | None:
        """The first day in new shares; None if the holding is in the same shares throughout."""
        return self.principal.day if self.factor is not None and self.factor != 1 else None

    @property
    def odd(self) -> tuple[date, date] | None:
        """From when until before when a percentage does not fit its holding; None if it always does."""
        based = next((part.day for part in self.parts if part.step is Step.BASE), None)
        if based is None or self.multiplied is None or based == self.multiplied:
            return None
        return min(based, self.multiplied), max(based, self.multiplied)

    def within(self, old: date, new: date) -> bool:
        """Whether any of its parts lies after one date, and not after another."""
        return any(old < part.day <= new for part in self.parts)

    def with_part(self, part: Part) -> "AdjustmentEvent":
        """The same with one part more."""
        return replace(self, parts=tuple(sorted((*self.parts, part), key=lambda each: each.day)))

    @property
    def points_of_base(self) -> float:
        """The percentage points that a NEW_BASE alone made, to two decimals; 0 for every other kind.

        p1 - p0 - p x (s1 - s0) / s, with percentages p0, p1 and shares s0, s1 before and after, and p and s
        those of the larger holding. So what trading made, p x (s1 - s0) / s, is computed without multiplying
        the two decimals of a percentage: the error stays below theirs. 0 where a percentage is blank.
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
        """By how much a NEW_BASE multiplied the issued shares, as well as two decimals tell; else 1.

        (s1 / p1) / (s0 / p0), with shares s and percentages p before and after.
        """
        leg = self.legs[0]
        if self.kind is not Kind.NEW_BASE or not (leg.old_shares and leg.new_shares):
            return 1.0
        if not (leg.old_percent and leg.new_percent):
            return 1.0
        return leg.new_shares / leg.new_percent / (leg.old_shares / leg.old_percent)


def lines(events: Iterable[AdjustmentEvent]) -> tuple[CodeLine, ...]:
    """Which codes belong together, and when, in the order in which they began."""
    return tuple(event.line for event in events if event.line is not None)


def is_fund(code: int) -> bool:
    """Whether the code is one of an exchange-traded fund."""
    return any(code in codes for codes in FUND_CODES)


def kind_of(factor: Fraction, otherwise: Kind) -> Kind:
    """A split or consolidation; else the kind of an uneven ratio, or of none."""
    if factor == 1:
        return otherwise
    if otherwise is Kind.CODE_CHANGE:
        return Kind.SPLIT if factor > 1 else Kind.CONSOLIDATION
    if 1 < factor < 2 or (factor > 1 and factor.denominator != 1):
        return Kind.BONUS
    return Kind.SPLIT if factor > 1 else Kind.CONSOLIDATION
