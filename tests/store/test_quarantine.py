"""Why days are not stored, against a real server."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine, Quarantined

THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
LIST = DailyHoldings.of(FRIDAY, [1, 5], ["CKH", "HSBC"], [200, 700], [None, 3.5])


@pytest.fixture
def quarantine(store: HoldingsStore) -> Quarantine:
    return Quarantine(store.client)


def is_now(moment: datetime | None) -> bool:
    """Whether a moment, noted in whole seconds, is that of the running test."""
    return moment is not None and timedelta(0) <= datetime.now(UTC) - moment < timedelta(minutes=1)


def test_a_quarantine_is_kept_under_its_own_key_with_the_reason_and_the_list(
    quarantine: Quarantine, store: HoldingsStore
) -> None:
    quarantine.quarantine(FRIDAY, "40 rows", LIST)

    assert sorted(store.client.scan_iter()) == [
        "southbound:quarantine:2026-02-27",
        "southbound:quarantined",
    ]
    kept = store.client.hgetall("southbound:quarantine:2026-02-27")
    assert (kept["reason"], kept["day"]) == ("40 rows", LIST.to_json())
    [held] = quarantine.quarantined()
    assert (held.day, held.reason) == (FRIDAY, "40 rows")
    assert is_now(held.when)


def test_a_day_in_quarantine_is_no_data(quarantine: Quarantine, store: HoldingsStore) -> None:
    quarantine.quarantine(FRIDAY, "40 rows", LIST)

    assert (store.dates(), store.get(FRIDAY), store.version()) == ([], None, 0)


def test_the_days_in_quarantine_are_told_oldest_first(quarantine: Quarantine) -> None:
    for day in (FRIDAY, date(2025, 12, 31), THURSDAY):
        quarantine.quarantine(day, f"reason of {day}", None)

    assert [(held.day, held.reason) for held in quarantine.quarantined()] == [
        (day, f"reason of {day}") for day in (date(2025, 12, 31), THURSDAY, FRIDAY)
    ]


def test_a_later_quarantine_of_the_day_replaces_all_of_the_earlier(
    quarantine: Quarantine, store: HoldingsStore
) -> None:
    store.client.hset("southbound:quarantine:2026-02-27", "of another release", "x")
    quarantine.quarantine(FRIDAY, "40 rows", LIST)

    quarantine.quarantine(FRIDAY, "a text for a number", None)

    kept = store.client.hgetall("southbound:quarantine:2026-02-27")
    assert kept.keys() == {"reason", "when", "day"}
    assert (kept["reason"], kept["day"]) == ("a text for a number", "")


def test_a_day_that_is_released_is_in_quarantine_no_more(quarantine: Quarantine) -> None:
    quarantine.quarantine(THURSDAY, "40 rows", None)
    quarantine.quarantine(FRIDAY, "40 rows", None)

    quarantine.release(FRIDAY)
    quarantine.release(date(2026, 2, 24))

    assert [held.day for held in quarantine.quarantined()] == [THURSDAY]


def test_a_session_without_a_list_is_noted_with_the_moment(
    quarantine: Quarantine, store: HoldingsStore
) -> None:
    quarantine.note_no_list(FRIDAY)

    assert list(store.client.scan_iter()) == ["southbound:no_list"]
    noted = quarantine.no_list()
    assert noted.keys() == {FRIDAY}
    assert is_now(noted[FRIDAY])


def test_a_session_that_is_asked_for_again_has_the_later_moment(
    quarantine: Quarantine, store: HoldingsStore
) -> None:
    store.client.hset("southbound:no_list", "2026-02-27", "2026-02-28T09:30:00+00:00")
    assert quarantine.no_list() == {FRIDAY: datetime(2026, 2, 28, 9, 30, tzinfo=UTC)}

    quarantine.note_no_list(FRIDAY)

    assert is_now(quarantine.no_list()[FRIDAY])


def test_at_first_nothing_is_noted(quarantine: Quarantine) -> None:
    assert (quarantine.quarantined(), quarantine.no_list()) == ([], {})


@pytest.mark.parametrize("name", ["yesterday", "20260227", "2026-02-30", "", "2026-02-27:copy", b"\xff"])
def test_a_key_that_names_no_date_is_passed_over(
    quarantine: Quarantine, store: HoldingsStore, name: str | bytes
) -> None:
    quarantine.quarantine(THURSDAY, "40 rows", None)
    spelt = name.encode() if isinstance(name, str) else name
    store.client.hset(b"southbound:quarantine:" + spelt, "reason", "x")
    store.client.hset("southbound:no_list", mapping={"2026-02-26": "2026-02-28T09:30:00+00:00"})
    store.client.hset("southbound:no_list", spelt, "2026-02-28T09:30:00+00:00")

    assert [held.day for held in quarantine.quarantined()] == [THURSDAY]
    assert quarantine.no_list().keys() == {THURSDAY}


@pytest.mark.parametrize("when", ["", "noon", "2026-02-30T00:00", b"\xff"])
def test_a_moment_that_cannot_be_read_hides_no_quarantine_and_asks_for_the_list_again(
    quarantine: Quarantine, store: HoldingsStore, when: str | bytes
) -> None:
    store.client.hset("southbound:quarantine:2026-02-27", mapping={"reason": "40 rows", "when": when})
    store.client.hset("southbound:no_list", mapping={"2026-02-27": when})

    assert quarantine.quarantined() == [Quarantined(FRIDAY, "40 rows", None)]
    assert quarantine.no_list() == {}


def test_a_moment_without_a_zone_is_in_universal_time(quarantine: Quarantine, store: HoldingsStore) -> None:
    store.client.hset("southbound:no_list", "2026-02-27", "2026-02-28T09:30:00")

    assert quarantine.no_list() == {FRIDAY: datetime(2026, 2, 28, 9, 30, tzinfo=UTC)}


def test_a_quarantine_without_its_fields_is_still_told(quarantine: Quarantine, store: HoldingsStore) -> None:
    store.client.hset("southbound:quarantine:2026-02-27", "colour", "blue")

    assert quarantine.quarantined() == [Quarantined(FRIDAY, "", None)]


def test_the_days_in_quarantine_are_found_without_walking_over_all_keys(
    quarantine: Quarantine, store: HoldingsStore, scans: Callable[[], int]
) -> None:
    quarantine.index()
    before = scans()

    quarantine.quarantine(FRIDAY, "40 rows", None)
    quarantine.quarantine(THURSDAY, "41 rows", None)
    quarantine.release(THURSDAY)
    reader = Quarantine(store.client)

    assert [held.day for held in reader.quarantined()] == [FRIDAY]
    assert [held.day for held in quarantine.quarantined()] == [FRIDAY]
    assert scans() == before


def test_those_of_an_older_store_are_looked_for_once(
    store: HoldingsStore, quarantine: Quarantine, scans: Callable[[], int]
) -> None:
    store.client.hset(keys.quarantine(FRIDAY), mapping={"reason": "40 rows", "when": "", "day": ""})
    before = scans()

    for _ in range(3):
        assert [held.day for held in quarantine.quarantined()] == [FRIDAY]
    quarantine.quarantine(THURSDAY, "41 rows", None)
    assert [held.day for held in quarantine.quarantined()] == [THURSDAY, FRIDAY]

    assert scans() == before + 1
    quarantine.index()
    assert scans() == before + 2
    assert [held.day for held in Quarantine(store.client).quarantined()] == [THURSDAY, FRIDAY]
    assert scans() == before + 2


def test_a_damaged_list_of_them_hides_none(
    store: HoldingsStore, quarantine: Quarantine, scans: Callable[[], int]
) -> None:
    quarantine.index()
    quarantine.quarantine(FRIDAY, "40 rows", None)
    store.client.set(keys.QUARANTINED, "damaged")

    assert [held.day for held in Quarantine(store.client).quarantined()] == [FRIDAY]
    quarantine.index()
    before = scans()
    assert [held.day for held in Quarantine(store.client).quarantined()] == [FRIDAY]
    assert scans() == before


def test_notes_expire_after_400_days_and_days_never(store: HoldingsStore, quarantine: Quarantine) -> None:
    quarantine.quarantine(FRIDAY, "40 rows", None)
    DeliveryLog(store.client, keys.mail(FRIDAY)).claim("ada@example.org", "<1@example.org>")
    store.put(DailyHoldings.of(THURSDAY, [700], ["TENCENT"], [900], [3.0]))

    for key in (keys.quarantine(FRIDAY), keys.mail(FRIDAY)):
        assert 399 * 86_400 < int(str(store.client.ttl(key))) <= 400 * 86_400
    assert store.client.ttl(keys.day(THURSDAY)) == -1


def test_notes_in_one_hash_go_after_400_days_too(store: HoldingsStore, quarantine: Quarantine) -> None:
    quarantine.index()
    old, new = (datetime.now(UTC) - timedelta(days=age) for age in (401, 399))
    for key in (keys.QUARANTINED, keys.NO_LIST, keys.VANISHED):
        noted: dict[Any, Any] = {"2024-10-02": old.isoformat(), "2024-10-03": new.isoformat()}
        store.client.hset(key, mapping=noted)

    quarantine.index()

    for key in (keys.QUARANTINED, keys.NO_LIST, keys.VANISHED):
        assert not store.client.hexists(key, "2024-10-02")
        assert store.client.hexists(key, "2024-10-03")
    assert store.client.hexists(keys.QUARANTINED, keys.QUARANTINE_INDEX)
