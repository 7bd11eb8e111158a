"""Why days are not stored, against a real server."""

from datetime import UTC, date, datetime, timedelta

import pytest

from southbound.absences import Absences, Quarantined
from southbound.holdings import DailyHoldings
from southbound.store import HoldingsStore

THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
LIST = DailyHoldings.of(FRIDAY, [1, 5], ["CKH", "HSBC"], [200, 700], [None, 3.5])


@pytest.fixture
def absences(store: HoldingsStore) -> Absences:
    return Absences(store.client)


def is_now(moment: datetime | None) -> bool:
    """Whether a moment, noted in whole seconds, is that of the running test."""
    return moment is not None and timedelta(0) <= datetime.now(UTC) - moment < timedelta(minutes=1)


def test_a_quarantine_is_kept_under_its_own_key_with_the_reason_and_the_list(
    absences: Absences, store: HoldingsStore
) -> None:
    absences.quarantine(FRIDAY, "40 rows", LIST)

    assert sorted(store.client.scan_iter()) == [
        "southbound:quarantine:2026-02-27",
        "southbound:quarantined",
    ]
    kept = store.client.hgetall("southbound:quarantine:2026-02-27")
    assert (kept["reason"], kept["day"]) == ("40 rows", LIST.to_json())
    [held] = absences.quarantined()
    assert (held.day, held.reason) == (FRIDAY, "40 rows")
    assert is_now(held.when)


def test_a_day_in_quarantine_is_no_data(absences: Absences, store: HoldingsStore) -> None:
    absences.quarantine(FRIDAY, "40 rows", LIST)

    assert (store.dates(), store.get(FRIDAY), store.version()) == ([], None, 0)


def test_the_days_in_quarantine_are_told_oldest_first(absences: Absences) -> None:
    for day in (FRIDAY, date(2025, 12, 31), THURSDAY):
        absences.quarantine(day, f"reason of {day}", None)

    assert [(held.day, held.reason) for held in absences.quarantined()] == [
        (day, f"reason of {day}") for day in (date(2025, 12, 31), THURSDAY, FRIDAY)
    ]


def test_a_later_quarantine_of_the_day_replaces_all_of_the_earlier(
    absences: Absences, store: HoldingsStore
) -> None:
    store.client.hset("southbound:quarantine:2026-02-27", "of another release", "x")
    absences.quarantine(FRIDAY, "40 rows", LIST)

    absences.quarantine(FRIDAY, "a text for a number", None)

    kept = store.client.hgetall("southbound:quarantine:2026-02-27")
    assert kept.keys() == {"reason", "when", "day"}
    assert (kept["reason"], kept["day"]) == ("a text for a number", "")


def test_a_day_that_is_released_is_in_quarantine_no_more(absences: Absences) -> None:
    absences.quarantine(THURSDAY, "40 rows", None)
    absences.quarantine(FRIDAY, "40 rows", None)

    absences.release(FRIDAY)
    absences.release(date(2026, 2, 24))

    assert [held.day for held in absences.quarantined()] == [THURSDAY]


def test_a_session_without_a_list_is_noted_with_the_moment(absences: Absences, store: HoldingsStore) -> None:
    absences.note_no_list(FRIDAY)

    assert list(store.client.scan_iter()) == ["southbound:no_list"]
    noted = absences.no_list()
    assert noted.keys() == {FRIDAY}
    assert is_now(noted[FRIDAY])


def test_a_session_that_is_asked_for_again_has_the_later_moment(
    absences: Absences, store: HoldingsStore
) -> None:
    store.client.hset("southbound:no_list", "2026-02-27", "2026-02-28T09:30:00+00:00")
    assert absences.no_list() == {FRIDAY: datetime(2026, 2, 28, 9, 30, tzinfo=UTC)}

    absences.note_no_list(FRIDAY)

    assert is_now(absences.no_list()[FRIDAY])


def test_at_first_nothing_is_noted(absences: Absences) -> None:
    assert (absences.quarantined(), absences.no_list()) == ([], {})


@pytest.mark.parametrize("name", ["yesterday", "20260227", "2026-02-30", "", "2026-02-27:copy", b"\xff"])
def test_a_key_that_names_no_date_is_passed_over(
    absences: Absences, store: HoldingsStore, name: str | bytes
) -> None:
    absences.quarantine(THURSDAY, "40 rows", None)
    spelt = name.encode() if isinstance(name, str) else name
    store.client.hset(b"southbound:quarantine:" + spelt, "reason", "x")
    store.client.hset("southbound:no_list", mapping={"2026-02-26": "2026-02-28T09:30:00+00:00"})
    store.client.hset("southbound:no_list", spelt, "2026-02-28T09:30:00+00:00")

    assert [held.day for held in absences.quarantined()] == [THURSDAY]
    assert absences.no_list().keys() == {THURSDAY}


@pytest.mark.parametrize("when", ["", "noon", "2026-02-30T00:00", b"\xff"])
def test_a_moment_that_cannot_be_read_hides_no_quarantine_and_asks_for_the_list_again(
    absences: Absences, store: HoldingsStore, when: str | bytes
) -> None:
    store.client.hset("southbound:quarantine:2026-02-27", mapping={"reason": "40 rows", "when": when})
    store.client.hset("southbound:no_list", mapping={"2026-02-27": when})

    assert absences.quarantined() == [Quarantined(FRIDAY, "40 rows", None)]
    assert absences.no_list() == {}


def test_a_moment_without_a_zone_is_in_universal_time(absences: Absences, store: HoldingsStore) -> None:
    store.client.hset("southbound:no_list", "2026-02-27", "2026-02-28T09:30:00")

    assert absences.no_list() == {FRIDAY: datetime(2026, 2, 28, 9, 30, tzinfo=UTC)}


def test_a_quarantine_without_its_fields_is_still_told(absences: Absences, store: HoldingsStore) -> None:
    store.client.hset("southbound:quarantine:2026-02-27", "colour", "blue")

    assert absences.quarantined() == [Quarantined(FRIDAY, "", None)]
