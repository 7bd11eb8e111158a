"""Ends processes by what they belong to, and so also what a dead parent left behind."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

ENDING_SIGNALS = [signal.SIGINT, signal.SIGTERM]
"""By which a program is asked to end, from the keyboard and by another program."""
if sys.platform == "win32":
    ENDING_SIGNALS.append(signal.SIGBREAK)  # there SIGTERM ends it without asking

GONE_WITHIN_SECONDS = 3.0
PR_SET_CHILD_SUBREAPER = 36  # from linux/prctl.h


def end_session(session: int) -> None:
    """Kill every process of a session, and wait until they are gone.

    Windows has no sessions. There it ends all that the process has started, and those in turn.
    """
    if sys.platform == "win32":
        _end(lambda process: process.pid in descendants(session, _parents()))
    else:
        _end(lambda process: os.getsid(process.pid) == session)


def descendants(ancestor: int, parents: Mapping[int, int]) -> set[int]:
    """All processes below one, which may have ended.

    Args:
        ancestor: its id.
        parents: id -> its parent's id.
    """
    found: set[int] = set()
    newest = {ancestor}
    while newest := {child for child, parent in parents.items() if parent in newest} - found - {ancestor}:
        found |= newest
    return found


def end_users(folder: Path) -> None:
    """Kill every process that was started in a folder, and wait until they are gone.

    They name it in their command line or have TMPDIR in it, also when they have left their group and lost
    their parent. Those that are children of this process by now are reaped.
    """
    for ended in _end(lambda process: _uses(process, str(folder))):
        _reap(ended)


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
            except psutil.NoSuchProcess:
                continue
            _reap(orphan.pid)
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)


def _reap(child: int) -> None:
    """Let an ended child of ours disappear, as the systems want it that keep them for their parents."""
    if sys.platform != "win32":
        with suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


def _parents() -> dict[int, int]:
    parents = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            parents[process.pid] = process.ppid()
    return parents


def _uses(process: psutil.Process, folder: str) -> bool:
    if process.pid == os.getpid():
        return False
    named = any(folder in argument for argument in process.cmdline())
    return named or Path(process.environ().get("TMPDIR", "/")).is_relative_to(folder)


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
