"""Makes events of what came on the list and what left it: one event for each stock, with its parts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np

from southbound.market.adjustments import temporary_counters
from southbound.market.adjustments.event_log import EventLog
from southbound.market.adjustments.events import AdjustmentEvent, CodeLine, Kind, Part, Step, Witness, kind_of
from southbound.market.adjustments.figures import (
    bases,
    holding,
    is_temporary,
    issued,
    last_known,
    leg,
    run_start,
)


class CounterEvents:
    """Goes through the rows in which the list changed."""

    def __init__(self, log: EventLog) -> None:
        self._log, self._history = log, log.history

    def take(self, row: int) -> set[int]:
        """Take in what came in a row and what left; the columns that were concerned."""
        history = self._history
        old, new = history.shares[row - 1], history.shares[row]
        came = np.flatnonzero(np.isnan(old) & ~np.isnan(new)).tolist()
        left = self._left(row)
        mains = self._log.temporary_mains(row)
        odd = {column: self._log.before_odd_base(row, column) for column in left}
        before = {column: held for column, held in odd.items() if held is not None}
        concerned: set[int] = set()
        for column in came:
            if column in mains and self._line_ended_lately(row, column):
                concerned |= self._reopened(row, column, mains[column])
        came = [column for column in came if column not in concerned]
        change = temporary_counters.ListChange(history, row, left, before, mains)
        for match in change.matches(came):
            self._take(row, match, mains)
            concerned |= {match.old, match.new}
        for column in came:
            if column not in concerned:
                concerned |= self._came(row, column, mains)
        for column in np.flatnonzero(~np.isnan(old) & np.isnan(new)).tolist():
            if column not in concerned:
                concerned |= self._gone(row, column, mains)
        self._by_name(row, came if row > 1 else np.flatnonzero(~np.isnan(new)).tolist())
        return concerned

    def _left(self, row: int) -> dict[int, int]:
        """The columns of what is not on a row's list, but was shortly before, and the last row with each."""
        history = self._history
        first = max(0, row - temporary_counters.AWAY)
        recent = ~np.isnan(history.shares[first:row])
        gone = np.flatnonzero(recent.any(axis=0) & np.isnan(history.shares[row]))
        left = {int(column): first + int(np.flatnonzero(recent[:, column])[-1]) for column in gone}
        # Whoever stands under a temporary code has not left.
        for event in self._log.lines():
            line = event.line
            if line is None or line.last is not None:
                continue
            main, other = history.column(line.main), history.column(line.other)
            if main in left and other is not None and not np.isnan(history.shares[row - 1, other]):
                del left[main]
        return left

    def _take(self, row: int, match: temporary_counters.Match, mains: dict[int, int]) -> None:
        """One code left, and another is the same stock."""
        history, day = self._history, self._history.dates[row]
        was, came = (leg(history, match.left, row, (column,)) for column in (match.old, match.new))
        if is_temporary(history, match.left, match.old) and not is_temporary(history, row, match.new):
            part = Part(Step.RETURNED, history.dates[match.left], day, (came, was))
            self._extend((match.new, match.old), part, match, last=day, mains=mains)
            return
        temporary = is_temporary(history, row, match.new)
        parts = [Part(Step.MOVED, history.dates[match.left], day, (was, came))]
        base = None
        odd = self._log.odd_base(row, match.old)
        if odd is not None and match.across:
            self._log.drop(odd)
            parts.insert(0, odd.parts[0])
            base = issued(holding(history, row, (match.new,)))
        elif odd is not None and match.factor != 1:
            odd = None
        line = (
            CodeLine(was.code, came.code, day, None)
            if temporary
            else CodeLine(came.code, was.code, None, day, temporary=False)
        )
        self._log.put(
            AdjustmentEvent(
                kind_of(match.factor, Kind.CODE_CHANGE),
                tuple(parts),
                match.factor,
                match.certainty,
                None,
                match.witnesses,
                line,
                base,
            )
        )

    def _came(self, row: int, column: int, mains: dict[int, int]) -> set[int]:
        """A code is on the list that no code left for."""
        history, day = self._history, self._history.dates[row]
        if column in mains:
            return self._reopened(row, column, mains[column])
        temporary = next((other for other, main in mains.items() if main == column), None)
        if temporary is not None and np.isnan(history.shares[row, temporary]):
            # Both codes were off the list for a session.
            line = self._log.line_event(temporary).line
            if line is not None and line.last is None:
                legs = tuple(leg(history, row - 1, row, (each,)) for each in (column, temporary))
                part = Part(Step.RETURNED, history.dates[row - 1], day, legs)
                self._extend((column, temporary), part, last=day, mains=mains)
                return {column, temporary}
            return set()
        if temporary is None and not is_temporary(history, row, column):
            temporary = temporary_counters.temporary_of(history, row, column, mains)
        if temporary is None:
            return set()
        legs = tuple(leg(history, row - 1, row, (each,)) for each in (column, temporary))
        part = Part(Step.PARALLEL, history.dates[row - 1], day, legs)
        self._extend((column, temporary), part, last=None, mains=mains)
        return {column, temporary}

    def _line_ended_lately(self, row: int, temporary: int) -> bool:
        """Whether a counter was a stock's a few sessions ago: it is its again rather than another's."""
        last = self._log.line_event(temporary).line
        since = self._history.dates[max(0, row - temporary_counters.AWAY)]
        return last is not None and (last.last is None or last.last >= since)

    def _reopened(self, row: int, temporary: int, main: int) -> set[int]:
        """A temporary counter is back, if it is the same stock's: with no more than that has, on its base."""
        history = self._history
        back, stock = holding(history, row, (temporary,)), last_known(history, row, (main,))
        between = bases(stock, back)
        other_name = temporary_counters.names_of(history, (row, main), (row, temporary))[0] < 0
        fits = between is None or between[0] - 0.01 <= 0 <= between[1] + 0.01
        if stock is None or other_name or not fits or back.shares > 1.2 * stock.shares:
            return set()
        legs = tuple(leg(history, row - 1, row, (each,)) for each in (main, temporary))
        part = Part(Step.REOPENED, history.dates[row - 1], history.dates[row], legs)
        self._extend((main, temporary), part, last=None, mains={temporary: main})
        return {main, temporary}

    def _gone(self, row: int, column: int, mains: dict[int, int]) -> set[int]:
        """A code left the list, and no other came for it."""
        history, day = self._history, self._history.dates[row]
        if not is_temporary(history, row - 1, column):
            return set()
        main = mains.get(column)
        line = None if main is None else self._log.line_event(column).line
        if line is None or line.last is not None:
            main = temporary_counters.heir_of(history, row, column)
        if main is None or np.isnan(history.shares[row, main]):
            return set()
        legs = tuple(leg(history, row - 1, row, (each,)) for each in (main, column))
        part = Part(Step.CLOSED, history.dates[row - 1], day, legs)
        self._extend((main, column), part, last=day, mains=mains)
        return {main, column}

    def _by_name(self, row: int, columns: Sequence[int]) -> None:
        """Where days begin amid an event, only the names say whose a temporary counter is."""
        history = self._history
        mains = self._log.temporary_mains(row)
        for column in columns:
            if column in mains or not is_temporary(history, row, column):
                continue
            main = temporary_counters.named_alike(history, row, column)
            if main is not None:
                legs = tuple(leg(history, row - 1, row, (each,)) for each in (main, column))
                part = Part(Step.PARALLEL, history.dates[row - 1], history.dates[row], legs)
                self._extend((main, column), part, last=None, mains=mains)

    def _extend(
        self,
        columns: tuple[int, int],
        part: Part,
        match: temporary_counters.Match | None = None,
        *,
        last: date | None,
        mains: dict[int, int],
    ) -> None:
        """Add a part to the event that two codes are one stock by, or make one of it."""
        history, (main, other) = self._history, columns
        codes = int(history.codes[main]), int(history.codes[other])
        if mains.get(other) == main:
            event = self._log.line_event(other)
            line = replace(event.line, last=last) if event.line is not None else None
            self._log.drop(event)
            self._log.put(replace(event.with_part(part), line=line))
        else:
            row = history.row(part.day)
            listed = row if not np.isnan(history.shares[row, other]) else history.row(part.since)
            start = run_start(history, listed, other, temporary_counters.AWAY)
            first = None if start is None else history.dates[start]
            certainty = 0.95 if match is None else match.certainty
            witnesses = (Witness.SHARES, Witness.CODE) if match is None else match.witnesses
            line = CodeLine(*codes, first, last)
            event = AdjustmentEvent(Kind.CODE_CHANGE, (part,), Fraction(1), certainty, None, witnesses, line)
            self._log.put(event)
        mains[other] = main
