"""Two ways to ask behind one question: what one is refused the other may get, and what worked is kept."""

import logging
from datetime import date

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from replay.wording import GENERATIONS, Generation
from southbound.common.errors import SiteChanged, SiteError, SiteRefuses, SiteUnavailable
from southbound.hkexnews.client import SiteClient, Way
from tools.benchmarks.stored_days import as_holdings

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)


@pytest.fixture(autouse=True)
def loaded(url: str, site: ReplaySite, browser: SiteClient) -> None:  # noqa: ARG001 - it serves the site
    """Every test begins with the page loaded, and counts the requests after that."""
    browser.newest()
    assert len(site.requests) == 1


def exchanges(site: ReplaySite) -> list[tuple[str, date | None, int | None]]:
    return [(request.method, request.asked, request.status) for request in site.requests[1:]]


def in_the_page(browser: SiteClient, script: str) -> None:
    assert browser._tab is not None
    browser._tab.driver.run(script)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_button_gives_the_list_in_both_generations_of_the_form(
    generation: Generation, site: ReplaySite, browser: SiteClient
) -> None:
    site.generation = generation
    browser.newest()
    browser._ways = (Way.BUTTON, Way.FETCH)

    for day in (THURSDAY, WEDNESDAY):
        assert browser.ask(day).answer_for(day).rows_changed(as_holdings(site.truth(day))) == 0
    assert exchanges(site)[1:] == [("POST", THURSDAY, 200), ("POST", WEDNESDAY, 200)]


def test_the_page_that_the_button_led_to_can_be_asked_from_inside(
    site: ReplaySite, browser: SiteClient
) -> None:
    browser._ways = (Way.BUTTON, Way.FETCH)
    browser.ask(THURSDAY)
    browser._ways = (Way.FETCH, Way.BUTTON)

    assert browser.ask(WEDNESDAY).answer_for(WEDNESDAY).day == WEDNESDAY
    assert exchanges(site) == [("POST", THURSDAY, 200), ("POST", WEDNESDAY, 200)]


def test_the_button_says_what_is_not_published(browser: SiteClient) -> None:
    browser._ways = (Way.BUTTON, Way.FETCH)

    assert browser.ask(date(2026, 3, 2)).heading is None
    assert browser.ask(FRIDAY).heading == FRIDAY


def test_where_scripts_are_refused_the_button_is_pressed_from_then_on(
    site: ReplaySite, browser: SiteClient, caplog: pytest.LogCaptureFixture
) -> None:
    site.switch_on(Fault.SCRIPTS_REFUSED)

    with caplog.at_level(logging.INFO):
        first = browser.ask(THURSDAY).answer_for(THURSDAY)
        second = browser.ask(FRIDAY).answer_for(FRIDAY)

    assert first.rows_changed(as_holdings(site.truth(THURSDAY))) == 0
    assert second.rows_changed(as_holdings(site.truth(FRIDAY))) == 0
    assert exchanges(site) == [("POST", THURSDAY, 403), ("POST", THURSDAY, 200), ("POST", FRIDAY, 200)]
    tried, kept = [record.message for record in caplog.records if "southbound" in record.name]
    assert (
        tried
        == f"the page cannot be asked by {Way.FETCH} (the site refuses us: HTTP 403): trying {Way.BUTTON}"
    )
    assert kept == f"the page is asked by {Way.BUTTON} from now on"


def test_where_the_button_is_refused_the_form_is_fetched_again(site: ReplaySite, browser: SiteClient) -> None:
    browser._ways = (Way.BUTTON, Way.FETCH)
    site.switch_on(Fault.FORBIDDEN, times=1)

    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY
    assert browser.ask(FRIDAY).answer_for(FRIDAY).day == FRIDAY
    assert exchanges(site) == [
        ("POST", THURSDAY, 403),
        ("GET", None, 200),  # the refusal has taken the page's place
        ("POST", THURSDAY, 200),
        ("POST", FRIDAY, 200),
    ]


def test_where_both_ways_are_refused_nothing_is_remembered(site: ReplaySite, browser: SiteClient) -> None:
    site.switch_on(Fault.FORBIDDEN)

    with pytest.raises(SiteRefuses, match="HTTP 403"):
        browser.ask(THURSDAY)

    assert exchanges(site) == [("POST", THURSDAY, 403)] * 2
    assert browser._ways == (Way.FETCH, Way.BUTTON)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.TOO_MANY, SiteRefuses),
        (Fault.SERVER_ERROR, SiteUnavailable),
        (Fault.UNAVAILABLE, SiteUnavailable),
        (Fault.HANG, SiteUnavailable),
        (Fault.CUT_OFF, SiteUnavailable),
        (Fault.MAINTENANCE, SiteUnavailable),
        (Fault.NO_PANEL, SiteChanged),
    ],
)
def test_what_the_other_way_would_not_be_spared_is_asked_for_once(
    fault: Fault, error: type[SiteError], site: ReplaySite, browser: SiteClient
) -> None:
    site.switch_on(fault)

    with pytest.raises(error):
        browser.ask(THURSDAY)

    site.clear()
    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY
    assert browser._ways == (Way.FETCH, Way.BUTTON)
    assert [asked for _, asked, status in exchanges(site) if asked and status == 200][-1] == THURSDAY
    assert len([asked for _, asked, _ in exchanges(site) if asked]) == 2


@pytest.mark.parametrize(
    "barred",
    [
        "window.fetch = () => Promise.reject(new TypeError('Failed to fetch'))",
        "window.fetch = undefined",
        "document.getElementById('form1').id = 'form2'",
    ],
)
def test_where_the_page_bars_its_scripts_the_button_is_pressed(
    barred: str, site: ReplaySite, browser: SiteClient
) -> None:
    in_the_page(browser, barred)

    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY
    assert exchanges(site) == [("POST", THURSDAY, 200)]
    assert browser._ways == (Way.BUTTON, Way.FETCH)


@pytest.mark.parametrize("missing", ["btnSearch", "txtShareholdingDate"])
def test_where_there_is_no_button_the_form_is_fetched(
    missing: str, site: ReplaySite, browser: SiteClient
) -> None:
    browser._ways = (Way.BUTTON, Way.FETCH)
    in_the_page(browser, f"document.getElementById('{missing}').remove()")

    assert browser.ask(THURSDAY).answer_for(THURSDAY).day == THURSDAY
    assert [asked for _, asked, _ in exchanges(site)] == [None, THURSDAY]
    assert browser._ways == (Way.FETCH, Way.BUTTON)


def test_a_page_that_can_be_asked_in_neither_way_has_changed(
    browser: SiteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_load_if_none", lambda: None)
    in_the_page(browser, "document.getElementById('form1').remove()")

    with pytest.raises(SiteChanged, match="the loaded page has no input#txtShareholdingDate"):
        browser.ask(THURSDAY)
