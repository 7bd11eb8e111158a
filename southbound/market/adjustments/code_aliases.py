"""Which codes a stock has had, and under which of them it stands on the list of a day."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from southbound.market.adjustments.events import AdjustmentEvent, CodeLine, lines

Events = Mapping[int, Sequence[AdjustmentEvent]]
"""The events of each code, by day."""


def by_code(events: Iterable[AdjustmentEvent]) -> Events:
    """The events of each code, in the order in which they are given."""
    events_of: defaultdict[int, list[AdjustmentEvent]] = defaultdict(list)
    for event in events:
        for leg in event.principal.legs:
            events_of[leg.code].append(event)
    return events_of


def codes_of(code: int, events: Events) -> tuple[int, ...]:
    """All codes of a stock, beginning with the one that is asked for.

    Other companies use a temporary code again: it leads to a stock only where it is asked for itself, and
    then to the one that had it last.
    """
    codes = [code]
    for at in codes:
        code_lines = lines(events.get(at, ()))
        others = [line.other for line in code_lines if line.main == at]
        if at == code or not any(line.temporary for line in code_lines if line.other == at):
            others += _mains(at, code_lines)
        codes += [other for other in others if other not in codes]
    return tuple(codes)


def code_on(day: date, code: int, events: Events, listed: Container[int]) -> int | None:
    """The code that a stock is listed under on a day; None if it is not listed.

    Args:
        day: a stored day.
        code: any code of the stock.
        events: those since the day too: the code may be a later one.
        listed: the codes on that day's list.
    """
    codes = [code]
    for at in codes:
        if at in listed:
            return at
        code_lines = lines(events.get(at, ()))
        others = [line.other for line in code_lines if line.main == at and line.holds(day)] + _mains(
            at, code_lines
        )
        codes += [other for other in others if other not in codes]
    return None


def all_of(events: Events, codes: Iterable[int]) -> list[AdjustmentEvent]:
    """The events of all the codes, each once, by day."""
    unique = {(event.day, event.code, event.kind): event for code in codes for event in events.get(code, ())}
    return [event for _, event in sorted(unique.items())]


def _mains(code: int, code_lines: Sequence[CodeLine]) -> list[int]:
    return [line.main for line in code_lines if line.other == code][-1:]
