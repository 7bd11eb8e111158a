"""Which codes are one stock: changes to a temporary counter and back, and to another code for good.

While a company splits or consolidates its shares, they trade for two weeks under a temporary code alone, then
for some weeks under both codes at once, then under the old one alone. Read naively that is a removal, an
addition, again an addition, some hundred million shares sold, and a removal.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from operator import itemgetter

import numpy as np

from southbound.bases import ABOVE, MEMORY, leg
from southbound.factors import nearest
from southbound.history import History
from southbound.moves import TEMPORARY_CODES, Kind, MechanicalMove, lines

TRADED = 0.05
"""How much may also have been traded between the two dates: 98 % of the recorded changes are smaller."""

EXACT = 0.001
LEAST_STAKE = 0.1
"""Percent of the issued shares, of codes that only their figures connect: smaller ones are often equal."""


def counter_moves(
    history: History, first_row: int, earlier: Iterable[MechanicalMove] = ()
) -> Iterator[MechanicalMove]:
    """The changes of counters whose new figures are in the rows from `first_row` on.

    Args:
        history: all days.
        first_row: 1 or more.
        earlier: the moves of the rows before it, which tell whose the temporary counters are.

    - Changed: one code left and another came; the holdings are in a simple ratio, give or take a day's
      trading, and the stakes are equal. One of the codes is a temporary one, or the names are the same; else
      the holdings must be equal to 0.1 %, the stakes to their decimals, and not tiny.
    - Parallel: the old code is back, and has what the temporary one lost.
    - Closed: the temporary code left. Its other code is known, or came, or is the one stock that rose by
      exactly as many shares (02979 and 03939: 720,000 on 2026-01-06).
    """
    known = {line.other: line.main for line in lines(earlier) if line.last is None}
    listed = ~np.isnan(history.shares)
    changed = (listed[first_row:] != listed[first_row - 1 : -1]).any(axis=1)
    for row in (np.flatnonzero(changed) + first_row).tolist():
        for move in _Row(history, row, known).moves():
            if move.kind is Kind.COUNTER_CLOSED:
                known.pop(move.legs[1].code, None)
            else:
                known[move.legs[1].code] = move.code
            yield move


class _Row:
    """One row of a history against the one before it; stocks are told by their columns."""

    def __init__(self, history: History, row: int, known: Mapping[int, int]) -> None:
        self._history, self._row, self._known = history, row, known
        self._old, self._new = history.shares[row - 1], history.shares[row]
        self._came = history.ordered(np.isnan(self._old) & ~np.isnan(self._new)).tolist()
        self._left = history.ordered(~np.isnan(self._old) & np.isnan(self._new)).tolist()

    def moves(self) -> Iterator[MechanicalMove]:
        for old in tuple(self._left):
            fits = [(*fit, new) for new in self._came if (fit := self._fit(old, new)) is not None]
            if fits:
                # Of equal ones that with the lowest code.
                _, factor, new = min(fits, key=itemgetter(0, 1))
                self._came.remove(new)
                self._left.remove(old)
                if self._code(old) in TEMPORARY_CODES:
                    yield self._move(Kind.COUNTER_CLOSED, new, old)
                else:
                    yield self._move(Kind.COUNTER_CHANGE, old, new, factor)
        shrunk = self._shrunk() if self._came else []
        for new in self._came:
            temporary = self._split_from(new, shrunk)
            if temporary is not None:
                yield self._move(Kind.PARALLEL, new, temporary)
        for old in self._left:
            heir = self._heir(old) if self._code(old) in TEMPORARY_CODES else None
            if heir is not None:
                yield self._move(Kind.COUNTER_CLOSED, heir, old)

    def _fit(self, old: int, new: int) -> tuple[float, Fraction] | None:
        """How far off the holdings are from a factor, and the factor; None if they are not of one stock."""
        factor, off = nearest(float(self._new[new] / self._old[old]))
        old_code, new_code = self._code(old), self._code(new)
        if off > TRADED or (old_code in TEMPORARY_CODES and factor != 1):
            return None
        old_percent, new_percent = self._last_percent(old), float(self._history.percents[self._row, new])
        # False where one of them is not known.
        equal = abs(new_percent - old_percent) <= ABOVE + off * max(old_percent, new_percent)
        unknown = math.isnan(old_percent) or math.isnan(new_percent)
        same_name = self._history.names[old_code] == self._history.names[new_code]
        if same_name or old_code in TEMPORARY_CODES or new_code in TEMPORARY_CODES:
            fits = equal or (unknown and off <= EXACT)
        else:
            fits = equal and factor == 1 and off <= EXACT and old_percent >= LEAST_STAKE
        return (off, factor) if fits else None

    def _shrunk(self) -> list[int]:
        """The temporary counters that lost shares."""
        fell = self._history.ordered(self._new < self._old).tolist()
        return [column for column in fell if self._code(column) in TEMPORARY_CODES]

    def _split_from(self, new: int, shrunk: Iterable[int]) -> int | None:
        """The temporary counter that lost what came under a code."""
        for temporary in shrunk:
            lost = float(self._old[temporary] - self._new[temporary])
            as_much = abs(math.log(self._new[new] / lost)) <= TRADED and lost >= self._old[temporary] / 10
            if as_much or self._known.get(self._code(temporary)) == self._code(new):
                return temporary
        return None

    def _heir(self, temporary: int) -> int | None:
        """The stock that has a temporary counter's holding now."""
        main = self._known.get(self._code(temporary))
        if main is not None:
            column = self._history.column(main)
            return column if column is not None and not np.isnan(self._new[column]) else None
        rose = np.flatnonzero(self._new - self._old == self._old[temporary]).tolist()
        return rose[0] if len(rose) == 1 else None

    def _last_percent(self, column: int) -> float:
        """The stake in the row before, or the last that was known of it; NaN if it was long ago."""
        recent = self._history.percents[max(0, self._row - MEMORY) : self._row, column]
        known = recent[~np.isnan(recent)]
        return float(known[-1]) if known.size else math.nan

    def _code(self, column: int) -> int:
        return int(self._history.codes[column])

    def _move(self, kind: Kind, first: int, second: int, factor: Fraction | None = None) -> MechanicalMove:
        legs = tuple(leg(self._history, self._row - 1, self._row, column) for column in (first, second))
        days = self._history.dates[self._row - 1], self._history.dates[self._row]
        return MechanicalMove(*days, kind, legs, factor)
