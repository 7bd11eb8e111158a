"""Which codes are one stock: changes to a temporary counter and back, and to another code for good.

While a company splits or consolidates its shares, they trade for two weeks under a temporary code alone, then
for some weeks under both codes at once, then under the old one alone; either may be off the list for a day.
Read naively that is a removal, an addition, another addition, hundreds of millions of shares sold, a removal.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from southbound.market.adjustments import counter_names, likelihoods, split_ratios
from southbound.market.adjustments.events import Witness
from southbound.market.adjustments.figures import Holding, bases, holding, is_temporary, last_known
from southbound.market.history import History

SAME_NAME, OTHER_NAME, OTHER_MARKED, ONE_NAMELESS = 6.0, -2.0, -6.0, -3.0
"""What names add to the weight that two codes are one stock (logarithms). Companies rename, so another name
rules nothing out, though less so where it is marked as a temporary counter's; recordings lack names, so that
none adds nothing, but then mostly of both."""

TEMPORARY_RANGE = 8.0
"""A code of the temporary range belongs to some stock that left the list."""

BY_CHANCE = -3.0
"""Of a code that came and one that left; for each session between the two once more -1."""

UNEXPLAINED, NO_SPLIT = -4.0, -1.5
"""If the odd session before would be no part of it."""

ENOUGH = 2.0
"""The weight from which on two codes are one stock: 88 %."""

AWAY = 3
"""Sessions for which a counter may be off the list between its two codes."""

EXACT, LEAST_STAKE = 0.001, 0.1
"""How closely holdings must agree, and how large a stake in percent must be, of codes that neither a name nor
the range connects."""

PARALLEL_SCALE = 0.01
LEAST_LOST = 0.1
"""What part of a temporary counter's holding must have gone at once for a code that comes to have it."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two codes that are one stock.

    Attributes:
        old, new: their columns: what left, and what came.
        left: the last row with the old one.
        weight: the logarithm of the odds.
        factor: how many new shares became of an old one.
        across: whether the issued shares fit better measured across the odd base before.
    """

    old: int
    new: int
    left: int
    factor: Fraction
    weight: float
    witnesses: tuple[Witness, ...]
    across: bool = False

    @property
    def certainty(self) -> float:
        """The weight as a probability."""
        return 1 / (1 + math.exp(-min(self.weight, 30.0)))


@dataclass(frozen=True, slots=True)
class ListChange:
    """A row in which codes came or left.

    Attributes:
        history: all days up to the row, at least.
        left: the columns of those that left, and the last row with each.
        before: of stocks with an odd base in the last sessions, the holding before it.
        mains: the columns of temporary counters that are known, and of the stocks that they belong to.
    """

    history: History
    row: int
    left: dict[int, int]
    before: dict[int, Holding]
    mains: dict[int, int]

    def matches(self, came: Iterable[int]) -> list[Match]:
        """The likeliest pairs of codes that came and codes that left, each code once."""
        pairs = (self._match(new, old, last) for new in came for old, last in self.left.items())
        found = [match for match in pairs if match is not None]
        found.sort(key=lambda each: (-each.weight, each.new))
        chosen: list[Match] = []
        for match in found:
            chosen = _with(chosen, match)
        for match in found:  # once more: what is likeliest by itself may take the place of two
            chosen = _with(chosen, match, found)
        return sorted(chosen, key=lambda each: each.old)

    def _match(self, new: int, old: int, last: int) -> Match | None:
        history, row = self.history, self.row
        if is_temporary(history, last, old) and self.mains.get(old) == new:
            return Match(old, new, last, Fraction(1), 30.0, (Witness.CODE,))
        from_temporary, to_temporary = is_temporary(history, last, old), is_temporary(history, row, new)
        # Until it closes a counter is one stock's, which goes back from it to its lasting one.
        if self.mains.get(new, old) != old or (from_temporary and to_temporary):
            return None
        temporary = from_temporary or to_temporary
        names, witnesses = names_of(history, (last, old), (row, new))
        if not temporary and last != row - 1:
            return None
        if not temporary and not witnesses:
            return self._for_good(new, old)
        if old in self.mains and not to_temporary:
            return None
        return self._by_figures(new, old, last, (names, witnesses))

    def _by_figures(
        self, new: int, old: int, last: int, names: tuple[float, tuple[Witness, ...]]
    ) -> Match | None:
        history, row = self.history, self.row
        was, now = holding(history, last, (old,)), holding(history, row, (new,))
        shares = math.log(now.shares / was.shares)
        options = [(bases(last_known(history, last, (old,)), now), False)]
        if old in self.before:
            options.append((bases(self.before[old], now), True))
        fixed = is_temporary(history, last, old)
        weight, factor, across = max(
            (likelihoods.as_one(shares, base, factor), factor, across)
            for base, across in options
            for factor in _factors(shares, base, fixed=fixed)
        )
        temporary = fixed or is_temporary(history, row, new)
        # A large new base a session before is the action's own, and a blank one a consolidation's.
        weight += UNEXPLAINED if old in self.before and not across else 0.0
        weight += NO_SPLIT if math.isnan(was.percent) and factor > 1 else 0.0
        weight += names[0] + BY_CHANCE - (row - 1 - last) + (TEMPORARY_RANGE if temporary else 0.0)
        if weight < ENOUGH or abs(shares - math.log(factor)) > 1:
            return None
        spoken = [Witness.SHARES, *names[1]]
        spoken += [Witness.CODE] if temporary else []
        spoken += [Witness.BASE] if options[across][0] is not None else []
        spoken += [Witness.BEFORE] if across or math.isnan(was.percent) else []
        return Match(old, new, last, factor, weight, tuple(spoken), across)

    def _for_good(self, new: int, old: int) -> Match | None:
        """Codes that only their figures connect: the holdings must be equal, the stakes, and not tiny."""
        last = self.row - 1
        was, now = holding(self.history, last, (old,)), holding(self.history, self.row, (new,))
        before = last_known(self.history, last, (old,))
        if before is None or math.isnan(now.percent) or before.percent < LEAST_STAKE:
            return None
        if abs(math.log(now.shares / was.shares)) > EXACT or abs(now.percent - before.percent) > 0.02:
            return None
        return Match(old, new, last, Fraction(1), 3.0, (Witness.SHARES, Witness.BASE))


def _with(chosen: list[Match], match: Match, others: list[Match] | None = None) -> list[Match]:
    """The matches with one more, if all together weigh more than those whose codes it takes."""
    if match in chosen:
        return chosen
    lost = [each for each in chosen if each.old == match.old or each.new == match.new]
    changed = [each for each in chosen if each not in lost] + [match]
    for other in others or ():
        if all(other.old != each.old and other.new != each.new for each in changed):
            changed.append(other)
    return changed if _weight(changed) > _weight(chosen) else chosen


def _weight(matches: list[Match]) -> float:
    return sum(match.weight for match in matches)


def _factors(shares: float, base: tuple[float, float] | None, *, fixed: bool) -> Iterator[Fraction]:
    yield Fraction(1)
    if fixed:
        return
    yield from split_ratios.between(shares - 0.3, shares + 0.3)
    if base is not None and base[0] > -5 and base[1] < 5 and abs(shares - sum(base) / 2) < 0.2:
        yield split_ratios.roundest(math.exp(base[0]), math.exp(base[1]), math.exp(shares))


def names_of(
    history: History, old: tuple[int, int], new: tuple[int, int]
) -> tuple[float, tuple[Witness, ...]]:
    """What two names add, and whether they speak for one company; of rows and columns."""
    one, other = history.name_on(*old), history.name_on(*new)
    nameless = [
        counter_names.says_nothing(name, int(history.codes[column]))
        for name, (_, column) in ((one, old), (other, new))
    ]
    if any(nameless):
        return 0.0 if all(nameless) else ONE_NAMELESS, ()
    if counter_names.same_company(one, other):
        return SAME_NAME, (Witness.NAME,)
    marked = counter_names.parted(other)[1] is counter_names.Mark.TEMPORARY
    return OTHER_MARKED if marked else OTHER_NAME, ()


def temporary_of(history: History, row: int, new: int, mains: dict[int, int]) -> int | None:
    """The temporary counter that lost what came under a code; None if none did.

    Args:
        history: all days up to the row, at least.
        row: in which the code came.
        new: its column.
        mains: the columns of temporary counters that are known, and of the stocks that they belong to.
    """
    lost = history.shares[row - 1] - history.shares[row]
    columns: list[int] = np.flatnonzero(lost >= LEAST_LOST * history.shares[row - 1]).tolist()
    for temporary in columns:
        if not is_temporary(history, row, temporary) or mains.get(temporary, new) != new:
            continue
        came, stayed = holding(history, row, (new,)), holding(history, row, (temporary,))
        weight = names_of(history, (row, temporary), (row, new))[0] + BY_CHANCE + TEMPORARY_RANGE
        off = abs(math.log(came.shares / float(lost[temporary])))
        weight += math.log(1 / (2 * PARALLEL_SCALE) * (1 + off / PARALLEL_SCALE) ** -2 / 0.1)
        between = bases(stayed, came)
        if between is not None and not between[0] - 0.003 <= 0 <= between[1] + 0.003:
            weight -= 6.0
        if weight >= ENOUGH:
            return temporary
    return None


def heir_of(history: History, row: int, temporary: int) -> int | None:
    """The stock that rose by exactly what a temporary counter had that left; None unless there is one.

    Recorded: 02979 and 03939, 720,000 shares on 2026-01-06.
    """
    rose = np.flatnonzero(history.shares[row] - history.shares[row - 1] == history.shares[row - 1, temporary])
    return int(rose[0]) if rose.size == 1 else None


def named_alike(history: History, row: int, temporary: int) -> int | None:
    """The lasting counter on a row's list that has a temporary one's company name; None if there is none."""
    name = history.name_on(row, temporary)
    if counter_names.parted(name)[1] is None:
        return None
    stem = counter_names.parted(name)[0]
    for column in np.flatnonzero(~np.isnan(history.shares[row])).tolist():
        other = history.name_on(row, column)
        if (
            column != temporary
            and counter_names.parted(other)[0] == stem
            and not is_temporary(history, row, column)
        ):
            return int(column)
    return None
