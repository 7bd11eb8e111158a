"""Who has had which mail, against a real server."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from southbound.config.settings import RedisSettings
from southbound.store.delivery_log import LEASE_SECONDS, DeliveryLog, Entry
from southbound.store.holdings_store import HoldingsStore

KEY = "southbound:mail:2026-02-27"
ANNE, BOB = "anne@example.org", "bob@example.org"


@pytest.fixture
def deliveries(store: HoldingsStore) -> DeliveryLog:
    return DeliveryLog(store.client, KEY)


@pytest.fixture
def now(store: HoldingsStore) -> int:
    """The store's clock."""
    seconds, _ = store.client.time()
    return int(seconds)


def write(store: HoldingsStore, recipient: str, **entry: object) -> None:
    store.client.hset(KEY, recipient, json.dumps({"message_id": "<old>", **entry}))


def test_at_first_everybody_is_open_in_the_order_given(deliveries: DeliveryLog) -> None:
    assert deliveries.open_recipients((BOB, ANNE)) == [BOB, ANNE]
    assert deliveries.entries() == {}


def test_a_delivery_is_claimed_once(deliveries: DeliveryLog, store: HoldingsStore, now: int) -> None:
    assert deliveries.claim(ANNE, "<1>")
    assert not deliveries.claim(ANNE, "<2>")

    assert deliveries.open_recipients((ANNE, BOB)) == [BOB]
    entry = deliveries.entries()[ANNE]
    assert (entry.state, entry.message_id) == ("claimed", "<1>")
    assert now <= entry.when <= now + 60
    assert list(store.client.scan_iter()) == [KEY]


def test_another_recipient_and_another_day_are_other_deliveries(
    deliveries: DeliveryLog, store: HoldingsStore
) -> None:
    assert deliveries.claim(ANNE, "<1>")
    assert deliveries.claim(BOB, "<2>")
    assert DeliveryLog(store.client, "southbound:mail:2026-02-26").claim(ANNE, "<3>")


def test_of_two_who_claim_at_once_one_gets_it(
    store: HoldingsStore, redis_settings: RedisSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = DeliveryLog(store.client, KEY), HoldingsStore.at(redis_settings)
    second, clock = DeliveryLog(other.client, KEY), first._now
    claims: list[bool] = []

    def while_the_first_looks() -> int:
        claims.append(second.claim(ANNE, "<second>"))
        return clock()

    monkeypatch.setattr(first, "_now", while_the_first_looks)

    assert not first.claim(ANNE, "<first>")
    assert claims == [True]
    assert second.entries()[ANNE].message_id == "<second>"
    other.client.close()


def test_of_many_who_claim_at_once_one_gets_it(redis_settings: RedisSettings) -> None:
    stores = [HoldingsStore.at(redis_settings) for _ in range(4)]
    together = Barrier(len(stores))

    def claims(number: int) -> list[bool]:
        deliveries = DeliveryLog(stores[number].client, KEY)
        together.wait()
        return [deliveries.claim(f"{recipient}@example.org", f"<{number}>") for recipient in range(20)]

    with ThreadPoolExecutor(len(stores)) as pool:
        outcomes = list(pool.map(claims, range(len(stores))))

    # A claim is also given up when somebody else wrote to the day meanwhile, so it may be nobody's yet.
    assert all(sum(of_recipient) <= 1 for of_recipient in zip(*outcomes, strict=True))
    assert sum(map(sum, outcomes)) == len(DeliveryLog(stores[0].client, KEY).entries()) > 0
    for store in stores:
        store.client.close()


@pytest.mark.parametrize(
    ("age", "is_open"),
    [(0, False), (LEASE_SECONDS - 60, False), (LEASE_SECONDS, True), (LEASE_SECONDS + 3600, True)],
)
def test_a_claim_holds_for_its_lease_alone(
    deliveries: DeliveryLog, store: HoldingsStore, now: int, age: int, *, is_open: bool
) -> None:
    write(store, ANNE, state="claimed", when=now - age)

    assert deliveries.open_recipients((ANNE,)) == ([ANNE] if is_open else [])
    assert deliveries.claim(ANNE, "<new>") == is_open
    assert deliveries.entries()[ANNE].message_id == ("<new>" if is_open else "<old>")


@pytest.mark.parametrize("state", ["sent", "refused"])
def test_what_is_closed_stays_closed(
    deliveries: DeliveryLog, store: HoldingsStore, now: int, state: str
) -> None:
    assert deliveries.claim(ANNE, "<1>")
    deliveries.close(ANNE, state, "<1>")
    write(store, BOB, state=state, when=now - 10 * LEASE_SECONDS)

    assert deliveries.open_recipients((ANNE, BOB)) == []
    assert not deliveries.claim(ANNE, "<2>")
    assert not deliveries.claim(BOB, "<2>")
    entries = deliveries.entries()
    assert (entries[ANNE].state, entries[ANNE].message_id) == (state, "<1>")
    assert entries[BOB] == Entry(state, now - 10 * LEASE_SECONDS, "<old>")


def test_what_is_released_is_open_again(deliveries: DeliveryLog) -> None:
    deliveries.claim(ANNE, "<1>")
    deliveries.claim(BOB, "<2>")

    deliveries.release(ANNE)

    assert deliveries.open_recipients((ANNE, BOB)) == [ANNE]
    assert deliveries.claim(ANNE, "<3>")


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "sent",
        "null",
        "[]",
        "5",
        '"sent"',
        "{}",
        '{"state": "sent"}',
        '{"state": "sent", "when": "noon", "message_id": "<1>"}',
        '{"state": "sent", "when": null, "message_id": "<1>"}',
        '{"state": "sent", "when": Infinity, "message_id": "<1>"}',
        '{"state": "sent", "when": NaN, "message_id": "<1>"}',
        "[" * 200_000,
        b"\xff\xfe",
    ],
    ids=lambda text: f"{text!r:.60}",
)
def test_an_entry_that_is_none_of_ours_counts_as_none(
    deliveries: DeliveryLog, store: HoldingsStore, garbage: str | bytes
) -> None:
    store.client.hset(KEY, ANNE, garbage)
    deliveries.claim(BOB, "<1>")

    assert deliveries.entries().keys() == {BOB}
    assert deliveries.open_recipients((ANNE, BOB)) == [ANNE]
    assert deliveries.claim(ANNE, "<2>")
    assert deliveries.entries().keys() == {ANNE, BOB}
