"""Text from outside as one line that holds what a reader sees and nothing else. Pure.

A line break would make a second line of a log or a header; a format character would turn a line around, or
hide a part of it. XML 1.0 has neither control characters nor noncharacters.
"""

import unicodedata

_BLANKS = {"Cc", "Zl", "Zp"}
"""Control characters, line and paragraph separators: each becomes a blank."""


def one_line(text: str, longest: int | None = None) -> str:
    """The text in one line, each run of blanks as one; cut off after `longest` characters.

    Characters that only newer versions of Unicode know, and those for private use, stay: names may have them.
    """
    if longest is not None:
        text = text[: 4 * longest]  # a text of a gigabyte is not looked through for its first line
    if not text.isprintable():
        text = "".join(map(_shown, text))
    line = " ".join(text.split())
    return line if longest is None or len(line) <= longest else f"{line[:longest]}…"


def lines(text: str) -> str:
    """The text with its line breaks and its blanks, and in each line what a reader sees and nothing else."""
    kept = (line if line.isprintable() else "".join(map(_shown, line)) for line in text.split("\n"))
    return "\n".join(kept)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"  # half a pair stands for a byte that was no UTF-8
    return " " if category in _BLANKS or _is_noncharacter(ord(character)) else character


def _is_noncharacter(point: int) -> bool:
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
