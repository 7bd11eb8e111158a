"""What stocks have to meet to be listed, and in which order, as address, reader and page write it."""

import math
import re
from dataclasses import dataclass
from typing import NamedTuple

from southbound.market.windows import WINDOWS
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.screen_columns import screen_columns

MOST_CONDITIONS = 12
"""Of one view: an address must not fill the memory."""

CROSSINGS = {f"{word}{window}": (word, window) for window in WINDOWS for word in ("cross", "up", "down")}
"""Of a level, over a window: either way, from below, from above."""


class _Crossed(NamedTuple):
    """A crossing as it is told of a level, and by itself."""

    told: str
    name: str


_CROSSED = {
    "cross": _Crossed(
        gettext_noop("crossed {level} within {window}"), gettext_noop("Crossed a level within {window}")
    ),
    "up": _Crossed(
        gettext_noop("rose above {level} within {window}"), gettext_noop("Rose to a level within {window}")
    ),
    "down": _Crossed(
        gettext_noop("fell below {level} within {window}"), gettext_noop("Fell below a level within {window}")
    ),
}


class Size(NamedTuple):
    """A figure without its sign: of which column, within a sentence, and by itself."""

    of: str
    within: str
    name: str


SIZES = {
    "unusual": Size("z", gettext_noop("z-score, either way,"), gettext_noop("Z-score, either way")),
    "run": Size("streak", gettext_noop("streak, either way,"), gettext_noop("Streak, either way")),
}

NUMBER = r"-?\d{1,15}(?:\.\d{1,4})?"
_RANGE = re.compile(rf"([a-z]+\d{{0,2}}):(?:({NUMBER})?\.\.({NUMBER})?|({NUMBER}))")


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
            return gettext(_CROSSED[word].told, level=f"{self.low:g}%", window=formatting.window(window))
        figure = gettext(SIZES[self.key].within) if self.key in SIZES else screen_columns()[self.key].heading
        low, high = f"{self.low:,.10g}", f"{self.high:,.10g}"
        if self.low == self.high:
            return gettext("{figure} {value}", figure=figure, value=low)
        if math.isinf(self.high):
            return gettext("{figure} at least {value}", figure=figure, value=low)
        if math.isinf(self.low):
            return gettext("{figure} at most {value}", figure=figure, value=high)
        return gettext("{figure} {low} to {high}", figure=figure, low=low, high=high)


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


def figure_name(key: str) -> str:
    """What a condition is on."""
    if key in CROSSINGS:
        word, window = CROSSINGS[key]
        return gettext(_CROSSED[word].name, window=formatting.window(window))
    return gettext(SIZES[key].name) if key in SIZES else screen_columns()[key].heading


def _condition(text: str) -> Condition | None:
    match = _RANGE.fullmatch(text)
    if match is None or not is_key(match[1]):
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


def is_key(key: str) -> bool:
    """Whether there can be a condition on it."""
    return key in screen_columns() or key in CROSSINGS or key in SIZES


def _written(condition: Condition) -> str:
    low, high = (_number(end) for end in (condition.low, condition.high))
    return f"{condition.key}:{low}" if low == high else f"{condition.key}:{low}..{high}"


def _number(value: float) -> str:
    return "" if math.isinf(value) else f"{value:.4f}".rstrip("0").rstrip(".")


PRESETS: dict[str, tuple[tuple[Condition, ...], Sort]] = {
    gettext_noop("Crossed 10 %"): ((Condition("cross5", 10, 10),), Sort("pp5", falling=True)),
    gettext_noop("Stake above 20 %"): ((Condition("stake", 20),), Sort("stake", falling=True)),
    gettext_noop("Streak of 10"): ((Condition("run", 10),), Sort("streak", falling=True)),
    gettext_noop("Unusual today"): ((Condition("unusual", 3),), Sort("z", falling=True)),
    gettext_noop("New highs"): ((Condition("high", 20),), Sort("high", falling=True)),
    gettext_noop("Added this month"): ((Condition("added", high=20),), Sort("first", falling=True)),
}
"""What is asked most: conditions and order by the name, which is looked up."""
