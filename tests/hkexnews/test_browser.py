"""Chromium on the replay site: the right list, a typed error for all else, and nothing left behind."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import psutil
import pytest

from replay.faults import Fault
from replay.page import page_of
from replay.site import ReplaySite
from southbound.errors import (
    BadHoldings,
    BrowserError,
    NotOffered,
    OtherDate,
    SiteChanged,
    SiteRefuses,
    SiteUnavailable,
)
from southbound.hkexnews.browser import SiteBrowser
from southbound.settings import ScraperSettings
from tests.conftest import as_holdings

FRIDAY, SATURDAY = date(2026, 2, 27), date(2026, 2, 21)
THURSDAY = date(2026, 2, 26)
REFUSING = [Fault.FORBIDDEN, Fault.TOO_MANY]
AWAY = [Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.RESET, Fault.CUT_OFF, Fault.MAINTENANCE]
CHANGED = [Fault.NO_PANEL, Fault.RENAMED_COLUMN]
UNREADABLE = [Fault.EMPTY_TABLE, Fault.TEXT_IN_NUMBERS, Fault.DUPLICATE_ROWS]
HARMLESS = [Fault.SWAPPED_COLUMNS, Fault.ADDED_COLUMN, Fault.ALERT, Fault.BANNER]

pytestmark = pytest.mark.usefixtures("url")


@pytest.fixture(scope="module")
def shared_browser(stage_url: str) -> Iterator[SiteBrowser]:
    browser = SiteBrowser(ScraperSettings(url=stage_url, timeout_seconds=3))
    yield browser
    browser.stop()


@pytest.fixture
def browser(shared_browser: SiteBrowser) -> SiteBrowser:
    """Has the page of this test's site loaded when it is asked: the last test's may have had another form."""
    shared_browser._loaded = False
    return shared_browser


@pytest.fixture
def own_browser(url: str) -> Iterator[SiteBrowser]:
    """One that a test may break."""
    browser = SiteBrowser(ScraperSettings(url=url, timeout_seconds=5))
    yield browser
    browser.stop()


def started_by_us() -> set[int]:
    """The processes below this one that still run; a zombie in a container without an init does not."""
    below = psutil.Process().children(recursive=True)
    return {p.pid for p in below if "chrom" in p.name() and p.status() != psutil.STATUS_ZOMBIE}


def test_the_first_load_gives_the_newest_list(site: ReplaySite, browser: SiteBrowser) -> None:
    page = browser.newest()

    assert page.site_today == date(2026, 2, 28)
    assert page.listed is not None
    assert page.listed.day == FRIDAY
    assert page.listed.rows_changed(as_holdings(site.truth(FRIDAY))) == 0


@pytest.mark.parametrize("generation", ["current", "2018"])
def test_a_date_is_asked_for_in_both_generations_of_the_form(
    generation: str, site: ReplaySite, browser: SiteBrowser
) -> None:
    site.generation = generation  # type: ignore[assignment]
    browser.newest()

    holdings = browser.ask(THURSDAY).answer_for(THURSDAY)

    assert holdings.rows_changed(as_holdings(site.truth(THURSDAY))) == 0
    assert [request.asked for request in site.requests] == [None, THURSDAY]


def test_a_saturday_is_not_taken_for_a_day(browser: SiteBrowser) -> None:
    page = browser.ask(SATURDAY)

    assert page.listed is not None
    assert page.listed.day == SATURDAY


def test_a_holiday_is_answered_with_another_date(browser: SiteBrowser) -> None:
    with pytest.raises(OtherDate, match="asked for 2026-02-18"):
        browser.ask(date(2026, 2, 18)).answer_for(date(2026, 2, 18))


def test_a_day_that_is_not_published_is_not_offered(browser: SiteBrowser) -> None:
    with pytest.raises(NotOffered, match="Your input date is invalid"):
        browser.ask(date(2026, 3, 2)).answer_for(date(2026, 3, 2))


@pytest.mark.parametrize("first_load", [True, False], ids=["first load", "asking"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        *((fault, SiteRefuses) for fault in REFUSING),
        *((fault, SiteUnavailable) for fault in AWAY),
        *((fault, SiteChanged) for fault in CHANGED),
        *((fault, BadHoldings) for fault in UNREADABLE),
    ],
)
def test_a_fault_is_a_typed_error_and_passes(
    fault: Fault,
    error: type[Exception],
    *,
    first_load: bool,
    site: ReplaySite,
    browser: SiteBrowser,
) -> None:
    question: Callable[[], object] = browser.newest if first_load else lambda: browser.ask(FRIDAY)
    if not first_load:
        browser.newest()
    site.switch_on(fault)

    with pytest.raises(error):
        question()

    site.clear()
    assert browser.ask(FRIDAY).answer_for(FRIDAY).day == FRIDAY


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_is_added_to_the_page_does_no_harm(fault: Fault, site: ReplaySite, browser: SiteBrowser) -> None:
    site.switch_on(fault)

    newest = browser.newest().listed
    asked = browser.ask(THURSDAY).answer_for(THURSDAY)

    assert newest is not None
    assert newest.rows_changed(as_holdings(site.truth(FRIDAY))) == 0
    assert asked.rows_changed(as_holdings(site.truth(THURSDAY))) == 0


@pytest.mark.parametrize("first_load", [True, False], ids=["first load", "asking"])
def test_a_hanging_answer_is_given_up_in_time(
    *, first_load: bool, site: ReplaySite, browser: SiteBrowser
) -> None:
    if not first_load:
        browser.newest()
    site.switch_on(Fault.HANG)
    began = time.monotonic()

    with pytest.raises(SiteUnavailable):
        browser.newest() if first_load else browser.ask(FRIDAY)

    assert time.monotonic() - began < 3 + 4


def test_a_first_load_that_is_cut_off_between_two_rows_is_not_taken_for_a_list(cut_off: str) -> None:
    browser = SiteBrowser(ScraperSettings(url=cut_off, timeout_seconds=5))
    try:
        with pytest.raises(SiteUnavailable, match="cut off"):
            browser.newest()
    finally:
        browser.stop()


@pytest.fixture
def cut_off(site: ReplaySite) -> Iterator[str]:
    """The address of a server that sends a hundred whole rows of a page, and hangs up."""
    page = page_of(site.truth(FRIDAY))
    rows = page.split(b"</tr>")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

    class HangingUp(StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(head + b"Content-Length: %d\r\n\r\n" % len(page))
            self.wfile.write(b"</tr>".join(rows[:101]) + b"</tr>")

    with ThreadingTCPServer(("127.0.0.1", 0), HangingUp) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/mutualmarket.aspx?t=hk"
        server.shutdown()
        thread.join(5)
        assert not thread.is_alive()


def test_nothing_listening_is_an_unavailable_site(free_port: int) -> None:
    browser = SiteBrowser(ScraperSettings(url=f"http://127.0.0.1:{free_port}/", timeout_seconds=5))
    try:
        with pytest.raises(SiteUnavailable, match="ERR_CONNECTION_REFUSED"):
            browser.newest()
    finally:
        browser.stop()


@pytest.mark.parametrize("victim", ["chromium", "chromedriver"])
def test_a_killed_process_is_a_browser_error_and_the_next_question_starts_anew(
    victim: str, own_browser: SiteBrowser
) -> None:
    own_browser.newest()
    assert own_browser._driver is not None
    driver = psutil.Process(own_browser._driver.service.process.pid)
    browser_process = driver.children()[0]
    (browser_process if victim == "chromium" else driver).kill()

    with pytest.raises(BrowserError):
        own_browser.ask(FRIDAY)

    assert not _runs(driver) and not _runs(browser_process)  # noqa: PT018
    assert own_browser.ask(FRIDAY).answer_for(FRIDAY).day == FRIDAY


def test_stopping_leaves_no_process_and_no_profile(own_browser: SiteBrowser) -> None:
    before = started_by_us()
    own_browser.newest()
    assert started_by_us() > before
    folder = own_browser._folder
    assert folder is not None
    assert (folder / "profile" / "SingletonSocket").readlink().is_relative_to(folder)

    own_browser.stop()

    assert started_by_us() == before
    assert not folder.exists()


def test_a_frozen_chromium_is_stopped_within_seconds(own_browser: SiteBrowser) -> None:
    before = started_by_us()
    own_browser.newest()
    folder = own_browser._folder
    assert folder is not None
    for pid in started_by_us() - before:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()

    own_browser.stop()

    assert time.monotonic() - began < 8
    assert started_by_us() == before
    assert not folder.exists()


def test_a_driver_that_does_not_work_is_named(url: str) -> None:
    before = started_by_us()
    browser = SiteBrowser(ScraperSettings(url=url, chromedriver=Path("/bin/false")))

    with pytest.raises(BrowserError, match="/bin/false"):
        browser.newest()

    assert started_by_us() == before


def test_a_site_with_another_form_is_loaded_anew(site: ReplaySite, browser: SiteBrowser) -> None:
    browser.newest()
    site.generation = "2018"

    with pytest.raises(OtherDate):
        browser.ask(THURSDAY).answer_for(THURSDAY)

    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
