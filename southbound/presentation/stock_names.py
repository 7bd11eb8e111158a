"""Stocks named in the reader's language."""

from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

from southbound.common.language import Language, Reader, spoken


def of(language: Language, chinese: Mapping[int, str]) -> Mapping[int, str]:
    """The stocks' names in a language, by code; none in English, which the holdings have.

    Args:
        language: that is spoken.
        chinese: the names in Traditional characters, as HKEXnews has them, by code.
    """
    match language:
        case Language.ENGLISH:
            return {}
        case Language.TRADITIONAL:
            return chinese
        case Language.SIMPLIFIED:
            return {code: simplified(name) for code, name in chinese.items()}


def reader(language: Language, chinese: Mapping[int, str]) -> Reader:
    """A reader of a language, with the stocks named in it."""
    return Reader(language, of(language, chinese))


@cache
def simplified(name: str) -> str:
    """A name in Simplified characters, as Hong Kong's variants are converted."""
    return str(_converter().convert(name))


def order(name: str) -> str | bytes:
    """Where a name stands among others in the reader's language.

    The most common Traditional characters have their strokes' order in Big5, Simplified ones that of Pinyin
    in GB 2312, which GB 18030 keeps.
    """
    match spoken():
        case Language.ENGLISH:
            return name
        case Language.TRADITIONAL:
            return name.encode("big5hkscs", "replace")
        case Language.SIMPLIFIED:
            return name.encode("gb18030", "replace")


@cache
def _converter() -> OpenCC:
    return OpenCC("hk2s")
