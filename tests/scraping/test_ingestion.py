"""What becomes of an answer, with a real store."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from southbound.config.settings import ScraperSettings
from southbound.hkexnews.page_parser import Page
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.scraping.ingestion import Ingestion
from southbound.scraping.schedule import Schedule
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from tests.scraping.made_up import STOCKS, Clock, listed

SATURDAY = date(2026, 2, 28)
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)
SETTINGS = ScraperSettings(min_rows=10, retry_seconds=900, recheck_seconds=3600)


def page_with(holdings: DailyHoldings) -> Page:
    return Page(SATURDAY, "", holdings.day, holdings)


NO_LIST = Page(SATURDAY, "Your input date is invalid. Please re-enter.")


@pytest.fixture
def schedule(clock: Clock) -> Schedule:
    return Schedule(clock)


@pytest.fixture
def ingestion(store: HoldingsStore, schedule: Schedule) -> Ingestion:
    return Ingestion(store, schedule, SETTINGS)


@pytest.fixture
def quarantine(store: HoldingsStore) -> Quarantine:
    return Quarantine(store.client)


def shares_of(store: HoldingsStore, day: date) -> int:
    """How many shares of the first stock are stored for a day."""
    holdings = store.get(day)
    assert holdings is not None
    return int(holdings.shares[0])


def is_due(schedule: Schedule, day: date) -> bool:
    return schedule.due(iter([day])) == [day]


def test_a_good_list_is_stored_and_published(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    schedule.put_off(FRIDAY, 60, "no answer")
    notifications = store.notifications()
    assert notifications.wait(5)

    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))

    assert notifications.wait(5)
    notifications.close()
    assert store.dates() == [FRIDAY]
    assert schedule.lacking() == {}
    assert caplog.messages == ["stored 2026-02-27: 100 stocks"]


def test_a_list_as_it_is_stored_is_not_written_again(
    ingestion: Ingestion, store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))
    caplog.set_level(logging.INFO)

    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))

    assert store.version() == 1
    assert caplog.messages == ["2026-02-27 is as it is stored"]


def test_a_restated_list_is_written_and_noted(
    ingestion: Ingestion, store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))
    caplog.set_level(logging.INFO)

    ingestion.take(FRIDAY, page_with(listed(FRIDAY, shares=700)))

    assert (shares_of(store, FRIDAY), store.version()) == (700, 2)
    assert store.client.xlen(keys.REVISIONS) == 1
    assert caplog.messages == ["restated 2026-02-27: 100 stocks"]


def test_a_list_that_is_not_whole_goes_into_quarantine_and_is_asked_for_again_later(
    ingestion: Ingestion,
    store: HoldingsStore,
    schedule: Schedule,
    clock: Clock,
    quarantine: Quarantine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ingestion.take(THURSDAY, page_with(listed(THURSDAY)))
    half, reason = listed(FRIDAY, STOCKS[::2]), "50 rows, want at least 80 % of the usual 100"

    ingestion.take(FRIDAY, page_with(half))

    assert (store.dates(), store.version()) == ([THURSDAY], 1)
    [held] = quarantine.quarantined()
    assert (held.day, held.reason) == (FRIDAY, reason)
    assert store.client.hget(keys.quarantine(FRIDAY), "day") == half.to_json()
    assert ingestion.quarantined == {FRIDAY}
    assert schedule.lacking() == {FRIDAY: ""}
    assert caplog.record_tuples[-1][1:] == (
        logging.ERROR,
        f"2026-02-27 goes into quarantine: {reason}",
    )
    assert not is_due(schedule, FRIDAY)
    clock.now += 900
    assert is_due(schedule, FRIDAY)


def test_a_list_that_cannot_be_read_goes_into_quarantine_without_figures(
    ingestion: Ingestion, store: HoldingsStore, quarantine: Quarantine
) -> None:
    ingestion.take(FRIDAY, Page(SATURDAY, "", FRIDAY, problem="the holding of '5': got 'many'"))

    assert store.dates() == []
    [held] = quarantine.quarantined()
    assert (held.day, held.reason) == (FRIDAY, "the holding of '5': got 'many'")
    assert store.client.hget(keys.quarantine(FRIDAY), "day") == ""


def test_a_list_that_is_not_whole_never_replaces_a_good_one(
    ingestion: Ingestion, store: HoldingsStore, quarantine: Quarantine
) -> None:
    for day in (THURSDAY, FRIDAY):
        ingestion.take(day, page_with(listed(day)))

    ingestion.take(FRIDAY, page_with(listed(FRIDAY, STOCKS[::2], shares=700)))
    ingestion.take(FRIDAY, Page(SATURDAY, "", FRIDAY, problem="a text for a number"))

    assert (shares_of(store, FRIDAY), store.version()) == (500, 2)
    assert [held.day for held in quarantine.quarantined()] == [FRIDAY]


@pytest.mark.parametrize(
    ("stored", "version"), [(None, 2), (700, 3), (500, 2)], ids=["not stored", "another", "the same"]
)
def test_a_good_list_ends_the_quarantine_of_its_day(
    ingestion: Ingestion,
    store: HoldingsStore,
    schedule: Schedule,
    quarantine: Quarantine,
    stored: int | None,
    version: int,
) -> None:
    ingestion.take(THURSDAY, page_with(listed(THURSDAY)))
    if stored:
        ingestion.take(FRIDAY, page_with(listed(FRIDAY, shares=stored)))
    ingestion.take(FRIDAY, page_with(listed(FRIDAY, STOCKS[::2])))
    assert ingestion.quarantined == {FRIDAY}

    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))

    assert (shares_of(store, FRIDAY), store.version()) == (500, version)
    assert quarantine.quarantined() == []
    assert ingestion.quarantined == set()
    assert schedule.lacking() == {}


def test_a_quarantine_of_an_earlier_run_is_ended_too(
    ingestion: Ingestion, store: HoldingsStore, quarantine: Quarantine
) -> None:
    store.put(listed(FRIDAY))
    quarantine.quarantine(FRIDAY, "40 rows", None)

    ingestion.recall(store.dates())
    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))

    assert quarantine.quarantined() == []
    assert store.version() == 1


def test_a_stored_day_in_quarantine_that_has_no_list_any_more_is_asked_for_again_only_later(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule, clock: Clock, quarantine: Quarantine
) -> None:
    store.put(listed(WEDNESDAY))
    quarantine.quarantine(WEDNESDAY, "40 rows", None)
    ingestion.recall([WEDNESDAY])

    ingestion.take(WEDNESDAY, NO_LIST)

    assert not is_due(schedule, WEDNESDAY)
    assert quarantine.no_list() == {}
    clock.now += SETTINGS.retry_seconds
    assert is_due(schedule, WEDNESDAY)


def test_a_day_in_quarantine_is_asked_for_at_once_after_a_restart(
    ingestion: Ingestion, schedule: Schedule, quarantine: Quarantine
) -> None:
    quarantine.quarantine(FRIDAY, "40 rows", None)

    ingestion.recall([])

    assert ingestion.quarantined == {FRIDAY}
    assert is_due(schedule, FRIDAY)


@pytest.mark.parametrize("answer", [NO_LIST, page_with(listed(WEDNESDAY))], ids=["no list", "another date"])
def test_a_session_that_the_site_has_no_list_for_is_noted_and_asked_for_on_the_slow_schedule(
    ingestion: Ingestion,
    store: HoldingsStore,
    schedule: Schedule,
    clock: Clock,
    quarantine: Quarantine,
    answer: Page,
) -> None:
    ingestion.take(THURSDAY, answer)

    assert store.dates() == []
    assert quarantine.no_list().keys() == {THURSDAY}
    assert schedule.lacking() == {}
    assert not is_due(schedule, THURSDAY)
    clock.now += 3600
    assert is_due(schedule, THURSDAY)


def test_the_newest_session_may_only_be_late(
    ingestion: Ingestion, schedule: Schedule, quarantine: Quarantine, store: HoldingsStore
) -> None:
    for day in (FRIDAY, trading_calendar.after(FRIDAY)):
        ingestion.take(day, NO_LIST)
        ingestion.take(day, page_with(listed(WEDNESDAY)))

        assert is_due(schedule, day)
    assert (quarantine.no_list(), store.dates()) == ({}, [])


def test_a_stored_day_that_the_site_lists_no_more_stays(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule, quarantine: Quarantine
) -> None:
    ingestion.take(THURSDAY, page_with(listed(THURSDAY)))

    ingestion.take(THURSDAY, NO_LIST)

    assert store.dates() == [THURSDAY]
    assert quarantine.no_list() == {}
    assert is_due(schedule, THURSDAY)


def test_a_list_that_comes_after_all_ends_the_note_of_its_absence(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule, quarantine: Quarantine
) -> None:
    ingestion.take(THURSDAY, NO_LIST)

    ingestion.take(THURSDAY, page_with(listed(THURSDAY)))

    assert store.dates() == [THURSDAY]
    assert quarantine.no_list() == {}
    assert is_due(schedule, THURSDAY)


def note_no_list(store: HoldingsStore, day: date, age_seconds: float) -> None:
    """As a run noted it that long ago."""
    asked = datetime.now(UTC) - timedelta(seconds=age_seconds)
    store.client.hset(keys.NO_LIST, keys.day(day), asked.isoformat())


def test_the_slow_schedule_goes_on_over_a_restart(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule, clock: Clock
) -> None:
    note_no_list(store, THURSDAY, age_seconds=3000)

    ingestion.recall([])

    assert schedule.lacking() == {}
    clock.now += 500
    assert not is_due(schedule, THURSDAY)
    clock.now += 100
    assert is_due(schedule, THURSDAY)


@pytest.mark.parametrize("age_seconds", [3601, 1e7, -3600], ids=["due", "months old", "in the future"])
def test_a_note_that_is_too_old_or_of_a_wrong_clock_puts_nothing_off(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule, age_seconds: float
) -> None:
    note_no_list(store, THURSDAY, age_seconds)

    ingestion.recall([])

    assert is_due(schedule, THURSDAY)


def test_a_note_about_a_day_that_is_stored_puts_nothing_off(
    ingestion: Ingestion, store: HoldingsStore, schedule: Schedule
) -> None:
    note_no_list(store, THURSDAY, age_seconds=0)

    ingestion.recall([THURSDAY])

    assert is_due(schedule, THURSDAY)


def test_the_list_of_the_first_load_is_taken_under_its_heading(
    ingestion: Ingestion, store: HoldingsStore
) -> None:
    ingestion.take_newest(page_with(listed(FRIDAY)))

    assert store.dates() == [FRIDAY]


@pytest.mark.parametrize(
    "page",
    [page_with(listed(SATURDAY)), page_with(listed(date(2026, 2, 17))), NO_LIST],
    ids=["a weekend", "a holiday", "no list"],
)
def test_a_first_load_without_the_list_of_a_session_is_passed_over(
    ingestion: Ingestion, store: HoldingsStore, page: Page
) -> None:
    ingestion.take_newest(page)

    assert list(store.client.scan_iter()) == []


def test_a_damaged_day_is_replaced(ingestion: Ingestion, store: HoldingsStore) -> None:
    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))
    store.client.set(keys.day(FRIDAY), "{")

    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))

    assert shares_of(store, FRIDAY) == 500
    assert json.loads(str(store.client.get(keys.day(FRIDAY))))


def test_damaged_days_do_not_judge_a_list(ingestion: Ingestion, store: HoldingsStore) -> None:
    store.put(listed(WEDNESDAY))
    store.put(listed(THURSDAY, range(1001, 1101)))
    store.client.set(keys.day(THURSDAY), "{")

    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))

    assert shares_of(store, FRIDAY) == 500


def test_a_list_is_judged_by_the_days_as_they_are_stored_now(ingestion: Ingestion) -> None:
    """The lists of the days around are remembered, and a restated one is the one that counts."""
    ingestion.take(THURSDAY, page_with(listed(THURSDAY, range(1, 81))))
    ingestion.take(FRIDAY, page_with(listed(FRIDAY, range(1, 81))))
    ingestion.take(THURSDAY, page_with(listed(THURSDAY, range(1, 101))))

    ingestion.take(FRIDAY, page_with(listed(FRIDAY, range(1, 86))))

    assert ingestion.quarantined == {FRIDAY}


def test_a_store_whose_newest_day_is_a_year_old_takes_another_list(
    ingestion: Ingestion, store: HoldingsStore
) -> None:
    year_old = trading_calendar.before(FRIDAY, 245)
    store.put(listed(year_old, range(1001, 2001)))

    ingestion.take(FRIDAY, page_with(listed(FRIDAY)))
    ingestion.take(THURSDAY, page_with(listed(THURSDAY)))

    assert store.dates() == [year_old, THURSDAY, FRIDAY]


@pytest.mark.parametrize("backwards", [True, False], ids=["newest first", "oldest first"])
def test_every_recorded_day_is_taken_with_few_lists_in_memory_and_none_read_back(
    store: HoldingsStore,
    schedule: Schedule,
    recorded: Mapping[date, DailyHoldings],
    monkeypatch: pytest.MonkeyPatch,
    *,
    backwards: bool,
) -> None:
    ingestion = Ingestion(store, schedule, ScraperSettings())
    read_back: list[date] = []
    get_many = store.get_many

    def noting_get_many(days: list[date]) -> object:
        read_back.extend(days)
        return get_many(days)

    monkeypatch.setattr(store, "get_many", noting_get_many)

    for day in sorted(recorded, reverse=backwards):
        ingestion.take(day, page_with(recorded[day]))
        assert len(ingestion._lists) <= 6

    assert store.dates() == sorted(recorded)
    assert store.version() == len(recorded)
    assert ingestion.quarantined == set()
    assert read_back == []
