"""Ends processes by what they belong to, and so also what a dead parent left behind."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import psutil

GONE_WITHIN_SECONDS = 3.0
PR_SET_CHILD_SUBREAPER = 36  # from linux/prctl.h


def end_session(session: int) -> None:
    """Kill every process of a session, and wait until they are gone."""
    _end(lambda process: os.getsid(process.pid) == session)


def end_users(folder: Path) -> None:
    """Kill every process that was started in a folder, and wait until they are gone.

    They name it in their command line or have it as TMPDIR, also when they have left their group and lost
    their parent. Those that are children of this process by now are reaped.
    """
    for ended in _end(lambda process: _uses(process, str(folder))):
        with suppress(ChildProcessError):
            os.waitpid(ended, os.WNOHANG)


def adopt_orphans() -> None:
    """Become the parent of whatever our descendants leave behind, instead of the machine's init (Linux only).

    Chromium's crash handlers leave its group and its session. And in a container there may be no init that
    would make ended processes disappear: a scraper that runs for months would fill the table of processes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_adopted(ours: Collection[int | None] = ()) -> None:
    """Kill and reap every child of this process but `ours`: after `adopt_orphans` those are the orphans."""
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while orphans := [child for child in psutil.Process().children() if child.pid not in ours]:
        for orphan in orphans:
            try:
                orphan.kill()
                os.waitpid(orphan.pid, os.WNOHANG)
            except (psutil.NoSuchProcess, ChildProcessError):
                continue
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)


def _uses(process: psutil.Process, folder: str) -> bool:
    if process.pid == os.getpid():
        return False
    named = any(folder in argument for argument in process.cmdline())
    return named or process.environ().get("TMPDIR") == folder


def _end(belongs: Callable[[psutil.Process], bool]) -> set[int]:
    """Returns the ids of those that were ended."""
    ended: set[int] = set()
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while left := [process for process in psutil.process_iter() if _is_running(process, belongs)]:
        for process in left:
            ended.add(process.pid)
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return ended


def _is_running(process: psutil.Process, belongs: Callable[[psutil.Process], bool]) -> bool:
    try:
        # A zombie has ended; only its parent can make it disappear.
        return belongs(process) and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False
