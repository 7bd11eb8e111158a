"""Days of a history made comparable: in the shares of the last of them, and each stock under one code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent, CodeLine, Step
from southbound.market.daily_holdings import Bools, Floats
from southbound.market.history import History
from southbound.market.trading_calendar import Days


@dataclass(frozen=True, slots=True, eq=False)
class Restated:
    """Some rows of a history, restated; its columns are the history's.

    Attributes:
        shares: in the shares of the last row; NaN where not on the list.
        percents: of the issued shares, those of all codes of a stock together; NaN where one is blank. On odd
            sessions, whose percentage is of other shares than the holding, as the next ones have it.
        columns: where the figures of a code stand that is not in its own column: its stock has another code.
    """

    shares: Floats
    percents: Floats
    columns: Mapping[int, int]

    def column(self, history: History, code: int) -> int | None:
        """Where the figures of a code stand; None if it never was on the list."""
        return self.columns.get(code, history.column(code))


def restated(history: History, rows: Sequence[int], events: Sequence[AdjustmentEvent]) -> Restated:
    """Restate some rows for splits, consolidations, bonus issues and changes of counters.

    Shares before an event: max(floor(shares x factor), 1). A consolidated holding is rounded down, fractions
    of a share being paid out, but stays a holding. Figures of two codes of one stock are added. On odd
    sessions the stake is shares / issued shares x 100, to two decimals, with the issued shares of the first
    session whose figures fit each other again (`AdjustmentEvent.base`).

    Args:
        history: all days, S stocks.
        rows: R of them, ascending; one at least.
        events: those of all days. What a day after the last row showed counts too: it settles what an odd
            session means.

    Returns:
        R x S figures.
    """
    shares, percents = history.shares[list(rows)], history.percents[list(rows)]
    days: Days = np.array([history.dates[row] for row in rows], dtype="datetime64[D]")
    first, last = history.dates[rows[0]], history.dates[rows[-1]]
    columns: dict[int, int] = {}
    for event in events:
        if event.line is not None and _matters(event, event.line, first, last):
            _merge(history, event.line, days, (shares, percents), columns)
    # After the codes are one: what is split later has figures of earlier codes too.
    for event in events:
        if event.multiplied is None:
            continue
        column = columns.get(event.code, history.column(event.code))
        if column is None:
            continue
        before = days < np.datetime64(event.multiplied)
        if event.odd is not None:
            _even(event, days, before, (shares[:, column], percents[:, column]))
        if event.multiplied <= last and before.any() and event.factor is not None:
            multiplied = shares[before, column] * event.factor.numerator
            whole = np.floor(multiplied / event.factor.denominator)
            shares[before, column] = np.maximum(whole, 1)
    return Restated(shares, percents, columns)


def _matters(event: AdjustmentEvent, line: CodeLine, first: date, last: date) -> bool:
    """Whether the codes are one on any of the days from `first` to `last`."""
    if line.last is not None and line.last <= first:
        return False
    if line.first is None and (not line.temporary or event.principal.step is Step.CLOSED):
        # A code given up for good, or a counter that nothing but its end tells of.
        return event.principal.day <= last
    return line.first is None or line.first <= last


def _even(event: AdjustmentEvent, days: Days, before: Bools, figures: tuple[Floats, Floats]) -> None:
    """Compute the stakes of odd sessions from their holdings. Blank ones stay so."""
    if event.odd is None or event.base is None or event.factor is None:
        return
    since, until = (np.datetime64(day) for day in event.odd)
    shares, percents = figures
    odd = (days >= since) & (days < until) & ~np.isnan(percents)
    if odd.any():
        in_new_shares = shares[odd] * np.where(before[odd], float(event.factor), 1.0)
        percents[odd] = np.round(in_new_shares / event.base * 100, 2)


def _merge(
    history: History,
    line: CodeLine,
    days: Days,
    figures: tuple[Floats, Floats],
    columns: dict[int, int],
) -> None:
    main, other = history.column(line.main), history.column(line.other)
    if main is None or other is None:
        return
    belongs = np.ones(len(days), dtype=np.bool_)
    if line.first is not None:
        belongs &= days >= np.datetime64(line.first)
    if line.last is not None:
        belongs &= days < np.datetime64(line.last)
    shares = figures[0]
    on_main, on_other = ~np.isnan(shares[:, main]), ~np.isnan(shares[:, other]) & belongs
    shown, hidden = (other, main) if on_other[-1] and not on_main[-1] else (main, other)
    for figure in figures:
        # A blank percentage of a code that is listed stays NaN, and so is the sum.
        total = np.where(on_main, figure[:, main], 0) + np.where(on_other, figure[:, other], 0)
        figure[:, shown] = np.where(on_main | on_other, total, np.nan)
        figure[belongs | (hidden == main), hidden] = np.nan
    columns.update({code: shown for code, column in columns.items() if column == hidden})
    columns[int(history.codes[hidden])] = shown
