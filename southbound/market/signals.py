"""What a day means for each stock: streak, new high or low, an unusual change, a level crossed.

All on restated figures (see `southbound.market.adjustments`): a split is no rise. Earlier stakes are in the
issued shares of the day, so that a new base makes neither a high nor a crossing. The formulas stand at the
functions of `southbound.market.indicators`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market import indicators
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.adjustments.restatement import Restated, restated
from southbound.market.daily_holdings import WHOLE, Floats, Ints
from southbound.market.history import History
from southbound.market.settlement import any_trades


@dataclass(frozen=True, slots=True)
class Signal:
    """One stock on one day.

    Attributes:
        streak: sessions in a row in which the holding rose (positive) or fell (negative), the day included;
            those in which nothing was traded are passed over.
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
    """The same for all stocks on the list of a day.

    Attributes:
        day: the stored day.
        codes: (N,) those on its list, ascending; all other arrays are in their order.
        streaks: (N,) sessions.
        highs, lows: (N,) sessions.
        z_scores: (N,) deviations.
        crossings: (N,) percent of the issued shares.
    """

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


def signals(history: History, day: date, events: Sequence[AdjustmentEvent]) -> Signals:
    """The signals of a stored day, from the at most 250 stored days before it and itself.

    Args:
        history: all days; those after `day` are not looked at.
        day: one of them.
        events: the adjustment events of all of `history`.

    Raises:
        ValueError: `day` is not in `history`, or the calendar does not reach it.
    """
    row = history.row(day)
    rows = range(max(0, row - max(indicators.EXTREME_WINDOWS)), row + 1)
    dates = history.dates[rows.start : rows.stop]
    figures = restated(history, rows, events)
    changes = _changes(history, dates, figures, events)
    idle = indicators.idle(changes, any_trades(dates))
    stakes = _restated(history, dates, figures, events)
    highs, lows = indicators.extremes(dates, stakes, ~np.isnan(figures.shares))
    listed = np.flatnonzero(~np.isnan(figures.shares[-1]))
    return Signals(
        day,
        history.codes[listed],
        indicators.streaks(changes, idle)[listed],
        highs[listed],
        lows[listed],
        indicators.z_scores(changes, idle)[listed],
        indicators.crossings(stakes)[listed],
    )


def _changes(
    history: History, dates: Sequence[date], figures: Restated, events: Sequence[AdjustmentEvent]
) -> Floats:
    """s[t + 1] / s[t] - 1 from each row to the next; NaN where there is none, or none that is known."""
    changes = figures.shares[1:] / figures.shares[:-1] - 1
    for event in events:
        column = history.column(event.code)
        if event.kind is Kind.SUSPECT and dates[0] < event.day <= dates[-1] and column is not None:
            changes[dates.index(event.day) - 1, figures.columns.get(event.code, column)] = np.nan
    return changes


def _restated(
    history: History, dates: Sequence[date], figures: Restated, events: Sequence[AdjustmentEvent]
) -> Floats:
    """The stakes in the issued shares of the last row, to two decimals.

    Those before an update of the issued shares are divided by its factor (`AdjustmentEvent.base_factor`).
    """
    stakes = figures.percents.copy()
    for event in events:
        column = history.column(event.code)
        if event.kind is Kind.NEW_BASE and dates[0] < event.day <= dates[-1] and column is not None:
            row, at = dates.index(event.day), figures.columns.get(event.code, column)
            # A base that was late is none that earlier stakes had.
            if not figures.percents[row - 1, at] > WHOLE:
                stakes[:row, at] /= event.base_factor
    # More than all of the issued shares is neither a high nor a crossing, and what follows it no fall.
    stakes[figures.percents > WHOLE] = np.nan
    return np.round(stakes, 2)
