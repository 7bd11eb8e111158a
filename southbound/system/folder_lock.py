"""A lock on a folder of ours, which the system releases when its process ends, however it ends."""

import os
import sys
from pathlib import Path

from southbound.system.system_user import user_id

WINDOWS_LOCK_FILE = "lock"
"""Windows locks files alone: this one, in the folder."""


def lock_folder(path: Path) -> int | None:
    """A file descriptor that holds the lock until it is closed.

    None if the folder is locked, gone, or not ours.
    """
    try:
        descriptor = _open(path)
    except OSError:
        return None
    try:
        _lock(descriptor)
        if _is_ours(descriptor) and path.exists():
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


# What only one kind of system has is imported where it is needed, so that this module imports everywhere.


def _open(path: Path) -> int:
    if sys.platform == "win32":
        return os.open(path / WINDOWS_LOCK_FILE, os.O_RDWR | os.O_CREAT)
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _lock(descriptor: int) -> None:
    """Raises OSError if somebody else has it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_ours(descriptor: int) -> bool:
    # Windows gives each user a temporary folder of their own.
    return user_id() in {None, os.fstat(descriptor).st_uid}
