"""What two percentages say of the issued shares: splits, consolidations, new bases, and what cannot be told.

Shares divided by percent is the number of issued shares, as well as two decimals tell. If a holding is
multiplied and the issued shares with it, nobody bought: a split. If the issued shares change alone, the
percentage jumps: a new base. If the holding and its percentage are multiplied by a whole number, either the
page has a split but not yet its base, or somebody bought: suspect.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from southbound.factors import allowance, is_whole, nearest
from southbound.history import History
from southbound.moves import Kind, Leg, MechanicalMove, is_fund

BELOW, ABOVE = 0.005, 0.02
"""How far the stake may be from its percentage, in percentage points.

The page adds the percentages of two participants (Shanghai's and Shenzhen's), each cut off after two
decimals: of the 548 recorded stocks above 5 %, 508 have one number of issued shares on all 38 days if the
stake may be up to 0.02 above the percentage, and 21 if the percentage is one rounded number. A rounded one is
allowed for too.
"""

LEAST_NEW_BASE, LEAST_POINTS = 0.01, 0.1
"""What a base must surely have changed by to be told: 1 % of itself, or 0.1 percentage points of the stake.
Options and buy-backs move it by less every day. Recorded: 158 in 37 days, two thirds of them of funds. Of the
678 largest changes in points none is left of which the base made the most."""

BOTH_JUMPED = 1.3
JUMP = 1.9
SUSPECT_WITHIN = 0.01
SUSPECT_STAKE, SUSPECT_SHARES = 0.5, 10_000
"""Percent of the issued shares, and shares. Smaller stakes are multiplied by ordinary buying."""

MEMORY = 20
"""Sessions for which a base is remembered while the percentage is blank, and for which a stock is new."""

ROWS_AT_ONCE = 250
"""Ten years at once would take three times as long, and 300 MB."""


def base_moves(history: History, first_row: int) -> Iterator[MechanicalMove]:
    """The moves of single stocks whose new figures are in the rows from `first_row` on.

    The rules, with the recorded days that they were found on:

    - Split or consolidation: the base was surely multiplied, a simple factor explains it, and the holding is
      off that factor by no more than a day's trading.
    - Both were multiplied and no simple factor explains it: suspect, unless it is a fund.
    - New base: it surely changed.
    - A whole factor of the holding, to 1 %, that the percentage follows, or that a blank hides: suspect;
      not of a fund, not of a stock new on the list, not of a small stake. Of the 33 recorded real
      jumps by 1.9 and more, tiny stakes aside, one is that close to a whole factor: 02800, a fund, by 8.006
      on 7 January. Of stocks the closest are 2.1 % off (02473, by 4.894) and 2.3 % (02676, two days after it
      was added, by 2.047).
    """
    for row in range(first_row, len(history.dates), ROWS_AT_ONCE):
        yield from _in_rows(history, row, min(row + ROWS_AT_ONCE, len(history.dates)))


def _in_rows(history: History, first_row: int, end: int) -> Iterator[MechanicalMove]:
    """Every row is held against the one before; its base against the last that was known before."""
    begin = max(0, first_row - MEMORY - 1)
    shares, percents = history.shares[begin:end], history.percents[begin:end]
    known = ~np.isnan(percents)
    numbers = np.where(known, np.arange(len(shares))[:, None], -1)
    last_known = np.maximum.accumulate(numbers, axis=0)[:-1]
    age = np.arange(len(last_known))[:, None] - last_known
    remembered = (last_known >= 0) & (age < MEMORY)
    with np.errstate(divide="ignore", invalid="ignore"):
        least = shares / (percents + ABOVE)
        most = shares / np.maximum(percents - BELOW, 0)
        place = np.maximum(last_known, 0)
        old_least = np.where(remembered, np.take_along_axis(least, place, axis=0), np.nan)
        old_most = np.where(remembered, np.take_along_axis(most, place, axis=0), np.nan)
        at_least, at_most = least[1:] / old_most, most[1:] / old_least
        ratio = shares[1:] / shares[:-1]
        surely = np.maximum(at_least, 1 / at_most) - 1
        stake = np.fmin(percents[1:], percents[:-1])
        new_base = (surely > LEAST_NEW_BASE) | (surely * stake > LEAST_POINTS)
        jumped = (ratio > JUMP) | (ratio < 1 / JUMP)
        rows, columns = np.nonzero((new_base | jumped) & ~np.isnan(ratio))
    for at, column in zip(rows.tolist(), columns.tolist(), strict=True):
        row = begin + at + 1
        if row < first_row:
            continue
        with_percent = begin + int(last_known[at, column]) if remembered[at, column] else None
        if new_base[at, column] and with_percent is not None:
            base = float(at_least[at, column]), float(at_most[at, column])
            yield _rebased(history, row, column, base, with_percent)
        elif jumped[at, column] and _undecidable(history, row, column, with_percent):
            yield _move(history, Kind.SUSPECT, (row - 1, row), column)


def _rebased(
    history: History, row: int, column: int, base: tuple[float, float], with_percent: int
) -> MechanicalMove:
    """The issued shares were surely multiplied, by a factor within the two in `base`."""
    at_least, at_most = base
    ratio = float(history.shares[row, column] / history.shares[row - 1, column])
    factor, off = nearest(ratio, at_least, at_most)
    if at_least <= factor <= at_most and off <= allowance(factor):
        kind = Kind.SPLIT if factor > 1 else Kind.CONSOLIDATION
        return _move(history, kind, (row - 1, row), column, factor)
    both_rose = min(ratio, at_least) > BOTH_JUMPED
    both_fell = max(ratio, at_most) < 1 / BOTH_JUMPED
    if (both_rose or both_fell) and not is_fund(int(history.codes[column])):
        return _move(history, Kind.SUSPECT, (row - 1, row), column)
    return _move(history, Kind.NEW_BASE, (with_percent, row), column)


def _undecidable(history: History, row: int, column: int, with_percent: int | None) -> bool:
    """Whether a jump of a holding alone may be a split whose base is not updated yet."""
    held = float(history.shares[row - 1, column])
    stake = 0.0 if with_percent is None else history.percents[with_percent, column]
    is_new = np.isnan(history.shares[max(0, row - MEMORY), column])
    if held < SUSPECT_SHARES or stake < SUSPECT_STAKE or is_new or is_fund(int(history.codes[column])):
        return False
    factor, off = nearest(float(history.shares[row, column]) / held)
    return is_whole(factor) and off <= SUSPECT_WITHIN


def _move(
    history: History, kind: Kind, rows: tuple[int, int], column: int, factor: Fraction | None = None
) -> MechanicalMove:
    old, new = rows
    legs = (leg(history, old, new, column),)
    return MechanicalMove(history.dates[old], history.dates[new], kind, legs, factor)


def leg(history: History, old_row: int, new_row: int, column: int) -> Leg:
    """A stock's figures in two rows."""
    old_shares, new_shares = history.shares[[old_row, new_row], column].tolist()
    old_percent, new_percent = history.percents[[old_row, new_row], column].tolist()
    return Leg(
        int(history.codes[column]),
        None if np.isnan(old_shares) else int(old_shares),
        None if np.isnan(new_shares) else int(new_shares),
        None if np.isnan(old_percent) else old_percent,
        None if np.isnan(new_percent) else new_percent,
    )
