"""Lines of Chinese and of English text."""

import textwrap

import pytest
from hypothesis import given, strategies as st

from southbound.presentation.lines import columns, shortened, wrapped

NAME = "LANGHAM HOSPITALITY INVESTMENTS AND LANGHAM HOSPITALITY INVESTMENTS LIMITED"


def test_english_is_broken_between_words_alone() -> None:
    assert wrapped(NAME, 36) == textwrap.wrap(NAME, 36)
    assert shortened(NAME, 34) == "LANGHAM HOSPITALITY INVESTMENTS…"


def test_chinese_is_broken_anywhere_but_before_a_sign_that_closes_and_behind_one_that_opens() -> None:
    assert wrapped("02160：持股量由10,000股變為2,000股（比例不變）。", 20) == [
        "02160：持股量由",
        "10,000股變為2,000股",
        "（比例不變）。",
    ]
    assert wrapped("持股量上升，", 10) == ["持股量上", "升，"]


def test_a_long_chinese_name_ends_in_an_ellipsis() -> None:
    assert shortened("00700 騰訊控股", 34) == "00700 騰訊控股"
    assert shortened("00700 騰訊控股有限公司", 16) == "00700 騰訊控股…"


@pytest.mark.parametrize("width", [10, 36])
@given(text=st.text(st.sampled_from("騰訊（），。a1 -"), max_size=60))
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert columns(shortened(text, width)) <= width
