"""The ratios in which shares are split and consolidated."""

import math
from bisect import bisect_left, bisect_right
from fractions import Fraction

WHOLE = (*range(2, 11), 12, 15, 16, 20, 25, 30, 40, 50, 60, 80, 100, 200, 500, 1000)
UNEVEN = (Fraction(11, 10), Fraction(6, 5), Fraction(5, 4), Fraction(4, 3), Fraction(3, 2), Fraction(5, 2))
_UP = sorted((*map(Fraction, WHOLE), *UNEVEN))
SIMPLE = (*(1 / factor for factor in reversed(_UP)), Fraction(1), *_UP)
"""Ascending: so many shares became of one. One new share for ten (11/10) is the least that is usual."""

_RATIOS = [float(factor) for factor in SIMPLE]


def nearest(ratio: float, least: float = 0, most: float = math.inf) -> tuple[Fraction, float]:
    """The simple factor closest to a ratio, and how far off that is: 0.01 is one percent.

    Args:
        ratio: of two holdings, positive.
        least: the factor should not be below this,
        most: nor above this; if there is no simple one between the two, any is taken.
    """
    between = range(bisect_left(_RATIOS, least), bisect_right(_RATIOS, most)) or range(len(_RATIOS))
    best = min(between, key=lambda i: abs(math.log(_RATIOS[i] / ratio)))
    return SIMPLE[best], abs(math.log(_RATIOS[best] / ratio))


def is_whole(factor: Fraction) -> bool:
    """Whether one share became many, or many one."""
    return factor.numerator == 1 or factor.denominator == 1


def allowance(factor: Fraction) -> float:
    """How far off a holding may be and still have gone through that factor: it was also traded that day.

    Of the recorded daily changes 98 % are below 5 %. Small factors allow less: between 11/10 and nothing at
    all there are only 10 %.
    """
    return min(0.05, 0.1 * abs(math.log(factor)))
