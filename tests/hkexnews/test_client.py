"""Chromium on the replay site: the right list, a typed error for all else, and nothing left behind."""

import os
import signal
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from replay.archive import Archive
from replay.faults import Fault
from replay.page import View, page, page_of
from replay.site import ReplaySite
from southbound.common.errors import (
    BadHoldings,
    BrowserError,
    NotOffered,
    OtherDate,
    SiteChanged,
    SiteRefuses,
    SiteUnavailable,
)
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import MANY_ANSWERS, RESTS_AFTER_SECONDS, SiteClient, Way
from southbound.hkexnews.rate_limit import RateLimit
from southbound.market.daily_holdings import DailyHoldings
from tests.conftest import becomes_true
from tests.hkexnews.conftest import NO_PACE, LookAt, Say, left_since, part_of_chromium, started_by_us
from tests.scraping.made_up import Clock
from tools.benchmarks.stored_days import as_holdings

assert sys.platform != "win32"  # which has neither such signals nor such users

FRIDAY, SATURDAY = date(2026, 2, 27), date(2026, 2, 21)
THURSDAY = date(2026, 2, 26)
REFUSING = [Fault.FORBIDDEN, Fault.TOO_MANY]
AWAY = [Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.RESET, Fault.CUT_OFF, Fault.MAINTENANCE]
CHANGED = [Fault.NO_PANEL, Fault.RENAMED_COLUMN]
UNREADABLE = [Fault.EMPTY_TABLE, Fault.TEXT_IN_NUMBERS, Fault.DUPLICATE_ROWS]
HARMLESS = [Fault.SWAPPED_COLUMNS, Fault.ADDED_COLUMN, Fault.ALERT, Fault.BANNER]
PHASES = ["first load", "fetching", "pressing"]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

pytestmark = pytest.mark.usefixtures("url")


def in_phase(browser: SiteClient, phase: str) -> None:
    """Bring it to where its next request is of that phase."""
    if phase != "first load":
        browser.newest()
    if phase == "pressing":
        browser._ways = (Way.BUTTON, Way.FETCH)


def friday(browser: SiteClient, phase: str) -> DailyHoldings:
    return (browser.newest() if phase == "first load" else browser.ask(FRIDAY)).answer_for(FRIDAY)


def test_the_first_load_gives_the_newest_list(site: ReplaySite, browser: SiteClient) -> None:
    page = browser.newest()

    assert page.site_today == date(2026, 2, 28)
    assert page.listed is not None
    assert page.listed.day == FRIDAY
    assert page.listed.rows_changed(as_holdings(site.truth(FRIDAY))) == 0


@pytest.mark.parametrize("generation", ["current", "2018"])
def test_a_date_is_asked_for_in_both_generations_of_the_form(
    generation: str, site: ReplaySite, browser: SiteClient
) -> None:
    site.generation = generation  # type: ignore[assignment]
    browser.newest()

    holdings = browser.ask(THURSDAY).answer_for(THURSDAY)

    assert holdings.rows_changed(as_holdings(site.truth(THURSDAY))) == 0
    assert [request.asked for request in site.requests] == [None, THURSDAY]


def test_a_list_that_the_page_comes_with_is_not_asked_for_again(
    site: ReplaySite, browser: SiteClient
) -> None:
    holdings = browser.ask(FRIDAY).answer_for(FRIDAY)

    assert holdings.rows_changed(as_holdings(site.truth(FRIDAY))) == 0
    assert [request.asked for request in site.requests] == [None]


def test_a_saturday_is_not_taken_for_a_day(browser: SiteClient) -> None:
    page = browser.ask(SATURDAY)

    assert page.listed is not None
    assert page.listed.day == SATURDAY


def test_a_holiday_is_answered_with_another_date(browser: SiteClient) -> None:
    with pytest.raises(OtherDate, match="asked for 2026-02-18"):
        browser.ask(date(2026, 2, 18)).answer_for(date(2026, 2, 18))


def test_a_day_that_is_not_published_is_not_offered(browser: SiteClient) -> None:
    with pytest.raises(NotOffered, match="Your input date is invalid"):
        browser.ask(date(2026, 3, 2)).answer_for(date(2026, 3, 2))


FAULTS = [
    *((fault, SiteRefuses) for fault in REFUSING),
    *((fault, SiteUnavailable) for fault in AWAY),
    *((fault, SiteChanged) for fault in CHANGED),
    *((fault, BadHoldings) for fault in UNREADABLE),
]
# What the button brings comes as the first load does: of what is wrong with the list one is enough.
OF_THE_BUTTON = [(fault, error) for fault, error in FAULTS if fault in {*REFUSING, *AWAY, Fault.NO_PANEL}]


@pytest.mark.parametrize(
    ("phase", "fault", "error"),
    [
        *(("first load", *expected) for expected in FAULTS),
        *(("fetching", *expected) for expected in FAULTS),
        *(("pressing", *expected) for expected in OF_THE_BUTTON),
    ],
)
def test_a_fault_is_a_typed_error_and_passes(
    fault: Fault, error: type[Exception], phase: str, site: ReplaySite, browser: SiteClient
) -> None:
    in_phase(browser, phase)
    site.switch_on(fault)

    with pytest.raises(error):
        friday(browser, phase)

    site.clear()
    assert friday(browser, phase).rows_changed(as_holdings(site.truth(FRIDAY))) == 0


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("fault", HARMLESS)
def test_what_is_added_to_the_page_does_no_harm(
    fault: Fault, phase: str, site: ReplaySite, browser: SiteClient
) -> None:
    site.switch_on(fault)
    in_phase(browser, phase)

    assert friday(browser, phase).rows_changed(as_holdings(site.truth(FRIDAY))) == 0
    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY


@pytest.mark.parametrize("phase", PHASES)
def test_a_hanging_answer_is_given_up_in_time_and_not_waited_for_any_more(
    phase: str, site: ReplaySite, browser: SiteClient
) -> None:
    in_phase(browser, phase)
    site.switch_on(Fault.HANG)
    began = time.monotonic()

    with pytest.raises(SiteUnavailable, match="no answer within 2 s"):
        friday(browser, phase)

    assert 2 < time.monotonic() - began < 2 + 10
    assert becomes_true(lambda: not site.journal.at_once)
    site.clear()
    assert friday(browser, phase).day == FRIDAY


@pytest.mark.parametrize("head", [b"", b"Cache-Control: no-store\r\n"], ids=["cached", "not cached"])
def test_a_first_load_that_is_cut_off_between_two_rows_is_not_taken_for_a_list(
    head: bytes, site: ReplaySite, say: Say, look_at: LookAt
) -> None:
    whole = page_of(site.truth(FRIDAY))
    part = b"</tr>".join(whole.split(b"</tr>")[:101]) + b"</tr>"

    with pytest.raises(SiteUnavailable, match="ERR_CONTENT_LENGTH_MISMATCH"):
        look_at(say(OK + head + b"Content-Length: %d\r\n\r\n" % len(whole) + part)).newest()


def test_a_first_load_that_must_not_be_kept_and_does_not_name_its_encoding_is_read(
    say: Say, look_at: LookAt
) -> None:
    view = View("zh", "current", today=FRIDAY, echoed="2026/02/27", label=THURSDAY)
    chinese = page(view, Archive().markup(THURSDAY, "zh", "current"))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-store\r\n"

    browser = look_at(say(head + b"Content-Length: %d\r\n\r\n" % len(chinese) + chinese))

    listed = browser.newest().answer_for(THURSDAY)

    assert "匯豐控股" in listed.names


def test_a_first_load_in_another_encoding_is_refused(site: ReplaySite, say: Say, look_at: LookAt) -> None:
    spoilt = page_of(site.truth(FRIDAY)).replace(b"TENCENT", b"TENCENT\xff", 1)

    with pytest.raises(SiteUnavailable, match="no UTF-8"):
        look_at(say(OK + b"Content-Length: %d\r\n\r\n" % len(spoilt) + spoilt)).newest()


def test_a_first_load_larger_than_any_page_is_not_read(
    browser: SiteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("southbound.hkexnews.tab.LARGEST_BYTES", 1_000_000)

    with pytest.raises(SiteUnavailable, match="the answer is no page: it has more than"):
        browser.newest()

    monkeypatch.undo()
    assert browser.newest().heading == FRIDAY


def test_a_first_load_that_chromium_has_not_kept_is_not_guessed_at(browser: SiteClient) -> None:
    browser.newest()
    assert browser._tab is not None

    with pytest.raises(SiteUnavailable, match="Chromium has not kept the answer"):
        browser._tab._body("a request that there never was")


@pytest.mark.parametrize(
    ("words", "error", "reason"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", SiteRefuses, "HTTP 403"),
        (b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n", SiteRefuses, "HTTP 429"),
        (b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n", SiteUnavailable, "HTTP 503"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SiteUnavailable, "no HTML"),
        (b"HTTP/1.1 204 No\r\n\r\n", SiteUnavailable, "no answer within 2 s"),
        (b"HTTP/1.1 302 Found\r\nLocation: ?t=hk\r\nContent-Length: 0\r\n\r\n", SiteUnavailable, "REDIRECTS"),
        (b"", SiteUnavailable, "ERR_EMPTY_RESPONSE"),
        (b"220 smtp.example.com ESMTP\r\n", SiteUnavailable, "ERR_INVALID_HTTP_RESPONSE|not the page"),
    ],
)
def test_an_answer_without_a_page_is_an_error_that_says_so(
    words: bytes, error: type[Exception], reason: str, say: Say, look_at: LookAt
) -> None:
    with pytest.raises(error, match=reason):
        look_at(say(words)).newest()


def test_nothing_listening_is_an_unavailable_site(free_port: int, look_at: LookAt) -> None:
    with pytest.raises(SiteUnavailable, match="ERR_CONNECTION_REFUSED"):
        look_at(f"http://127.0.0.1:{free_port}/").newest()


def test_the_twin_has_the_chinese_names_and_is_fetched_from_inside_the_page(
    site: ReplaySite, browser: SiteClient
) -> None:
    chinese = browser.chinese_page().answer_for(FRIDAY)

    assert "匯豐控股" in chinese.names
    assert chinese.codes.tolist() == [row.code for row in site.truth(FRIDAY).rows]
    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY
    assert [(request.language, request.asked) for request in site.requests] == [
        ("en", None),
        ("zh", None),
        ("en", THURSDAY),
    ]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.FORBIDDEN, SiteRefuses),
        (Fault.SCRIPTS_REFUSED, SiteRefuses),
        (Fault.RESET, SiteUnavailable),
        (Fault.CUT_OFF, SiteUnavailable),
        (Fault.NO_PANEL, SiteChanged),
    ],
)
def test_a_twin_that_cannot_be_had_is_a_typed_error_and_leaves_the_page(
    fault: Fault, error: type[Exception], site: ReplaySite, browser: SiteClient
) -> None:
    browser.newest()
    site.switch_on(fault)

    with pytest.raises(error):
        browser.chinese_page()

    site.clear()
    before = len(site.requests)
    assert browser.ask(FRIDAY).answer_for(FRIDAY).day == FRIDAY
    assert len(site.requests) == before + 1


def test_an_address_without_a_twin_is_named() -> None:
    browser = SiteClient(ScraperSettings(url="http://127.0.0.1/list?t=hk"), NO_PACE)

    with pytest.raises(SiteChanged, match=r"no Chinese page of http://127.0.0.1/list\?t=hk"):
        browser.chinese_page()


def test_every_request_keeps_its_distance(url: str, site: ReplaySite) -> None:
    browser = SiteClient(ScraperSettings(url=url), RateLimit(0.3))
    try:
        browser.ask(FRIDAY)
        site.switch_on(Fault.SCRIPTS_REFUSED)
        browser.ask(THURSDAY)
        site.clear()
        browser.chinese_page()
        browser.newest()
    finally:
        browser.stop()

    assert [request.status for request in site.requests] == [200, 403, 200, 200, 200]
    assert site.smallest_gap is not None
    assert site.smallest_gap >= 0.3
    assert site.most_at_once == 1


def test_a_chromium_has_an_age_until_it_is_restarted(own_browser: SiteClient) -> None:
    assert own_browser.age_seconds() == 0
    own_browser.newest()
    first = own_browser._tab
    age = own_browser.age_seconds()
    assert 0 < age < 20
    assert becomes_true(lambda: own_browser.age_seconds() > age)

    own_browser.restart()

    assert own_browser.age_seconds() == 0
    own_browser.ask(FRIDAY)
    assert own_browser._tab is not first
    assert own_browser.age_seconds() > 0


def test_after_a_round_of_many_answers_what_they_have_left_in_the_tab_is_given_back(
    browser: SiteClient,
) -> None:
    browser._answers = 0
    browser.newest()
    assert browser._tab is not None
    driver = browser._tab.driver
    driver.run("window.left = new WeakRef({})")

    browser.pause()

    # One answer is not worth it.
    assert driver.run("return left.deref() !== undefined")
    for _ in range(MANY_ANSWERS - 1):
        browser.ask(FRIDAY)
    browser.pause()
    assert driver.run("return left.deref() === undefined")
    # Nor is the list kept that the page came with. It can be asked all the same, in both ways.
    assert driver.run("return document.querySelector('table')") is None
    for way in ([Way.FETCH, Way.BUTTON], [Way.BUTTON, Way.FETCH]):
        browser._ways = (way[0], way[1])
        assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY


def test_a_chromium_that_died_before_the_pause_is_replaced_by_the_next_request(
    own_browser: SiteClient,
) -> None:
    for _ in range(MANY_ANSWERS):
        own_browser.ask(FRIDAY)
    for process in part_of_chromium(own_browser, "driver"):
        process.kill()

    own_browser.pause()

    assert own_browser.ask(FRIDAY).answer_for(FRIDAY).day == FRIDAY


def test_chromium_runs_no_page_but_the_site_s(browser: SiteClient) -> None:
    browser.newest()
    assert browser._tab is not None

    targets = browser._tab.driver.command("Target.getTargets")["targetInfos"]

    assert [target["type"] for target in targets] == ["page"]


def test_a_chromium_is_closed_after_five_minutes_without_a_request_and_started_by_the_next(url: str) -> None:
    before, clock = started_by_us(), Clock()
    browser = SiteClient(ScraperSettings(url=url), NO_PACE, clock=clock)
    try:
        browser.rest()
        clock.now = 1000.0
        browser.newest()
        clock.now += RESTS_AFTER_SECONDS - 1
        browser.rest()
        assert left_since(before)
        browser.ask(THURSDAY)
        clock.now += RESTS_AFTER_SECONDS - 1
        browser.rest()
        assert left_since(before)

        clock.now += 1
        browser.rest()

        assert left_since(before) == set()
        assert browser.ask(FRIDAY).answer_for(FRIDAY).day == FRIDAY
        browser.rest()
        assert left_since(before)
    finally:
        browser.stop()


def test_stopping_leaves_no_process_and_no_profile(own_browser: SiteClient) -> None:
    before = started_by_us()
    own_browser.newest()
    assert left_since(before)
    assert own_browser._tab is not None
    folder = own_browser._tab.driver.folder
    assert (folder / "t" / "profile" / "SingletonSocket").readlink().is_relative_to(folder)

    own_browser.stop()

    assert left_since(before) == set()
    assert not folder.exists()


def test_a_frozen_chromium_is_stopped_within_seconds(own_browser: SiteClient) -> None:
    before = started_by_us()
    own_browser.newest()
    assert own_browser._tab is not None
    folder = own_browser._tab.driver.folder
    for pid in left_since(before):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()

    own_browser.stop()

    assert time.monotonic() - began < 8
    assert left_since(before) == set()
    assert not folder.exists()


def test_a_driver_that_does_not_work_is_named(url: str) -> None:
    before = started_by_us()
    browser = SiteClient(ScraperSettings(url=url, chromedriver=Path("/bin/false")), NO_PACE)

    with pytest.raises(BrowserError, match="/bin/false"):
        browser.newest()

    assert left_since(before) == set()


def test_a_site_with_another_form_is_loaded_anew(site: ReplaySite, browser: SiteClient) -> None:
    browser.newest()
    site.generation = "2018"

    with pytest.raises(OtherDate):
        browser.ask(THURSDAY).answer_for(THURSDAY)

    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY
