"""Processes are found by their session, their folder, or as orphans of ours; and then they are gone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from southbound.system.process_tree import end_session, end_users

assert sys.platform != "win32"  # which has neither such signals nor such users

Sleeper = subprocess.Popen[bytes]

WITH_A_CHILD = "import os, time; os.fork(); print(flush=True); time.sleep(600)"

# A grandchild leaves its group and session and loses its parent, as Chromium's crash handlers do.
WITH_AN_ORPHAN = """
import os, subprocess, sys, time
from southbound.system.process_tree import adopt_orphans, end_adopted

adopt_orphans()
ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
read, write = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        os.write(write, str(os.getpid()).encode())
        time.sleep(600)
    os._exit(0)
orphan = int(os.read(read, 20))
end_adopted({ours.pid})
print(orphan, ours.poll())
ours.kill()
ours.wait()
"""


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    """A process with a child, both in a session of their own."""
    command = [sys.executable, "-c", WITH_A_CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        yield process
        process.kill()


def test_all_of_a_session_are_ended(sleeper: Sleeper) -> None:
    [child] = psutil.Process(sleeper.pid).children()

    end_session(sleeper.pid)

    assert sleeper.wait(5) < 0
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_session_that_is_gone_already_is_no_error(sleeper: Sleeper) -> None:
    end_session(sleeper.pid)
    end_session(sleeper.pid)

    assert sleeper.wait(5) < 0


# Both have left their group and session: one is known by its command line, the other by its environment.
DAEMONS = """
import os, subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]

def start(*more, folder):
    apart = {"start_new_session": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*sleep, *more], env={**os.environ, "TMPDIR": folder}, **apart)
    print(process.pid, flush=True)

start(f"--into={sys.argv[1]}/profile", folder="/tmp")
start(folder=sys.argv[1])
start(folder=sys.argv[1] + "-other")
os._exit(0)
"""


def test_whoever_was_started_in_a_folder_is_ended_and_nobody_else(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DAEMONS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    named, inside, other = (psutil.Process(int(pid)) for pid in done.stdout.split())

    end_users(tmp_path)

    assert not _runs(named)
    assert not _runs(inside)
    assert _runs(other)
    other.kill()


def test_a_child_that_was_started_in_a_folder_is_reaped(tmp_path: Path) -> None:
    pid = os.posix_spawn(
        sys.executable, [sys.executable, "-c", "import time; time.sleep(600)"], {"TMPDIR": str(tmp_path)}
    )

    end_users(tmp_path)

    assert not psutil.pid_exists(pid)


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_an_orphan_is_ended_and_reaped_and_our_own_child_is_not() -> None:
    command = [sys.executable, "-c", WITH_AN_ORPHAN]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    orphan, ours = done.stdout.split()

    assert not psutil.pid_exists(int(orphan))
    assert ours == "None"
