"""Addresses in the text of a page, which mail programs would make links of: they stay text. Pure.

Mail programs look for addresses in each run of text that is no link already. So the signs that make an
address stand in runs of their own: each in a `span` without a style. Nothing is seen of that, and the text is
copied as it was written, which it would not be with signs of no width between. Plain text has no such way.
"""

import re

_TAG = re.compile(r"(<[^>]*>)")
_NO_TEXT = re.compile(r"<(/?)(?:a|style|title|script)\b", re.IGNORECASE)
_SIGN = re.compile(
    r"@"
    r"|:(?=//)"  # https://
    r"|(?<=www)[.．。｡]|[.．。｡](?=[^\W\d_])",  # noqa: RUF001 - browsers read these as dots too
    re.IGNORECASE,
)


def unlinked(page: str) -> str:
    """HTML whose text, but for that of its own links, has no address in one run.

    Args:
        page: with every `<` of a text escaped, as a template writes it.
    """
    inside, parts = False, []
    for part in _TAG.split(page):
        if part.startswith("<"):
            if found := _NO_TEXT.match(part):
                inside = not found[1]
            parts.append(part)
        else:
            parts.append(part if inside else _SIGN.sub(r"<span>\g<0></span>", part))
    return "".join(parts)
