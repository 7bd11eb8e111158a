"""What passes."""

from typing import Any

import pytest

from tools.benchmarks.figures import Figure


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
