"""What stocks have to meet to be listed, and in which order, as address, reader and page write it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from southbound.market.windows import WINDOWS
from southbound.presentation import formatting
from southbound.presentation.screen_columns import screen_columns

MOST_CONDITIONS = 12
"""Of one view: an address must not fill the memory."""

CROSSINGS = {f"{word}{window}": (word, window) for window in WINDOWS for word in ("cross", "up", "down")}
"""Of a level, over a window: either way, from below, from above."""

SIZES = {"unusual": ("z", "z-score, either way,"), "run": ("streak", "streak, either way,")}
"""A figure without its sign: of which column, and in words."""

_NUMBER = r"-?\d{1,15}(?:\.\d{1,4})?"
_RANGE = re.compile(rf"([a-z]+\d{{0,2}}):(?:({_NUMBER})?\.\.({_NUMBER})?|({_NUMBER}))")
_TYPED = re.compile(rf"(?<![\w.])([a-z]+\d{{0,2}})\s*(>=|<=|>|<|=)\s*({_NUMBER})\s*%?(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """A figure that must lie between two others, which may be missing.

    Attributes:
        key: of a column, one of `SIZES`, or one of `CROSSINGS`; of these the level is both ends.
        low, high: the ends, themselves included.
    """

    key: str
    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        """In words: `stake at least 20`."""
        if self.key in CROSSINGS:
            word, window = CROSSINGS[self.key]
            what = {"cross": "crossed", "up": "rose above", "down": "fell below"}[word]
            return f"{what} {self.low:g}% within {formatting.window(window)}"
        what = SIZES[self.key][1] if self.key in SIZES else screen_columns()[self.key].heading
        if self.low == self.high:
            return f"{what} {self.low:,.10g}"
        if math.isinf(self.high):
            return f"{what} at least {self.low:,.10g}"
        if math.isinf(self.low):
            return f"{what} at most {self.high:,.10g}"
        return f"{what} {self.low:,.10g} to {self.high:,.10g}"


@dataclass(frozen=True, slots=True)
class Sort:
    """By which column the stocks stand, and in which direction."""

    key: str = "code"
    falling: bool = False

    def pressed(self, key: str) -> "Sort":
        """After a heading was pressed: another column, its largest first; or the other way round."""
        if key == self.key:
            return Sort(key, not self.falling)
        return Sort(key, falling=key in screen_columns())


CODE_ORDER = Sort()


def read_conditions(text: str) -> tuple[Condition, ...]:
    """`stake:20..,cross5:10`; what makes no sense is left out."""
    found = (_condition(part) for part in text.split(",")[: 2 * MOST_CONDITIONS])
    return tuple(dict.fromkeys(each for each in found if each is not None))[:MOST_CONDITIONS]


def written_conditions(conditions: tuple[Condition, ...]) -> str:
    """The same the other way."""
    return ",".join(map(_written, conditions))


def read_sort(text: str) -> Sort:
    """`-pp5`: the largest first.

    Raises:
        ValueError: there is no such column.
    """
    key = text.removeprefix("-")
    if key not in screen_columns() and key not in {"code", "name"}:
        raise ValueError(text)
    return Sort(key, falling=text.startswith("-"))


def written_sort(sort: Sort) -> str:
    """The same the other way."""
    return f"-{sort.key}" if sort.falling else sort.key


def read_columns(text: str) -> tuple[str, ...]:
    """`stake,pp5`; what is no column is left out."""
    return tuple(dict.fromkeys(key for key in text.split(",") if key in screen_columns()))


def typed_conditions(text: str) -> tuple[str, tuple[Condition, ...]]:
    """What is searched for, without the conditions in it, `bank stake>5`; and these."""
    found = tuple(_typed(text))
    kept = _TYPED.sub(lambda match: " " if _is_key(match[1].lower()) else match[0], text)
    return kept, found[:MOST_CONDITIONS]


def _typed(text: str) -> Iterator[Condition]:
    for match in _TYPED.finditer(text):
        key, sign, number = match[1].lower(), match[2], float(match[3])
        if not _is_key(key):
            continue
        if key in CROSSINGS or sign == "=":
            yield Condition(key, number, number)
        elif sign.startswith(">"):
            yield Condition(key, number if sign == ">=" else math.nextafter(number, math.inf))
        else:
            yield Condition(key, high=number if sign == "<=" else math.nextafter(number, -math.inf))


def _condition(text: str) -> Condition | None:
    match = _RANGE.fullmatch(text)
    if match is None or not _is_key(match[1]):
        return None
    if match[4] is not None:
        return _checked(Condition(match[1], float(match[4]), float(match[4])))
    if match[2] is None and match[3] is None:
        return None
    low = -math.inf if match[2] is None else float(match[2])
    high = math.inf if match[3] is None else float(match[3])
    return _checked(Condition(match[1], low, high))


def _checked(condition: Condition) -> Condition | None:
    if condition.key in CROSSINGS and not (condition.low == condition.high and 0 < condition.low <= 100):
        return None
    return condition if condition.low <= condition.high else None


def _is_key(key: str) -> bool:
    return key in screen_columns() or key in CROSSINGS or key in SIZES


def _written(condition: Condition) -> str:
    low, high = (_number(end) for end in (condition.low, condition.high))
    return f"{condition.key}:{low}" if low == high else f"{condition.key}:{low}..{high}"


def _number(value: float) -> str:
    return "" if math.isinf(value) else f"{value:.4f}".rstrip("0").rstrip(".")


PRESETS: dict[str, tuple[tuple[Condition, ...], Sort]] = {
    "Crossed 10 %": ((Condition("cross5", 10, 10),), Sort("pp5", falling=True)),
    "Stake above 20 %": ((Condition("stake", 20),), Sort("stake", falling=True)),
    "Streak of 10": ((Condition("run", 10),), Sort("streak", falling=True)),
    "Unusual today": ((Condition("unusual", 3),), Sort("z", falling=True)),
    "New highs": ((Condition("high", 20),), Sort("high", falling=True)),
    "Added this month": ((Condition("added", high=20),), Sort("first", falling=True)),
}
"""What is asked most: conditions and order by name."""
