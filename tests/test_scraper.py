"""The scraper against the replay site and a real store: the right day under the right key, whatever comes."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from replay.visitor import Answer, Visitor
from southbound import embedded_store, keys, sessions
from southbound.errors import BadHoldings, SiteChanged, SiteRefuses, SiteUnavailable, SouthboundError
from southbound.hkexnews.page import Page, read_page
from southbound.pauses import SITE_ATTEMPTS
from southbound.scraper import Scraper, missing
from southbound.settings import RedisSettings, ScraperSettings
from southbound.status import State, StatusBoard, read_status
from southbound.store import HoldingsStore
from tests.conftest import EndOfTest, as_holdings

NEW_YEAR = date(2026, 2, 17)


class BareReader:
    """Asks the site over plain HTTP: the browser has tests of its own, and these are about what is asked."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._page: Answer | None = None
        self.then: Callable[[], None] | None = None
        """What happens, once, right after the next answer."""

    def newest(self) -> Page:
        self._page = self._exchange(lambda visitor: visitor.look())
        return read_page(self._page.body.decode())

    def ask(self, day: date) -> Page:
        loaded = self._page or self._exchange(lambda visitor: visitor.look())
        return read_page(self._exchange(lambda visitor: visitor.search(day, loaded)).body.decode())

    def stop(self) -> None:
        self._page = None

    def _exchange(self, question: Callable[[Visitor], Answer]) -> Answer:
        try:
            with Visitor(self._url) as visitor:
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
def scraper_of(url: str, store: HoldingsStore, pauses: list[float]) -> Callable[..., Scraper]:
    def scraper_of(**settings: Any) -> Scraper:
        chosen = ScraperSettings(url=url, **{"min_gap_seconds": 0.0, **settings})
        return Scraper(BareReader(url), store, StatusBoard(store.client), chosen, pauses.append)

    return scraper_of


@pytest.fixture
def scraper(scraper_of: Callable[..., Scraper]) -> Scraper:
    return scraper_of()


def offered(site: ReplaySite, days: int = 60) -> list[date]:
    return site.days_offered(site.today - timedelta(days=days), site.today)


def test_the_backfill_stores_exactly_the_sessions_of_the_window(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()

    assert store.dates() == offered(site)
    assert len(store.dates()) == 38
    for day in store.dates():
        stored = store.get(day)
        assert stored is not None
        assert stored.rows_changed(as_holdings(site.truth(day))) == 0


def test_no_weekend_and_no_holiday_is_asked_for(site: ReplaySite, scraper: Scraper) -> None:
    scraper.run_once()

    asked = [request.asked for request in site.requests if request.asked]
    assert asked
    assert all(sessions.is_session(day) for day in asked)
    assert NEW_YEAR not in asked
    assert date(2026, 2, 16) in asked


def test_the_newest_day_comes_from_the_first_load_and_each_other_is_asked_for_once(
    site: ReplaySite, scraper: Scraper
) -> None:
    scraper.run_once()

    asked = [request.asked for request in site.requests]
    assert asked[0] is None
    assert date(2026, 2, 27) not in asked
    assert len(asked) == len(set(asked))
    backfilled = [day for day in asked[1:-1] if day]
    assert backfilled == sorted(backfilled, reverse=True)
    assert site.most_at_once == 1


def test_a_second_run_asks_for_nothing_that_is_stored(
    site: ReplaySite, store: HoldingsStore, scraper_of: Callable[..., Scraper]
) -> None:
    scraper_of().run_once()
    before, version = len(site.requests), store.version()

    scraper_of().run_once()

    asked = {request.asked for request in site.requests[before:]}
    assert asked.isdisjoint(offered(site))
    assert store.version() == version


def test_a_backfill_that_was_cut_off_goes_on_where_it_was(
    site: ReplaySite,
    store: HoldingsStore,
    scraper_of: Callable[..., Scraper],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put = HoldingsStore.put

    def put_until_killed(self: HoldingsStore, holdings: Any) -> None:
        if len(store.dates()) == 5:
            raise EndOfTest
        put(self, holdings)

    with monkeypatch.context() as patch:
        patch.setattr(HoldingsStore, "put", put_until_killed)
        with pytest.raises(EndOfTest):
            scraper_of().run_once()
    early = store.dates()
    assert early == offered(site)[-5:]

    scraper_of().run_once()

    assert store.dates() == offered(site)
    asked = [request.asked for request in site.requests if request.asked in early]
    assert len(asked) == len(set(asked))


def test_a_new_day_is_stored_and_published_once(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    doorbell = store.client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    doorbell.subscribe(store.channel)
    doorbell.get_message(timeout=1)
    new = site.move_on()

    scraper.look()
    scraper.look()

    heard = list(_heard(doorbell))
    doorbell.close()
    assert heard == [new.isoformat()]
    assert store.dates()[-1] == new


def test_a_day_that_is_not_published_yet_is_waited_for_cheaply(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    before = len(site.requests)

    scraper.look()

    [request] = site.requests[before:]
    assert request.asked == date(2026, 3, 2)
    assert request.sent < 10_000
    status = read_status(store.client)
    assert status is not None
    assert status.next_session == date(2026, 3, 2)


def test_a_held_back_day_is_asked_for_until_it_is_there(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    site.hold_back = True
    late = date(2026, 3, 2)
    site.today = date(2026, 3, 3)
    scraper.look()
    scraper.look()
    assert store.dates()[-1] < late

    site.hold_back = False
    scraper.look()

    assert store.dates()[-1] == late


def test_a_machine_that_was_off_for_three_weeks_closes_the_gap_newest_day_first(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    for _ in range(15):
        site.move_on()
    before = len(site.requests)

    scraper.look()

    assert store.dates()[-15:] == offered(site)[-15:]
    asked = [request.asked for request in site.requests[before:]]
    assert asked[1:] == sorted(asked[1:], key=lambda day: day or NEW_YEAR, reverse=True)


def test_while_a_gap_is_closed_the_status_says_so(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper, monkeypatch: pytest.MonkeyPatch
) -> None:
    scraper.run_once()
    for _ in range(3):
        site.move_on()
    states = []
    put = HoldingsStore.put

    def noting_put(self: HoldingsStore, holdings: Any) -> None:
        status = read_status(self.client)
        assert status is not None
        states.append(status.state)
        put(self, holdings)

    monkeypatch.setattr(HoldingsStore, "put", noting_put)

    scraper.look()

    assert states == [State.BACKFILLING] * 3
    status = read_status(store.client)
    assert status is not None
    assert status.state is State.POLLING


def test_the_status_tells_how_far_the_backfill_is(
    store: HoldingsStore, scraper_of: Callable[..., Scraper], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    say = StatusBoard.say

    def noting_say(self: StatusBoard, **changes: Any) -> None:
        say(self, **changes)
        status = read_status(store.client)
        assert status is not None
        seen.append((status.state, status.done, status.total))

    monkeypatch.setattr(StatusBoard, "say", noting_say)

    scraper_of(backfill_days=7).run_once()

    assert list(dict.fromkeys(seen)) == [
        (State.STARTING, 0, 0),
        *((State.BACKFILLING, done, 4) for done in range(4)),
        (State.POLLING, 4, 4),
    ]


def test_a_list_with_another_date_is_never_stored(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    site.switch_on(Fault.PREVIOUS_DAY)
    version = store.version()

    scraper.look()

    assert store.version() == version
    assert store.get(date(2026, 3, 2)) is None


@pytest.mark.parametrize("today", [date(2026, 2, 22), date(2026, 2, 18)], ids=["a Sunday", "a holiday"])
def test_a_first_load_under_a_weekend_label_is_not_stored_as_that_day(
    today: date, store: HoldingsStore, url: str, stage: Any, pauses: list[float]
) -> None:
    stage.site = ReplaySite(today=today)
    stage.site.plain_get = "yesterday"
    scraper = Scraper(
        BareReader(url),
        store,
        StatusBoard(store.client),
        ScraperSettings(url=url, min_gap_seconds=0),
        pauses.append,
    )

    scraper.run_once()

    assert store.dates() == offered(stage.site)
    assert all(sessions.is_session(day) for day in store.dates())


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.FORBIDDEN, SiteRefuses),
        (Fault.UNAVAILABLE, SiteUnavailable),
        (Fault.MAINTENANCE, SiteUnavailable),
        (Fault.RENAMED_COLUMN, SiteChanged),
        (Fault.TEXT_IN_NUMBERS, BadHoldings),
        (Fault.EMPTY_TABLE, BadHoldings),
        (Fault.DUPLICATE_ROWS, BadHoldings),
    ],
)
def test_a_fault_stores_nothing_and_the_next_run_is_complete(
    fault: Fault, error: type[SouthboundError], site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    site.switch_on(fault)
    with pytest.raises(error):
        scraper.run_once()
    assert store.dates() == []

    site.clear()
    scraper.run_once()

    assert store.dates() == offered(site)


def test_a_failure_that_passes_is_asked_again_with_growing_pauses(
    site: ReplaySite, store: HoldingsStore, scraper_of: Callable[..., Scraper], pauses: list[float]
) -> None:
    site.switch_on(Fault.UNAVAILABLE, times=SITE_ATTEMPTS - 1)

    scraper_of(min_gap_seconds=1.0, backfill_days=5).run_once()

    assert store.dates() == offered(site, 5)
    between_attempts = [pause for pause in pauses if pause > 1.0]
    assert between_attempts[:2] == sorted(between_attempts[:2])
    assert len(between_attempts) >= 2


def test_requests_keep_their_distance(site: ReplaySite, url: str, store: HoldingsStore) -> None:
    settings = ScraperSettings(url=url, min_gap_seconds=0.05, backfill_days=14)

    Scraper(BareReader(url), store, StatusBoard(store.client), settings).run_once()

    assert len(site.requests) > 5
    assert site.smallest_gap is not None
    assert site.smallest_gap >= 0.05


def test_one_unreadable_day_does_not_keep_the_others_out(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper._site.newest()
    site.switch_on(Fault.TEXT_IN_NUMBERS, times=1)

    with pytest.raises(BadHoldings):
        scraper._fill([date(2026, 2, 26), date(2026, 2, 25), date(2026, 2, 24)])

    assert store.dates() == [date(2026, 2, 24), date(2026, 2, 25)]


def test_a_day_that_was_read_while_the_store_was_away_is_not_read_again(
    site: ReplaySite, url: str, free_port: int, tmp_path: Path
) -> None:
    server = embedded_store.serving(free_port, tmp_path)
    server.start()
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))
    settings = ScraperSettings(url=url, min_gap_seconds=0, backfill_days=5)
    reader = BareReader(url)
    back = []

    def come_back(seconds: float) -> None:
        if not server.is_running():
            back.append(seconds)
            server.start()

    scraper = Scraper(reader, store, StatusBoard(store.client), settings, come_back)
    scraper.run_once()
    new = site.move_on()
    reader.then = server.stop

    scraper.look()

    assert len(back) == 1
    assert store.dates()[-1] == new
    assert [request.asked for request in site.requests].count(new) == 2  # once before it was published
    store.client.close()
    server.stop()


def test_the_loop_backfills_polls_and_shows_it_is_alive(
    site: ReplaySite, store: HoldingsStore, scraper_of: Callable[..., Scraper]
) -> None:
    scraper = scraper_of(interval_seconds=0.1, backfill_days=5)
    heartbeats = []

    def sleep(seconds: float) -> None:
        status = read_status(store.client)
        assert status is not None
        heartbeats.append(status.heartbeat)
        if store.dates()[-1] == date(2026, 3, 2):
            raise EndOfTest
        site.today = date(2026, 3, 3)
        time.sleep(seconds)

    scraper._sleep = sleep

    with pytest.raises(EndOfTest):
        scraper.run()

    assert len(set(heartbeats)) == len(heartbeats) > 1
    status = read_status(store.client)
    assert status is not None
    assert status.state is State.POLLING


def test_a_site_that_is_away_is_tried_again_and_again(
    site: ReplaySite,
    store: HoldingsStore,
    scraper_of: Callable[..., Scraper],
    caplog: pytest.LogCaptureFixture,
) -> None:
    scraper = scraper_of(interval_seconds=0.2, backfill_days=5)
    site.switch_on(Fault.UNAVAILABLE, times=SITE_ATTEMPTS)
    states = []

    def sleep(_seconds: float) -> None:
        status = read_status(store.client)
        assert status is not None
        states.append((status.state, status.last_error))
        if store.dates():
            raise EndOfTest

    scraper._sleep = sleep

    with caplog.at_level(logging.INFO), pytest.raises(EndOfTest):
        scraper.run()

    assert (State.FAILING, "HTTP 503") in states
    assert "make demo" in caplog.text
    assert store.dates() == offered(site, 5)


def test_with_polling_switched_off_it_ends_after_the_backfill(
    site: ReplaySite, store: HoldingsStore, scraper_of: Callable[..., Scraper]
) -> None:
    scraper_of(enabled=False, backfill_days=5).run()

    assert store.dates() == offered(site, 5)


def test_what_is_stored_is_what_any_program_reads(
    store: HoldingsStore, scraper_of: Callable[..., Scraper]
) -> None:
    scraper_of(backfill_days=2).run_once()

    stored = json.loads(store.client.get(keys.day(date(2026, 2, 27))) or "")

    assert stored["columns"][0] == "Stock Code"
    assert stored["data"][0][0] == 1


def test_missing_sessions_are_named_newest_first() -> None:
    held = [date(2026, 2, 16), date(2026, 2, 23)]

    wanted = list(missing(held, date(2026, 2, 13), date(2026, 2, 24)))

    assert wanted == [date(2026, 2, 24), date(2026, 2, 20), date(2026, 2, 13)]


def _heard(doorbell: Any) -> Iterator[str]:
    while message := doorbell.get_message(timeout=0.2):
        yield message["data"]
