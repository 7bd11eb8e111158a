"""What is wrong by what the store says: no false alarm, least of all with figures that are months old."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from southbound.mail.alerts.conditions import Judgement, Seen, judge
from southbound.mail.alerts.incidents import NO_NEW_DAY, SILENT, SITE_CHANGED, SITE_FAILS
from southbound.market.trading_calendar import HONG_KONG
from southbound.store.quarantine import Quarantined
from southbound.store.scraper_status import ScraperStatus, State

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)
SATURDAY, MONDAY = date(2026, 2, 28), date(2026, 3, 2)


def hong_kong(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HONG_KONG).astimezone(UTC)


def alive(now: datetime, site_today: date, **changes: object) -> ScraperStatus:
    """A scraper whose site answered a minute ago."""
    status = ScraperStatus(
        state=State.POLLING,
        heartbeat=now - timedelta(seconds=5),
        last_success=now - timedelta(minutes=1),
        site_today=site_today,
    )
    return replace(status, **changes)  # type: ignore[arg-type]


def judged(
    status: ScraperStatus | None, now: datetime, dates: Sequence[date] = (THURSDAY, FRIDAY)
) -> Judgement:
    return judge(Seen(status, dates, ()), now)


def names(judgement: Judgement) -> set[str]:
    return {incident.name for incident in judgement.standing}


def test_all_is_well() -> None:
    now = hong_kong(SATURDAY, 15)

    assert judged(alive(now, SATURDAY), now) == Judgement(
        (), frozenset({SILENT, SITE_FAILS, SITE_CHANGED, NO_NEW_DAY})
    )


def test_of_a_store_without_a_scraper_nothing_can_be_told() -> None:
    assert judged(None, hong_kong(SATURDAY, 15), ()) == Judgement((), frozenset())


@pytest.mark.parametrize(
    ("day", "hour", "stored", "is_late"),
    [
        (SATURDAY, 11, THURSDAY, False),
        (SATURDAY, 12, THURSDAY, True),
        (SATURDAY, 23, FRIDAY, False),
        (MONDAY, 3, FRIDAY, False),
        (MONDAY, 13, THURSDAY, True),
        (MONDAY, 13, FRIDAY, False),
        (FRIDAY, 11, WEDNESDAY, False),
        (FRIDAY, 13, WEDNESDAY, True),
        (FRIDAY, 3, date(2026, 2, 24), True),
    ],
)
def test_a_session_should_be_there_by_noon_of_the_day_after_it(
    day: date, hour: int, stored: date, *, is_late: bool
) -> None:
    now = hong_kong(day, hour)

    judgement = judged(alive(now, day), now, [stored])

    assert (NO_NEW_DAY in names(judgement)) == is_late
    assert (NO_NEW_DAY in judgement.over) != is_late


def test_a_holiday_has_no_list_and_is_not_missed() -> None:
    # The New Year's holidays were from the 17th to the 19th.
    now = hong_kong(date(2026, 2, 19), 18)

    assert NO_NEW_DAY not in names(judged(alive(now, date(2026, 2, 19)), now, [date(2026, 2, 16)]))


def test_a_session_that_the_site_has_no_list_for_is_not_missed() -> None:
    now = hong_kong(SATURDAY, 15)

    judgement = judge(Seen(alive(now, SATURDAY), [THURSDAY], (), {FRIDAY: now}), now)

    assert NO_NEW_DAY in judgement.over


def test_an_empty_store_is_late_too() -> None:
    now = hong_kong(SATURDAY, 15)

    [incident] = judged(alive(now, SATURDAY), now, []).standing

    assert incident.headline == "no list of Fri 27 Feb 2026 yet"
    assert "No day is stored." in incident.sentence


@pytest.mark.parametrize("hour", range(24))
def test_figures_that_are_months_old_raise_no_alarm(hour: int) -> None:
    now = hong_kong(date(2026, 11, 22), hour, 30)

    assert names(judged(alive(now, SATURDAY), now)) == set()


def test_a_site_of_other_days_can_be_late_by_its_own() -> None:
    now = hong_kong(date(2026, 11, 22), 13)

    assert names(judged(alive(now, MONDAY), now, [THURSDAY])) == {NO_NEW_DAY}


@pytest.mark.parametrize(("hour", "minute", "site"), [(23, 59, SATURDAY), (0, 1, FRIDAY)])
def test_two_clocks_that_part_at_midnight_agree(hour: int, minute: int, site: date) -> None:
    """The site's clock is a few minutes ahead of ours, or behind; the last answer came just then."""
    answered = hong_kong(FRIDAY if hour else SATURDAY, hour, minute)
    status = alive(answered, site, heartbeat=hong_kong(SATURDAY, 8), last_success=answered)

    assert NO_NEW_DAY in judged(status, hong_kong(SATURDAY, 8), [THURSDAY]).over


def test_an_answer_of_yesterday_does_not_hide_that_today_is_late() -> None:
    now = hong_kong(SATURDAY, 13)
    status = alive(now, FRIDAY, last_success=hong_kong(FRIDAY, 20), state=State.FAILING)

    assert NO_NEW_DAY in names(judged(status, now, [THURSDAY]))


@pytest.mark.parametrize("site", [date(1999, 1, 1), date(2999, 1, 1)])
def test_a_day_that_no_calendar_reaches_tells_nothing(site: date) -> None:
    now = hong_kong(SATURDAY, 13)

    judgement = judged(alive(now, site), now)

    assert NO_NEW_DAY not in names(judgement) | judgement.over


@pytest.mark.parametrize(("minutes", "is_silent"), [(14, False), (15, True), (10_000, True)])
@pytest.mark.parametrize("state", [State.POLLING, State.STOPPED])
def test_a_scraper_that_says_nothing_for_15_minutes_is_silent(
    state: State, minutes: int, *, is_silent: bool
) -> None:
    now = hong_kong(SATURDAY, 15)
    status = alive(now, SATURDAY, heartbeat=now - timedelta(minutes=minutes), state=state)

    judgement = judged(status, now)

    assert names(judgement) == ({SILENT} if is_silent else set())
    assert (SILENT in judgement.over) != is_silent


def test_a_scraper_that_is_not_meant_to_go_on_may_be_silent() -> None:
    now = hong_kong(SATURDAY, 15)
    status = alive(now, SATURDAY, heartbeat=now - timedelta(days=1), state=State.STOPPED)

    assert judge(Seen(status, [FRIDAY], (), polls=False), now) == Judgement((), frozenset())


def test_a_failing_site_is_told_with_what_the_scraper_says() -> None:
    now = hong_kong(SATURDAY, 15)
    status = alive(now, SATURDAY, state=State.FAILING, last_error="want one column 'Name', got []")

    [incident] = judged(status, now).standing

    assert incident.name == SITE_FAILS
    assert "want one column 'Name', got []" in incident.sentence


def test_a_page_that_has_changed_is_told_apart_from_a_site_that_is_away() -> None:
    now = hong_kong(SATURDAY, 15)
    status = alive(
        now, SATURDAY, state=State.FAILING, trouble="SiteChanged", last_error="want one column 'Name'"
    )

    [incident] = judged(status, now).standing

    assert incident.name == SITE_CHANGED
    assert "want one column 'Name'" in incident.sentence
    assert "southbound/hkexnews/page_parser.py" in incident.sentence


def test_a_scraper_that_has_just_been_started_does_not_know_that_the_site_is_well_again() -> None:
    now = hong_kong(SATURDAY, 15)
    started = ScraperStatus(state=State.STARTING, heartbeat=now)

    judgement = judged(started, now)

    assert names(judgement) == set()
    assert judgement.over == {SILENT}


def test_a_day_in_quarantine_stands_until_it_is_not() -> None:
    now = hong_kong(SATURDAY, 15)
    held = Quarantined(FRIDAY, "12 rows, want 300", now)
    remembered = {"in quarantine: 2026-02-26"}

    judgement = judge(Seen(None, [THURSDAY], [held], remembered=remembered), now)

    [incident] = judgement.standing
    assert incident.name == "in quarantine: 2026-02-27"
    assert "12 rows, want 300" in incident.sentence
    assert judgement.over == remembered
