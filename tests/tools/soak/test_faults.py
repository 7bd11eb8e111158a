"""What the faults do to the site, the mail server and the channel, and that it is undone at their end."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest

from replay.file_faults import Source
from replay.inbox import Inbox
from replay.site import ReplaySite
from southbound.store.holdings_store import HoldingsStore
from tools.soak.environment import MAILER, Environment, NothingToHit
from tools.soak.faults import FAULTS
from tools.soak.kinds import KINDS
from tools.soak.stack import clock_file

INBOX = ("message_answer", "recipient_answers", "sender_answer", "hangs_up", "greets")


@pytest.fixture
def environment(site: ReplaySite, store: HoldingsStore, tmp_path: Path) -> Iterator[Environment]:
    """An environment without the product's processes: nothing else is below this process."""
    yield Environment(site, Inbox(), store.client, tmp_path, "http://127.0.0.1:1", psutil.Process())
    site.clear()


def settings_of(environment: Environment) -> tuple[object, ...]:
    """What the faults of the site and of the mail server change."""
    site, inbox = environment.site, environment.inbox
    of_the_inbox = [repr(getattr(inbox, name)) for name in INBOX]
    official = site.official
    of_the_files = [dict(official.switches[source].on) for source in Source]
    oddities = official.page_for_none, official.mangled
    return dict(site.switches.on), site.generation, site.latency, *of_the_inbox, *of_the_files, *oddities


def test_each_kind_has_one_that_makes_it() -> None:
    assert FAULTS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("site: ", "mail: ", "files: "))])
def test_what_a_fault_changes_is_as_before_when_it_is_over(environment: Environment, kind: str) -> None:
    before = settings_of(environment)

    end = FAULTS[kind](environment, Random(1))
    changed = settings_of(environment) != before

    if end is not None:
        end()
    assert changed == (kind != "site: restates its newest day")
    assert settings_of(environment) == before


def test_a_restated_day_has_both_versions_in_the_journal(environment: Environment) -> None:
    newest = environment.site.published()[-1]
    old = environment.site.truth(newest)

    FAULTS["site: restates its newest day"](environment, Random(1))

    new = environment.site.truth(newest)
    assert new != old
    assert environment.journal.shown({newest: new}) == {newest: [old, new]}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("channel: ")])
def test_garbage_is_heard_on_the_channel(environment: Environment, kind: str) -> None:
    # Bytes that are no text reach a listener as the product's own connection reads them.
    listener = environment.store.pubsub()  # type: ignore[no-untyped-call]
    listener.subscribe("data_updated")
    assert listener.get_message(timeout=5)["type"] == "subscribe"

    FAULTS[kind](environment, Random(1))

    assert listener.get_message(timeout=5)["type"] == "message"
    listener.close()


@pytest.mark.parametrize(
    "kind",
    [
        "Chromium killed",
        "the standby killed",
        "e-mailer killed",
        "dashboard frozen",
        "store killed",
        "Sentinel: primary killed",
    ],
)
def test_what_has_nobody_to_hit_says_so_and_notes_no_kill(environment: Environment, kind: str) -> None:
    with pytest.raises(NothingToHit):
        FAULTS[kind](environment, Random(1))

    assert environment.journal.mailer_kills == []
    assert environment.journal.store_kills == []


def test_a_store_that_loses_everything_is_noted_with_the_dates_that_may_be_mailed_again(
    environment: Environment,
) -> None:
    stored, *later = environment.site.published()[-3:]
    environment.store.set(stored.isoformat(), "a day")

    FAULTS["store loses everything"](environment, Random(1))

    assert environment.store.dbsize() == 0
    [flush] = environment.journal.flushes
    assert flush.newest == [stored, *later]


def test_a_clock_is_set_wrong_by_days_and_right_again(environment: Environment) -> None:
    end = FAULTS["clock of the e-mailer"](environment, Random(1))
    seconds, zone = clock_file(environment.folder, MAILER).read_text().split()
    assert end is not None
    end()

    assert abs(float(seconds)) > 3600
    assert zone
    assert clock_file(environment.folder, MAILER).read_text() == "0.0 "
