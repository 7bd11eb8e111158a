"""Whether a text for Chinese readers is Chinese: what it has left of English."""

import re
from functools import cache

from replay.figures import chinese_names, recorded_days
from southbound.common.language import Language
from southbound.presentation.formatting import short_name
from southbound.presentation.stock_names import simplified

CHINESE = [Language.TRADITIONAL, Language.SIMPLIFIED]

_WRITTEN_SO = {"HKEX", "HKEXnews", "SFC", "CCASS", "ETF", "REIT", "CSV", "Excel", "API", "English"}
"""Names and abbreviations that Hong Kong's Chinese texts write so, and a language's own."""

_SYMBOLS = re.compile(r"MA\d+|T|z|A|H")
"""Of figures, of settlement (T+2), and of shares."""

_MARKUP = re.compile(r"https?://\S+|`[^`]*`|:material/\w+:|:[a-z-]+(?=\[)|<[^>]*>|\\")
"""Addresses, code, Streamlit's signs, and what keeps Markdown out."""


def english_left(text: str) -> list[str]:
    """The English words of a text, but for names of recorded stocks and usual abbreviations.

    Args:
        text: plain, Markdown or HTML.
    """
    text = _MARKUP.sub(" ", text)
    for name in _latin_names():
        text = text.replace(name, " ")
    words = re.findall(r"[A-Za-z]+\d*", text)
    return [word for word in words if word not in _WRITTEN_SO and not _SYMBOLS.fullmatch(word)]


@cache
def _latin_names() -> tuple[str, ...]:
    """Of stocks in each language, if it has Latin letters; the longest first, since some hold others."""
    english = {row.name for recorded in recorded_days().values() for row in recorded.rows}
    chinese = set(chinese_names().values())
    found = {*english, *map(short_name, english), *chinese, *map(simplified, chinese)}
    return tuple(sorted(filter(re.compile("[A-Za-z]").search, found), key=len, reverse=True))
