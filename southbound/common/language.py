"""The languages of page and mail, and whom what is written now is for."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from operator import itemgetter
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Language(StrEnum):
    """A language, by its tag of BCP 47, as it stands in addresses and settings."""

    ENGLISH = "en"
    TRADITIONAL = "zh-Hant"
    SIMPLIFIED = "zh-Hans"

    @property
    def is_chinese(self) -> bool:
        """In either script."""
        return self is not Language.ENGLISH


LONGEST_HEADER = 1_000
"""Characters of what a browser says of its languages: it may be anything."""

_SCRIPTS = {"hant": Language.TRADITIONAL, "hans": Language.SIMPLIFIED}
_TRADITIONAL_PLACES = {"hk", "mo", "tw"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom something is written for.

    Attributes:
        language: that it is written in.
        names: of stocks in that language, by code; those that are not there have their English ones.
        usual: the language of a reader who chose none.
    """

    language: Language = Language.ENGLISH
    names: Mapping[int, str] = field(default_factory=dict)
    usual: Language = Language.ENGLISH


_reader: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039 - it is frozen


def spoken() -> Language:
    """The language of what is written now."""
    return _reader.get().language


def usual_language() -> Language:
    """The language that the reader of what is written now has without choosing one."""
    return _reader.get().usual


def local_name(code: int, english: str) -> str:
    """A stock's name in the language of what is written now; the English one where it is not known."""
    return _reader.get().names.get(code, english)


def write_for(reader: Reader) -> None:
    """Write for a reader from here on, in this thread or task."""
    _reader.set(reader)


@contextmanager
def writing_for(reader: Reader) -> Iterator[None]:
    """Write for a reader for as long as this lasts, in this thread or task."""
    before = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(before)


def for_same_reader(write: Callable[P, T]) -> Callable[P, T]:
    """What writes for whom is written for now, whenever and in whichever thread it is called."""
    reader = _reader.get()

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> T:
        with writing_for(reader):
            return write(*args, **kwargs)

    return written


def speaking(language: Language) -> AbstractContextManager[None]:
    """Write in a language for as long as this lasts, with stocks named in English."""
    return writing_for(Reader(language))


def of_tag(tag: str) -> Language | None:
    """The language that a browser's or a system's tag asks for: `zh-TW`, `zh_CN`, `en-GB`; None for others.

    A script in it counts more than a place. Chinese without either is Simplified (CLDR's likely subtags).
    """
    parts = tag.strip().lower().replace("_", "-").split("-")
    if parts[0] in {"en", "yue"} or parts[0] != "zh":
        return {"en": Language.ENGLISH, "yue": Language.TRADITIONAL}.get(parts[0])
    scripts = [_SCRIPTS[part] for part in parts[1:] if part in _SCRIPTS]
    if scripts:
        return scripts[0]
    return Language.TRADITIONAL if _TRADITIONAL_PLACES & set(parts[1:]) else Language.SIMPLIFIED


def of_header(accepted: str) -> Language | None:
    """The language that an `Accept-Language` asks for most among ours (RFC 9110, 12.5.4); None for others.

    What is beyond `LONGEST_HEADER` characters is not looked at.
    """
    liked = map(_liked, accepted[:LONGEST_HEADER].split(","))
    # The first of several that are liked alike.
    return max(filter(itemgetter(0), liked), key=itemgetter(0), default=(0.0, None))[1]


def _liked(asked: str) -> tuple[float, Language | None]:
    """How much one of ours is wanted, `zh-HK;q=0.8`; 0 for what is none of ours, or written otherwise."""
    tag, _, weight = asked.partition(";")
    language, found = of_tag(tag), _WEIGHT.fullmatch(weight or "q=1")
    return (float(found[1]) if found and language else 0.0), language


_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII | re.IGNORECASE)
