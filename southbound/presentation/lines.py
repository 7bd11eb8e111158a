"""Text broken into lines of so many columns: a Chinese character takes two, and lines may end behind each."""

import re
import textwrap

_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
"""Characters of two columns (East Asian Width W and F, UAX #11)."""

_OPENING, _CLOSING = "（「『《【〈", "，。；：、）」』》】〉\uff01\uff1f\uff05"
"""Signs that do not stand at the end of a line, and at its beginning (UAX #14)."""

_WIDE_ONE = re.compile(f"[{_WIDE}]")


def columns(text: str) -> int:
    """How wide it is."""
    return len(text) + len(_WIDE_ONE.findall(text))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, at least 10; what has no break within them is cut."""
    if not _WIDE_ONE.search(text):
        return textwrap.wrap(text, width)
    lines: list[str] = []
    for piece in re.findall(
        rf"[{_OPENING}]?(?:[{_WIDE}]|[^\s{_WIDE}]{{1,{width - 6}}})[{_CLOSING}]{{0,2}}\s*", text
    ):
        if lines and columns(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]


def shortened(text: str, width: int) -> str:
    """One line of at most `width` columns, with an ellipsis where words are left out."""
    if not _WIDE_ONE.search(text):
        return textwrap.shorten(text, width, placeholder="…")
    first, *more = wrapped(text, width) or [""]
    return f"{wrapped(text, width - 1)[0]}…" if more else first
