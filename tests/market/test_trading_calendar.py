"""Hong Kong sessions, held against the recorded dates and against another package's holidays."""

import subprocess
import sys
from datetime import date, timedelta
from importlib.metadata import version

import holidays
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from replay.figures import recorded_days
from southbound.market import recorded_sessions, trading_calendar
from tools.recorded_sessions import MODULE, written

DAYS = st.dates(date(2014, 6, 1), date(2040, 6, 1))


def test_the_recorded_days_are_the_sessions_of_their_two_months() -> None:
    found = trading_calendar.between(date(2026, 1, 1), date(2026, 2, 28))

    assert found == sorted(recorded_days())
    assert trading_calendar.between(date(2026, 1, 2), date(2026, 2, 27)) == found


def test_lunar_new_year_has_no_session() -> None:
    assert trading_calendar.between(date(2026, 2, 16), date(2026, 2, 20)) == [
        date(2026, 2, 16),
        date(2026, 2, 20),
    ]


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_weekday_that_is_no_holiday_is_a_session_and_no_other_day(year: int) -> None:
    closed = holidays.country_holidays("HK", years=year, categories=("public", "optional"))
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]

    expected = [day for day in days if day.weekday() < 5 and day not in closed]

    assert [day for day in days if trading_calendar.is_session(day)] == expected
    assert trading_calendar.between(days[0], days[-1]) == expected


@pytest.mark.parametrize(
    "day",
    [date(2024, 12, 24), date(2024, 12, 31), date(2025, 1, 28), date(2026, 2, 16), date(2026, 12, 24)],
    ids=str,
)
def test_a_half_day_is_a_session(day: date) -> None:
    assert trading_calendar.is_session(day)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 2, 27), 1, date(2026, 2, 26)),
        (date(2026, 2, 27), 5, date(2026, 2, 20)),
        (date(2026, 2, 20), 1, date(2026, 2, 16)),
        (date(2026, 2, 18), 1, date(2026, 2, 16)),
        (date(2026, 3, 1), 1, date(2026, 2, 27)),
        (date(2026, 2, 27), 20, date(2026, 1, 27)),
        (date(2026, 1, 2), 1, date(2025, 12, 31)),
        (date(2026, 2, 27), 0, date(2026, 2, 27)),
    ],
)
def test_the_sessions_before_a_day_are_counted(day: date, count: int, expected: date) -> None:
    assert trading_calendar.before(day, count) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 16), date(2026, 2, 20)),
        (date(2026, 2, 18), date(2026, 2, 20)),
        (date(2026, 2, 27), date(2026, 3, 2)),
        (date(2026, 2, 28), date(2026, 3, 2)),
    ],
)
def test_the_session_after_a_day_is_never_the_day_itself(day: date, expected: date) -> None:
    assert trading_calendar.after(day) == expected


def test_a_span_may_be_empty() -> None:
    assert trading_calendar.between(date(2026, 2, 17), date(2026, 2, 19)) == []
    assert trading_calendar.between(date(2026, 2, 27), date(2026, 2, 26)) == []


@pytest.mark.parametrize("day", [date(2013, 12, 31), date(2041, 1, 2), date.min, date.max], ids=str)
def test_a_day_that_figures_cannot_have_is_no_session(day: date) -> None:
    assert not trading_calendar.is_session(day)


@pytest.mark.parametrize("day", [date(2011, 12, 31), date(2043, 1, 1), date.min, date.max], ids=str)
def test_a_day_outside_the_calendar_cannot_be_counted_from(day: date) -> None:
    for question in (
        trading_calendar.before,
        trading_calendar.after,
        lambda d: trading_calendar.between(d, d),
    ):
        with pytest.raises(ValueError, match=r"want a date from 2012-01-01 to 2042-12-31"):
            question(day)


def test_from_every_date_that_figures_can_have_a_year_can_be_counted() -> None:
    assert (
        trading_calendar.before(trading_calendar.FIRST, 366)
        < trading_calendar.before(trading_calendar.FIRST)
        == date(2013, 12, 31)
    )
    assert trading_calendar.after(trading_calendar.before(trading_calendar.FIRST)) == date(2014, 1, 2)
    assert trading_calendar.between(date(2013, 12, 30), date(2014, 1, 2))[0] == date(2013, 12, 30)
    assert trading_calendar.after(trading_calendar.after(trading_calendar.LAST)) == date(2041, 1, 3)


def test_counting_does_not_run_out_of_the_calendar() -> None:
    first = trading_calendar.after(trading_calendar.BEGIN)
    assert first == date(2012, 1, 3)
    with pytest.raises(ValueError, match="no such session"):
        trading_calendar.before(first)
    with pytest.raises(ValueError, match="no such session"):
        trading_calendar.after(trading_calendar.END)


@given(DAYS, st.integers(1, 25))
@settings(deadline=None)
def test_counting_back_agrees_with_the_list_of_sessions(day: date, count: int) -> None:
    earlier = trading_calendar.between(trading_calendar.FIRST, day - timedelta(1))

    assert trading_calendar.before(day, count) == earlier[-count]
    assert trading_calendar.before(trading_calendar.after(day)) == (
        day if trading_calendar.is_session(day) else earlier[-1]
    )


def alike(one: trading_calendar.Calendar, other: trading_calendar.Calendar) -> bool:
    return [np.asarray(part).tolist() for part in one] == [np.asarray(part).tolist() for part in other]


def test_what_is_recorded_is_what_the_pinned_release_says() -> None:
    """After a change of that pin: `python -m tools.recorded_sessions`."""
    assert version("exchange_calendars") == recorded_sessions.RELEASE
    assert alike(trading_calendar.recorded_calendar(), trading_calendar.computed_calendar())
    text = MODULE.read_text(encoding="utf-8")
    assert written(text) == text


def test_another_release_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may know of a typhoon that the recorded one did not."""
    monkeypatch.setattr(trading_calendar, "version", lambda _: "99.0")
    monkeypatch.setattr(recorded_sessions, "CLOSED", {})

    assert alike(trading_calendar._calendar.__wrapped__(), trading_calendar.computed_calendar())


def test_the_calendar_costs_no_process_pandas() -> None:
    program = """
import sys
from datetime import date
from southbound.market.settlement import last_settled
print(last_settled(date(2026, 2, 27)), "pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["2026-02-25", "False"], done.stderr


@pytest.mark.parametrize("now", ["1999-12-31", "2026-02-17", "2061-07-01"])
def test_the_wall_clock_does_not_matter(now: str) -> None:
    program = f"""
from unittest.mock import patch
import pandas
now = pandas.Timestamp("{now}")
with patch.object(pandas.Timestamp, "now", lambda *_: now):
    from southbound.market.trading_calendar import computed_calendar, recorded_calendar
    for mine, recorded in zip(computed_calendar(), recorded_calendar()):
        print((mine == recorded).all() if hasattr(mine, "shape") else mine == recorded)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["True"] * 4, done.stderr


@given(st.dates(trading_calendar.FIRST, trading_calendar.LAST))
@settings(deadline=None)
def test_a_date_is_read_as_iso_8601_writes_it(day: date) -> None:
    assert trading_calendar.parse_date(day.isoformat()) == day


@given(st.text(max_size=12) | st.sampled_from(["20260213", "2026-W07-5", "2013-12-31", "2041-01-01"]))
@settings(deadline=None)
def test_no_other_spelling_is_a_date(text: str) -> None:
    day = trading_calendar.parse_date(text)

    assert day is None or day.isoformat() == text
    assert day is None or trading_calendar.FIRST <= day <= trading_calendar.LAST
