"""`southbound import` beside a scraper: one of the two writes."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from southbound.commands import export as exporting, import_ as importing
from southbound.common.errors import NotTheWriter
from southbound.config.settings import RedisSettings, Settings
from southbound.market.daily_holdings import DailyHoldings
from southbound.scraping.importing import only_writer
from southbound.store import keys, writer_lease
from southbound.store.holdings_store import HoldingsStore
from southbound.store.writer_lease import LOOKS_WITHIN_A_LEASE, WriterLease

FRIDAY = date(2026, 2, 27)


@pytest.fixture
def file(recorded_store: HoldingsStore, redis_settings: RedisSettings, tmp_path: Path) -> Path:
    """One day, which an empty store lacks."""
    file = tmp_path / "days.csv"
    exporting.export(Settings(redis=redis_settings), file, FRIDAY, FRIDAY)
    recorded_store.client.flushall()
    return file


def lease_of(store: HoldingsStore) -> WriterLease:
    return store.writer_lease(lambda: True)


def test_while_a_scraper_runs_nothing_is_imported_and_it_says_who_writes_and_what_to_do(
    store: HoldingsStore, redis_settings: RedisSettings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_lease, "STANDBY_LOOKS_EVERY_SECONDS", 0.0)
    scraper = lease_of(store)
    assert scraper.take()
    try:
        with pytest.raises(NotTheWriter, match=r"pid .* writes to this store: stop it .*\[import\] folder"):
            importing.take(Settings(redis=redis_settings), [file], check=False, replace=False)
        importing.take(Settings(redis=redis_settings), [file], check=True, replace=False)
    finally:
        scraper.release()

    assert store.dates() == []


def test_one_that_was_killed_is_waited_for_as_long_as_its_lease_lasts(store: HoldingsStore) -> None:
    store.client.set(keys.SCRAPER_LOCK, "a scraper that was killed", px=60_000)
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == LOOKS_WITHIN_A_LEASE - 1:
            store.client.delete(keys.SCRAPER_LOCK)

    with only_writer(store, sleep):
        assert store.client.exists(keys.SCRAPER_LOCK)


def test_a_scraper_stands_by_during_an_import_and_takes_over_after_it(
    store: HoldingsStore,
    redis_settings: RedisSettings,
    file: Path,
    recorded: Mapping[date, DailyHoldings],
) -> None:
    scraper = lease_of(store)
    with only_writer(store) as written:
        assert not scraper.take()
        written.put(recorded[FRIDAY])
    importing.take(Settings(redis=redis_settings), [file], check=False, replace=False)

    assert store.dates() == [FRIDAY]
    assert scraper.take()
    scraper.release()


def test_a_day_is_not_written_once_another_has_taken_over(
    store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    with only_writer(store) as written:
        store.client.set(keys.SCRAPER_LOCK, "another scraper")
        with pytest.raises(NotTheWriter):
            written.put(recorded[FRIDAY])

    assert store.dates() == []
    assert store.client.get(keys.SCRAPER_LOCK) == "another scraper"
