"""What an open page is told over its socket, and that it is never left with a dead one."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from southbound.dashboard.live import version_socket
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore


@pytest.fixture
def client(store_watcher: StoreWatcher, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(version_socket, "process", lambda: SimpleNamespace(store_watcher=store_watcher))
    with TestClient(Starlette(routes=[WebSocketRoute("/live", version_socket.version_feed)])) as client:
        yield client


def test_a_page_is_told_the_version_now_and_after_each_write(
    client: TestClient, store: HoldingsStore, recorded: dict[object, DailyHoldings]
) -> None:
    first, second = list(recorded.values())[:2]
    store.put(first)
    # The client of the tests cancels what it has spoken to.
    with suppress(CancelledError), client.websocket_connect("/live") as socket:
        told = socket.receive_text()
        store.put(second)
        if told == "0":  # before the store watcher had seen the first
            told = socket.receive_text()
        if told == "1":
            told = socket.receive_text()
        assert told == "2"


def test_a_socket_that_cannot_be_told_is_closed_so_that_the_page_asks_again(
    client: TestClient,
    store_watcher: StoreWatcher,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> None:
        raise KeyError("port")

    monkeypatch.setattr(store_watcher, "snapshot", broken)

    with client.websocket_connect("/live") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_text()

    assert closed.value.code == version_socket.INTERNAL_ERROR
    assert "an open page is not told of news any more" in caplog.text
