"""Levels of the stake that were crossed between two dates."""

import numpy as np

from southbound.market.changes import Changes
from southbound.market.daily_holdings import Floats, Ints
from southbound.market.metrics import points_change


def crossed(old: Floats, new: Floats, level: float) -> Ints:
    """Which stakes rose to a level, and which fell below it.

    A stake rises to the level L with old < L <= new, and falls below it with new < L <= old, as
    `indicators.crossings` has it from one day to the next.

    Args:
        old: (N,) percent of the issued shares, in those of the newer date; NaN where not known.
        new: likewise.
        level: percent.

    Returns:
        (N,) 1 where it rose to the level, -1 where it fell below, else 0.
    """
    return ((old < level) & (new >= level)).astype(np.int64) - ((old >= level) & (new < level))


def comparable_stakes(changes: Changes) -> tuple[Floats, Floats]:
    """The stakes of both dates in the issued shares of the newer one: old + base points, and new.

    Returns:
        (N,) and (N,) percent, in the order of `Changes.codes`; NaN where a percentage is blank, and where a
        stock is suspect.
    """
    new = np.where(changes.suspect, np.nan, changes.new_percents)
    return np.round(new - points_change(changes), 2), new
