"""How many stocks have how large a stake: bands of ownership."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from southbound.market.daily_holdings import Floats, Ints

BAND_FLOORS = (20, 10, 5, 1, 0)
"""Percent of the issued shares from which on a stake is in each band, the highest first."""


@dataclass(frozen=True, slots=True)
class Band:
    """One band.

    Attributes:
        floor, ceiling: percent; the floor is in the band, the ceiling is not; None: there is no ceiling.
        now, before: how many stocks of each list are in it.
        came, left: the codes that are on both lists, and in the band on one of the dates alone.
    """

    floor: int
    ceiling: int | None
    now: int
    before: int
    came: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


def bands(codes: Ints, before: Floats, now: Floats) -> tuple[Band, ...]:
    """The stakes of two dates in bands.

    Stakes are as the page gives them on each date; stocks whose percentage is blank are in no band.

    Args:
        codes: of N stocks.
        before: (N,) percent of the issued shares on the older date; NaN where blank or not on the list.
        now: likewise on the newer one.
    """
    ceilings: Sequence[int | None] = (None, *BAND_FLOORS[:-1])
    on_both = ~(np.isnan(before) | np.isnan(now))
    found = []
    for floor, ceiling in zip(BAND_FLOORS, ceilings, strict=True):
        top = np.inf if ceiling is None else ceiling
        was, is_now = ((stakes >= floor) & (stakes < top) for stakes in (before, now))
        came, left = (codes[on_both & one & ~other].tolist() for one, other in ((is_now, was), (was, is_now)))
        found.append(Band(floor, ceiling, int(is_now.sum()), int(was.sum()), tuple(came), tuple(left)))
    return tuple(found)
