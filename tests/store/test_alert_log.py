"""The incidents that are remembered in the store."""

import pytest

from southbound.common.errors import DamagedKey
from southbound.store import keys
from southbound.store.alert_log import REMEMBERED_SECONDS, IncidentState, known
from southbound.store.holdings_store import HoldingsStore

STANDS = IncidentState(5, "a", "b")
IS_OVER = IncidentState(5, "a", "b", told=True, ended=9)


def test_a_remembered_incident_is_read_as_it_was_written() -> None:
    for entry in (IncidentState(5, "a", "b"), IncidentState(5, "騰", '"', told=True, ended=9)):
        assert known(entry.as_text()) == entry


def test_what_a_step_makes_of_the_incidents_is_remembered_and_what_it_leaves_out_is_not(
    store: HoldingsStore,
) -> None:
    assert store.alert_log.follow(lambda before: before | {"x": STANDS, "y": STANDS}) == {
        "x": STANDS,
        "y": STANDS,
    }

    store.alert_log.follow(lambda before: {"x": IS_OVER} if "y" in before else {})

    assert store.alert_log.follow(lambda before: before) == {"x": IS_OVER}


def test_of_two_that_step_at_once_the_one_that_was_faster_is_remembered(store: HoldingsStore) -> None:
    def slow(before: dict[str, IncidentState]) -> dict[str, IncidentState]:
        store.alert_log.follow(lambda before: before | {"fast": STANDS})
        return before | {"slow": STANDS}

    assert store.alert_log.follow(slow) == {}
    assert store.alert_log.follow(lambda before: before) == {"fast": STANDS}


def test_of_an_incident_that_is_forgotten_the_messages_are_known_for_a_week_more(
    store: HoldingsStore,
) -> None:
    store.alert_log.follow(lambda _: {"x": IS_OVER, "y": STANDS})
    store.alert_log.deliveries("x", 5, "began").close("ops@example.org", "sent", "<1@example.org>")

    store.alert_log.forget("x", 5, ["began"])

    assert store.alert_log.follow(lambda before: before) == {"y": STANDS}
    assert store.alert_log.deliveries("x", 5, "began").sent_to() == ["ops@example.org"]
    assert 0 < store.client.ttl(keys.alert("x", 5, "began")) <= REMEMBERED_SECONDS


def test_what_is_no_log_is_said_and_can_be_removed(store: HoldingsStore) -> None:
    store.client.rpush(keys.ALERTS, "something else")

    with pytest.raises(DamagedKey, match=keys.ALERTS):
        store.alert_log.follow(lambda before: before)
    store.alert_log.begin_anew()

    assert store.alert_log.follow(lambda before: before) == {}
