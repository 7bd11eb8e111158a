"""The store for those who have none: a process that keeps what it was given."""

import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import psutil
import pytest

from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT

DAY = date(2026, 2, 27)
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def said() -> list[str]:
    """The first line of each process."""
    return []


@pytest.fixture
def start(said: list[str], free_port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts the process on `free_port`, with its data below `tmp_path`; returns after its first line."""
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        command = [
            "-m",
            "southbound.running.embedded_store",
            "--port",
            str(free_port),
            "--folder",
            str(tmp_path / "data"),
        ]
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        assert process.stdout is not None
        said.append(process.stdout.readline())
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def store(free_port: int) -> Iterator[HoldingsStore]:
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))
    yield store
    store.client.close()


def test_what_was_stored_is_there_after_a_restart(
    start: Start, store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    first = start()
    store.put(recorded[DAY])

    first.terminate()
    first.wait(60)
    start()

    assert first.returncode == 0
    assert store.dates() == [DAY]


def test_its_folder_is_for_the_user_alone(start: Start, tmp_path: Path) -> None:
    start()

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_folder_that_others_could_read_is_closed_with_all_that_is_in_it(
    start: Start, store: HoldingsStore, recorded: Mapping[date, DailyHoldings], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / "data").chmod(0o755)

    start()
    store.put(recorded[DAY])

    inside = [stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "data").rglob("*")]
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert len(inside) > 3
    assert not [oct(mode) for mode in inside if mode & 0o077]


def test_it_listens_on_this_machine_alone(start: Start, store: HoldingsStore, said: list[str]) -> None:
    process = start()

    [server] = psutil.Process(process.pid).children()
    listening = {c.laddr.ip for c in server.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    assert said[0].startswith("listening on 127.0.0.1:")
    assert store.client.config_get("protected-mode") == {"protected-mode": "yes"}


def test_a_server_that_dies_is_reported(start: Start) -> None:
    process = start()

    [server] = psutil.Process(process.pid).children()
    server.kill()
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "ended unasked" in output


def test_a_server_that_is_silent_for_seconds_is_left_running(start: Start, store: HoldingsStore) -> None:
    process = start()
    [server] = psutil.Process(process.pid).children()

    server.suspend()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(4)  # it looks every second, and waits a second for an answer
    server.resume()

    assert store.version() == 0
    assert psutil.Process(process.pid).children() == [server]


def test_a_port_that_is_taken_is_named(start: Start, said: list[str], free_port: int) -> None:
    start()

    second = start()
    second.wait(60)

    assert second.returncode == 1
    assert "the embedded store does not start" in said[1]
    assert str(free_port) in said[1]
