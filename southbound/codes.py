"""Which codes a stock has had, and under which of them it stands on the list of a day."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from southbound.moves import TEMPORARY_CODES, Line, MechanicalMove, lines

Moves = Mapping[int, Sequence[MechanicalMove]]
"""The mechanical moves of each code, by day."""


def by_code(moves: Iterable[MechanicalMove]) -> Moves:
    """The moves of each code, in the order in which they are given."""
    found: defaultdict[int, list[MechanicalMove]] = defaultdict(list)
    for move in moves:
        for leg in move.legs:
            found[leg.code].append(move)
    return found


def codes_of(code: int, moves: Moves) -> tuple[int, ...]:
    """All codes of a stock, beginning with the one that is asked for.

    Other companies use a temporary code again: it leads to a stock only where it is asked for itself, and
    then to the one that had it last.
    """
    codes = [code]
    for at in codes:
        known = lines(moves.get(at, ()))
        others = [line.other for line in known if line.main == at]
        if at == code or at not in TEMPORARY_CODES:
            others += _mains(at, known)
        codes += [other for other in others if other not in codes]
    return tuple(codes)


def code_on(day: date, code: int, moves: Moves, listed: Container[int]) -> int | None:
    """The code that a stock is listed under on a day; None if it is not listed.

    Args:
        day: a stored day.
        code: any code of the stock.
        moves: those since the day too: the code may be a later one.
        listed: the codes on that day's list.
    """
    codes = [code]
    for at in codes:
        if at in listed:
            return at
        known = lines(moves.get(at, ()))
        others = [line.other for line in known if line.main == at and _holds(line, day)] + _mains(at, known)
        codes += [other for other in others if other not in codes]
    return None


def _mains(code: int, known: Sequence[Line]) -> list[int]:
    return [line.main for line in known if line.other == code][-1:]


def _holds(line: Line, day: date) -> bool:
    return (line.first is None or line.first <= day) and (line.last is None or day < line.last)
