"""A folder that people put files into: which of them have come or changed, and seem to be whole.

Nobody says when a file is whole. So one is read once it has been at rest for a while, and again whenever it
changes: what was read of a half is replaced by what is read of the whole.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from southbound.common.remark import remark

AT_REST_SECONDS = 5.0
UNENDED_SECONDS = 30.0
"""For a CSV file whose last line has no end: a figure may lack its last digits. Some programs write it so."""

OLD_SECONDS = 3600.0
"""What has not changed for so long was there before we looked, and is not waited for."""

MOST_FILES = 20_000

BEING_WRITTEN = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", "~")
"""How browsers and programs call a file that they are still writing."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was when it was looked at.

    Attributes:
        path: of the file.
        size: in bytes.
        modified: when its content changed, in nanoseconds.
        changed: when that, its place or its rights did.
        number: of the file on its disk.
    """

    path: Path
    size: int
    modified: int
    changed: int
    number: int

    @property
    def name(self) -> str:
        """Of the file in its folder."""
        return self.path.name

    @property
    def arrived(self) -> datetime:
        """When it came, or changed last: a copy keeps when it was written, but not when it was put there."""
        return datetime.fromtimestamp(max(self.modified, self.changed) // 1000 / 1_000_000, UTC)

    def is_still(self) -> bool:
        """Whether it is what it was."""
        return seen(self.path) == self

    def quiet_seconds(self) -> float:
        """How long it must have been at rest."""
        return (
            UNENDED_SECONDS if self.path.suffix.lower() == ".csv" and self._is_unended() else AT_REST_SECONDS
        )

    def _is_unended(self) -> bool:
        try:
            with self.path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                return file.read(1) not in {b"\n", b"\r"}
        except OSError:
            return False  # an empty one, or one that cannot be read: its reader says so


def seen(path: Path) -> SeenFile | None:
    """A file as it is now; None if it is gone, or no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return SeenFile(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


class WatchedFolder:
    """One folder. Those in it are not looked into, and neither is what is still being written by its name.

    Args:
        folder: which need not be there yet.
        clock: in seconds; only differences count.

    Attributes:
        path: of the folder.
        trouble: why it cannot be looked into; empty if it can.
        names: of all files that are there.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = folder
        self._clock = clock
        self._since: dict[str, tuple[SeenFile, float]] = {}
        self._read: dict[str, SeenFile] = {}
        self.trouble = ""
        self.names: frozenset[str] = frozenset()

    def look(self) -> list[SeenFile]:
        """The files that have come or changed since they were read, and are at rest; the oldest first."""
        try:
            there = {file.name: file for file in self._files()}
            self.trouble = ""
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.trouble = remark("the folder cannot be read: {why}", why=why)
            return []
        self.names = frozenset(there)
        self._read = {name: file for name, file in self._read.items() if name in there}
        waiting = {name: file for name, file in there.items() if self._read.get(name) != file}
        now = self._clock()
        self._since = {name: self._at_rest_since(file, now) for name, file in waiting.items()}
        rested = (file for file, since in self._since.values() if now - since >= file.quiet_seconds())
        return sorted(rested, key=lambda file: (file.arrived, file.name))

    @property
    def is_waited_for(self) -> bool:
        """Whether there are files that were not read."""
        return bool(self._since)

    def was_read(self, file: SeenFile) -> None:
        """It need not be read again as it was."""
        self._read[file.name] = file
        self._since.pop(file.name, None)

    def read_again(self, name: str) -> None:
        """What it holds is to be compared anew."""
        self._read.pop(name, None)

    def read_all_again(self) -> None:
        """What was read is gone from where it was put."""
        self._read.clear()

    def _at_rest_since(self, file: SeenFile, now: float) -> tuple[SeenFile, float]:
        before = self._since.get(file.name)
        if before is not None and before[0] == file:
            return before
        is_old = (datetime.now(UTC) - file.arrived).total_seconds() > OLD_SECONDS
        return file, now - UNENDED_SECONDS if is_old and before is None else now

    def _files(self) -> Iterator[SeenFile]:
        with os.scandir(self.path) as entries:
            for count, entry in enumerate(entries):
                if count >= MOST_FILES:
                    raise OSError(0, remark("more than {most} files", most=f"{MOST_FILES:,}"))
                if not entry.name.startswith((".", "~")) and not entry.name.lower().endswith(BEING_WRITTEN):
                    file = seen(self.path / entry.name)
                    if file is not None:
                        yield file
