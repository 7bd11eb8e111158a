"""What a benchmark prints, and what passes."""

import json
from typing import Any

import pytest

from benchmarks.figures import Figure, as_json, table


@pytest.mark.parametrize(
    ("limits", "passed"),
    [
        ({}, True),
        ({"limit": 0.5}, True),
        ({"limit": 0.4}, False),
        ({"ratio_limit": 2.5}, True),
        ({"ratio_limit": 2.4}, False),
        ({"limit": 0.5, "ratio_limit": 2.4}, False),
        ({"limit": 0.4, "ratio_limit": 2.5}, False),
    ],
)
def test_a_figure_passes_within_all_its_limits(limits: dict[str, Any], *, passed: bool) -> None:
    assert Figure(name="", value=0.5, floor=0.2, **limits).passed is passed


def test_a_limit_to_the_ratio_of_no_floor_is_not_passed_by_chance() -> None:
    with pytest.raises(ValueError, match="one date: a limit to the ratio, and no floor"):
        Figure(name="one date", value=0.5, ratio_limit=3)


def test_the_table_has_a_line_for_each_figure() -> None:
    figures = [
        Figure(name="one date", value=0.05, floor=0.02, floor_name="HTTP", limit=0.08, ratio_limit=2),
        Figure(name="a year", value=12.3456),
    ]

    _heads, rule, first, second = table(figures).splitlines()

    assert set(rule) == {"-"}
    assert first.split() == [
        *("one", "date", "0.0500", "s", "0.0200", "s", "HTTP", "2.5"),
        *("0.08", "s,", "2", "times", "FAIL"),
    ]
    assert second.split() == ["a", "year", "12.35", "s"]


def test_a_program_reads_the_same() -> None:
    [read] = json.loads(as_json([Figure(name="one date", value=0.5, floor=0.2, limit=1.0)]))

    assert (read["name"], read["value"], read["ratio"], read["passed"]) == ("one date", 0.5, 2.5, True)
