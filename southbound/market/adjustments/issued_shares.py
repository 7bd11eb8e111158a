"""What two percentages say of the issued shares, and which figures of a history are worth a closer look.

Shares divided by percent is the number of issued shares, as well as two decimals tell: an interval.
"""

import math
from collections.abc import Iterator

import numpy as np

from southbound.market.daily_holdings import Bools, Floats, Ints
from southbound.market.history import History

BELOW, ABOVE = 0.005, 0.02
"""How far the stake may be from its percentage, in percentage points.

The page adds the percentages of two participants (Shanghai's and Shenzhen's), each cut off after two
decimals: of the 548 recorded stocks above 5 %, 508 have one number of issued shares on all 38 days if the
stake may be up to 0.02 above the percentage, and 21 if the percentage is one rounded number. A rounded one is
allowed for too.
"""

LEAST_NEW_BASE, LEAST_POINTS = 0.01, 0.1
"""What a base must surely have changed by to be an event: 1 % of itself, or 0.1 points of the stake.
Options and buy-backs move it by less every day. Recorded: 158 in 37 days, two thirds of them of funds. Of the
678 largest changes in points none is left of which the base made the most."""

JUMP = 1.9
"""A holding that is multiplied by this, or divided, is looked at whatever its base does."""

BACK_WITHIN = 5
"""Sessions for which any stock may be off the list and its figures still be compared."""

ROWS_AT_ONCE = 250
"""Ten years at once would take three times as long, and 300 MB."""


def ratio_of_bases(
    old_shares: float, old_percent: float, shares: float, percent: float, codes: int = 1
) -> tuple[float, float] | None:
    """What the page tells of the ratio of two numbers of issued shares.

    The issued shares are shares / percent x 100. A percentage of two cut-off decimals stands for a stake from
    `BELOW` below it to `ABOVE` above it, so that the ratio lies between the two logarithms
    ln(s / (p + ABOVE)) - ln(s0 / (p0 - BELOW)) and ln(s / (p - BELOW)) - ln(s0 / (p0 + ABOVE)).

    Args:
        old_shares: positive.
        old_percent: NaN where blank.
        shares: positive.
        percent: NaN where blank.
        codes: of how many codes the percentages are the sum: each is cut off by itself.

    Returns:
        The two natural logarithms, the lower one first, infinite where a percentage is too small to tell;
        None if one of the percentages is blank, or both are 0.
    """
    if math.isnan(old_percent) or math.isnan(percent) or percent == 0 == old_percent:
        return None
    above = ABOVE * codes
    least = math.log(shares / (percent + above)) - _log(old_shares, old_percent - BELOW)
    most = _log(shares, percent - BELOW) - math.log(old_shares / (old_percent + above))
    return least, most


def _log(shares: float, percent: float) -> float:
    return math.log(shares / percent) if percent > 0 else math.inf


def odd_figures(history: History, first_row: int) -> Iterator[tuple[int, Ints, Bools]]:
    """Rows from `first_row` on with odd figures: the columns, and whether each one's base surely changed.

    Every row is held against the one before; its base against the last that was known in the stock's present
    time on the list. Odd is a holding that was multiplied or divided by more than `JUMP`, and one whose base
    surely changed: by u > `LEAST_NEW_BASE` or u x p > `LEAST_POINTS`, with u the least relative change that
    the interval of `ratio_of_bases` allows, and p the smaller of the two percentages.

    Args:
        history: D days of S stocks.
        first_row: from 1 on.

    Yields:
        The row; (K,) the columns with odd figures, ascending; (K,) whether the base of each surely changed.
    """
    known_rows = _last_known(history, first_row)
    for row in range(first_row, len(history.dates), ROWS_AT_ONCE):
        yield from _in_rows(history, row, min(row + ROWS_AT_ONCE, len(history.dates)), known_rows)


def _last_known(history: History, first_row: int) -> Ints:
    """The row before `first_row` with the last percentage of each stock's present time on the list; -1."""
    shares, percents = history.shares[:first_row], history.percents[:first_row]
    last = np.where(np.isnan(percents[-1]), -1, first_row - 1)
    lately = ~np.isnan(shares[-1 - BACK_WITHIN :]).all(axis=0)
    for column in np.flatnonzero((last < 0) & lately).tolist():
        began = began_on(np.flatnonzero(~np.isnan(shares[:, column])))
        not_blank = np.flatnonzero(~np.isnan(percents[began:, column]))
        last[column] = began + int(not_blank[-1]) if not_blank.size else -1
    return last


def began_on(listed: Ints, gap: int = BACK_WITHIN) -> int:
    """The row with which a stock's present time on the list began, of those that it is on the list in."""
    breaks = np.flatnonzero(np.diff(listed) > gap + 1)
    return int(listed[breaks[-1] + 1]) if breaks.size else int(listed[0])


def _in_rows(history: History, first: int, end: int, known_rows: Ints) -> Iterator[tuple[int, Ints, Bools]]:
    """Leaves in `known_rows` what it is at `end`."""
    shares, percents = history.shares[first - 1 : end], history.percents[first - 1 : end]
    listed, not_blank = ~np.isnan(shares), ~np.isnan(percents)
    numbers = np.where(not_blank, np.arange(first - 1, end)[:, None], np.where(listed, -1, -2))
    # Whoever is off the list (-2) for long forgets; a blank (-1) does not.
    numbers[0] = known_rows
    lately = np.isnan(history.shares[max(0, first - 1 - BACK_WITHIN) : first])
    away = np.where(lately.all(axis=0), BACK_WITHIN + 1, lately[::-1].argmin(axis=0))
    for row in (np.flatnonzero((numbers[1:] < 0).any(axis=1)) + 1).tolist():
        off = numbers[row] == -2
        away = np.where(off, away + 1, 0)
        kept = (numbers[row] == -1) | (off & (away <= BACK_WITHIN))
        numbers[row] = np.where(kept, numbers[row - 1], np.maximum(numbers[row], -1))
    known_rows[:] = numbers[-1]
    last_known = numbers[:-1]
    place = np.maximum(last_known, 0)
    columns = np.arange(shares.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        old_shares, old_percents = _at(history, place, columns, last_known)
        at_least = (shares[1:] / (percents[1:] + ABOVE)) / (old_shares / np.maximum(old_percents - BELOW, 0))
        at_most = (shares[1:] / np.maximum(percents[1:] - BELOW, 0)) / (old_shares / (old_percents + ABOVE))
        surely = np.maximum(at_least, 1 / at_most) - 1
        stake = np.fmin(percents[1:], percents[:-1])
        rebased = (surely > LEAST_NEW_BASE) | (surely * stake > LEAST_POINTS)
        ratio = shares[1:] / shares[:-1]
        jumped = (ratio > JUMP) | (ratio < 1 / JUMP)
        odd = (rebased | jumped) & ~np.isnan(ratio)
    odd_rows: list[int] = np.flatnonzero(odd.any(axis=1)).tolist()
    for at in odd_rows:
        odd_columns = np.flatnonzero(odd[at])
        yield first + at, odd_columns, rebased[at, odd_columns]


def _at(history: History, place: Ints, columns: Ints, last_known: Ints) -> tuple[Floats, Floats]:
    """The figures in the rows `place`; NaN where none is known."""
    old_shares = np.where(last_known >= 0, history.shares[place, columns], np.nan)
    old_percents = np.where(last_known >= 0, history.percents[place, columns], np.nan)
    return old_shares, old_percents
