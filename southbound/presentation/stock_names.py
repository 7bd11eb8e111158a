"""Stocks named in the reader's language."""

from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

from southbound.common.language import Language, Reader


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


@cache
def _converter() -> OpenCC:
    return OpenCC("hk2s")
