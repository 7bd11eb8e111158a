"""Keys of ours that hold something else than they should: each costs itself alone, and is named."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from southbound.common.errors import DamagedDay, DamagedKey, NotTheWriter
from southbound.config.settings import EmailSettings, Settings
from southbound.mail.alerts.notifier import Notifier
from southbound.mail.content.builder import restated_since_the_last_mail
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.mail.worker import keep_looking
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import DataVersion
from southbound.store import integrity, keys, writer_lease
from southbound.store.day_texts import BYTES_AT_ONCE, DAYS_AT_ONCE, portions
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.integrity import MOST_BYTES, MOST_PARTS, hash_at, name_once, put_hash
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import State, StatusBoard, read_status
from southbound.store.stock_names import read_names, write_names
from southbound.store.writer_lease import WriterLease
from tests.conftest import EndOfTest, becomes_true

Days = Mapping[date, DailyHoldings]
THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)


@pytest.fixture(autouse=True)
def _nothing_named_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_NAMED", set())


def of_another_type(store: HoldingsStore, key: str) -> None:
    """Nothing of ours is a list."""
    store.client.delete(key)
    store.client.rpush(key, "something else")


def far_too_large(store: HoldingsStore, key: str) -> None:
    """Of its own type, and more than a reader wants to see: too many parts, or too long ones."""
    if key == keys.DATES:
        add = "redis.call('ZADD', KEYS[1], i, 'date number ' .. i)"
    elif key == keys.REVISIONS:
        add = "redis.call('XADD', KEYS[1], '*', 'date', '2026-02-27')"
    else:
        store.client.hset(key, mapping=dict.fromkeys(("state", "reason", "5"), "x" * (MOST_BYTES + 1)))
        return
    store.client.eval(f"for i = 1, {MOST_PARTS + 1} do {add} end", 1, key)


Spoil = Callable[[HoldingsStore, str], None]
both = pytest.mark.parametrize("spoil", [of_another_type, far_too_large])

READERS: dict[str, tuple[Callable[[HoldingsStore], object], object]] = {
    keys.NAMES: (lambda store: read_names(store.client), {}),
    keys.STATUS: (lambda store: read_status(store.client), None),
    keys.NO_LIST: (lambda store: Quarantine(store.client).no_list(), {}),
    keys.REVISIONS: (lambda store: store.revisions.newest(9), ()),
    f"{keys.REVISIONS} ": (lambda store: store.revisions.between(0), ()),
    keys.DATES: (lambda store: store.dates(), [THURSDAY, FRIDAY]),
    keys.mail(THURSDAY): (lambda store: restated_since_the_last_mail(store, [THURSDAY, FRIDAY], FRIDAY), ()),
}


@pytest.fixture
def two_days(store: HoldingsStore, recorded: Days) -> HoldingsStore:
    for day in (THURSDAY, FRIDAY):
        store.put(recorded[day])
    return store


@both
@pytest.mark.parametrize("key", READERS)
def test_what_can_be_had_again_is_taken_for_empty_and_named_once(
    spoil: Spoil, key: str, two_days: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    read, empty = READERS[key]
    spoil(two_days, key.strip())

    assert [read(two_days), read(two_days)] == [empty, empty]

    [said] = caplog.messages
    assert said.startswith(f"the key {key.strip()} is damaged: it ")
    assert len(said) < 200


@both
def test_a_quarantine_that_cannot_be_read_is_one(spoil: Spoil, store: HoldingsStore) -> None:
    spoil(store, keys.quarantine(FRIDAY))

    [held] = Quarantine(store.client).quarantined()

    assert (held.day, held.when) == (FRIDAY, None)
    assert held.reason.startswith("the key southbound:quarantine:2026-02-27 is damaged: ")
    Quarantine(store.client).quarantine(FRIDAY, "40 rows", None)
    assert [again.reason for again in Quarantine(store.client).quarantined()] == ["40 rows"]


@pytest.mark.parametrize(
    ("key", "write"),
    [
        (keys.NAMES, lambda store: write_names(store.client, {1: "長和"})),
        (keys.STATUS, lambda store: StatusBoard(store.client).say(state=State.POLLING)),
        (keys.NO_LIST, lambda store: Quarantine(store.client).note_no_list(FRIDAY)),
    ],
)
def test_its_writer_writes_it_anew(
    key: str,
    write: Callable[[HoldingsStore], object],
    store: HoldingsStore,
    caplog: pytest.LogCaptureFixture,
) -> None:
    of_another_type(store, key)

    write(store)

    assert hash_at(store.client, key)
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [
        f"{key} held something else than a hash: written anew"
    ]


def not_a_number(store: HoldingsStore, key: str) -> None:
    store.client.set(key, "9" * 30)


@pytest.mark.parametrize(
    ("key", "spoil"), [*((key, of_another_type) for key in keys.TYPES), (keys.VERSION, not_a_number)]
)
@pytest.mark.parametrize("day", [FRIDAY, date(2026, 2, 25)], ids=["restated", "new"])
def test_a_day_is_stored_whole_and_told_once_whatever_is_damaged(
    key: str,
    spoil: Spoil,
    day: date,
    two_days: HoldingsStore,
    recorded: Days,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(two_days, key)
    notifications = two_days.client.pubsub()  # type: ignore[no-untyped-call]
    notifications.subscribe(two_days.channel)
    assert notifications.get_message(timeout=5)["type"] == "subscribe"

    two_days.put(replace(recorded[THURSDAY], day=day))

    assert two_days.dates() == sorted({THURSDAY, FRIDAY, day})
    assert two_days.version() > 0
    assert len(two_days.revisions.newest(9)) == (day == FRIDAY)
    assert notifications.get_message(timeout=5)["data"] == str(day)
    assert notifications.get_message() is None
    notifications.close()
    assert f"{key} held what is not ours: removed" in caplog.messages


def test_the_scraper_mends_what_a_write_needs_before_there_is_one(
    two_days: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    for key in keys.TYPES:
        of_another_type(two_days, key)

    two_days.mend()
    two_days.mend()

    assert (two_days.dates(), two_days.version()) == ([THURSDAY, FRIDAY], 1)
    assert sum("held what is not ours" in message for message in caplog.messages) == 1


def test_dates_that_are_too_many_are_had_from_their_keys_and_mended(two_days: HoldingsStore) -> None:
    two_days.client.eval(
        "for i = 1, 200000 do redis.call('ZADD', KEYS[1], i, 'date number ' .. i) end", 1, keys.DATES
    )

    assert two_days.dates() == [THURSDAY, FRIDAY]
    two_days.mend_dates()

    assert two_days.client.zcard(keys.DATES) == 2


@pytest.mark.parametrize("value", ["many", "", "9" * 30, "-1", "1e3", "٣"])
def test_a_version_that_is_no_number_is_named(value: str, store: HoldingsStore) -> None:
    store.client.set(keys.VERSION, value)

    if value:
        with pytest.raises(DamagedKey, match=rf"^the key {keys.VERSION} is damaged: it holds no number: "):
            store.version()
    else:
        assert store.version() == 0


def test_the_page_has_its_figures_though_lists_are_damaged(two_days: HoldingsStore) -> None:
    for key in (keys.DATES, keys.REVISIONS):
        of_another_type(two_days, key)

    market_view, trouble = FiguresCache(two_days).market_view(DataVersion(0, 2))
    figures = market_view.figures

    assert (figures.history.dates, trouble) == ((THURSDAY, FRIDAY), None)
    assert DataQuality(two_days).notes().revisions == ()


def test_the_page_has_its_figures_though_lists_are_far_too_large(two_days: HoldingsStore) -> None:
    for key in (keys.DATES, keys.REVISIONS):
        far_too_large(two_days, key)

    figures = FiguresCache(two_days).market_view(DataVersion(0, 2))[0].figures

    assert figures.history.dates == (THURSDAY, FRIDAY)


def test_the_page_cannot_do_without_a_version(two_days: HoldingsStore) -> None:
    of_another_type(two_days, keys.VERSION)

    with pytest.raises(DamagedKey, match=keys.VERSION):
        FiguresCache(two_days).market_view(DataVersion(0, 2))


def test_a_lock_that_is_none_is_taken(store: HoldingsStore, caplog: pytest.LogCaptureFixture) -> None:
    of_another_type(store, keys.SCRAPER_LOCK)
    first, second = WriterLease(store.client, lambda: True), WriterLease(store.client, lambda: True)
    assert first.holder() == f"nobody (the key {keys.SCRAPER_LOCK} is damaged: it holds another type)"

    assert first.take()

    assert not second.take()
    assert caplog.messages == [f"{keys.SCRAPER_LOCK} held what is no lock: removed"]
    first.release()


def test_a_writer_whose_lock_is_damaged_is_one_no_more_and_takes_it_again(
    store: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_lease, "RENEWED_EVERY_SECONDS", 0.01)
    writer = WriterLease(store.client, lambda: True)
    assert writer.take()

    of_another_type(store, keys.SCRAPER_LOCK)

    assert becomes_true(lambda: not writer.held)
    with pytest.raises(NotTheWriter, match="damaged"):
        writer.check()
    assert writer.take()
    writer.release()


@both
def test_nobody_is_mailed_by_a_damaged_ledger(spoil: Spoil, store: HoldingsStore) -> None:
    deliveries = DeliveryLog(store.client, keys.mail(FRIDAY))
    spoil(store, keys.mail(FRIDAY))

    with pytest.raises(DamagedKey, match=keys.mail(FRIDAY)):
        deliveries.open_recipients(["ada@example.org"])
    with pytest.raises(DamagedKey, match=keys.mail(FRIDAY)):
        deliveries.entries()


def test_by_a_ledger_of_another_type_no_delivery_begins(store: HoldingsStore) -> None:
    of_another_type(store, keys.mail(FRIDAY))
    deliveries = DeliveryLog(store.client, keys.mail(FRIDAY))
    steps: list[Callable[[], Any]] = [
        lambda: deliveries.claim("ada@example.org", "<1>"),
        lambda: deliveries.close("ada@example.org", "sent", "<1>"),
        lambda: deliveries.release("ada@example.org"),
    ]

    for step in steps:
        with pytest.raises(DamagedKey):
            step()


def test_the_mailers_loop_goes_on_beside_a_damaged_key(
    store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[str] = []

    def damaged() -> None:
        looks.append("damaged")
        store.client.publish(store.channel, "no date")  # so that the loop looks again soon
        raise DamagedKey(keys.mail(FRIDAY), "it holds another type")

    def sound() -> None:
        looks.append("sound")
        if len(looks) == 4:
            raise EndOfTest

    with pytest.raises(EndOfTest):
        keep_looking(store, [damaged, sound], sleep=lambda _: pytest.fail("the store is not away"))

    assert looks == ["damaged", "sound"] * 2
    assert sum("southbound:mail:2026-02-27 is damaged" in message for message in caplog.messages) == 1


@both
def test_a_damaged_book_of_incidents_is_begun_anew(spoil: Spoil, store: HoldingsStore) -> None:
    email = EmailSettings(smtp_server="127.0.0.1", sender="a@example.org", alerts=("ops@example.org",))
    seconds = iter(range(0, 1000, 100))
    alerts = Notifier(
        store,
        SmtpTransport(email),
        Settings(email=email),
        clock=lambda: next(seconds),
        now=lambda: datetime(2026, 2, 28, tzinfo=UTC),
    )
    Quarantine(store.client).quarantine(FRIDAY, "40 rows", None)
    spoil(store, keys.ALERTS)

    alerts.look()
    alerts.look()

    assert list(hash_at(store.client, keys.ALERTS)) == ["in quarantine: 2026-02-27"]


def test_a_day_of_another_type_is_damaged_and_costs_itself_alone(two_days: HoldingsStore) -> None:
    of_another_type(two_days, keys.day(THURSDAY))

    read, lost = two_days.get_many([THURSDAY, FRIDAY])

    assert [holdings.day for holdings in read] == [FRIDAY]
    assert [str(error) for error in lost] == [
        "the value under the key 2026-02-26 is damaged: it holds another type than a text"
    ]
    with pytest.raises(DamagedDay):
        two_days.get(THURSDAY)


def test_days_are_read_in_parts_that_can_be_held() -> None:
    days = [date.fromordinal(735_000 + number) for number in range(250)]

    usual = list(portions(dict.fromkeys(days, 60_000)))
    large = list(portions(dict.fromkeys(days, BYTES_AT_ONCE // 4)))

    assert [len(part) for part in usual] == [DAYS_AT_ONCE, DAYS_AT_ONCE, 50]
    assert {len(part) for part in large[:-1]} == {4}
    assert [day for part in large for day in part] == days
    assert list(portions({})) == []


def test_what_is_named_is_named_once_though_its_size_changes(caplog: pytest.LogCaptureFixture) -> None:
    name_once(DamagedKey("a", "9 bytes"))
    name_once(DamagedKey("a", "10 bytes"))
    name_once(DamagedKey("b", "9 bytes"))

    assert caplog.messages == ["the key a is damaged: 9 bytes", "the key b is damaged: 9 bytes"]


def test_a_hash_of_too_many_fields_is_not_read(store: HoldingsStore) -> None:
    store.client.eval(f"for i = 0, {MOST_PARTS} do redis.call('HSET', KEYS[1], i, 'x') end", 1, keys.NAMES)

    with pytest.raises(DamagedKey, match="it has 100,001 parts, want at most 100,000"):
        hash_at(store.client, keys.NAMES)


def test_fields_are_added_to_a_hash_that_is_one(store: HoldingsStore) -> None:
    put_hash(store.client, "h", {"a": "1"})
    put_hash(store.client, "h", {"b": "2"})

    assert hash_at(store.client, "h") == {"a": "1", "b": "2"}
