"""Text from outside becomes one line of what a reader sees."""

import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from southbound.common.text import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("  A \t B\r\n\r\nC ", "A B C"),
        ("A\u2028B\u2029C\x85D\x0bE", "A B C D E"),
        ("A\x1b[31mB\x00\x7f", "A [31mB"),
        ("\u202eA\u2066B\u200fC\u00ad\ufeff", "ABC"),
        ("A\ufffeB\U0010ffffC\ufdd0", "A B C"),
        ("\ud83d", "\ufffd"),
        ("騰訊\u3000控股 \ue000\U00031350", "騰訊 控股 \ue000\U00031350"),
    ],
    ids=ascii,
)
def test_what_no_reader_sees_is_left_out_and_all_else_stays(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_long_text_is_cut_off_and_that_is_shown() -> None:
    assert one_line("x" * 10, longest=10) == "x" * 10
    assert one_line("x" * 11, longest=10) == f"{'x' * 10}…"
    assert one_line("x \n" * 10**6, longest=3) == "x x…"


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_line_is_a_line_already_and_can_be_written(text: str) -> None:
    line = one_line(text)

    assert one_line(line) == line
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(line.splitlines()) <= 1
    line.encode()
