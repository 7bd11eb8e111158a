"""Chromium, its driver or the page's tab killed or frozen: found within seconds, and a new one is started."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

import psutil
import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.common.errors import BrowserError
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import SiteClient
from tests.conftest import becomes_true
from tests.hkexnews.conftest import FROZEN_AFTER_SECONDS, NO_PACE, left_since, part_of_chromium, started_by_us
from tools.benchmarks.stored_days import as_holdings

assert sys.platform != "win32"  # which has neither such signals nor such users

THURSDAY = date(2026, 2, 26)
PARTS = ["driver", "browser", "renderers"]

pytestmark = pytest.mark.usefixtures("url")


def send_to(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a spare renderer may just have ended
            process.send_signal(number)


@contextmanager
def sent_while_the_site_hangs(
    number: signal.Signals, to: list[psutil.Process], site: ReplaySite
) -> Iterator[None]:
    """The site hangs, and a process gets a signal as soon as it does."""

    def send() -> None:
        if becomes_true(lambda: site.journal.at_once):
            send_to(to, number)

    site.switch_on(Fault.HANG)
    thread = threading.Thread(target=send)
    thread.start()
    yield
    thread.join()
    site.clear()


@pytest.mark.parametrize("first_load", [True, False], ids=["first load", "asking"])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_what_is_killed_or_frozen_during_a_request_is_found_and_ended(
    number: signal.Signals, part: str, *, first_load: bool, site: ReplaySite, own_browser: SiteClient
) -> None:
    before = started_by_us()
    own_browser.newest()
    assert own_browser._tab is not None
    folder = own_browser._tab.driver.folder

    with sent_while_the_site_hangs(number, part_of_chromium(own_browser, part), site):
        began = time.monotonic()
        with pytest.raises(BrowserError, match="Chromium is"):
            own_browser.newest() if first_load else own_browser.ask(THURSDAY)

    # Long before the 20 seconds that the site may take for an answer.
    assert time.monotonic() - began < FROZEN_AFTER_SECONDS + 10
    assert left_since(before) == set()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("number", "part"), [*((signal.SIGKILL, part) for part in PARTS), (signal.SIGSTOP, "browser")]
)
def test_what_was_killed_or_frozen_in_between_is_started_anew(
    number: signal.Signals, part: str, site: ReplaySite, own_browser: SiteClient
) -> None:
    own_browser.newest()
    send_to(part_of_chromium(own_browser, part), number)

    with pytest.raises(BrowserError, match="Chromium is"):
        own_browser.ask(THURSDAY)

    asked = own_browser.ask(THURSDAY).answer_for(THURSDAY)
    assert asked.rows_changed(as_holdings(site.truth(THURSDAY))) == 0


def test_a_slow_site_is_not_a_frozen_chromium(site: ReplaySite, own_browser: SiteClient) -> None:
    site.latency = FROZEN_AFTER_SECONDS + 0.5

    newest = own_browser.newest()
    tab = own_browser._tab
    asked = own_browser.ask(THURSDAY)

    assert newest.listed is not None
    assert asked.heading == THURSDAY
    assert own_browser._tab is tab


def test_a_process_of_chromiums_that_ends_while_it_is_looked_at_is_not_the_end_of_it(
    own_browser: SiteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_browser.newest()
    assert own_browser._tab is not None
    with subprocess.Popen(["true"]) as process:
        ended = psutil.Process(process.pid)
    monkeypatch.setattr(psutil.Process, "children", lambda *_, **__: [ended])

    own_browser._tab.driver._check_alive()

    monkeypatch.undo()
    assert own_browser.ask(THURSDAY).heading == THURSDAY


def test_a_chromium_that_freezes_while_it_starts_does_not_start(own_browser: SiteClient) -> None:
    before = started_by_us()

    def freeze() -> None:
        assert becomes_true(lambda: len(started_by_us()) > len(before) + 1)
        send_to(part_of_chromium(own_browser, "browser"), signal.SIGSTOP)

    thread = threading.Thread(target=freeze)
    thread.start()
    with pytest.raises(BrowserError, match="Chromium does not start"):
        own_browser.newest()
    thread.join()

    assert left_since(before) == set()


def test_a_tab_that_never_comes_back_is_not_taken_for_a_late_answer(url: str) -> None:
    settings = ScraperSettings(url=url, timeout_seconds=4)
    browser = SiteClient(settings, NO_PACE, FROZEN_AFTER_SECONDS)
    try:
        browser.newest()
        assert browser._tab is not None
        browser._tab.driver.run("setTimeout(() => { for (;;); })")

        with pytest.raises(BrowserError, match="script timeout"):
            browser.ask(THURSDAY)

        assert browser._tab is None
    finally:
        browser.stop()
