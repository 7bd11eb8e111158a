"""The languages of page and mail, and which of them is spoken now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Self


class Language(StrEnum):
    """A language, by its tag of BCP 47, as it stands in addresses and settings."""

    ENGLISH = "en", "English"
    TRADITIONAL = "zh-Hant", "繁體"
    SIMPLIFIED = "zh-Hans", "简体"

    own_name: str

    def __new__(cls, tag: str, own_name: str) -> Self:
        language = str.__new__(cls, tag)
        language._value_ = tag
        language.own_name = own_name
        return language

    @property
    def is_chinese(self) -> bool:
        """In either script."""
        return self is not Language.ENGLISH


_SCRIPTS = {"hant": Language.TRADITIONAL, "hans": Language.SIMPLIFIED}
_TRADITIONAL_PLACES = {"hk", "mo", "tw"}

_spoken: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)


def spoken() -> Language:
    """The language of what is written now."""
    return _spoken.get()


def speak(language: Language) -> None:
    """Write in a language from here on, in this thread or task."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Write in a language for as long as this lasts, in this thread or task."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


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
