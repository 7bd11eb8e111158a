"""What a part that knows no reader has to say, so that others can say it in the reader's language."""

import json
from collections.abc import Iterable
from string import Formatter
from typing import Any, Self

from southbound.common.text import one_line

LONGEST_PART = 500
"""Characters of a pattern, or of one value."""

DEEPEST = 10
"""Remarks in remarks."""


class Remark(str):
    """A sentence in English, with the pattern that it was made of and what fills that in.

    It is a text like any other wherever English is wanted: in the log, in an exception, in the store.

    Attributes:
        pattern: with the names of the values in braces; the catalogues have it in other languages.
        values: by their names, as texts; one may be a remark itself.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, str]

    def __new__(cls, pattern: str, values: dict[str, str]) -> Self:
        made = super().__new__(cls, pattern.format(**values))
        made.pattern, made.values = pattern, values
        return made

    def __reduce__(self) -> tuple[type["Remark"], tuple[str, dict[str, str]]]:
        return Remark, (self.pattern, self.values)

    def parts(self) -> list[Any]:
        """Pattern and values, as they stand in JSON."""
        return [self.pattern, {name: parts_of(value) or value for name, value in self.values.items()}]

    def as_json(self) -> str:
        """The same as a text, as it is stored beside the sentence."""
        return json.dumps(self.parts(), ensure_ascii=False)


def remark(pattern: str, /, **values: object) -> Remark:
    """A sentence that is filled in: `remark("{rows} rows, want at least {least}", rows=12, least=300)`.

    An exception stands for what it says.
    """
    return Remark(pattern, {name: _value(value) for name, value in values.items()})


def pattern(text: str) -> str:
    """Marks a pattern in a table, which `remark` fills in."""
    return text


def _value(value: object) -> str:
    if isinstance(value, Exception):
        value = remark_of(value)
    return value if isinstance(value, Remark) else str(value)


def together(told: Iterable[str]) -> str:
    """Several that are told, in one text; empty if nothing is."""
    first, *others = [*told] or [""]
    return remark("{one}; {other}", one=first, other=together(others)) if others else first


def listed(told: Iterable[str]) -> str:
    """The same of what is short."""
    first, *others = [*told] or [""]
    return remark("{one}, {other}", one=first, other=listed(others)) if others else first


def in_short(text: str, longest: int) -> str:
    """The text in one line, cut off after `longest` characters; a remark that is neither stays one."""
    line = one_line(text, longest)
    return text if line == text else line


def parts_of(text: str) -> list[Any] | None:
    """Pattern and values of a remark; None of any other text."""
    return text.parts() if isinstance(text, Remark) else None


def remark_of(error: Exception) -> str:
    """What an exception says: a `Remark` if it was raised with one."""
    return next((said for said in error.args if isinstance(said, Remark)), str(error))


def read_remark(text: str, sentence: str) -> str:
    """The remark that was stored as `text`; the plain `sentence` beside it where that is something else."""
    try:
        return read_parts(json.loads(text), sentence)
    except (ValueError, RecursionError):
        return sentence


def read_parts(parts: object, sentence: str) -> str:
    """The same of pattern and values that were read already.

    A pattern that asks for more than values by their names, each once, is no pattern of ours: one for a value
    that is a gigabyte wide would fill the memory, and so would copies of copies.
    """
    try:
        return _remark(parts, DEEPEST)
    except (ValueError, TypeError, AttributeError):
        return sentence


def _remark(parts: Any, deep: int) -> Remark:
    """Raises ValueError, TypeError and AttributeError for what `Remark.parts` does not give."""
    pattern, values = parts
    places = [place for place in Formatter().parse(pattern) if place[1] is not None]
    names = [name for _, name, spec, conversion in places if name in values and not spec and not conversion]
    if not pattern or not deep or len(set(names)) < len(places):
        raise ValueError("no pattern of ours")
    return Remark(
        one_line(pattern, LONGEST_PART),
        {
            str(name): _remark(value, deep - 1)
            if isinstance(value, list)
            else one_line(str(value), LONGEST_PART)
            for name, value in values.items()
        },
    )
