"""The scraper as it is started: what it leaves behind, and who takes over."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import psutil
import pytest

from demo.environment import demo_environment
from replay.faults import Fault
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT, becomes_true
from tests.scraping.conftest import offered

assert sys.platform != "win32"  # which has neither such signals nor such users

MONDAY = date(2026, 3, 2)

Started = subprocess.Popen[bytes]


@pytest.fixture
def start(url: str, redis_settings: RedisSettings, tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts a scraper on the replay site; its output is in `output`."""
    started: list[Started] = []
    usual = demo_environment(url, redis_settings.url, 1) | {"SCRAPING_INTERVAL_SECONDS": "0.5"}

    def start(*arguments: str, **environment: str) -> Started:
        with (tmp_path / "output").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "backend_scraper.py"), *arguments],
                env=usual | environment,
                cwd=tmp_path,
                stdout=output,
                stderr=output,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def browser_of(scraper: Started) -> list[psutil.Process]:
    below = psutil.Process(scraper.pid).children(recursive=True)
    return [process for process in below if "chrom" in process.name()]


def still_run(processes: list[psutil.Process]) -> bool:
    return any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def test_a_scraper_that_waits_for_an_answer_is_gone_within_ten_seconds_with_its_browser(
    site: ReplaySite, store: HoldingsStore, start: Callable[..., Started]
) -> None:
    scraper = start(SCRAPING_BACKFILL_DAYS="5")
    assert becomes_true(lambda: store.dates() == offered(site, 5))
    site.switch_on(Fault.HANG)
    assert becomes_true(lambda: site.journal.at_once == 1)
    browser = browser_of(scraper)
    assert browser
    began = time.monotonic()

    scraper.terminate()
    scraper.wait(10)

    assert time.monotonic() - began < 10
    assert scraper.returncode == 0
    assert not still_run(browser)


def test_after_a_kill_the_next_start_leaves_no_orphan_and_goes_on(
    site: ReplaySite, store: HoldingsStore, start: Callable[..., Started]
) -> None:
    first = start()
    assert becomes_true(lambda: len(store.dates()) > 3)
    orphans = browser_of(first)
    first.kill()
    first.wait()
    assert still_run(orphans)

    assert start("--once").wait(90) == 0

    assert not still_run(orphans)
    assert store.dates() == offered(site)
    asked = [request.asked for request in site.requests if request.asked in offered(site)]
    assert len(asked) <= len(set(asked)) + 1  # but for the one that was on its way


def test_a_second_scraper_takes_over_within_thirty_seconds_of_a_kill(
    site: ReplaySite, store: HoldingsStore, start: Callable[..., Started], tmp_path: Path
) -> None:
    first = start(SCRAPING_BACKFILL_DAYS="5")
    assert becomes_true(lambda: store.dates() == offered(site, 5))
    second = start(SCRAPING_BACKFILL_DAYS="5")
    output = tmp_path / "output"
    assert becomes_true(lambda: "standby: " in output.read_text())
    assert not browser_of(second)
    site.move_on()
    assert becomes_true(lambda: MONDAY in store.dates())
    first.send_signal(signal.SIGKILL)
    first.wait()
    began = time.monotonic()
    new = site.move_on()

    assert becomes_true(lambda: new in store.dates())

    assert time.monotonic() - began < 30
    assert "takes over" in output.read_text()
    assert site.most_at_once == 1


def test_a_chromium_that_died_leaves_no_ended_process_to_a_scraper_that_goes_on(
    site: ReplaySite, store: HoldingsStore, start: Callable[..., Started]
) -> None:
    scraper = start(SCRAPING_BACKFILL_DAYS="5")
    assert becomes_true(lambda: store.dates() == offered(site, 5))
    chromium = [process for process in browser_of(scraper) if process.name() != "chromedriver"]

    for process in chromium:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    new = site.move_on()

    assert becomes_true(lambda: new in store.dates())
    assert not [p for p in psutil.Process(scraper.pid).children() if p.status() == psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_another_time_zone_makes_no_other_date(
    zone: str, site: ReplaySite, store: HoldingsStore, start: Callable[..., Started]
) -> None:
    assert start("--once", SCRAPING_BACKFILL_DAYS="10", TZ=zone).wait(90) == 0

    assert store.dates() == offered(site, 10)


def test_once_names_the_days_that_are_missing(
    site: ReplaySite, store: HoldingsStore, start: Callable[..., Started], tmp_path: Path
) -> None:
    site.switch_on(Fault.FORTY_ROWS)

    assert start("--once", SCRAPING_BACKFILL_DAYS="2").wait(90) == 1

    assert store.dates() == []
    assert "not stored: 2026-02-27 (in quarantine: 40 rows, want at least 300)" in (
        (tmp_path / "output").read_text()
    )
