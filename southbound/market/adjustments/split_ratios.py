"""The ratios in which shares are split and consolidated, and those of bonus issues and rights."""

import math
from bisect import bisect_left, bisect_right
from fractions import Fraction

_CHOSEN = "2 3 4 5 8 10 20 11/10 6/5 13/10 3/2"
USUAL = frozenset(map(Fraction, _CHOSEN.split()))
"""Those that companies choose most."""

WHOLE = (*range(2, 11), 12, 15, 16, 20, 25, 30, 40, 50, 60, 80, 100, 200, 500, 1000)
UNEVEN = tuple(
    Fraction(*pair) for pair in ((11, 10), (6, 5), (5, 4), (13, 10), (4, 3), (7, 5), (3, 2), (5, 2))
)
_UP = sorted((*map(Fraction, WHOLE), *UNEVEN))
SIMPLE = (*(1 / factor for factor in reversed(_UP)), Fraction(1), *_UP)
"""Ascending: so many shares became of one. One new share for ten (11/10) is the least that is usual."""

_LOGS = [math.log(factor) for factor in SIMPLE]

_ROUND = (10, 20, 100, 1000)
"""Denominators of uneven ratios, the likeliest first: 4.8 new shares for ten old ones are 148/100."""


def between(least: float, most: float) -> tuple[Fraction, ...]:
    """The simple factors between two logarithms of ratios."""
    return SIMPLE[bisect_left(_LOGS, least) : bisect_right(_LOGS, most)]


def roundest(least: float, most: float, near: float) -> Fraction:
    """The least uneven ratio between two, a simple one if there is any; of equals that closest to a third.

    Args:
        least: positive,
        most: what the factor lies between.
        near: what the holding was multiplied by.
    """
    if most < 1:
        return 1 / roundest(1 / most, 1 / least, 1 / near)
    if simple := between(math.log(least), math.log(most)):
        return min(simple, key=lambda factor: abs(math.log(near / factor)))
    for denominator in _ROUND:
        first, last = math.ceil(least * denominator), math.floor(most * denominator)
        if first <= last:
            return Fraction(min(max(round(near * denominator), first), last), denominator)
    return Fraction(math.sqrt(least * most)).limit_denominator(10_000)


def is_whole(factor: Fraction) -> bool:
    """Whether one share became many, or many one."""
    return factor.numerator == 1 or factor.denominator == 1
