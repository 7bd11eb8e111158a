"""Work in another process: its answer, its errors, its log lines, and its end."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from southbound.common.errors import DamagedKey, ProcessDied
from southbound.system.apart import apart
from tests.conftest import ROOT, becomes_true

WORK = "tests.system.work"


def test_a_function_is_answered_by_another_process_which_has_ended(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        pid, answer = apart(f"{WORK}:doubled", [1, 2, 3])

    assert answer == [2, 4, 6]
    assert pid != os.getpid()
    assert not psutil.pid_exists(pid)
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("southbound.made_up", "two of each")
    ]


def test_what_it_raises_is_raised_here_with_where_it_was() -> None:
    with pytest.raises(DamagedKey, match="the key southbound:dates is damaged: it is a hash") as raised:
        apart(f"{WORK}:damaged")

    assert raised.value.key == "southbound:dates"
    assert "in damaged" in raised.value.__notes__[0]


def test_an_error_that_cannot_travel_is_told_in_words() -> None:
    with pytest.raises(RuntimeError, match="ValueError: <function"):
        apart(f"{WORK}:not_portable")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("killed", "ended with status -9 and no answer"),
        ("slow", "had no answer after 1 s, and was ended"),
    ],
)
def test_a_process_that_does_not_answer_is_told_of(name: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ProcessDied, match=f"{WORK}:{name} {told}"):
        apart(f"{WORK}:{name}", *[str(tmp_path)][: name == "slow"], seconds=1 if name == "slow" else 60)

    assert not any("southbound.system.apart" in " ".join(p.cmdline()) for p in psutil.Process().children())


def test_a_python_that_does_not_start_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(ProcessDied, match="could not be started"):
        apart(f"{WORK}:damaged")


def test_it_ends_with_whoever_asked(tmp_path: Path) -> None:
    program = f"""
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
from southbound.system.apart import apart
apart({WORK + ":slow"!r}, {str(tmp_path)!r})
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as asking:
        assert becomes_true(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        asking.terminate()
        assert asking.wait(60) == 0

    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))
