"""What is worth telling of a day: crossings over a window, new highs and lows, streaks, unusual changes."""

from dataclasses import dataclass

import numpy as np

from southbound.market.crossings import crossed
from southbound.market.daily_holdings import Bools, Ints
from southbound.market.indicators import LEVELS
from southbound.market.metrics import POINTS
from southbound.presentation.conditions import Condition, Sort
from southbound.presentation.screen_columns import change_key
from southbound.queries.screen import Screen

LEAST_STREAK = 5
"""Sessions: shorter ones have hundreds of stocks."""

LEAST_SCORE = 2.0
"""Deviations."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A stock whose stake crossed a level.

    Attributes:
        row: its place on the screen.
        level: percent; positive where risen to, negative where fallen below.
    """

    row: int
    level: int


@dataclass(frozen=True, slots=True, eq=False)
class DaySignals:
    """Places on the screen, what is largest first.

    Attributes:
        crossings: between the two dates, the highest level first.
        highs, lows: of the day, those of the longest windows first.
        rises, falls: streaks, the longest first. Of equal ones those whose stake moved most in points.
        unusual: by the size of the z-score.
    """

    crossings: tuple[Crossing, ...]
    highs: Ints
    lows: Ints
    rises: Ints
    falls: Ints
    unusual: Ints


def day_signals(screen: Screen, window: int | None, among: Bools) -> DaySignals:
    """The signals of some stocks.

    A stock that crossed several levels at once has the one that is farthest on its way.

    Args:
        screen: of the day.
        window: over which levels were crossed; None for two dates of the reader's own choice.
        among: (S,) the stocks that count.
    """
    levels = np.zeros(len(screen.codes), dtype=np.int64)
    if window in screen.stakes:
        for level in LEVELS:
            levels[crossed(*screen.stakes[window], level) > 0] = level
        for level in reversed(LEVELS):
            levels[crossed(*screen.stakes[window], level) < 0] = -level
    rows = np.flatnonzero((levels != 0) & among)
    order = rows[np.lexsort((screen.codes[rows], -levels[rows]))]

    moved = np.nan_to_num(np.abs(screen.figure(change_key(POINTS, window))))

    def largest(key: str, condition: Condition, *, falling: bool = True) -> Ints:
        found = screen.rows([condition], Sort(key, falling=falling), among)
        # Hundreds are the highest in as many sessions: those that moved most come first.
        values = screen.figure(key)[found]
        return found[np.lexsort((-moved[found], -values if falling else values))]

    unusual = largest("z", Condition("unusual", LEAST_SCORE))
    sizes = np.abs(screen.figure("z")[unusual])
    return DaySignals(
        crossings=tuple(Crossing(row, int(levels[row])) for row in order.tolist()),
        highs=largest("high", Condition("high", 1)),
        lows=largest("low", Condition("low", 1)),
        rises=largest("streak", Condition("streak", LEAST_STREAK)),
        falls=largest("streak", Condition("streak", high=-LEAST_STREAK), falling=False),
        unusual=unusual[np.argsort(-sizes, kind="stable")],
    )
