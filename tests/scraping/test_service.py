"""The loop: what follows what, and who may write."""

import logging
import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.common.errors import NotTheWriter
from southbound.common.retry import SITE_ATTEMPTS
from southbound.config.settings import RedisSettings, ScraperSettings
from southbound.running import embedded_store
from southbound.scraping.service import Scraper
from southbound.store import keys, writer_lease
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import Circuit, State, StatusBoard
from tests.conftest import EndOfTest, Stage
from tests.scraping.conftest import BareReader, ScraperOf, offered, resting_site, shown

MONDAY = date(2026, 3, 2)


def test_the_loop_backfills_polls_and_shows_it_is_alive(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    heartbeats = []
    next_tries = []

    def sleep(seconds: float) -> None:
        heartbeats.append(shown(store).heartbeat)
        next_tries.append(shown(store).next_try)
        if store.dates()[-1] == date(2026, 3, 2):
            raise EndOfTest
        site.today = date(2026, 3, 3)
        time.sleep(seconds)

    with pytest.raises(EndOfTest):
        scraper_of(sleep, interval_seconds=0.1, backfill_days=5).run()

    assert len(set(heartbeats)) == len(heartbeats) > 1
    assert all(moment is not None for moment in next_tries)
    assert shown(store).state is State.POLLING


def test_a_site_that_is_away_is_tried_again_and_again(
    site: ReplaySite,
    store: HoldingsStore,
    scraper_of: ScraperOf,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.switch_on(Fault.UNAVAILABLE, times=SITE_ATTEMPTS)
    seen = []

    def sleep(seconds: float) -> None:
        status = shown(store)
        seen.append((status.state, status.last_error, status.breaker))
        if store.dates():
            raise EndOfTest
        time.sleep(min(seconds, 0.2))

    with caplog.at_level(logging.INFO), pytest.raises(EndOfTest):
        scraper_of(sleep, interval_seconds=0.2, backfill_days=5).run()

    assert (State.FAILING, "HTTP 503", Circuit.OPEN) in seen
    assert "make demo" in caplog.text
    assert store.dates() == offered(site, 5)
    status = shown(store)
    assert (status.state, status.last_error, status.breaker) == (State.POLLING, "", Circuit.CLOSED)


def test_with_polling_switched_off_it_ends_after_the_backfill(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of(enabled=False, backfill_days=5).run()

    assert store.dates() == offered(site, 5)


def test_while_the_breaker_is_open_the_site_is_left_alone_and_then_probed_once(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    site.switch_on(Fault.TOO_MANY)
    asked_while = []

    def sleep(seconds: float) -> None:
        asked_while.append(len(site.requests))
        status = shown(store)
        assert status.next_try is not None
        if len(asked_while) == 30:
            raise EndOfTest
        time.sleep(min(seconds, 0.05))

    with pytest.raises(EndOfTest):
        scraper_of(sleep, interval_seconds=0.1, retry_seconds=0.3).run()

    asked = [request.asked for request in site.requests]
    assert set(asked) == {None}
    # One request when it opened, and one for each probe: 30 rests of 0.05 s are at most 6 openings of 0.3 s.
    assert 2 <= len(asked) <= 7
    assert store.dates() == []


def test_a_page_that_has_changed_opens_the_breaker_at_once_and_says_what_to_look_at(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf, caplog: pytest.LogCaptureFixture
) -> None:
    site.switch_on(Fault.RENAMED_COLUMN)

    def sleep(_seconds: float) -> None:
        raise EndOfTest

    with pytest.raises(EndOfTest):
        scraper_of(sleep, retry_seconds=900.0).run()

    status = shown(store)
    assert (status.state, status.breaker) == (State.FAILING, Circuit.OPEN)
    assert status.trouble == "SiteChanged"
    assert status.next_try is not None
    assert 890 < (status.next_try - datetime.now(UTC)).total_seconds() <= 900
    [line] = [record.message for record in caplog.records if record.levelno == logging.CRITICAL]
    assert "hkexnews/page_parser.py" in line
    assert "'Shareholding in CCASS'" in line
    assert "'Holding'" in line
    assert len(site.requests) == 1


def test_a_store_that_is_away_is_waited_for(
    url: str, reader: BareReader, site: ReplaySite, free_port: int, tmp_path: Path
) -> None:
    server = embedded_store.serving(free_port, tmp_path)
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))

    def sleep(_seconds: float) -> None:
        if not server.is_running():
            server.start()
        elif store.dates():
            raise EndOfTest

    settings = ScraperSettings(url=url, min_gap_seconds=0, backfill_days=5, chinese_names=False)
    scraper = Scraper(reader, store, StatusBoard(store.client), settings, sleep)

    with pytest.raises(EndOfTest):
        scraper.run()

    assert store.dates() == offered(site, 5)
    scraper.close()
    store.client.close()
    server.stop()


def test_a_second_scraper_stands_by_says_so_and_takes_over(
    site: ReplaySite,
    store: HoldingsStore,
    scraper_of: ScraperOf,
    url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = scraper_of(backfill_days=5)
    first.run_once()
    requests, state = len(site.requests), shown(store)

    def sleep(_seconds: float) -> None:
        if not first._lease.held:
            raise EndOfTest
        assert (len(site.requests), shown(store)) == (requests, state)
        first.close()
        site.move_on()

    settings = ScraperSettings(url=url, min_gap_seconds=0, backfill_days=5, chinese_names=False)
    second = Scraper(BareReader(url), store, StatusBoard(store.client), settings, sleep)
    with pytest.raises(EndOfTest):
        second.run()

    assert store.dates()[-1] == MONDAY
    assert "standby: " in caplog.text
    assert f"pid {os.getpid()}" in caplog.text
    assert "takes over" in caplog.text
    second.close()


def test_a_scraper_that_lost_the_right_to_write_stands_by_and_ends_its_browser(
    store: HoldingsStore, scraper_of: ScraperOf, reader: BareReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_lease, "RENEWED_EVERY_SECONDS", 0.02)
    stopped = []
    monkeypatch.setattr(BareReader, "stop", lambda _: stopped.append(True))

    def sleep(seconds: float) -> None:
        if stopped:
            raise EndOfTest
        store.client.set(keys.SCRAPER_LOCK, "another machine pid 7")
        time.sleep(min(seconds, 0.05))

    with pytest.raises(EndOfTest):
        scraper_of(sleep, backfill_days=5, interval_seconds=0.5).run()

    assert store.client.get(keys.SCRAPER_LOCK) == "another machine pid 7"
    assert reader.age == 0.0


def test_while_nothing_can_be_published_it_lets_chromium_rest_and_its_heart_beats(
    store: HoldingsStore, scraper_of: ScraperOf, reader: BareReader, stage: Stage
) -> None:
    stage.site = resting_site()
    heartbeats = []

    def sleep(seconds: float) -> None:
        if shown(store).state is State.WAITING:
            heartbeats.append(shown(store).heartbeat)
        if len(heartbeats) == 4:
            raise SystemExit
        time.sleep(min(seconds, 0.01))

    scraper = scraper_of(sleep, backfill_days=3, interval_seconds=0.05)
    with pytest.raises(SystemExit):
        scraper.run()
    scraper.close()

    assert reader.rests == len(heartbeats) - 1
    assert len(set(heartbeats)) == len(heartbeats)
    assert shown(store).state is State.STOPPED


def test_while_there_is_something_to_ask_chromium_lives(
    store: HoldingsStore, scraper_of: ScraperOf, reader: BareReader
) -> None:
    polls = []

    def sleep(_seconds: float) -> None:
        if shown(store).state is State.POLLING:
            polls.append(reader.pauses)
        if len(polls) == 3:
            raise EndOfTest

    with pytest.raises(EndOfTest):
        scraper_of(sleep, backfill_days=3, interval_seconds=0.05).run()

    assert reader.rests == 0
    assert polls == [0, 1, 2]


def test_once_beside_another_scraper_says_who_writes(scraper_of: ScraperOf, store: HoldingsStore) -> None:
    store.client.set(keys.SCRAPER_LOCK, "another machine pid 7")

    with pytest.raises(NotTheWriter, match="another machine pid 7 writes to this store"):
        scraper_of().run_once()


def test_a_closed_scraper_says_so_and_lets_another_write(store: HoldingsStore, scraper_of: ScraperOf) -> None:
    scraper = scraper_of(backfill_days=5)
    scraper.run_once()

    scraper.close()

    assert shown(store).state is State.STOPPED
    assert not store.client.exists(keys.SCRAPER_LOCK)
