"""The events found so far, as detection looks them up; stocks are named by their columns."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.adjustments.figures import Holding, base_interval, holding
from southbound.market.adjustments.likelihoods import LEAST_RATIO
from southbound.market.history import History

BASE_BEFORE = 5
"""Sessions by which the base may be ahead of the holding; one was seen, others may not be stored."""

BASE_AFTER = 20
"""Sessions by which the base may be late, and after which it is not."""

REOPENED_WITHIN = 20
"""Sessions for which a temporary counter may be off the list and still be the same stock's."""


class EventLog:
    """The events of a history up to the row that is looked at.

    Attributes:
        history: all days.
        watched: of stocks whose base was updated by much, the day.
        suspects: what is not settled.
    """

    def __init__(self, history: History, earlier: Sequence[AdjustmentEvent], first_row: int) -> None:
        self.history = history
        tail = still_open(history, earlier, first_row)
        self._settled = [event for event in earlier[:tail] if event.line is None]
        # By their identity, in the order in which they began; those with two codes may go on for months.
        self._events: dict[int, AdjustmentEvent] = {}
        self._lines: dict[int, AdjustmentEvent] = {}
        self._of: defaultdict[int, list[AdjustmentEvent]] = defaultdict(list)
        self.watched: dict[int, date] = {}
        self.suspects: list[AdjustmentEvent] = []
        for event in (*(event for event in earlier[:tail] if event.line is not None), *earlier[tail:]):
            self.put(event)

    def put(self, event: AdjustmentEvent) -> None:
        self._events[id(event)] = event
        self._of[event.code].append(event)
        if event.kind is Kind.NEW_BASE and _large(event):
            self.watched[event.code] = event.day
        if event.kind is Kind.SUSPECT:
            self.suspects.append(event)
        if event.line is not None:
            self._lines[id(event)] = event

    def drop(self, event: AdjustmentEvent) -> None:
        del self._events[id(event)]
        self._lines.pop(id(event), None)
        self._of[event.code] = [other for other in self._of[event.code] if other is not event]

    def events(self) -> tuple[AdjustmentEvent, ...]:
        """All of them by day, then by code."""
        found = sorted(self._events.values(), key=_order)
        settled = list(self._settled)
        while found and settled and _order(found[0]) < _order(settled[-1]):
            insort(settled, found.pop(0), key=_order)  # one with two codes that goes on for months
        return (*settled, *found)

    def __contains__(self, event: AdjustmentEvent) -> bool:
        return id(event) in self._events

    def lines(self) -> list[AdjustmentEvent]:
        """The events by which two codes are one stock."""
        return list(self._lines.values())

    def temporary_mains(self, row: int) -> dict[int, int]:
        """The columns of the temporary counters known of late, and of the stocks that they belong to."""
        history, mains = self.history, {}
        since = history.dates[max(0, row - REOPENED_WITHIN)]
        for event in self._lines.values():
            line = event.line
            if line is not None and line.temporary and (line.last is None or line.last >= since):
                main, other = history.column(line.main), history.column(line.other)
                if main is not None and other is not None:
                    mains[other] = main
        return mains

    def line_event(self, temporary: int) -> AdjustmentEvent:
        """The newest event by which a temporary counter is some stock's."""
        code = int(self.history.codes[temporary])
        lines = (
            event for event in self._lines.values() if event.line is not None and event.line.other == code
        )
        return max(lines, key=lambda event: event.day)

    def odd_base(self, row: int, column: int) -> AdjustmentEvent | None:
        """The update of a stock's base in the last sessions that an event may have begun with."""
        since, day = self.history.dates[max(0, row - BASE_BEFORE)], self.history.dates[row]
        for event in reversed(self._of.get(int(self.history.codes[column]), ())):
            if event.kind is Kind.NEW_BASE and since <= event.day < day:
                return event if _large(event) else None
            if event.day < since and event.line is None:
                break
        return None

    def before_odd_base(self, row: int, column: int) -> Holding | None:
        event = self.odd_base(row, column)
        if event is None:
            return None
        return holding(self.history, self.history.row(event.parts[0].since), (column,))

    def multiplied_on(self, day: date, code: int) -> bool:
        events = takewhile(
            lambda event: event.last_day >= day or event.line is not None, reversed(self._of.get(code, ()))
        )
        return any(event.multiplied == day for event in events)

    def suspect_on(self, day: date, code: int) -> AdjustmentEvent | None:
        """What is not settled of a stock on a day of the last `BASE_AFTER` sessions."""
        found = (event for event in self.suspects if (event.day, event.code) == (day, code) and event in self)
        return next(found, None)


def _large(event: AdjustmentEvent) -> bool:
    """Whether a new base is so large that an action may follow."""
    between = base_interval(event)
    return between is not None and max(between[1], -between[0]) >= LEAST_RATIO


def _order(event: AdjustmentEvent) -> tuple[date, int]:
    return event.day, event.code


def still_open(history: History, earlier: Sequence[AdjustmentEvent], first_row: int) -> int:
    """From which event on those with one code may still be corrected."""
    reach = history.dates[max(0, first_row - 1 - BASE_AFTER - BASE_BEFORE - 1)]
    return bisect_left(earlier, reach, key=lambda event: event.day)
