"""Since when a stock is bought or sold: the longest run that counts."""

from dataclasses import dataclass

import numpy as np

from southbound.market.daily_holdings import Floats

SETBACK = 0.25
"""The part of its change that a run may lose in between; else one odd day would end the buying of months."""


@dataclass(frozen=True, slots=True)
class LastingRun:
    """From a row to the last one.

    Attributes:
        first: the row before the first change of the run.
        sessions: how many changes it has.
        change: shares or units, those of the last row.
    """

    first: int
    sessions: int
    change: float


def lasting_run(shares: Floats) -> LastingRun | None:
    """The longest run of buying or selling that ends with the last row.

    From row a to the last one a stock is bought if s[-1] > s[a], and no fall in between, from any row to a
    later one, took back more than `SETBACK` of the gain s[-1] - s[a]; sold likewise. The smallest such a
    counts. It may begin with neither an unchanged holding nor one that is not known. Of buying and selling
    the longer one counts; two of one length are impossible.

    Args:
        shares: (T,) holdings in the shares of the last row, oldest first; NaN where not on the list. What is
            before the last gap is not looked at.

    Returns:
        None if the holding of the last row is not known, or neither counts.
    """
    gaps = np.flatnonzero(np.isnan(shares))
    begin = int(gaps[-1]) + 1 if gaps.size else 0
    known = shares[begin:]
    runs = [run for way in (1, -1) if (run := _rising(known * way)) is not None]
    if not runs:
        return None
    first = min(runs)
    return LastingRun(begin + first, len(known) - 1 - first, float(known[-1] - known[first]))


def _rising(shares: Floats) -> int | None:
    """The smallest row from which on the holding rose as it counts."""
    if len(shares) < 2:
        return None
    lowest_after = np.minimum.accumulate(shares[::-1])[::-1]
    # From each row on, the deepest fall from any row to a later one.
    falls = np.maximum.accumulate((shares - lowest_after)[::-1])[::-1]
    gains = shares[-1] - shares
    moves = np.append(shares[1:] > shares[:-1], False)
    rows = np.flatnonzero((gains > 0) & (falls <= SETBACK * gains) & moves)
    return int(rows[0]) if rows.size else None
