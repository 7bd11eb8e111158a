"""What is published when, what is true, and what the page says of it."""

from dataclasses import replace
from datetime import date

import pytest

from replay.faults import Fault
from replay.figures import Day, recorded_days
from replay.site import ReplaySite

FRIDAY = date(2026, 2, 27)
MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)


def halved(day: Day) -> Day:
    return replace(day, rows=tuple(replace(row, shares=row.shares // 2) for row in day.rows))


def test_every_session_before_today_is_published(site: ReplaySite) -> None:
    assert list(site.published()) == list(recorded_days())


def test_the_newest_session_can_be_held_back(site: ReplaySite) -> None:
    site.hold_back = True
    assert site.published()[-1] == date(2026, 2, 26)


def test_moving_on_publishes_the_next_session_and_makes_it_the_day_after(site: ReplaySite) -> None:
    assert site.move_on() == MONDAY
    assert site.today == TUESDAY
    assert site.published()[-1] == MONDAY


def test_moving_on_from_a_weekend_or_over_one_skips_it(site: ReplaySite) -> None:
    assert [site.move_on() for _ in range(6)][-2:] == [date(2026, 3, 6), date(2026, 3, 9)]
    assert site.today == date(2026, 3, 10)


def test_moving_on_publishes_first_what_was_held_back(site: ReplaySite) -> None:
    site.hold_back = True
    assert site.move_on() == FRIDAY
    assert (site.today, site.hold_back) == (date(2026, 2, 28), False)


def test_there_is_no_moving_on_beyond_the_figures() -> None:
    with pytest.raises(LookupError, match="no session has figures after 2026-02-27"):
        ReplaySite().move_on()


def test_the_days_offered_are_the_published_ones_in_the_range(site: ReplaySite) -> None:
    offered = site.days_offered(date(2026, 2, 14), date(2026, 12, 31))
    assert offered[:2] == [date(2026, 2, 16), date(2026, 2, 20)]
    assert offered[-1] == FRIDAY


def test_no_day_older_than_twelve_months_is_offered() -> None:
    site = ReplaySite(invented=300, today=date(2027, 2, 10))
    assert site.days_offered(date(2026, 1, 1), date(2026, 12, 31))[0] == date(2026, 2, 10)


def test_the_truth_is_recorded_then_made_up(site: ReplaySite) -> None:
    assert site.truth(FRIDAY) is recorded_days()[FRIDAY]
    assert site.truth(MONDAY) == site.archive.invented[MONDAY]


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2025, 12, 31), date(2027, 6, 1)])
def test_there_is_no_truth_for_other_days(site: ReplaySite, day: date) -> None:
    with pytest.raises(LookupError, match="want a session from 2026-01-02"):
        site.truth(day)


def test_restated_figures_replace_the_old_ones_and_their_page(site: ReplaySite) -> None:
    before = site.page("en", "2026/02/27")
    site.restate(halved(site.truth(FRIDAY)))
    assert site.truth(FRIDAY).rows[0].shares == recorded_days()[FRIDAY].rows[0].shares // 2
    assert site.page("en", "2026/02/27") != before


def test_a_day_without_figures_cannot_be_restated(site: ReplaySite) -> None:
    with pytest.raises(LookupError):
        site.restate(Day(date(2026, 2, 28), ()))


def test_a_saturday_shows_fridays_figures_as_restated(site: ReplaySite) -> None:
    site.today = MONDAY
    before = site.page("en", "2026/02/28")
    site.restate(halved(site.truth(FRIDAY)))
    assert site.page("en", "2026/02/28") != before


@pytest.mark.parametrize("today", [date(2026, 1, 2), date(2020, 1, 1)])
def test_a_day_before_which_nothing_is_known_cannot_be_today(today: date) -> None:
    with pytest.raises(ValueError, match="want a day after 2026-01-02"):
        ReplaySite(today=today)


def test_a_page_without_anything_published_has_no_list() -> None:
    site = ReplaySite(today=date(2026, 1, 3))
    site.hold_back = True
    assert b"pnlResult" not in site.page("en", None)


def test_faults_of_the_list_do_not_stay_in_later_pages(site: ReplaySite) -> None:
    whole = site.page("en", None)
    assert len(site.page("en", None, {Fault.FORTY_ROWS})) < len(whole) / 10
    assert site.page("en", None) == whole
