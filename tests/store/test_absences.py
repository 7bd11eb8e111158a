"""Why days are not stored, against a real server."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from southbound.market.holdings import DailyHoldings
from southbound.store import keys
from southbound.store.absences import Absences, Quarantined
from southbound.store.ledger import Ledger
from southbound.store.store import HoldingsStore

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


def test_the_days_in_quarantine_are_found_without_walking_over_all_keys(
    absences: Absences, store: HoldingsStore, scans: Callable[[], int]
) -> None:
    absences.index()
    before = scans()

    absences.quarantine(FRIDAY, "40 rows", None)
    absences.quarantine(THURSDAY, "41 rows", None)
    absences.release(THURSDAY)
    reader = Absences(store.client)

    assert [held.day for held in reader.quarantined()] == [FRIDAY]
    assert [held.day for held in absences.quarantined()] == [FRIDAY]
    assert scans() == before


def test_those_of_an_older_store_are_looked_for_once(
    store: HoldingsStore, absences: Absences, scans: Callable[[], int]
) -> None:
    store.client.hset(keys.quarantine(FRIDAY), mapping={"reason": "40 rows", "when": "", "day": ""})
    before = scans()

    for _ in range(3):
        assert [held.day for held in absences.quarantined()] == [FRIDAY]
    absences.quarantine(THURSDAY, "41 rows", None)
    assert [held.day for held in absences.quarantined()] == [THURSDAY, FRIDAY]

    assert scans() == before + 1
    absences.index()
    assert scans() == before + 2
    assert [held.day for held in Absences(store.client).quarantined()] == [THURSDAY, FRIDAY]
    assert scans() == before + 2


def test_a_damaged_list_of_them_hides_none(
    store: HoldingsStore, absences: Absences, scans: Callable[[], int]
) -> None:
    absences.index()
    absences.quarantine(FRIDAY, "40 rows", None)
    store.client.set(keys.QUARANTINED, "damaged")

    assert [held.day for held in Absences(store.client).quarantined()] == [FRIDAY]
    absences.index()
    before = scans()
    assert [held.day for held in Absences(store.client).quarantined()] == [FRIDAY]
    assert scans() == before


def test_notes_expire_after_400_days_and_days_never(store: HoldingsStore, absences: Absences) -> None:
    absences.quarantine(FRIDAY, "40 rows", None)
    Ledger(store.client, keys.mail(FRIDAY)).claim("ada@example.org", "<1@example.org>")
    store.put(DailyHoldings.of(THURSDAY, [700], ["TENCENT"], [900], [3.0]))

    for key in (keys.quarantine(FRIDAY), keys.mail(FRIDAY)):
        assert 399 * 86_400 < int(str(store.client.ttl(key))) <= 400 * 86_400
    assert store.client.ttl(keys.day(THURSDAY)) == -1


def test_notes_in_one_hash_go_after_400_days_too(store: HoldingsStore, absences: Absences) -> None:
    absences.index()
    old, new = (datetime.now(UTC) - timedelta(days=age) for age in (401, 399))
    for key in (keys.QUARANTINED, keys.NO_LIST, keys.VANISHED):
        noted: dict[Any, Any] = {"2024-10-02": old.isoformat(), "2024-10-03": new.isoformat()}
        store.client.hset(key, mapping=noted)

    absences.index()

    for key in (keys.QUARANTINED, keys.NO_LIST, keys.VANISHED):
        assert not store.client.hexists(key, "2024-10-02")
        assert store.client.hexists(key, "2024-10-03")
    assert store.client.hexists(keys.QUARANTINED, keys.QUARANTINE_INDEX)
