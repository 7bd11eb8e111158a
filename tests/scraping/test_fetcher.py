"""The Chinese page is asked like the English one: same breaker, same tries, same lock."""

from collections.abc import Callable

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.common.errors import BrowserError, NotTheWriter, SiteChanged, SiteRefuses, SiteUnavailable
from southbound.hkexnews.page_parser import Page
from southbound.scraping.circuit_breaker import CircuitBreaker
from southbound.scraping.fetcher import Fetcher
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import Circuit, State, StatusBoard
from tests.scraping.conftest import BareReader, ScraperOf
from tests.scraping.made_up import Clock


class Stopped(BareReader):
    """Whose browser does not start."""

    def chinese_page(self) -> Page:
        raise BrowserError("Chromium does not start")


class Changed(BareReader):
    """Whose Chinese page is another page."""

    def chinese_page(self) -> Page:
        raise SiteChanged("no Chinese page")


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(60, 900, clock)


@pytest.fixture
def fetcher_to(
    store: HoldingsStore, breaker: CircuitBreaker, pauses: list[float]
) -> Callable[[BareReader], Fetcher]:
    board = StatusBoard(store.client)
    return lambda reader: Fetcher(reader, board, breaker, lambda: None, pauses.append)


@pytest.fixture
def fetcher(fetcher_to: Callable[[BareReader], Fetcher], reader: BareReader) -> Fetcher:
    return fetcher_to(reader)


def test_a_twin_that_fails_for_a_moment_is_tried_again(
    fetcher: Fetcher, site: ReplaySite, pauses: list[float]
) -> None:
    site.switch_on(Fault.SERVER_ERROR, times=2)

    assert fetcher.chinese_page().listed is not None
    assert [request.status for request in site.requests] == [500, 500, 200]
    assert len(pauses) == 2


def test_one_failure_of_the_twin_leaves_the_breaker_closed_and_the_next_of_any_question_opens_it(
    fetcher: Fetcher, site: ReplaySite, breaker: CircuitBreaker
) -> None:
    site.switch_on(Fault.SERVER_ERROR)

    with pytest.raises(SiteUnavailable):
        fetcher.chinese_page()
    assert breaker.seconds_left() == 0
    with pytest.raises(SiteUnavailable):
        fetcher.chinese_page()
    assert breaker.seconds_left() == 60


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.TOO_MANY])
def test_a_refusal_of_the_twin_is_one_of_the_site(
    fetcher: Fetcher, site: ReplaySite, breaker: CircuitBreaker, fault: Fault
) -> None:
    site.switch_on(fault)

    with pytest.raises(SiteRefuses):
        fetcher.chinese_page()

    assert (breaker.circuit, breaker.seconds_left()) == (Circuit.OPEN, 900)
    assert fetcher._board.status.state is State.FAILING
    assert len(site.requests) == 1


def test_a_site_that_is_left_alone_is_not_asked_for_its_twin(
    fetcher: Fetcher, site: ReplaySite, breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.failed()

    with pytest.raises(SiteUnavailable, match="left alone"):
        fetcher.chinese_page()
    assert len(site.requests) == 0

    clock.now += 60
    assert fetcher.chinese_page().listed is not None
    assert breaker.circuit is Circuit.CLOSED


def test_a_probe_is_one_question(
    fetcher: Fetcher, site: ReplaySite, breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.failed()
    clock.now += 60
    site.switch_on(Fault.SERVER_ERROR)

    with pytest.raises(SiteUnavailable):
        fetcher.chinese_page()

    assert len(site.requests) == 1
    assert breaker.circuit is Circuit.OPEN


def test_a_twin_that_has_changed_says_nothing_of_the_page(
    fetcher_to: Callable[[BareReader], Fetcher], url: str, breaker: CircuitBreaker
) -> None:
    fetcher = fetcher_to(Changed(url))
    for _ in range(3):
        with pytest.raises(SiteChanged):
            fetcher.chinese_page()

    assert breaker.circuit is Circuit.CLOSED
    assert fetcher._board.status.trouble == ""


def test_a_browser_that_does_not_start_is_tried_again_for_the_twin_too(
    fetcher_to: Callable[[BareReader], Fetcher], url: str, pauses: list[float]
) -> None:
    with pytest.raises(BrowserError):
        fetcher_to(Stopped(url)).chinese_page()

    assert len(pauses) == 2


def test_who_is_no_writer_any_more_does_not_ask(
    reader: BareReader, store: HoldingsStore, breaker: CircuitBreaker, site: ReplaySite
) -> None:
    def may_not() -> None:
        raise NotTheWriter("another has taken over")

    with pytest.raises(NotTheWriter):
        Fetcher(reader, StatusBoard(store.client), breaker, may_not).chinese_page()
    assert len(site.requests) == 0


def test_the_scraper_leaves_a_site_alone_whose_twin_refuses_it(
    scraper_of: ScraperOf, reader: BareReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Page:
        raise SiteRefuses("HTTP 403")

    monkeypatch.setattr(reader, "chinese_page", refuse)
    scraper = scraper_of(chinese_names=True, backfill_days=3)

    scraper.cycle.backfill()

    assert scraper._breaker.circuit is Circuit.OPEN
