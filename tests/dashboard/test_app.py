"""What the server does before the first reader comes."""

from collections.abc import Callable

import pytest

from southbound.config.settings import RedisSettings, Settings
from southbound.dashboard import app
from southbound.dashboard.state.resources import Resources
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore


@pytest.fixture
def resources_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[HoldingsStore], Resources]:
    """Has a store be the one of this process."""

    def resources_of(store: HoldingsStore) -> Resources:
        watcher, cache = StoreWatcher(store), FiguresCache(store)
        shared = Resources(watcher, cache, DataQuality(store), Settings(), store.sign_outs(), store)
        monkeypatch.setattr(app, "process", lambda: shared)
        return shared

    return resources_of


def test_the_figures_are_read_before_anybody_asks(
    filled: HoldingsStore,
    resources_of: Callable[[HoldingsStore], Resources],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = resources_of(filled)
    shared.store_watcher.start()

    app.read_ahead()

    shared.store_watcher.stop()
    monkeypatch.setattr(filled, "get_many", None)
    version = shared.store_watcher.snapshot().data_version
    assert version is not None
    assert shared.figures_cache.market_view(version)[0].history.dates == tuple(filled.dates())


def test_a_store_that_is_away_keeps_the_server_from_nothing(
    free_port: int, resources_of: Callable[[HoldingsStore], Resources]
) -> None:
    shared = resources_of(HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0")))
    shared.store_watcher.start()

    app.read_ahead()

    shared.store_watcher.stop()
    assert shared.store_watcher.snapshot().trouble is not None
