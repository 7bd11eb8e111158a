"""The archive: which days it has, and how they are read and written. It is whole at every moment."""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from southbound.archive import month_files, names_file
from southbound.archive.figure_kinds import KINDS
from southbound.archive.folders import Folder
from southbound.archive.kinds import Kind
from southbound.archive.manifest import FILE, Content, FileEntry, Manifest
from southbound.archive.month_files import Reading, Readings
from southbound.common.errors import DamagedArchive
from southbound.common.remark import remark, remark_of

Day = TypeVar("Day")

log = logging.getLogger(__name__)

DAMAGED = ".damaged"
"""How the name ends under which a damaged file is kept when it is written anew."""

TICK = timedelta(microseconds=1)


class Archive:
    """The files of a folder, each of which was seen to be what the manifest says.

    May be used from several threads. Every method raises ArchiveUnavailable; after that, open it anew.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._files: dict[str, FileEntry] = {}
        self._writing = threading.RLock()
        self.damaged: dict[str, str] = {}

    @classmethod
    def opened(cls, folder: Folder) -> "Archive":
        """The archive in a folder, an empty one if there is none. All of its files are read: 10 MB a decade.

        What is damaged is named in the log and in `damaged`, and counts as if it were not there.
        """
        archive = cls(folder)
        manifest = archive._manifest()
        present = {name for name in folder.names() if _kind_of(name)}
        for name in sorted(present | manifest.files.keys()):
            archive._open(name, manifest)
        for error in archive.damaged.values():
            log.error("%s", error)
        return archive

    def days(self, kind: Kind[Any]) -> dict[date, Content]:
        """The days of a kind that can be read."""
        files = list(self._files.items())
        return {
            day: content
            for name, entry in files
            if name.startswith(f"{kind.name}/")
            for day, content in entry.days.items()
        }

    def readings(self, kind: Kind[Day], name: str) -> Readings[Day]:
        """What is in a file; nothing if there is none.

        Raises:
            DamagedArchive: it is not what it was when the archive was opened.
        """
        with self._writing:
            return {} if (content := self._content(name)) is None else self._decoded(kind, name, content)

    def put(self, kind: Kind[Day], name: str, newer: Iterable[Reading[Day]]) -> None:
        """Write days of one month, each beside what was read of it before. What is there alike is left.

        A reading counts more than those before it, so its moment is after theirs, whatever a clock said.
        """
        with self._writing:
            readings: dict[date, Sequence[Reading[Day]]] = dict(self._readable(kind, name))
            for reading in newer:
                known = readings.get(reading.day, ())
                if known and month_files.alike(kind, known[-1], reading):
                    continue
                readings[reading.day] = (*known, _after(known[-1], reading) if known else reading)
            content = month_files.encode(kind, readings)
            self._write(name, content, month_files.entry_of(kind, readings, content))

    def stock_names(self) -> dict[int, str]:
        """Stock code -> Chinese name."""
        with self._writing:
            content = self._content(names_file.FILE)
            return {} if content is None else names_file.decode(content)

    def put_stock_names(self, names: Mapping[int, str]) -> None:
        """Replace the Chinese names."""
        with self._writing:
            content = names_file.encode(names)
            entry = FileEntry(Content(len(names), hashlib.sha256(content).hexdigest()))
            self._write(names_file.FILE, content, entry)

    def _write(self, name: str, content: bytes, entry: FileEntry) -> None:
        """The manifest first: cut off between the two, the file is what the manifest says it was before."""
        if name in self.damaged:
            with suppress(DamagedArchive):  # of that size it is none of ours
                if (lost := self._folder.read(name)) is not None:
                    self._folder.write(f"{name}{DAMAGED}", lost)
        self._folder.write(
            FILE, Manifest({**self._files, name: entry}, {name: self._files.get(name)}).to_json()
        )
        self._folder.write(name, content)
        self._files[name] = entry
        self.damaged.pop(name, None)

    def _manifest(self) -> Manifest:
        try:
            text = self._folder.read(FILE)
            return Manifest() if text is None else Manifest.from_json(text)
        except DamagedArchive as error:
            self.damaged[FILE] = remark_of(error)
            return Manifest()
        except ValueError as error:
            self._is_damaged(FILE, remark("{error}; it is made anew from the files", error=error))
            return Manifest()

    def _open(self, name: str, manifest: Manifest) -> None:
        """Take a file in, if it is whole."""
        try:
            content = self._folder.read(name)
            known = list(filter(None, [manifest.files.get(name), manifest.before.get(name)]))
            if content is None:
                if manifest.before.get(name, known):  # else it is the first that was about to be written
                    self._is_damaged(name, remark("it is gone"))
            elif not known:
                self._files[name] = _described(name, content)
            elif (entry := _fitting(known, content)) is not None:
                self._files[name] = entry
            else:
                self._is_damaged(name, remark("its SHA-256 is another than in the manifest"))
        except DamagedArchive as error:
            self.damaged[name] = remark_of(error)
        except ValueError as error:
            self._is_damaged(name, remark_of(error))

    def _content(self, name: str) -> bytes | None:
        """The bytes of a file that was whole; None if there is none."""
        entry = self._files.get(name)
        if entry is None:
            return None
        content = self._folder.read(name)
        if content is None or _fitting([entry], content) is None:
            del self._files[name]
            changed = remark("it has changed since it was opened")
            self._is_damaged(name, changed)
            raise DamagedArchive(name, changed)
        return content

    def _readable(self, kind: Kind[Day], name: str) -> Readings[Day]:
        """The readings of a file; none if it is damaged: then it is written anew."""
        try:
            return self.readings(kind, name)
        except DamagedArchive as error:
            log.error("%s", error)
            return {}

    def _decoded(self, kind: Kind[Day], name: str, content: bytes) -> Readings[Day]:
        try:
            return month_files.decode(kind, content)
        except ValueError as error:
            self._files.pop(name, None)
            self._is_damaged(name, remark_of(error))
            raise DamagedArchive(name, remark_of(error)) from error

    def _is_damaged(self, name: str, reason: str) -> None:
        self.damaged[name] = remark_of(DamagedArchive(name, reason))


def _after(before: Reading[Day], reading: Reading[Day]) -> Reading[Day]:
    last = before.origin.read_at
    read_at = reading.origin.read_at or datetime.now(UTC)
    if last is not None and read_at <= last:
        read_at = last + TICK
    return replace(reading, origin=replace(reading.origin, read_at=read_at))


def _fitting(entries: Sequence[FileEntry], content: bytes) -> FileEntry | None:
    digest = hashlib.sha256(content).hexdigest()
    return next((entry for entry in entries if entry.content.sha256 == digest), None)


def _kind_of(name: str) -> Kind[Any] | Callable[[bytes], dict[int, str]] | None:
    """What a file of this name holds; None if it is none of the archive's."""
    if name == names_file.FILE:
        return names_file.decode
    folder, _, file = name.partition("/")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}\.parquet", file):
        return None
    return next((kind for kind in KINDS if kind.name == folder), None)


def _described(name: str, content: bytes) -> FileEntry:
    """What a manifest would say of a file that none names.

    Raises:
        ValueError: it cannot be read.
    """
    kind = _kind_of(name)
    if isinstance(kind, Kind):
        return month_files.entry_of(kind, month_files.decode(kind, content), content)
    return FileEntry(Content(len(names_file.decode(content)), hashlib.sha256(content).hexdigest()))
