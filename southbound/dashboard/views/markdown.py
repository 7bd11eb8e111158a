"""Text from outside, written so that Streamlit's Markdown shows it as it stands. Pure.

Two things read signs in a text. Markdown does, with its extensions (directives, mathematics); a backslash
stops it. And then there are replacements in each run of plain text: addresses become links, `:material/x:` an
icon, `:streamlit:` a logo, `:name:` an emoji, `->` an arrow. Those see no backslash, but one run at a time: a
sign that they need stands in a run of its own, which `:color[…]` without a colour makes. It becomes a `span`
without a style, so nothing is seen of it, and the text is copied as it was written.
"""

import re

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|$~:&]")
_AT_THE_BEGINNING = re.compile(r"^(\s*)(?:([-=])|(\d{1,9})([.)]))")
"""Where a list or an underline would begin."""

_REPLACED = re.compile(
    r"(?<=:)[\w+-](?=[\w+/-]*:)|(?<=:)m(?=aterial/)"  # icons, emoji, the logo
    r"|(?<=[-<>=~])[-<>=~]"  # arrows, dashes, comparisons
    r"|(?<=www)\.|(?<=https:)/|(?<=http:)/|@",  # addresses
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Markdown that shows a text of one line as it stands."""
    parts: list[str] = []
    end = 0
    for found in _REPLACED.finditer(text):
        parts += (_escaped(text[end : found.start()]), f":color[{_escaped(found[0])}]")
        end = found.end()
    written = "".join((*parts, _escaped(text[end:])))
    return _AT_THE_BEGINNING.sub(_as_text, written)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _as_text(begins: re.Match[str]) -> str:
    blanks, sign, number, after = begins.groups()
    return f"{blanks}\\{sign}" if sign else f"{blanks}{number}\\{after}"
