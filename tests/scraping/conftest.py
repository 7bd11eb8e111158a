"""A scraper that asks the replay site over plain HTTP: the browser has tests of its own."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from http.client import HTTPException
from typing import Any

import pytest

from replay.site import ReplaySite
from replay.visitor import Answer, Visitor
from southbound.common.errors import SiteRefuses, SiteUnavailable
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.page_parser import Page, read_page
from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG
from southbound.scraping.service import Scraper
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ScraperStatus, StatusBoard, read_status
from tests.scraping.made_up import Clock

ScraperOf = Callable[..., Scraper]


class BareReader:
    """Asks the site over plain HTTP.

    Attributes:
        then: what happens, once, right after the next answer.
        timeout: how long it waits for an answer, in seconds.
        age: what it says of its browser's age, in seconds.
        restarts: how often it was started anew.
        pauses: how often it heard that a round is over.
        rests: how often it heard that there is nothing to ask.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._page: Answer | None = None
        self.then: Callable[[], None] | None = None
        self.timeout = 10.0
        self.age = 0.0
        self.restarts = 0
        self.pauses = 0
        self.rests = 0

    def newest(self) -> Page:
        self._page = self._exchange(lambda visitor: visitor.look())
        return read_page(self._page.body.decode())

    def ask(self, day: date) -> Page:
        loaded = self._page or self._exchange(lambda visitor: visitor.look())
        return read_page(self._exchange(lambda visitor: visitor.search(day, loaded)).body.decode())

    def chinese_page(self) -> Page:
        address = self._url.replace("mutualmarket.aspx", "mutualmarket_c.aspx")
        return read_page(self._exchange(lambda visitor: visitor.look(), address).body.decode())

    def restart(self) -> None:
        self.stop()
        self.age = 0.0
        self.restarts += 1

    def pause(self) -> None:
        self.pauses += 1

    def rest(self) -> None:
        self.rests += 1

    def age_seconds(self) -> float:
        return self.age

    def stop(self) -> None:
        self._page = None

    def _exchange(self, question: Callable[[Visitor], Answer], url: str | None = None) -> Answer:
        try:
            with Visitor(url or self._url, self.timeout) as visitor:
                answer = question(visitor)
        except (OSError, HTTPException) as error:
            raise SiteUnavailable(str(error)) from error
        if answer.status >= 400:
            raise (SiteRefuses if answer.status in {403, 429} else SiteUnavailable)(f"HTTP {answer.status}")
        then, self.then = self.then, None
        if then:
            then()
        return answer


@pytest.fixture
def pauses() -> list[float]:
    """How long the scraper would have slept."""
    return []


@pytest.fixture
def reader(url: str) -> BareReader:
    return BareReader(url)


@pytest.fixture
def scraper_of(
    reader: BareReader, url: str, store: HoldingsStore, pauses: list[float]
) -> Iterator[ScraperOf]:
    """Makes scrapers that do not sleep, each with the store to itself: the one before it is closed."""
    made: list[Scraper] = []

    def scraper_of(sleep: Callable[[float], None] = pauses.append, **settings: Any) -> Scraper:
        if made:
            made[-1].close()
        usual = {"min_gap_seconds": 0.0, "chinese_names": False}
        chosen = ScraperSettings(url=url, **{**usual, **settings})
        made.append(Scraper(reader, store, StatusBoard(store.client), chosen, sleep))
        return made[-1]

    yield scraper_of
    for scraper in made:
        scraper.close()


@pytest.fixture
def scraper(scraper_of: ScraperOf) -> Scraper:
    return scraper_of()


def offered(site: ReplaySite, days: int = 60) -> list[date]:
    """The sessions that a window of so many days must have."""
    return site.days_offered(site.today - timedelta(days=days), site.today)


def resting_site() -> ReplaySite:
    """A site on this day, so that the local clock is believed, with all lists that can be there."""
    today = datetime.now(HONG_KONG).date()
    return ReplaySite(invented=len(trading_calendar.between(date(2026, 2, 27), today)) + 10, today=today)


def shown(store: HoldingsStore) -> ScraperStatus:
    """What the scraper says of itself."""
    status = read_status(store.client)
    assert status is not None
    return status


@pytest.fixture
def clock() -> Clock:
    return Clock()
