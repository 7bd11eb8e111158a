"""Each process reads its configuration once: what it was started with is what it goes by."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from southbound.config.settings import RedisSettings, variables
from southbound.running.all_in_one import is_free
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT, becomes_true
from tools.benchmarks.visitors import visitors

NOTES_READING = """
import os, sys

def hear(event, arguments):
    if event == "open" and str(arguments[0]).endswith(("config.ini", ".env")):
        with open(os.environ["READ"], "a") as file:
            file.write(os.path.basename(arguments[0]) + "\\n")

sys.addaudithook(hear)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """For processes in `tmp_path` that note each reading of the two files in `read`."""
    (tmp_path / "sitecustomize.py").write_text(NOTES_READING)
    (tmp_path / "config.ini").write_text("[scraper]\nmin_gap_seconds = 0\n")
    (tmp_path / ".env").write_text("EMAIL_WATCHLIST=700\n")
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    return inherited | {"PYTHONPATH": path, "READ": str(tmp_path / "read")}


def readings(folder: Path) -> list[str]:
    return sorted((folder / "read").read_text().splitlines())


@pytest.mark.parametrize("command", [["scrape", "--once"], ["scrape", "--check"], ["mail", "--once"]])
def test_a_command_reads_the_configuration_once(
    command: list[str], environment: Mapping[str, str], free_port: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "southbound", *command],
        cwd=tmp_path,
        env={**environment, "REDIS_URL": f"redis://127.0.0.1:{free_port}/0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert readings(tmp_path) == [".env", "config.ini"]


def test_the_dashboard_reads_the_configuration_once_however_many_pages_are_opened(
    recorded_store: HoldingsStore,
    redis_settings: RedisSettings,
    environment: Mapping[str, str],
    free_port: int,
    tmp_path: Path,
) -> None:
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "southbound", "dashboard", f"--server.port={free_port}"],
            cwd=tmp_path,
            env={**environment, "REDIS_URL": redis_settings.url},
            stdout=said,
            stderr=said,
        )
        try:
            assert becomes_true(lambda: not is_free(free_port))
            with visitors(f"http://127.0.0.1:{free_port}", 2) as [page, _]:
                page.rerun("tab=mail")
        finally:
            process.terminate()
            process.wait(60)

    assert "Traceback" not in (tmp_path / "said").read_text()
    assert len(recorded_store.dates()) == 38
    assert readings(tmp_path) == [".env", "config.ini"]
