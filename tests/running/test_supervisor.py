"""Real processes: kept running, told apart, and ended with all that they started."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import becomes_true

assert sys.platform != "win32"  # which has neither such signals nor such users

RUN = """
import os
from pathlib import Path
from southbound.running.supervisor import Program, Supervisor, python
programs = [
    Program(
        name, python("-c", code), dict(os.environ), Path("."), serves=name == "store", ends=name != "page"
    )
    for name, code in {programs!r}
]
Supervisor(programs).run()
"""
SERVE = "print('up', flush=True)\nimport time\nwhile True: time.sleep(1)"
STUBBORN = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVE}"
PARENT = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], process_group=0)\n"
    "print('child', child.pid, flush=True)\n"
)

Process = subprocess.Popen[str]
Supervised = Callable[..., Process]


@pytest.fixture
def supervised() -> Iterator[Supervised]:
    """Starts a supervisor of these programs in a process of its own, as `make run` is."""
    started: list[Process] = []

    def supervised(*programs: tuple[str, str]) -> Process:
        command = [sys.executable, "-c", RUN.format(programs=programs)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        return started[-1]

    yield supervised
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def read_until(process: Process, pattern: str) -> list[str]:
    """The lines up to the first that matches. After ten seconds a timer kills the process."""
    assert process.stdout is not None
    timer = threading.Timer(10, process.kill)
    timer.start()
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if re.search(pattern, line):
            timer.cancel()
            return lines
    raise AssertionError(f"no line matches {pattern!r} in {lines}")


def end(process: Process, number: int = signal.SIGINT) -> float:
    """How many seconds the process takes to end after a signal."""
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=60)
    return time.monotonic() - began


def test_lines_are_told_apart_by_the_name_of_their_program(supervised: Supervised) -> None:
    process = supervised(("one", SERVE), ("another", SERVE))

    lines = read_until(process, "up") + read_until(process, "up")
    end(process)

    assert sorted(lines) == ["another | up", "one     | up"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(supervised: Supervised, number: int) -> None:
    process = supervised(("one", SERVE), ("two", SERVE))
    read_until(process, "up")
    read_until(process, "up")
    below = psutil.Process(process.pid).children()

    took = end(process, number)

    assert len(below) == 2
    assert process.returncode == 0
    assert took < 5
    assert not any(child.is_running() for child in below)


def test_a_signal_that_comes_amid_the_supervisors_own_waiting_ends_everything_too() -> None:
    """In the moments in which it holds the lock of what it waits for."""
    program = f"""
import os, signal
from pathlib import Path
from southbound.running.supervisor import Program, Supervisor, python
supervisor = Supervisor([Program("one", python("-c", {SERVE!r}), dict(os.environ), Path("."))])
def interrupted():
    with supervisor._stopping._cond:
        signal.raise_signal(signal.SIGTERM)
supervisor.run(interrupted)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)

    assert done.returncode == 0


def test_one_that_does_not_end_is_killed_in_time(supervised: Supervised) -> None:
    process = supervised(("one", SERVE), ("stubborn", STUBBORN))
    read_until(process, "stubborn . up")

    assert end(process) < 10
    assert process.returncode == 0


def test_one_that_dies_is_started_again_with_growing_pauses(supervised: Supervised) -> None:
    process = supervised(("one", SERVE), ("frail", "print('up', flush=True); raise SystemExit(3)"))

    lines = read_until(process, "starting it again in 2 s")
    end(process)

    assert "frail | ended with status 3; starting it again in 1 s" in lines
    assert lines.count("frail | up") == 2


def test_one_that_is_done_is_not_started_again(supervised: Supervised) -> None:
    process = supervised(("one", SERVE), ("short", "print('up')"), ("frail", "raise SystemExit(3)"))

    lines = read_until(process, "starting it again in 2 s")
    end(process)

    assert lines.count("short | up") == 1
    assert "short | is done" in lines


ANSWERS = f"from southbound.running.ending import end_on_signal\nend_on_signal()\n{SERVE}"
"""As the scraper, the e-mailer and the store's keeper do."""
ANSWERS_WITH_ZERO = f"import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())\n{SERVE}"
"""As Streamlit does."""
KEEPER = """
import sys
from southbound.running.embedded_store import main
sys.argv = ["embedded_store", "--port", "{port}", "--folder", "{folder}"]
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("name", "code", "number"),
    [
        ("scraper", ANSWERS, signal.SIGTERM),
        ("scraper", ANSWERS, signal.SIGINT),
        ("scraper", ANSWERS, signal.SIGHUP),
        ("scraper", SERVE, signal.SIGTERM),
        ("scraper", SERVE, signal.SIGKILL),
        ("page", ANSWERS_WITH_ZERO, signal.SIGTERM),
        ("store", ANSWERS, signal.SIGTERM),
    ],
)
def test_what_a_signal_from_outside_ends_is_started_again(
    supervised: Supervised, name: str, code: str, number: int
) -> None:
    process = supervised((name, code))
    read_until(process, "up")
    [child] = psutil.Process(process.pid).children()

    child.send_signal(number)

    read_until(process, "up")
    end(process)
    assert process.returncode == 0


def test_a_keeper_of_the_store_that_is_asked_to_end_is_started_again(
    supervised: Supervised, tmp_path: Path, free_port: int
) -> None:
    process = supervised(("store", KEEPER.format(port=free_port, folder=tmp_path)))
    read_until(process, "listening")
    [child] = psutil.Process(process.pid).children()

    child.terminate()

    lines = read_until(process, "listening")
    end(process)
    assert "store | ended with status 143; starting it again in 1 s" in lines


def test_what_a_killed_process_had_started_is_ended_too(supervised: Supervised) -> None:
    process = supervised(
        ("one", SERVE), ("parent", PARENT + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    )
    [line] = [line for line in read_until(process, "ended with status -9") if "child" in line]
    orphan = int(line.split()[-1])

    gone = becomes_true(lambda: not _runs(orphan))
    end(process)

    assert gone


def test_what_serves_the_others_outlives_them(supervised: Supervised) -> None:
    last_words = "import signal, sys, time\ndef bye(*_):\n print('bye', flush=True)\n sys.exit()\n"
    code = f"{last_words}signal.signal(signal.SIGTERM, bye)\n{SERVE}"
    process = supervised(("user", code), ("store", code))
    read_until(process, "up")
    read_until(process, "up")

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)

    assert output.split("\n")[:2] == ["user  | bye", "store | bye"]


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
