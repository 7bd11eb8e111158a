"""Where an archive lies: a folder of this machine, or an address that pyarrow knows. Its files are whole."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
from pyarrow import fs

from southbound.common.errors import ArchiveUnavailable, DamagedArchive
from southbound.common.remark import remark
from southbound.common.text import one_line

MOST_BYTES = 64_000_000
"""Of one file: a month has 200 kB."""

UNFINISHED = ".new"
"""How the name of a file ends that is being written."""


class Folder(Protocol):
    """Every method raises ArchiveUnavailable; `read` also DamagedArchive, of a file far too large."""

    def read(self, name: str) -> bytes | None:
        """A file, None if there is none."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """A file, new or in the place of another: who reads it has the one or the other, and whole."""
        ...

    def names(self) -> list[str]:
        """All files, in folders as well: `holdings/2026-02.parquet`."""
        ...


def folder_at(address: str) -> Folder:
    """The folder at a path, or at an address like `s3://bucket/folder`.

    Raises:
        ArchiveUnavailable: pyarrow cannot make anything of the address.
    """
    if "://" not in address:
        return LocalFolder(Path(address))
    with _errors(address):
        return RemoteFolder(*fs.FileSystem.from_uri(address))


class LocalFolder:
    """A folder of this machine. A file is written beside its place, and moved there once on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> bytes | None:
        with _errors(self._path / name):
            try:
                _check_size(name, (self._path / name).stat().st_size)
                return (self._path / name).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes) -> None:
        path = self._path / name
        with _errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{UNFINISHED}")
            try:
                with beside.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(path)
            except OSError:
                with suppress(OSError):
                    beside.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def names(self) -> list[str]:
        """What a write that was cut off has left is removed."""
        with _errors(self._path):
            for left in self._path.glob(f"**/.*{UNFINISHED}"):
                left.unlink(missing_ok=True)
            return [path.relative_to(self._path).as_posix() for path in self._path.glob("**/*")]


class RemoteFolder:
    """A folder of a store of objects: an object is there when all of it is."""

    def __init__(self, system: Any, path: str) -> None:
        self._system = system
        self._path = path.rstrip("/")

    def read(self, name: str) -> bytes | None:
        with _errors(name):
            [found] = self._system.get_file_info([f"{self._path}/{name}"])
            if found.type == fs.FileType.NotFound:
                return None
            _check_size(name, found.size or 0)
            with self._system.open_input_file(f"{self._path}/{name}") as file:
                return bytes(file.read())

    def write(self, name: str, content: bytes) -> None:
        with _errors(name):
            self._system.create_dir(f"{self._path}/{name}".rpartition("/")[0], recursive=True)
            with self._system.open_output_stream(f"{self._path}/{name}") as file:
                file.write(content)

    def names(self) -> list[str]:
        with _errors(self._path):
            selector = fs.FileSelector(self._path, allow_not_found=True, recursive=True)
            return [
                found.path.removeprefix(f"{self._path}/") for found in self._system.get_file_info(selector)
            ]


@contextmanager
def _errors(place: object) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ArchiveUnavailable(
            remark("{place}: {why}", place=one_line(str(place), 200), why=one_line(said, 200))
        ) from error


def _check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise DamagedArchive(
            name, remark("it has {size} bytes, want at most {most}", size=f"{size:,}", most=f"{MOST_BYTES:,}")
        )


def _sync_folder(path: Path) -> None:
    """So that the name, too, outlives a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
