"""What a later day corrects of what was said before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from southbound.market.adjustments.events import AdjustmentEvent


@dataclass(frozen=True, slots=True)
class Correction:
    """A reading that was given, and the one that is taken now: None if it was trading after all."""

    before: AdjustmentEvent
    now: AdjustmentEvent | None


def corrections(before: Sequence[AdjustmentEvent], now: Sequence[AdjustmentEvent]) -> tuple[Correction, ...]:
    """The readings of one history that another one of the same stocks does not give any more.

    An event that only went on (a counter closed, both codes on the list) is none.

    Args:
        before: the events of a history as it was.
        now: those of the same one with days more, or restated.
    """
    of_code: defaultdict[int, list[AdjustmentEvent]] = defaultdict(list)
    for event in now:
        for leg in event.legs:
            of_code[leg.code].append(event)
    kept = set(now)
    changed = []
    for event in before:
        if event in kept:
            continue
        days = {part.day for part in event.parts}
        successor = next(
            (other for other in of_code[event.code] if days & {part.day for part in other.parts}), None
        )
        if successor is None or (successor.kind, successor.factor) != (event.kind, event.factor):
            changed.append(Correction(event, successor))
    return tuple(changed)
