"""What the faults do to the site, the mail server and the channel, and that it is undone at their end."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest

from replay.inbox import Inbox
from replay.site import ReplaySite
from southbound.store.holdings_store import HoldingsStore
from tools.soak.faults import FAULTS
from tools.soak.house import clock_file
from tools.soak.kinds import KINDS
from tools.soak.world import MAILER, NothingToHit, World

INBOX = ("message_answer", "recipient_answers", "sender_answer", "hangs_up", "greets")


@pytest.fixture
def world(site: ReplaySite, store: HoldingsStore, tmp_path: Path) -> Iterator[World]:
    """A world without the product's processes: nothing else is below this process."""
    yield World(site, Inbox(), store.client, tmp_path, "http://127.0.0.1:1", psutil.Process())
    site.clear()


def settings_of(world: World) -> tuple[object, ...]:
    """What the faults of the site and of the mail server change."""
    site, inbox = world.site, world.inbox
    of_the_inbox = [repr(getattr(inbox, name)) for name in INBOX]
    return dict(site.switches.on), site.generation, site.latency, *of_the_inbox


def test_each_kind_has_one_that_makes_it() -> None:
    assert FAULTS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("site: ", "mail: "))])
def test_what_a_fault_changes_is_as_before_when_it_is_over(world: World, kind: str) -> None:
    before = settings_of(world)

    end = FAULTS[kind](world, Random(1))
    changed = settings_of(world) != before

    if end is not None:
        end()
    assert changed == (kind != "site: restates its newest day")
    assert settings_of(world) == before


def test_a_restated_day_has_both_versions_in_the_journal(world: World) -> None:
    newest = world.site.published()[-1]
    old = world.site.truth(newest)

    FAULTS["site: restates its newest day"](world, Random(1))

    new = world.site.truth(newest)
    assert new != old
    assert world.journal.shown({newest: new}) == {newest: [old, new]}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("channel: ")])
def test_garbage_is_heard_on_the_channel(world: World, kind: str) -> None:
    # Bytes that are no text reach a listener as the product's own connection reads them.
    listener = world.store.pubsub()  # type: ignore[no-untyped-call]
    listener.subscribe("data_updated")
    assert listener.get_message(timeout=5)["type"] == "subscribe"

    FAULTS[kind](world, Random(1))

    assert listener.get_message(timeout=5)["type"] == "message"
    listener.close()


@pytest.mark.parametrize(
    "kind", ["Chromium killed", "the standby killed", "e-mailer killed", "dashboard frozen", "store killed"]
)
def test_what_has_nobody_to_hit_says_so_and_notes_no_kill(world: World, kind: str) -> None:
    with pytest.raises(NothingToHit):
        FAULTS[kind](world, Random(1))

    assert world.journal.mailer_kills == []
    assert world.journal.store_kills == []


def test_a_clock_is_set_wrong_by_days_and_right_again(world: World) -> None:
    end = FAULTS["clock of the e-mailer"](world, Random(1))
    seconds, zone = clock_file(world.folder, MAILER).read_text().split()
    assert end is not None
    end()

    assert abs(float(seconds)) > 3600
    assert zone
    assert clock_file(world.folder, MAILER).read_text() == "0.0 "
