"""The time axis: which sessions it shows, and which of them it labels."""

from datetime import date
from itertools import pairwise

import pytest

from southbound.common.language import Language, speaking
from southbound.presentation import time_axis


@pytest.mark.parametrize("count", [1, 2, 38, 250, 2500])
def test_labels_on_the_axis_do_not_run_into_each_other(count: int) -> None:
    days = time_axis.sessions_shown([date(2015, 1, 5), date(2026, 2, 27)])[-count:]
    assert len(days) == count
    ticks = time_axis.ticks(days)
    places = [days.index(tick) for tick in ticks]
    assert 1 <= len(ticks) <= 12
    assert all(later - earlier > count / 12 for earlier, later in pairwise(places))


def test_each_year_is_written_once() -> None:
    ticked = [date(2025, 12, 1), date(2026, 1, 2), date(2026, 2, 2)]
    assert time_axis.labels(ticked) == ["1 Dec<br>2025", "2 Jan<br>2026", "2 Feb"]


def test_in_chinese_each_month_is_written_once_too() -> None:
    ticked = [date(2025, 12, 22), date(2025, 12, 29), date(2026, 1, 5), date(2026, 1, 12)]
    with speaking(Language.TRADITIONAL):
        assert time_axis.labels(ticked) == ["22日<br>12月<br>2025年", "29日", "5日<br>1月<br>2026年", "12日"]
