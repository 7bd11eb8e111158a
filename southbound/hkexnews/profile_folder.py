"""The folder that all of one Chromium belongs to: where it is, whose it is, and how an orphan's is found."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from southbound.common.errors import BrowserError
from southbound.common.remark import listed, remark
from southbound.hkexnews.launch import User
from southbound.system.folder_lock import lock_folder
from southbound.system.process_tree import end_users

PREFIX = "southbound-chromium-"

LONGEST_PARENT = 0 if sys.platform == "win32" else 16
"""Characters of the folder that ours is in; 0 for any number. Chromium makes a socket in its folder, 56
characters further down, and the path of a socket has at most 104."""

LEAST_FREE_BYTES = 48 * 2**20
"""What a Chromium that looks at one page may need: 3 MB at its start, and its cache."""


class Folder:
    """A new folder for all that one Chromium writes, held by this process.

    The hold is a lock on the folder, which the system lets go when the process ends, however it ends. So it
    tells an orphan's folder from a living one's, and systemd's tidying of /tmp leaves it alone, too.

    Args:
        user: whose Chromium it is; None for our own.

    Raises:
        BrowserError: there is no place for it.

    Attributes:
        path: where it is. It is ours, also if Chromium is not.
        inside: the part of it that Chromium writes to.
        log: takes what the driver and Chromium say.
    """

    def __init__(self, user: User | None = None) -> None:
        parent = place_for_folders(user)
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            lock = lock_folder(self.path)
            if lock is not None:  # else another process has just taken it for an orphan's
                self._lock = lock
                break
        self.user = user
        self.inside = self.path / "t"
        self.inside.mkdir(mode=0o700)
        if user is not None and sys.platform != "win32":
            self.path.chmod(0o711)
            os.chown(self.inside, user.uid, user.gid)
        self._log_file = self.path / "log"
        self.log = self._log_file.open("ab")

    def said(self) -> str:
        """What the driver and Chromium have said so far."""
        return self._log_file.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """End every process that was started in it, within seconds even if it is frozen, and remove it."""
        self.log.close()
        _clear(self.path, self._lock)


def end_orphans() -> None:
    """End what is left of every Chromium whose owner was killed. Harmless at any time."""
    for parent in _places():
        for path in parent.glob(f"{PREFIX}*"):
            lock = lock_folder(path)
            if lock is not None:
                _clear(path, lock)


def place_for_folders(user: User | None) -> Path:
    """The first of the usual places for temporary files that will do.

    Raises:
        BrowserError: none does; it says of each what is wrong with it.
    """
    problems = []
    for place in _places():
        problem = problem_with(place, user)
        if not problem:
            return place
        problems.append(remark("{place} {problem}", place=place, problem=problem))
    raise BrowserError(
        remark(
            "no folder for its files: {problems}; set TMPDIR to one of at most {longest_parent} characters "
            "that can be written to, with {megabytes} MB free",
            problems=listed(problems) or remark("there is none"),
            longest_parent=LONGEST_PARENT,
            megabytes=LEAST_FREE_BYTES >> 20,
        )
    )


def _places() -> Sequence[Path]:
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR")]
    usual: list[str | None] = [] if sys.platform == "win32" else ["/tmp", "/var/tmp", "/dev/shm"]  # noqa: S108
    if sys.platform == "win32":
        usual.append(tempfile.gettempdir())
    places = [*named[:3], *usual, named[3]]
    return [path for path in dict.fromkeys(Path(place) for place in places if place) if path.is_dir()]


def problem_with(place: Path, user: User | None) -> str:
    """What keeps Chromium's folder from being in this place; empty if nothing."""
    if LONGEST_PARENT and len(str(place.absolute())) > LONGEST_PARENT:
        return remark("has too long a name")
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
        free = shutil.disk_usage(place).free
    except OSError as error:
        return remark("cannot be written to ({why})", why=error.strerror)
    if free < LEAST_FREE_BYTES:
        return remark("has only {megabytes} MB free", megabytes=free >> 20)
    if user is not None and not may_run(place, user):
        return remark("is closed to the user {name}", name=repr(user.name))
    return ""


def may_run(path: Path, user: User) -> bool:
    """Whether a user may run a program, or enter a folder, and those above it. Ignores access lists."""
    for part in (path, *path.parents):
        found = part.stat()
        if found.st_uid == user.uid:
            right = stat.S_IXUSR
        elif found.st_gid == user.gid:
            right = stat.S_IXGRP
        else:
            right = stat.S_IXOTH
        if not found.st_mode & right:
            return False
    return True


def _clear(path: Path, lock: int) -> None:
    end_users(path)
    if sys.platform == "win32":
        os.close(lock)  # what is open cannot be removed there
        shutil.rmtree(path, ignore_errors=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)
