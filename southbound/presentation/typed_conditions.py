"""Conditions as they are typed into the search: `bank stake>5`, `銀行 持股比例>5`.

A figure is typed by its key, or by its name in Chinese, whichever language the page is in: an address that
has what was typed means the same to everybody.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from operator import attrgetter

from southbound.common.language import Language, speaking
from southbound.market.metrics import METRICS, Metric
from southbound.presentation.conditions import (
    CROSSINGS,
    MOST_CONDITIONS,
    NUMBER,
    SIZES,
    Condition,
    figure_name,
    is_key,
)
from southbound.presentation.screen_columns import screen_columns

_HAN = r"\u4e00-\u9fff"
_NAME = rf"[a-z]+\d{{0,2}}|[a-z\d{_HAN}]*[{_HAN}][{_HAN}\d%（）()]*"
_SIGN = "[>\uff1e<\uff1c][=\uff1d]?|[≥≤=\uff1d]"
_TIMES = {"萬": 1e4, "万": 1e4, "億": 1e8, "亿": 1e8, "萬億": 1e12, "万亿": 1e12}
_MANY = "萬億|万亿|[萬万億亿]"
_UNIT = "[%\uff05]|[個个]百分[點点]|港元|股|[個个]交易日|日"
_TYPED = re.compile(
    rf"(?<![\w.])({_NAME})\s*({_SIGN})\s*({NUMBER})"
    rf"(?:\s*({_MANY})(?![{_HAN}])|({_MANY}))?(?:\s*(?:{_UNIT})(?![{_HAN}]))?(?![^\W{_HAN}])",
    re.IGNORECASE,
)
"""As keyboards for Chinese write signs and units, too, and without blanks between Chinese words."""


def typed_conditions(text: str) -> tuple[str, tuple[Condition, ...]]:
    """What is searched for, without the conditions in it; and these."""
    found = tuple(_conditions(text))
    return _TYPED.sub(_beside, text), found[:MOST_CONDITIONS]


def _beside(match: re.Match[str]) -> str:
    """What stands before a figure's name, without a blank between; all of it if it is no condition."""
    before, key = _figure(match[1])
    return f"{before} " if key else match[0]


def _conditions(text: str) -> Iterator[Condition]:
    for match in _TYPED.finditer(text):
        _, key = _figure(match[1])
        number = float(match[3]) * _TIMES.get(match[4] or match[5], 1)
        sign = unicodedata.normalize("NFKC", match[2]).replace("≥", ">=").replace("≤", "<=")
        if key is None:
            continue
        if key in CROSSINGS or sign == "=":
            yield Condition(key, number, number)
        elif sign.startswith(">"):
            yield Condition(key, number if sign == ">=" else math.nextafter(number, math.inf))
        else:
            yield Condition(key, high=number if sign == "<=" else math.nextafter(number, -math.inf))


def _figure(word: str) -> tuple[str, str | None]:
    """What a word begins with, and the key of the figure that the rest of it names; None if it names none."""
    if word.isascii():
        return "", key if is_key(key := word.lower()) else None
    names = _chinese_names(tuple(METRICS.values()))
    named = ((word[:place], names.get(_bare(word[place:]))) for place in range(len(word)))
    return next((found for found in named if found[1]), (word, None))


@cache
def _chinese_names(_metrics: tuple[Metric, ...]) -> Mapping[str, str]:
    """The figures' keys by what Chinese readers call them.

    What stands in brackets, a window or a unit, may come first, or be left out where no other figure has the
    name: `百分點（5日）` is `5日百分點`, `市值（港元）` is `市值`.
    """
    names: dict[str, str] = {}
    shortened: defaultdict[str, set[str]] = defaultdict(set)
    for language in filter(attrgetter("is_chinese"), Language):
        with speaking(language):
            for key in (*screen_columns(), *SIZES, *CROSSINGS):
                name = figure_name(key)
                what, _, more = name.partition("（")
                names |= {_bare(name): key, _bare(more + what): key}
                shortened[_bare(what)].add(key)
    return {what: key for what, (key, *others) in shortened.items() if not others} | names


def _bare(name: str) -> str:
    """Without what joins its words."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).lower()
