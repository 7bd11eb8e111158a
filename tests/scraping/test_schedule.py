"""Which sessions are asked for, and when."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG
from southbound.scraping.schedule import Schedule, SiteClock, missing, out_from
from tests.scraping.made_up import Clock

FRIDAY, SATURDAY, MONDAY = date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 2)
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 26)
NOON = datetime(2026, 2, 28, 12, tzinfo=HONG_KONG)

Dates = st.dates(date(2025, 1, 1), date(2026, 12, 31))
Moments = st.floats(-1e8, 1e8).map(lambda seconds: NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("now", "agrees"),
    [
        (NOON, True),
        (datetime(2026, 2, 27, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 2, 27, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), False),
        (datetime(2026, 2, 27, 20, 0, tzinfo=ZoneInfo("America/Los_Angeles")), True),
        (NOON + timedelta(days=200), False),
        (NOON - timedelta(days=1), False),
    ],
    ids=[
        "noon",
        "midnight in Hong Kong",
        "a second before it",
        "a second before the next one",
        "the next one",
        "still Friday where the machine is",
        "months later",
        "a day behind",
    ],
)
def test_the_local_clock_agrees_when_it_is_the_same_day_in_hong_kong(now: datetime, *, agrees: bool) -> None:
    assert SiteClock.seen(SATURDAY, now) == SiteClock(SATURDAY, agrees)


@pytest.mark.parametrize(
    ("now", "may_be_out"),
    [
        (datetime(2026, 3, 2, 23, 59, 59, tzinfo=HONG_KONG), False),
        (datetime(2026, 3, 3, 0, 0, tzinfo=HONG_KONG), True),
        (datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), True),
    ],
)
def test_a_session_can_be_out_from_midnight_after_its_day(now: datetime, *, may_be_out: bool) -> None:
    clock = SiteClock.seen(SATURDAY, NOON)

    assert clock.may_be_out(MONDAY, now) == may_be_out
    assert (now >= out_from(MONDAY)) == may_be_out


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(days=-1), timedelta(days=120)])
def test_with_a_clock_that_is_wrong_the_site_is_asked(wrong_by: timedelta) -> None:
    clock = SiteClock.seen(SATURDAY, NOON + wrong_by)

    assert clock.may_be_out(MONDAY, NOON + wrong_by)


@given(hours_off=st.floats(-40, 40), days_before=st.integers(1, 400), now=Moments)
@settings(deadline=None)
def test_a_session_before_the_sites_day_may_always_be_out_whatever_the_clock_does(
    hours_off: float, days_before: int, now: datetime
) -> None:
    clock = SiteClock.seen(SATURDAY, NOON + timedelta(hours=hours_off))

    assert clock.may_be_out(SATURDAY - timedelta(days_before), now)


def test_what_is_missing_are_the_sessions_that_are_not_stored_newest_first() -> None:
    # The Lunar New Year: no session from the 17th to the 19th, and weekends before and after it.
    assert list(missing([date(2026, 2, 16)], date(2026, 2, 13), date(2026, 2, 24))) == [
        date(2026, 2, 24),
        date(2026, 2, 23),
        date(2026, 2, 20),
        date(2026, 2, 13),
    ]
    assert list(missing([], SATURDAY, date(2026, 3, 1))) == []
    assert list(missing([], MONDAY, FRIDAY)) == []


@given(stored=st.sets(Dates), first=Dates, days=st.integers(0, 100))
@settings(deadline=None)
def test_what_is_stored_and_what_is_missing_are_all_sessions_and_none_is_both(
    stored: Collection[date], first: date, days: int
) -> None:
    last = first + timedelta(days)

    asked_for = list(missing(stored, first, last))

    assert asked_for == sorted(set(asked_for), reverse=True)
    assert set(asked_for).isdisjoint(stored)
    assert set(asked_for) | set(stored) >= set(trading_calendar.between(first, last)) >= set(asked_for)


@pytest.fixture
def schedule(clock: Clock) -> Schedule:
    return Schedule(clock)


def test_a_day_that_is_put_off_is_left_out_until_its_time(schedule: Schedule, clock: Clock) -> None:
    schedule.put_off(THURSDAY, 60, "no answer")

    assert schedule.due(iter([FRIDAY, THURSDAY, WEDNESDAY])) == [FRIDAY, WEDNESDAY]
    clock.now += 59
    assert schedule.due(iter([FRIDAY, THURSDAY, WEDNESDAY])) == [FRIDAY, WEDNESDAY]
    clock.now += 1
    assert schedule.due(iter([FRIDAY, THURSDAY, WEDNESDAY])) == [FRIDAY, THURSDAY, WEDNESDAY]


def test_a_day_is_put_off_anew_from_now(schedule: Schedule, clock: Clock) -> None:
    schedule.put_off(THURSDAY, 60, "no answer")
    clock.now += 60
    schedule.put_off(THURSDAY, 60, "no answer again")

    clock.now += 59

    assert schedule.due(iter([THURSDAY])) == []
    assert schedule.lacking() == {THURSDAY: "no answer again"}


def test_what_is_lacking_is_told_with_its_reason_newest_first_but_for_what_is_not_expected(
    schedule: Schedule, clock: Clock
) -> None:
    schedule.put_off(TUESDAY, 60, "no answer")
    schedule.put_off(FRIDAY, 60, "in quarantine")
    schedule.put_off(THURSDAY, 60, "the site has no list", expected=False)

    clock.now += 1000

    assert list(schedule.lacking().items()) == [(FRIDAY, "in quarantine"), (TUESDAY, "no answer")]


def test_a_day_that_is_settled_is_lacking_no_more(schedule: Schedule) -> None:
    schedule.put_off(FRIDAY, 60, "no answer")

    schedule.settled(FRIDAY)
    schedule.settled(THURSDAY)

    assert schedule.lacking() == {}
    assert schedule.due(iter([FRIDAY])) == [FRIDAY]


@given(
    pauses=st.dictionaries(Dates, st.floats(0.1, 1e6)),
    days=st.lists(Dates),
    later=st.floats(0, 1e6),
)
@settings(deadline=None)
def test_due_are_all_but_those_whose_pause_has_not_passed(
    pauses: dict[date, float], days: list[date], later: float
) -> None:
    clock = Clock()
    schedule = Schedule(clock)
    for day, seconds in pauses.items():
        schedule.put_off(day, seconds, "no answer")

    clock.now += later

    assert schedule.due(iter(days)) == [day for day in days if pauses.get(day, 0) <= later]
