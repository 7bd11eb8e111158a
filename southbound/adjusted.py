"""Days of a history made comparable: in the shares of the last of them, and each stock under one code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from southbound.history import History
from southbound.holdings import Floats
from southbound.moves import Line, MechanicalMove, lines


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """Some rows of a history, adjusted; its columns are the history's.

    Attributes:
        shares: in the shares of the last row; NaN where not on the list.
        percents: of the issued shares, those of all codes of a stock together; NaN where one is blank.
        columns: where the figures of a code stand that is not in its own column: its stock has another code.
    """

    shares: Floats
    percents: Floats
    columns: Mapping[int, int]


def adjusted(history: History, rows: Sequence[int], moves: Sequence[MechanicalMove]) -> Adjusted:
    """Adjust some rows for splits, consolidations and changes of counters, as known on the last of them.

    A consolidated holding is rounded down: fractions of a share are paid out.

    Args:
        history: all days.
        rows: which of them, ascending.
        moves: the mechanical moves of all days.
    """
    shares, percents = history.shares[list(rows)], history.percents[list(rows)]
    dates = np.array([history.dates[row] for row in rows], dtype="datetime64[D]")
    known = [move for move in moves if move.day <= history.dates[rows[-1]]]
    columns: dict[int, int] = {}
    for line in lines(known):
        if line.last is None or np.datetime64(line.last) > dates[0]:
            _merge(history, line, dates, (shares, percents), columns)
    # After the codes are one: what is split later has figures of earlier codes too.
    for move in known:
        column = columns.get(move.code, history.column(move.code))
        before = dates < np.datetime64(move.day)
        if move.factor is not None and column is not None and before.any():
            held = shares[before, column] * move.factor.numerator
            shares[before, column] = np.floor(held / move.factor.denominator)
    return Adjusted(shares, percents, columns)


def _merge(
    history: History,
    line: Line,
    dates: np.ndarray,
    figures: tuple[Floats, Floats],
    columns: dict[int, int],
) -> None:
    main, other = history.column(line.main), history.column(line.other)
    if main is None or other is None:
        return
    theirs = np.ones(len(dates), dtype=np.bool_)
    if line.first is not None:
        theirs &= dates >= np.datetime64(line.first)
    if line.last is not None:
        theirs &= dates < np.datetime64(line.last)
    shares = figures[0]
    on_main, on_other = ~np.isnan(shares[:, main]), ~np.isnan(shares[:, other]) & theirs
    shown, hidden = (other, main) if on_other[-1] and not on_main[-1] else (main, other)
    for figure in figures:
        # A blank percentage of a code that is listed stays NaN, and so is the sum.
        total = np.where(on_main, figure[:, main], 0) + np.where(on_other, figure[:, other], 0)
        figure[:, shown] = np.where(on_main | on_other, total, np.nan)
        figure[theirs | (hidden == main), hidden] = np.nan
    columns.update({code: shown for code, column in columns.items() if column == hidden})
    columns[int(history.codes[hidden])] = shown
