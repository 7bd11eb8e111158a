"""No thread of ours ends in silence."""

import ast
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import southbound
from southbound.common import background
from southbound.common.background import BackgroundThread, started_again
from southbound.common.errors import Unexpected
from southbound.dashboard.views import freshness, notices
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.store_watcher import StoreWatcher
from southbound.store import writer_lease as tenure_module
from southbound.store.holdings_store import HoldingsStore
from southbound.store.writer_lease import WriterLease
from tests.conftest import becomes_true

MODULES = sorted(Path(southbound.__file__).parent.rglob("*.py"))
ERRORS = [
    KeyError("port"),
    AttributeError("gone"),
    RuntimeError("loop"),
    ValueError(),
    OSError(5, "io"),
    MemoryError(),
]


def threads_of(module: Path) -> list[str]:
    """What a module starts threads with, but for the one place that does so."""
    made = ast.walk(ast.parse(module.read_text("utf-8")))
    names = [ast.unparse(node.func) for node in made if isinstance(node, ast.Call)]
    return [name for name in names if name.split(".")[-1] in {"Thread", "Timer", "ThreadPoolExecutor"}]


def test_every_thread_is_made_in_one_place() -> None:
    making = {module.name: threads for module in MODULES if (threads := threads_of(module))}

    assert making == {"background.py": ["threading.Thread"]}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PAUSE_SECONDS", 0.01)


@settings(deadline=None)
@given(st.lists(st.sampled_from(ERRORS), min_size=1, max_size=5))
def test_whatever_a_step_raises_is_reported_and_not_the_end(errors: list[Exception]) -> None:
    reported: list[Exception] = []
    left = iter(errors)

    def step() -> None:
        for error in left:
            raise error
        thread.stopping.set()

    thread = BackgroundThread("tried", step, reported.append, pause_seconds=0.0)
    thread.start()
    thread.join(5)

    assert reported == errors
    assert "tried" not in {living.name for living in threading.enumerate()}


def test_an_hour_of_the_same_is_one_traceback(caplog: pytest.LogCaptureFixture) -> None:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == 100:
            thread.stopping.set()
        raise KeyError("port")

    thread = BackgroundThread("tried", step, pause_seconds=0.0)
    thread.start()
    thread.join(5)

    [record] = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert record.message == "tried goes on after what it did not expect"
    assert record.exc_info is not None


def test_what_never_ends_begins_anew_and_is_over_when_it_returns() -> None:
    runs: list[int] = []

    def run() -> None:
        runs.append(1)
        if len(runs) < 3:
            raise RuntimeError

    thread = started_again("tried", run)
    thread.join(5)

    assert len(runs) == 3


@pytest.fixture
def store_watcher(store: HoldingsStore) -> Iterator[StoreWatcher]:
    store_watcher = StoreWatcher(store)
    yield store_watcher
    store_watcher.stop()


@pytest.mark.parametrize("error", ERRORS[:4], ids=lambda error: type(error).__name__)
def test_the_feed_shows_what_it_did_not_expect_and_recovers(
    error: Exception, store: HoldingsStore, store_watcher: StoreWatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise error

    monkeypatch.setattr(store, "version", broken)
    store_watcher.start()
    assert becomes_true(lambda: isinstance(store_watcher.snapshot().trouble, Unexpected))
    trouble = store_watcher.snapshot().trouble
    assert trouble is not None
    assert type(error).__name__ in str(trouble)
    assert "error of its own" in notices.unreadable(trouble).title
    assert "error of its own" in notices.last_figures(trouble).title
    assert freshness.badge(store_watcher.snapshot(), datetime.now(UTC)).colour == "red"

    monkeypatch.undo()

    assert becomes_true(
        lambda: store_watcher.snapshot().trouble is None and store_watcher.snapshot().data_version is not None
    )


def test_a_page_that_cannot_be_told_keeps_nobody_from_being_told(
    store: HoldingsStore, store_watcher: StoreWatcher, recorded: dict[object, DailyHoldings]
) -> None:
    told = threading.Event()

    def gone() -> None:
        raise RuntimeError("Event loop is closed")

    store_watcher.start()
    assert store_watcher.snapshot().data_version is not None
    with store_watcher.watching(gone), store_watcher.watching(told.set):
        store.put(next(iter(recorded.values())))
        assert told.wait(5)
    assert store_watcher.snapshot().trouble is None


def test_the_renewal_of_the_lock_goes_on(
    store: HoldingsStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tenure_module, "RENEWED_EVERY_SECONDS", 0.01)
    looks: list[int] = []

    def is_working() -> bool:
        looks.append(1)
        if len(looks) == 1:
            raise KeyError("port")
        return True

    lease = WriterLease(store.client, is_working)
    assert lease.take()
    assert becomes_true(lambda: len(looks) > 3)

    lease.check()
    lease.release()
    assert "writer-lease goes on after what it did not expect" in caplog.text
