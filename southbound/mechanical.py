"""Finds the mechanical moves of a whole history, and of what was added to it."""

from collections.abc import Sequence

from southbound.bases import base_moves
from southbound.counters import counter_moves
from southbound.history import History
from southbound.moves import MechanicalMove


def mechanical_moves(
    history: History, earlier: Sequence[MechanicalMove] = (), first_row: int = 1
) -> tuple[MechanicalMove, ...]:
    """What moved without being bought or sold, by day; each stored day is held against the one before.

    Args:
        history: all days.
        earlier: what this gave for a history that is the same up to `first_row`: it is not looked for again.
        first_row: where the figures are new. What was found there and later is not taken from `earlier`.
    """
    first_row = max(1, first_row)
    if len(history.dates) <= first_row:
        return tuple(earlier)
    kept = tuple(move for move in earlier if move.day < history.dates[first_row])
    counters = tuple(counter_moves(history, first_row, kept))
    concerned = {(move.day, leg.code) for move in counters for leg in move.legs}
    bases = (move for move in base_moves(history, first_row) if (move.day, move.code) not in concerned)
    found = sorted((*counters, *bases), key=lambda move: (move.day, move.code))
    return (*kept, *found)
