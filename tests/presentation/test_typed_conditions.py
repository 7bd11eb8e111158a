"""Conditions in what is typed into the search, by keys and by Chinese names."""

import math

import pytest

from southbound.common.language import Language, speaking
from southbound.presentation.conditions import Condition
from southbound.presentation.typed_conditions import typed_conditions


def test_conditions_are_typed_into_the_search() -> None:
    text, conditions = typed_conditions("bank stake>20 PP5 >= -1.5% cross5=10 streak<3")
    assert text.split() == ["bank"]
    assert [(each.key, each.high if each.key == "streak" else each.low) for each in conditions] == [
        ("stake", math.nextafter(20, 99)),
        ("pp5", -1.5),
        ("cross5", 10),
        ("streak", math.nextafter(3, 0)),
    ]


@pytest.mark.parametrize("text", ["hsbc", "700 9988", "a>b", "W.I.S.E. > 3", "nonsense>3", "cross5>", "=5"])
def test_other_words_are_searched_for_as_they_are(text: str) -> None:
    assert typed_conditions(text) == (text, ())


@pytest.mark.parametrize("spoken", Language)
@pytest.mark.parametrize(
    ("text", "key", "low", "high"),
    [
        ("持股比例>=20", "stake", 20, math.inf),
        ("持股比例＞＝２０％", "stake", 20, math.inf),  # noqa: RUF001
        ("連續增減≤-3", "streak", -math.inf, -3),
        ("连续增减 ≥ 3", "streak", 3, math.inf),
        ("5日百分點>=1", "pp5", 1, math.inf),
        ("百分点（20日）>=1", "pp20", 1, math.inf),
        ("百分點(1日)=0", "pp1", 0, 0),
        ("變動%（5日）>=10%", "pct5", 10, math.inf),
        ("市值>=1000000000", "value", 1e9, math.inf),
        ("Z值>=3", "z", 3, math.inf),
        ("z值（不論方向）>=3", "unusual", 3, math.inf),
        ("5日內穿越水平=10", "cross5", 10, 10),
        ("市值>=20億", "value", 2e9, math.inf),
        ("市值<=1.5万亿港元", "value", -math.inf, 1.5e12),
        ("持股量>=100 萬", "shares", 1e6, math.inf),
        ("连续增减>=10个交易日", "streak", 10, math.inf),
        ("百分點（5日）>=1個百分點", "pp5", 1, math.inf),
    ],
)
def test_chinese_names_of_figures_are_typed_whichever_language_is_spoken(
    spoken: Language, text: str, key: str, low: float, high: float
) -> None:
    with speaking(spoken):
        assert typed_conditions(f"銀行 {text}") == ("銀行  ", (Condition(key, low, high),))


@pytest.mark.parametrize(
    ("text", "kept", "conditions"),
    [
        ("銀行持股比例>=20", "銀行", [Condition("stake", 20)]),
        ("H股z值>=3", "H股", [Condition("z", 3)]),
        ("HSBC 持股比例>=20日本", "HSBC 日本", [Condition("stake", 20)]),
        ("市值>=20 萬科", "萬科", [Condition("value", 20)]),
        ("持股比例>=20 新高>=20科技", "科技", [Condition("stake", 20), Condition("high", 20)]),
    ],
)
def test_nobody_types_blanks_between_chinese_words(text: str, kept: str, conditions: list[Condition]) -> None:
    rest, found = typed_conditions(text)
    assert (rest.split(), found) == (kept.split(), tuple(conditions))


def test_what_several_figures_are_called_is_no_condition() -> None:
    assert typed_conditions("百分點>1 銀行>1") == ("百分點>1 銀行>1", ())


def test_a_typed_end_is_told_as_it_was_typed() -> None:
    _, (condition,) = typed_conditions("stake>20")
    assert str(condition) == "Stake at least 20"
