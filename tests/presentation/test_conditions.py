"""What stocks have to meet, from the address and back, as typed, and in words."""

import math

import pytest
from hypothesis import given, settings, strategies as st

from southbound.common.language import Language, speaking
from southbound.presentation.conditions import (
    CROSSINGS,
    MOST_CONDITIONS,
    PRESETS,
    SIZES,
    Condition,
    Sort,
    figure_name,
    read_columns,
    read_conditions,
    read_sort,
    written_conditions,
    written_sort,
)
from southbound.presentation.messages import gettext
from southbound.presentation.screen_columns import screen_columns
from tests.chinese import CHINESE, english_left


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("stake:20..", [Condition("stake", low=20)]),
        ("stake:..0.5,pp5:-1..2", [Condition("stake", high=0.5), Condition("pp5", -1, 2)]),
        ("cross5:10,down20:30", [Condition("cross5", 10, 10), Condition("down20", 30, 30)]),
        (
            "run:10..,unusual:3..,added:..20",
            [Condition("run", 10), Condition("unusual", 3), Condition("added", high=20)],
        ),
        ("streak:3", [Condition("streak", 3, 3)]),
    ],
)
def test_an_address_says_the_conditions_and_they_say_the_address(
    text: str, conditions: list[Condition]
) -> None:
    assert read_conditions(text) == tuple(conditions)
    assert written_conditions(tuple(conditions)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", ",", "stake", "stake:", "stake:..", "stake:x..", "stake:9..1", "nonsense:1..", "cross5:..10",
        "cross5:0",
        "cross5:101", "cross7:10", "stake:1e9..", "stake:nan..", "stake:inf..", "stake:" + "9" * 99 + "..",
        "<b>:1..",
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_an_address_is_left_out(text: str) -> None:
    assert read_conditions(text) == ()
    assert read_conditions(f"{text},streak:10..") == (Condition("streak", low=10),)


def test_an_address_has_only_so_many_conditions() -> None:
    many = ",".join(f"stake:{low}.." for low in range(100))
    assert len(read_conditions(many)) == MOST_CONDITIONS


@given(
    low=st.none() | st.integers(-(10**9), 10**9).map(lambda number: number / 100),
    high=st.none() | st.integers(-(10**9), 10**9).map(lambda number: number / 100),
    key=st.sampled_from([*screen_columns(), *SIZES]),
)
@settings(max_examples=50)
def test_every_condition_survives_its_address(low: float | None, high: float | None, key: str) -> None:
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    if low <= high and (low, high) != (-math.inf, math.inf):
        condition = Condition(key, low, high)
        assert read_conditions(written_conditions((condition,))) == (condition,)


@pytest.mark.parametrize("language", CHINESE)
def test_figures_conditions_and_presets_are_told_in_chinese(language: Language) -> None:
    keys = (*screen_columns(), *SIZES, *CROSSINGS)
    ends = ((1, math.inf), (-math.inf, 1), (1, 2), (1, 1))
    with speaking(language):
        told = [
            str(Condition(key, *end)) for key in keys for end in (ends[-1:] if key in CROSSINGS else ends)
        ]
        told += [text for each in screen_columns().values() for text in (each.heading, each.label)]
        told += [each.written(1.0) for each in screen_columns().values()]
        told += [figure_name(key) for key in keys] + [gettext(name) for name in PRESETS]
        assert english_left("\n".join(told)) == []
        assert str(Condition("stake", low=20)).endswith("20")


def test_a_condition_is_told_in_words() -> None:
    assert str(Condition("stake", low=20)) == "Stake at least 20"
    assert str(Condition("pp5", -1, 2.5)) == "% points, 5 days -1 to 2.5"
    assert str(Condition("cross5", 10, 10)) == "crossed 10% within 5 days"
    assert str(Condition("down1", 30, 30)) == "fell below 30% within 1 day"
    assert str(Condition("unusual", 3)) == "z-score, either way, at least 3"


def test_a_heading_that_is_pressed_sorts_the_largest_first_and_then_the_other_way() -> None:
    sort = Sort().pressed("stake")
    assert (sort, sort.pressed("stake")) == (Sort("stake", falling=True), Sort("stake"))
    assert sort.pressed("name") == Sort("name")


@pytest.mark.parametrize("text", ["-stake", "pp5", "code", "-name"])
def test_an_order_survives_its_address(text: str) -> None:
    assert written_sort(read_sort(text)) == text


@pytest.mark.parametrize("text", ["--stake", "nonsense", "-", "cross5"])
def test_what_is_no_column_is_no_order(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_sort(text)


def test_columns_are_read_once_each_and_others_left_out() -> None:
    assert read_columns("stake,pp5,x,stake,z") == ("stake", "pp5", "z")


def test_every_preset_has_an_address() -> None:
    for conditions, sort in PRESETS.values():
        assert read_conditions(written_conditions(conditions)) == conditions
        assert read_sort(written_sort(sort)) == sort


def test_no_two_figures_share_a_key() -> None:
    assert len({*screen_columns(), *SIZES, *CROSSINGS}) == len(screen_columns()) + len(SIZES) + len(CROSSINGS)
