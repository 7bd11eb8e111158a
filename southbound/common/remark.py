"""What a part that knows no reader has to say, so that others can say it in the reader's language."""

import json
from string import Formatter
from typing import Self

from southbound.common.text import one_line

LONGEST_PART = 200
"""Characters of a pattern, or of one value."""


class Remark(str):
    """A sentence in English, with the pattern that it was made of and what fills that in.

    It is a text like any other wherever English is wanted: in the log, in an exception, in the store.

    Attributes:
        pattern: with the names of the values in braces; the catalogues have it in other languages.
        values: by their names, as texts.
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

    def as_json(self) -> str:
        """Pattern and values, as they are stored beside the sentence."""
        return json.dumps([self.pattern, self.values], ensure_ascii=False)


def remark(pattern: str, /, **values: object) -> Remark:
    """A sentence that is filled in: `remark("{rows} rows, want at least {least}", rows=12, least=300)`."""
    return Remark(pattern, {name: str(value) for name, value in values.items()})


def remark_of(error: Exception) -> str:
    """What an exception says: a `Remark` if it was raised with one."""
    return next((said for said in error.args if isinstance(said, Remark)), str(error))


def read_remark(text: str, sentence: str) -> str:
    """The remark that was stored as `text`; the plain `sentence` beside it where that is something else.

    A pattern that asks for more than values by their names is no pattern of ours: one for a value that is a
    gigabyte wide would fill the memory.
    """
    try:
        pattern, values = json.loads(text)
        if all(
            name is None or (name in values and not spec and not conversion)
            for _, name, spec, conversion in Formatter().parse(pattern)
        ):
            plain = {str(name): one_line(str(value), LONGEST_PART) for name, value in values.items()}
            return Remark(one_line(pattern, LONGEST_PART), plain)
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    return sentence
