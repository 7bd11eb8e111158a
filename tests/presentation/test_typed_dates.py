"""Dates as people type them."""

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from southbound.presentation.typed_dates import typed_date

STORED = [date(2025, 12, 31), date(2026, 2, 23), date(2026, 2, 27)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-23", "20260223", "2026/02/23", "2026/2/23", "2026.2.23", "23/2/2026", "23.02.2026",
        "23-2-2026",
        "23 Feb 2026", "23 February 2026", "Feb 23, 2026", "Mon 23 Feb 2026", "monday, 23 feb 2026", "23 Feb",
        "feb 23", " 23  February ",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert typed_date(text, STORED) == date(2026, 2, 23)


def test_a_day_without_a_year_is_the_newest_that_there_may_be_figures_of() -> None:
    assert typed_date("31 Dec", STORED) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "31/31/2026", "23", "Feb", "0001-01-01", "99999999"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert typed_date(text, STORED) is None


@given(text=st.text(max_size=20))
@settings(max_examples=50)
def test_whatever_is_typed_is_answered(text: str) -> None:
    found = typed_date(text, STORED)

    assert found is None or isinstance(found, date)
