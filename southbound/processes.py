"""Ends processes by the group or session that they belong to, and so also what a dead parent left behind."""

import os
import time
from collections.abc import Callable

import psutil

GONE_WITHIN_SECONDS = 3.0


def end_group(group: int) -> None:
    """Kill every process of a process group, and wait until they are gone."""
    _end(lambda pid: os.getpgid(pid) == group)


def end_session(session: int) -> None:
    """Kill every process of a session, and wait until they are gone."""
    _end(lambda pid: os.getsid(pid) == session)


def _end(belongs: Callable[[int], bool]) -> None:
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while left := [process for process in psutil.process_iter() if _is_running(process, belongs)]:
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)


def _is_running(process: psutil.Process, belongs: Callable[[int], bool]) -> bool:
    try:
        # A zombie has ended; only its parent, or the machine's init, can make it disappear.
        return belongs(process.pid) and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False
