"""Stocks named in the reader's language."""

from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

from southbound.common.language import Language, Reader


def reader(language: Language, chinese: Mapping[int, str]) -> Reader:
    """A reader of a language.

    Args:
        language: that is spoken.
        chinese: the stocks' names in Traditional characters, as HKEXnews has them, by code.
    """
    match language:
        case Language.ENGLISH:
            return Reader(language)
        case Language.TRADITIONAL:
            return Reader(language, chinese)
        case Language.SIMPLIFIED:
            return Reader(language, {code: simplified(name) for code, name in chinese.items()})


@cache
def simplified(name: str) -> str:
    """A name in Simplified characters, as Hong Kong's variants are converted."""
    return str(_converter().convert(name))


@cache
def _converter() -> OpenCC:
    return OpenCC("hk2s")
