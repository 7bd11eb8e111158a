"""A program under a clock that is set wrong from outside, while it runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT

assert sys.platform != "win32"  # which has neither such signals nor such users

TELL = """
import sys, time
from datetime import UTC, datetime
print(sys.argv, flush=True)
for _ in sys.stdin:
    print(datetime.now(UTC).isoformat(), time.monotonic(), time.strftime("%Z"), flush=True)
"""
Program = subprocess.Popen[str]


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    return tmp_path / "clock"


@pytest.fixture
def program(clock: Path, tmp_path: Path) -> Iterator[Program]:
    script = tmp_path / "tell.py"
    script.write_text(TELL)
    command = [sys.executable, "-m", "tools.soak.off_clock", str(clock), str(script), "one", "two"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def asked(program: Program) -> tuple[datetime, float, str]:
    """The program's clock, its monotonic clock, and its time zone."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("\n")
    program.stdin.flush()
    moment, monotonic, zone = program.stdout.readline().split()
    return datetime.fromisoformat(moment), float(monotonic), zone


def off(moment: datetime) -> timedelta:
    """By how much a clock is wrong."""
    return moment - datetime.now(UTC)


def test_a_running_program_has_its_clock_set_and_set_right_again(program: Program, clock: Path) -> None:
    assert program.stdout is not None
    assert "one" in program.stdout.readline()
    right, before, _ = asked(program)

    clock.write_text("259200 <+14>-14")
    program.send_signal(signal.SIGUSR1)
    wrong, between, zone = asked(program)
    later, _, _ = asked(program)
    clock.write_text("0 ")
    program.send_signal(signal.SIGUSR1)
    mended, after, _ = asked(program)

    assert abs(off(right)) < timedelta(seconds=5)
    assert abs(off(wrong) - timedelta(days=3)) < timedelta(seconds=5)
    assert zone == "+14"
    assert later > wrong
    assert abs(off(mended)) < timedelta(seconds=5)
    assert before <= between <= after <= time.monotonic() + 5


def test_a_program_that_is_started_anew_has_the_wrong_clock_at_once(clock: Path, tmp_path: Path) -> None:
    clock.write_text("-86400 UTC0")
    script = tmp_path / "tell.py"
    script.write_text("from datetime import UTC, datetime; print(datetime.now(UTC).isoformat())")

    done = subprocess.run(
        [sys.executable, "-m", "tools.soak.off_clock", str(clock), str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert abs(off(datetime.fromisoformat(done.stdout.strip())) + timedelta(days=1)) < timedelta(seconds=30)


def test_a_module_with_its_arguments_is_run_too(clock: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.soak.off_clock", str(clock), "-m", "json.tool", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "json" in done.stdout
