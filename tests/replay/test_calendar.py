"""The page's rule for which date comes back."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from replay.calendar import (
    Listing,
    a_year_before,
    date_in_field,
    is_holiday,
    is_session,
    list_for,
    session_at_or_before,
    sessions_after,
    settling,
)

DAYS = st.dates(date(2014, 2, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("asked", "label", "session"),
    [
        pytest.param("2026-02-27", "2026-02-27", "2026-02-27", id="a business day gives itself"),
        pytest.param("2026-02-16", "2026-02-16", "2026-02-16", id="a half-day gives itself"),
        pytest.param(
            "2026-02-28", "2026-02-28", "2026-02-27", id="a Saturday its own label, Friday's figures"
        ),
        pytest.param("2026-03-01", "2026-02-28", "2026-02-27", id="a Sunday shows the Saturday's label"),
        pytest.param("2026-02-19", "2026-02-16", "2026-02-16", id="a public holiday the day before it"),
        pytest.param("2026-01-01", "2025-12-31", "2025-12-31", id="New Year the last of the year before"),
        pytest.param("2026-04-04", "2026-04-02", "2026-04-02", id="a Saturday that is a holiday no label"),
        pytest.param("2026-04-07", "2026-04-02", "2026-04-02", id="the end of Easter the Thursday before"),
        pytest.param("2027-02-06", "2027-02-05", "2027-02-05", id="Lunar New Year on a Saturday"),
        pytest.param("2026-07-01", "2026-06-30", "2026-06-30", id="a holiday in the week"),
        pytest.param("2023-07-17", "2023-07-15", "2023-07-14", id="a typhoon Monday the Saturday before"),
    ],
)
def test_the_date_that_comes_back_follows_the_pages_rule(asked: str, label: str, session: str) -> None:
    expected = Listing(date.fromisoformat(label), date.fromisoformat(session))
    assert list_for(date.fromisoformat(asked)) == expected


@given(DAYS)
def test_a_label_is_never_a_sunday_or_a_holiday_and_its_figures_are_the_newest_of_that_day(
    asked: date,
) -> None:
    listing = list_for(asked)
    assert listing.session <= listing.label <= asked
    assert listing.label.weekday() != 6
    assert not is_holiday(listing.label)
    assert is_session(listing.session)
    assert listing.session == session_at_or_before(asked)


@given(DAYS)
def test_a_weekday_is_either_a_session_or_a_holiday(day: date) -> None:
    assert day.weekday() >= 5 or is_session(day) != is_holiday(day)


def test_twelve_months_back_is_the_same_day_and_the_28th_for_a_29th() -> None:
    assert a_year_before(date(2026, 2, 28)) == date(2025, 2, 28)
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_the_sessions_after_a_day_leave_out_weekends_and_holidays() -> None:
    assert sessions_after(date(2026, 2, 13), 3) == (date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 23))


def test_more_sessions_than_the_calendar_has_are_refused() -> None:
    with pytest.raises(ValueError, match=r"got 10, want at most 0"):
        sessions_after(date(2040, 12, 31), 10)


def test_a_day_before_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="want 2014-01-02 or later"):
        session_at_or_before(date(2014, 1, 1))


@given(st.dates())
def test_a_date_in_the_field_is_read_year_first(day: date) -> None:
    assert date_in_field(f"{day.year:04}/{day.month:02}/{day.day:02}") == day


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-27", "2026/02/30", "2026/02", "2026/02/27/1"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_in_field(text) is None


@pytest.mark.parametrize(
    ("day", "settled"),
    [
        ("2014-12-30", ["2014-12-23", "2014-12-24"]),
        ("2026-02-16", []),
        ("2026-02-20", ["2026-02-12"]),
        ("2026-02-23", ["2026-02-13", "2026-02-16"]),
        ("2026-12-28", ["2026-12-22"]),
        ("2027-01-05", ["2026-12-30", "2026-12-31"]),
    ],
)
def test_trades_settle_on_the_second_settlement_day(day: str, settled: list[str]) -> None:
    assert [str(session) for session in settling()[date.fromisoformat(day)]] == settled
