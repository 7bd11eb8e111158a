"""What the figures of many stocks show, row by row: streaks, highs and lows, unusual changes, crossings.

All take the rows oldest first, one column for each stock, and tell of the last row.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

import numpy as np

from southbound.market import trading_calendar
from southbound.market.daily_holdings import Bools, Floats, Ints

EXTREME_WINDOWS = (20, 60, 250)
"""In sessions."""

LEVELS = (5, 10, 20, 30)
"""Percent of the issued shares. From 5 % on a holder must disclose; from 30 % on it must bid for the rest."""

MEASURED, LEAST_MEASURED = 60, 20
"""Of how many of its own changes the usual one is reckoned, and how many there must be."""

IDLE_BELOW = 0.02
"""If fewer of the holdings moved, nothing was traded, whatever the cause: transfers still move one or two. On
the recorded days without trades it was 0 to 2 of 877, on all others 671 and more."""


def idle(changes: Floats, traded: Bools) -> Bools:
    """The rows in which nothing was traded, as far as calendars and figures tell.

    Args:
        changes: from each row to the next.
        traded: for each, whether the calendars know of trades that it may show.
    """
    moved, known = (changes != 0) & ~np.isnan(changes), ~np.isnan(changes)
    result: Bools = ~traded | (moved.sum(axis=1) <= IDLE_BELOW * known.sum(axis=1))
    return result


def streaks(changes: Floats, idle: Bools) -> Ints:
    """Counted backwards from the last row. An idle row neither ends nor lengthens one."""
    counts = np.zeros(changes.shape[1], dtype=np.int64)
    lasting = np.ones(changes.shape[1], dtype=np.bool_)
    for change, passed_over in zip(changes[::-1], idle[::-1], strict=True):
        if passed_over:
            lasting &= ~np.isnan(change)
            continue
        direction = np.nan_to_num(np.sign(change)).astype(np.int64)
        lasting &= (direction != 0) & (np.sign(counts) != -direction)
        counts[lasting] += direction[lasting]
        if not lasting.any():
            break
    return counts


def extremes(dates: Sequence[date], stakes: Floats, listed: Bools) -> tuple[Ints, Ints]:
    """The longest windows in which the last stake is above, and below, all others.

    Its first session must be stored, or a date before it, and the stock be on the list there.
    """
    day, now = dates[-1], stakes[-1]
    highs, lows = np.zeros(len(now), dtype=np.int64), np.zeros(len(now), dtype=np.int64)
    for window in EXTREME_WINDOWS:
        if (day - dates[0]).days < window:
            break
        first = bisect_right(dates, trading_calendar.before(day, window)) - 1
        if first < 0:
            break
        past = stakes[first:-1]
        highs[listed[first] & (now > np.fmax.reduce(past))] = window
        lows[listed[first] & (now < np.fmin.reduce(past))] = window
    return highs, lows


def z_scores(changes: Floats, idle: Bools) -> Floats:
    """How many usual deviations each change of the last row is from the usual one; NaN where unknown."""
    scores = np.full(changes.shape[1], np.nan)
    past = changes[:-1][~idle[:-1]][-MEASURED:]
    if not len(changes) or idle[-1] or len(past) < LEAST_MEASURED:
        return scores
    count = (~np.isnan(past)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(past, axis=0) / count
        deviation = np.sqrt(np.nansum((past - mean) ** 2, axis=0) / (count - 1))
        usual = (count >= LEAST_MEASURED) & (deviation > 0)
        scores[usual] = ((changes[-1] - mean) / deviation)[usual]
    return scores


def crossings(stakes: Floats) -> Ints:
    """The level that each stake rose to (positive) or fell below (negative) in the last row; 0 if none."""
    crossed = np.zeros(stakes.shape[1], dtype=np.int64)
    if len(stakes) > 1:
        before, now = stakes[-2:]
        for level in LEVELS:
            crossed[(before < level) & (now >= level)] = level
        for level in reversed(LEVELS):
            crossed[(before >= level) & (now < level)] = -level
    return crossed
