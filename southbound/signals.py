"""What a day means for each stock: streak, new high or low, an unusual change, a level crossed.

All on adjusted figures (see `southbound.adjusted`): a split is no rise. Earlier stakes are restated in the
issued shares of the day, so that a new base makes neither a high nor a crossing.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound import sessions
from southbound.adjusted import Adjusted, adjusted
from southbound.history import History
from southbound.holdings import Bools, Floats, Ints
from southbound.moves import Kind, MechanicalMove

EXTREME_WINDOWS = (20, 60, 250)
"""In sessions."""

LEVELS = (5, 10, 20, 30)
"""Percent of the issued shares. From 5 % on a holder must disclose; from 30 % on it must bid for the rest."""

MEASURED, LEAST_MEASURED = 60, 20
"""Of how many of its own changes the usual one is reckoned, and how many there must be."""

SHUT_BELOW = 0.02
"""If fewer of the holdings moved, nothing could be traded: transfers still move one or two. On the recorded
shut days it was 0 to 2 of 877, on all others 671 and more."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One stock on one day.

    Attributes:
        streak: sessions in a row in which the holding rose (positive) or fell (negative), the day included.
        high, low: over how many sessions the stake is the highest or lowest; 0 if it is not.
        z_score: how many of its usual deviations the change of the day is from its usual change; NaN if
            too few changes are known.
        crossed: the level that the stake rose to (positive) or fell below (negative); 0 if none.
    """

    code: int
    streak: int
    high: int
    low: int
    z_score: float
    crossed: int


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """The same for all stocks on the list of a day, as arrays in the order of `codes`, which ascend."""

    day: date
    codes: Ints
    streaks: Ints
    highs: Ints
    lows: Ints
    z_scores: Floats
    crossings: Ints

    def of(self, code: int) -> Signal | None:
        """Those of one stock; None if it is not on that day's list, or is there under another code."""
        at = int(np.searchsorted(self.codes, code))
        if at == len(self.codes) or self.codes[at] != code:
            return None
        return Signal(
            code,
            int(self.streaks[at]),
            int(self.highs[at]),
            int(self.lows[at]),
            float(self.z_scores[at]),
            int(self.crossings[at]),
        )


def signals(history: History, day: date, moves: Sequence[MechanicalMove]) -> Signals:
    """The signals of a stored day, from the sessions up to it.

    Args:
        history: all days.
        day: one of them.
        moves: the mechanical moves of all of `history`.

    Raises:
        ValueError: `day` is not in `history`.
    """
    row = history.row(day)
    rows = range(max(0, row - max(EXTREME_WINDOWS)), row + 1)
    dates = history.dates[rows.start : rows.stop]
    figures = adjusted(history, rows, moves)
    changes = _changes(history, dates, figures, moves)
    stakes = _restated(history, dates, figures, moves)
    highs, lows = _extremes(dates, stakes, ~np.isnan(figures.shares))
    listed = ~np.isnan(figures.shares[-1])
    return Signals(
        day,
        history.codes[listed],
        _streaks(changes)[listed],
        highs[listed],
        lows[listed],
        _z_scores(changes)[listed],
        _crossings(stakes)[listed],
    )


def _changes(
    history: History, dates: Sequence[date], figures: Adjusted, moves: Sequence[MechanicalMove]
) -> Floats:
    """Relative changes from each row to the next; NaN where there is none, or none that can be told."""
    changes = figures.shares[1:] / figures.shares[:-1] - 1
    for move in moves:
        column = history.column(move.code)
        if move.kind is Kind.SUSPECT and dates[0] < move.day <= dates[-1] and column is not None:
            changes[dates.index(move.day) - 1, figures.columns.get(move.code, column)] = np.nan
    return changes


def _restated(
    history: History, dates: Sequence[date], figures: Adjusted, moves: Sequence[MechanicalMove]
) -> Floats:
    """The stakes in the issued shares of the last row, to two decimals."""
    stakes = figures.percents.copy()
    for move in moves:
        column = history.column(move.code)
        if move.kind is Kind.NEW_BASE and dates[0] < move.day <= dates[-1] and column is not None:
            before = slice(dates.index(move.day))
            stakes[before, figures.columns.get(move.code, column)] /= move.base_factor
    return np.round(stakes, 2)


def _idle(changes: Floats) -> Bools:
    """The rows in which nothing could be traded."""
    moved, known = (changes != 0) & ~np.isnan(changes), ~np.isnan(changes)
    idle: Bools = moved.sum(axis=1) <= SHUT_BELOW * known.sum(axis=1)
    return idle


def _streaks(changes: Floats) -> Ints:
    """Counted backwards from the last row. A day on which nothing could be traded is passed over."""
    streaks = np.zeros(changes.shape[1], dtype=np.int64)
    lasting = np.ones(changes.shape[1], dtype=np.bool_)
    for change, idle in zip(changes[::-1], _idle(changes)[::-1], strict=True):
        direction = np.nan_to_num(np.sign(change)).astype(np.int64)
        longer = lasting & (direction != 0) & (np.sign(streaks) != -direction)
        streaks[longer] += direction[longer]
        lasting &= longer | (idle & (change == 0))
        if not lasting.any():
            break
    return streaks


def _extremes(dates: Sequence[date], stakes: Floats, listed: Bools) -> tuple[Ints, Ints]:
    """The longest windows in which the last stake is above, and below, all others.

    Its first session must be stored, or a date before it, and the stock be on the list there.
    """
    day, now = dates[-1], stakes[-1]
    highs, lows = np.zeros(len(now), dtype=np.int64), np.zeros(len(now), dtype=np.int64)
    for window in EXTREME_WINDOWS:
        if (day - dates[0]).days < window:
            break
        first = bisect_right(dates, sessions.before(day, window)) - 1
        if first < 0:
            break
        past = stakes[first:-1]
        highs[listed[first] & (now > np.fmax.reduce(past))] = window
        lows[listed[first] & (now < np.fmin.reduce(past))] = window
    return highs, lows


def _z_scores(changes: Floats) -> Floats:
    scores = np.full(changes.shape[1], np.nan)
    idle = _idle(changes)
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


def _crossings(stakes: Floats) -> Ints:
    crossings = np.zeros(stakes.shape[1], dtype=np.int64)
    if len(stakes) > 1:
        before, now = stakes[-2:]
        for level in LEVELS:
            crossings[(before < level) & (now >= level)] = level
        for level in reversed(LEVELS):
            crossings[(before >= level) & (now < level)] = -level
    return crossings
