"""The one place that weighs the witnesses: how likely each reading makes what the page shows.

A reading's weight is how often it happens to one stock on one day, times how well it explains the ratio of
the two holdings, and that of the two numbers of issued shares (an interval: percentages have two decimals).
All logarithms are natural, all densities over them.
`docs/corporate-actions.md` has the same as a table, with the recorded figures behind it.
"""

import math
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache

from southbound.market.adjustments import split_ratios

ACTIONS = 2e-4
"""Splits, consolidations, bonus and rights issues for one stock and day: some 50 a year among 900 stocks."""

UNEVEN_ACTIONS = 1e-4
"""Those with a ratio that is not among the simple ones."""

LATE = 0.1
"""Of all of them: those whose holding is multiplied before the number of issued shares is."""

LEAST_RATIO = math.log(1.08)
"""Beyond a day's trading (99 % of the recorded changes are below 7.4 %). On the recorded days holding and
issued shares grew together by 5.2 % once: that is read as an update of the base, and a purchase."""

MOST = 0.75
"""How much of an action may have been traded with or against it on the day; beyond that it is no action."""

TRADED_SCALE, TRADED_POWER = 0.0021, 1.3
"""Trading of a day changes a holding by more than x with the probability (1 + x / scale) ^ -power. Recorded
(and by this): above 1 % 11 (10) %, 5 % 1.6 (1.5) %, 10 % 0.68 (0.64) %, 20 % 0.30 (0.27) %."""

LOOSE_SCALE = 0.05
"""The same for holdings that are small, new on the list, or of a fund."""

BASE_RATE, BASE_SCALE, BASE_POWER = 2e-3, 0.06, 3.0
"""A base changes by more than y with the probability rate * (1 + y / scale) ^ -power. Recorded (and by this),
funds aside: above 1 % 0.14 (0.13) %, 5 % 0.05 (0.03) %, 10 % 0.003 (0.01) %; beyond 18 % none."""

FUND_BASE_RATE, FUND_BASE_SCALE, FUND_BASE_POWER = 0.1, 0.05, 1.5

BASE_DRIFT = 0.003
"""By how much options and buy-backs move a base beside an event."""

APART = 0.3
"""Of all actions: those whose base is a session ahead of the holding, or behind it; for each more, again."""

SURE, RULED_OUT = 0.9, 0.2
"""A reading with at least this weight is taken; below the other it is not; between them nothing is sure."""


class Reading(Enum):
    """What the weights say."""

    ACTION = "action"
    TRADED = "traded"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Observed:
    """The ratios of new to old figures of one stock; both codes together, where it has two.

    Attributes:
        shares: logarithm of the ratio of holdings.
        base: logarithms that the ratio of issued shares lies between; None where a percentage is not known.
        fund: whether it is a fund.
        loose: whether such a holding is often multiplied by buying alone.
        apart: sessions between the holding and the base.
    """

    shares: float
    base: tuple[float, float] | None
    fund: bool = False
    loose: bool = False
    apart: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reading to take, its weight among all, and how many shares became of one if it is an action.

    Where nothing is sure the weight is that of the action.
    """

    reading: Reading
    certainty: float
    factor: Fraction


def weigh(seen: Observed) -> Verdict:
    """What happened, as far as the figures of one stock tell.

    The certainty of an action is w / (w + v), Bayes' rule for two readings: w is the sum of the weights of
    all factors that explain the figures, v the weight of trading alone. From `SURE` on it is an action, below
    `RULED_OUT` trading, and unsure between the two; an action whose base has not followed is unsure, too.
    """
    if (
        seen.base is not None
        and max(map(abs, seen.base)) < LEAST_RATIO - BASE_DRIFT
        and abs(seen.shares) < 0.5
    ):
        return Verdict(Reading.TRADED, 1.0, Fraction(1))  # no action is so small, and a late one is larger
    scale = LOOSE_SCALE if seen.loose or seen.fund else TRADED_SCALE
    traded = _traded(seen.shares, scale) * _base_alone(seen)
    actions = {factor: _simple(seen, factor, scale) for factor in _candidates(seen)}
    if not seen.fund and seen.base is not None:
        uneven, weight = _uneven(seen, seen.base, scale)
        actions[uneven] = actions.get(uneven, 0.0) + weight
    actions = {factor: weight * APART**seen.apart for factor, weight in actions.items()}
    likeliest = max(actions, key=lambda factor: actions[factor], default=Fraction(1))
    action = sum(actions.values())
    share = action / (action + traded) if action else 0.0
    late = not _fits(seen.base, math.log(likeliest))
    if share < RULED_OUT:
        return Verdict(Reading.TRADED, 1 - share, Fraction(1))
    if share < SURE or late or seen.base is None:
        return Verdict(Reading.UNSURE, share, likeliest)
    return Verdict(Reading.ACTION, share, likeliest)


def is_complete(seen: Observed) -> bool:
    """Whether holding and base were multiplied on one day: no other day's base belongs to that action."""
    return seen.base is not None and not _fits(seen.base, 0.0) and weigh(seen).reading is Reading.ACTION


def as_one(shares: float, base: tuple[float, float] | None, factor: Fraction) -> float:
    """How much likelier (a natural logarithm) two codes' figures are as those of one stock, `factor` for one.

    Likelier than figures that agree by chance: holdings spread over ten in logarithms, bases likewise.
    """
    # Some uneven ratio fits any two holdings: then these say nothing.
    density = _traded(shares - math.log(factor), TRADED_SCALE) if factor in split_ratios.SIMPLE else 0.2
    weight = math.log(density / 0.1) + _log_prior(factor)
    if base is not None:
        chance = min(1.0, 0.15 * (base[1] - base[0] + 2 * BASE_DRIFT))
        weight += math.log(1 / chance) if _fits(base, math.log(factor)) else math.log(BASE_RATE)
    return weight


def _candidates(seen: Observed) -> tuple[Fraction, ...]:
    """The simple factors that the bases allow, or that a late base hides; funds are split into whole ones."""
    if seen.base is None:
        found = split_ratios.between(seen.shares - 0.3, seen.shares + 0.3)
    else:
        least, most = seen.base
        found = split_ratios.between(least - BASE_DRIFT, most + BASE_DRIFT)
        if least <= BASE_DRIFT and most >= -BASE_DRIFT and not seen.fund:
            near = split_ratios.between(seen.shares - 0.1, seen.shares + 0.1)
            found += tuple(factor for factor in near if split_ratios.is_whole(factor) and factor not in found)
    return tuple(
        factor
        for factor in found
        if _explains(seen.shares, math.log(factor)) and (split_ratios.is_whole(factor) or not seen.fund)
    )


def _explains(shares: float, size: float) -> bool:
    """Whether an action is beyond a day's trading, and most of what the holding did."""
    return abs(size) >= LEAST_RATIO and abs(shares - size) < MOST * abs(size)


def _simple(seen: Observed, factor: Fraction, scale: float) -> float:
    size = math.log(factor)
    weight = _prior(factor) * _traded(seen.shares - size, scale)
    return weight if _fits(seen.base, size) else weight * LATE


def _fits(base: tuple[float, float] | None, size: float) -> bool:
    """Whether the issued shares may have been multiplied by as much."""
    return base is None or base[0] - BASE_DRIFT <= size <= base[1] + BASE_DRIFT


def _uneven(seen: Observed, base: tuple[float, float], scale: float) -> tuple[Fraction, float]:
    """The roundest ratio that the bases allow, and the weight of all together."""
    least, most = base
    if max(abs(least), abs(most)) < LEAST_RATIO or most - least > 1 or least * most < 0:
        return Fraction(1), 0.0
    steps = 16
    width = (most - least) / steps
    middles = [least + (step + 0.5) * width for step in range(steps)]
    weight = sum(
        _uneven_density(size)
        * (
            _traded_above(seen.shares - size - width / 2, scale)
            - _traded_above(seen.shares - size + width / 2, scale)
        )
        for size in middles
        if _explains(seen.shares, size)
    )
    return split_ratios.roundest(math.exp(least), math.exp(most), math.exp(seen.shares)), weight


def _uneven_density(size: float) -> float:
    """Twice the density of ratios of either sign: most give less than one new share for one."""
    return float(UNEVEN_ACTIONS / 0.3 * (1 + abs(size) / 0.3) ** -3)


def _traded(change: float, scale: float) -> float:
    """The density of a day's trading."""
    return float(TRADED_POWER / (2 * scale) * (1 + abs(change) / scale) ** -(TRADED_POWER + 1))


def _traded_above(change: float, scale: float) -> float:
    """The probability that a day's trading is above it."""
    tail = float(0.5 * (1 + abs(change) / scale) ** -TRADED_POWER)
    return tail if change >= 0 else 1 - tail


def _base_alone(seen: Observed) -> float:
    """The probability that the base changed as it did, with no action."""
    if seen.base is None:
        return 1.0
    least, most = seen.base
    rate, scale, power = (
        (FUND_BASE_RATE, FUND_BASE_SCALE, FUND_BASE_POWER)
        if seen.fund
        else (BASE_RATE, BASE_SCALE, BASE_POWER)
    )
    if least <= BASE_DRIFT and most >= -BASE_DRIFT:
        return 1.0
    nearer, farther = sorted((abs(least), abs(most)))
    above = [float(rate / 2 * (1 + size / scale) ** -power) for size in (nearer, farther)]
    return max(above[0] - above[1], 1e-12)


@lru_cache(maxsize=256)
def _prior(factor: Fraction) -> float:
    """The probability of a simple action of one stock on one day."""
    if factor not in split_ratios.SIMPLE:
        return ACTIONS / 1000
    usual = max(factor, 1 / factor) in split_ratios.USUAL
    return ACTIONS / 100 * (4 if usual else 1)


def _log_prior(factor: Fraction) -> float:
    """Of a change of counters: one in three is share for share, and hardly one has an uneven ratio."""
    if factor == 1:
        return math.log(0.3)
    return math.log(_prior(factor) / ACTIONS) - (0 if split_ratios.is_whole(factor) else math.log(10))
