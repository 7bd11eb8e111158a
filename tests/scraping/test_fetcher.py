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

    def twin(self) -> Page:
        raise BrowserError("Chromium does not start")


class Changed(BareReader):
    """Whose twin is another page."""

    def twin(self) -> Page:
        raise SiteChanged("no Chinese twin")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(60, 900, clock)


@pytest.fixture
def questions_to(
    store: HoldingsStore, breaker: CircuitBreaker, pauses: list[float]
) -> Callable[[BareReader], Fetcher]:
    board = StatusBoard(store.client)
    return lambda reader: Fetcher(reader, board, breaker, lambda: None, pauses.append)


@pytest.fixture
def questions(questions_to: Callable[[BareReader], Fetcher], reader: BareReader) -> Fetcher:
    return questions_to(reader)


def test_a_twin_that_fails_for_a_moment_is_tried_again(
    questions: Fetcher, site: ReplaySite, pauses: list[float]
) -> None:
    site.switch_on(Fault.SERVER_ERROR, times=2)

    assert questions.twin().listed is not None
    assert [request.status for request in site.requests] == [500, 500, 200]
    assert len(pauses) == 2


def test_one_failure_of_the_twin_leaves_the_breaker_closed_and_the_next_of_any_question_opens_it(
    questions: Fetcher, site: ReplaySite, breaker: CircuitBreaker
) -> None:
    site.switch_on(Fault.SERVER_ERROR)

    with pytest.raises(SiteUnavailable):
        questions.twin()
    assert breaker.seconds_left() == 0
    with pytest.raises(SiteUnavailable):
        questions.twin()
    assert breaker.seconds_left() == 60


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.TOO_MANY])
def test_a_refusal_of_the_twin_is_one_of_the_site(
    questions: Fetcher, site: ReplaySite, breaker: CircuitBreaker, fault: Fault
) -> None:
    site.switch_on(fault)

    with pytest.raises(SiteRefuses):
        questions.twin()

    assert (breaker.circuit, breaker.seconds_left()) == (Circuit.OPEN, 900)
    assert questions._board.status.state is State.FAILING
    assert len(site.requests) == 1


def test_a_site_that_is_left_alone_is_not_asked_for_its_twin(
    questions: Fetcher, site: ReplaySite, breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.failed()

    with pytest.raises(SiteUnavailable, match="left alone"):
        questions.twin()
    assert len(site.requests) == 0

    clock.now += 60
    assert questions.twin().listed is not None
    assert breaker.circuit is Circuit.CLOSED


def test_a_probe_is_one_question(
    questions: Fetcher, site: ReplaySite, breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.failed()
    clock.now += 60
    site.switch_on(Fault.SERVER_ERROR)

    with pytest.raises(SiteUnavailable):
        questions.twin()

    assert len(site.requests) == 1
    assert breaker.circuit is Circuit.OPEN


def test_a_twin_that_has_changed_says_nothing_of_the_page(
    questions_to: Callable[[BareReader], Fetcher], url: str, breaker: CircuitBreaker
) -> None:
    questions = questions_to(Changed(url))
    for _ in range(3):
        with pytest.raises(SiteChanged):
            questions.twin()

    assert breaker.circuit is Circuit.CLOSED
    assert questions._board.status.trouble == ""


def test_a_browser_that_does_not_start_is_tried_again_for_the_twin_too(
    questions_to: Callable[[BareReader], Fetcher], url: str, pauses: list[float]
) -> None:
    with pytest.raises(BrowserError):
        questions_to(Stopped(url)).twin()

    assert len(pauses) == 2


def test_who_is_no_writer_any_more_does_not_ask(
    reader: BareReader, store: HoldingsStore, breaker: CircuitBreaker, site: ReplaySite
) -> None:
    def may_not() -> None:
        raise NotTheWriter("another has taken over")

    with pytest.raises(NotTheWriter):
        Fetcher(reader, StatusBoard(store.client), breaker, may_not).twin()
    assert len(site.requests) == 0


def test_the_scraper_leaves_a_site_alone_whose_twin_refuses_it(
    scraper_of: ScraperOf, reader: BareReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Page:
        raise SiteRefuses("HTTP 403")

    monkeypatch.setattr(reader, "twin", refuse)
    scraper = scraper_of(chinese_names=True, backfill_days=3)

    scraper.rounds.backfill()

    assert scraper._breaker.circuit is Circuit.OPEN
