"""What the page's English name says of a counter: temporary, old or new, and whose."""

import re
from enum import StrEnum
from functools import lru_cache

_MARK = re.compile(r"\s*-\s*(TEMPORARY\s+COUNTER|TEMP(?:ORARY)?\s+CTR|OLD|NEW)\s*$", re.IGNORECASE)
"""The blank before the hyphen is missing at times. `-100` and `-50` mark a board lot, `-HKD COUNTER` a
currency: they say nothing here and stay in the name."""

_LOT = re.compile(r"\s*-\s*[0-9]+\s*$")


class Mark(StrEnum):
    """What stands behind a name."""

    TEMPORARY = "TEMPORARY COUNTER"
    OLD = "OLD"
    """The temporary code, while both are on the list."""
    NEW = "NEW"
    """The lasting code, from then on."""


@lru_cache(maxsize=2**14)
def parted(name: str) -> tuple[str, Mark | None]:
    """The company's own name, in capitals and without blanks or board lot, and the mark behind it."""
    found = _MARK.search(name)
    stem = name[: found.start()] if found else name
    stem = re.sub(r"[\s.,]+", "", _LOT.sub("", stem)).upper()
    if found is None:
        return stem, None
    word = found[1].upper()
    return stem, Mark(word) if word in {"OLD", "NEW"} else Mark.TEMPORARY


def same_company(one: str, other: str) -> bool:
    """Whether two names, marked or not, are one company's."""
    return bool(one) and parted(one)[0] == parted(other)[0]


def says_nothing(name: str, code: int) -> bool:
    """Whether a name is none: a recording without names has blanks, or the code in their place."""
    return not name.strip() or re.search(rf"(?<![0-9])0*{code}(?![0-9])", name) is not None
