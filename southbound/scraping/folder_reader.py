"""Reads what is put into folders, and tells what became of each file, in a thread of its own.

So a file is read within a minute whatever the site does. Level-triggered: what was read is in the memory of
this process alone, and the next one reads all that is there again; what is stored already is not written.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from southbound.common.background import BackgroundThread
from southbound.common.errors import NotTheWriter, SouthboundError, StoreError
from southbound.common.remark import in_short, remark, remark_of
from southbound.common.retry import STORE_PAUSE_SECONDS
from southbound.common.text import one_line
from southbound.scraping.watched_folder import SeenFile, WatchedFolder
from southbound.store.folder_status import LONGEST_TOLD, FileOutcome, FolderStatus

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 5.0
BEAT_SECONDS = 1.0
LONGEST_AWAITED = 60.0
"""Seconds in which nothing is read, after which a process that ends then waits no longer."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a file: see `FileOutcome`."""

    words: str
    is_taken: bool = True


Take = Callable[[Sequence[SeenFile]], Iterator[tuple[SeenFile, Told]]]
"""Takes files, the oldest first, into the store: each of which something is told was read.

Raises StoreUnavailable, StoreRefused and NotTheWriter: then the others are read once more.
"""


class FolderReader:
    """One folder.

    Args:
        folder: which.
        take: what becomes of its files.
        tell: is given what there is to say, whenever that changes.
        again: the names of files that are to be read once more.
        version: of the store; one that is lower than before is of a store that was emptied.

    Attributes:
        folder: the folder.
        count: how many files were read.
    """

    def __init__(
        self,
        folder: WatchedFolder,
        take: Take,
        tell: Callable[[FolderStatus], None],
        again: Callable[[], Iterable[str]] = tuple,
        version: Callable[[], int] = int,
    ) -> None:
        self.folder = folder
        self._take = take
        self._tell = tell
        self._again = again
        self._version = version
        self._known_version = 0
        self._outcomes: dict[str, FileOutcome] = {}
        self.count = 0
        self._said: FolderStatus | None = None

    def look(self) -> None:
        """Read what has come or changed.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
            NotTheWriter: another scraper has taken over.
        """
        version = self._version()
        if version < self._known_version:
            log.warning(
                "the store was emptied: the files in %s are read again", one_line(str(self.folder.path))
            )
            self.folder.read_all_again()
        self._known_version = version
        for name in self._again():
            self.folder.read_again(name)
        files = self.folder.look()
        if self.folder.trouble and (self._said is None or self._said.trouble != self.folder.trouble):
            log.error("%s: %s", one_line(str(self.folder.path)), self.folder.trouble)
        self._say()
        if not files:
            return
        for file, told in self._take(files):
            self.folder.was_read(file)
            self.count += 1
            now = datetime.now(UTC)
            self._outcomes[file.name] = FileOutcome(file.name, now, told.words, told.is_taken)
            log.log(
                logging.INFO if told.is_taken else logging.WARNING,
                "%s: %s",
                one_line(file.name, 100),
                told.words,
            )
            self._say()

    def not_taken(self) -> list[FileOutcome]:
        """The files that were not wholly taken."""
        return [outcome for outcome in list(self._outcomes.values()) if not outcome.is_taken]

    def _say(self) -> None:
        there = [outcome for name, outcome in self._outcomes.items() if name in self.folder.names]
        self._outcomes = {outcome.name: outcome for outcome in there}
        status = FolderStatus(len(there), tuple(there), self.folder.trouble)
        if status != self._said:
            self._said = status
            self._tell(status)


class FolderThread:
    """Reads some folders while this process is the writer.

    Args:
        readers: of the folders; none is nothing to do.
        may_write: whether this process is the writer.
    """

    def __init__(
        self, readers: Sequence[FolderReader] = (), may_write: Callable[[], bool] = lambda: True
    ) -> None:
        self._readers = readers
        self._may_write = may_write
        self._thread = BackgroundThread("folders", self._step)
        self._is_started = False
        self._looks = 0
        self._trouble = ""

    def start(self) -> None:
        """Begin; returns at once."""
        if self._readers and not self._is_started:
            self._is_started = True
            self._thread.start()

    def stop(self) -> None:
        """Let the file that is being read be the last."""
        self._thread.stop(5.0)

    def read_all(self, beat: Callable[[], object]) -> list[FileOutcome]:
        """Wait until all that is there was read, for a process that ends then; what was not wholly taken.

        Args:
            beat: a sign of life, every second.
        """
        if not self._readers:
            return []
        self.start()
        looks, done, idle = self._looks, 0, 0.0
        while idle < LONGEST_AWAITED:
            if self._looks > looks and not any(reader.folder.is_waited_for for reader in self._readers):
                break
            beat()
            self._thread.stopping.wait(BEAT_SECONDS)
            read = sum(reader.count for reader in self._readers)
            idle, done = (idle + BEAT_SECONDS, done) if read == done else (0.0, read)
        return [outcome for reader in self._readers for outcome in reader.not_taken()]

    def _step(self) -> None:
        try:
            for reader in self._readers:
                if self._may_write() and not self._thread.stopping.is_set():
                    reader.look()
        except (StoreError, NotTheWriter) as error:
            # The scraper itself says so loudly.
            log.log(logging.DEBUG if self._trouble == str(error) else logging.WARNING, "%s", error)
            self._trouble = str(error)
            self._thread.stopping.wait(STORE_PAUSE_SECONDS)
            return
        self._trouble = ""
        self._looks += 1
        self._thread.stopping.wait(LOOKS_EVERY_SECONDS)


def read_or_told(file: SeenFile, read: Callable[[], T]) -> T | Told | None:
    """What is read of a file, or why it cannot be; None if it changed meanwhile, and is to be read again.

    Whatever is raised costs this file alone.
    """
    told: T | Told
    try:
        told = read()
    except SouthboundError as error:
        told = Told(in_short(remark_of(error), LONGEST_TOLD), is_taken=False)
    except OSError as error:
        why = error.strerror or type(error).__name__
        told = Told(remark("it cannot be read: {why}", why=why), is_taken=False)
    except Exception as error:  # an error of ours must not keep the other files from being read
        log.exception("%s", one_line(file.name, 100))
        told = Told(remark("an error of this program: {error}", error=type(error).__name__), is_taken=False)
    return told if file.is_still() else None
