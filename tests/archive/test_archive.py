"""The archive is whole wherever its writing was cut off; what is damaged costs itself alone, and is named."""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from pyarrow import fs

from southbound.archive.archive import Archive
from southbound.archive.folders import LocalFolder, RemoteFolder, folder_at
from southbound.archive.kinds import HOLDINGS
from southbound.common.errors import ArchiveUnavailable, DamagedArchive
from tests.archive.readings import MINUTE, READ, held, put, reading, session
from tests.conftest import ROOT, EndOfTest

Days = dict[date, list[int]]

JANUARY, FEBRUARY = "holdings/2026-01.parquet", "holdings/2026-02.parquet"


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path)


class CutOff:
    """A folder whose writing ends after so many operations on files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: Path, after: int) -> None:
        self.left = after
        for owner, name in ((Path, "open"), (os, "fsync"), (Path, "replace")):
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))
        self.folder = LocalFolder(path)

    def _counted(self, operation: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise EndOfTest
            return operation(*arguments, **named)

        return counted


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 40), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3)), min_size=1, max_size=6))
def test_cut_off_after_any_operation_it_has_all_that_was_finished_and_nothing_by_half(
    after: int, steps: list[tuple[int, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        path = Path(name)
        plain = LocalFolder(path)
        archive = Archive.opened(plain)
        put(archive, reading(0, 9))
        finished = [held(plain)]
        cut = CutOff(patch, path, after)
        archive._folder = cut.folder
        try:
            for count, (number, shares) in enumerate(steps):
                put(archive, reading(number, shares, READ + (count + 1) * MINUTE))
                finished.append(_with(finished[-1], number, shares))
        except EndOfTest:
            number, shares = steps[len(finished) - 1]
            finished.append(_with(finished[-1], number, shares))
        patch.undo()
        reopened = Archive.opened(plain)

        assert reopened.damaged == {}
        assert held(plain) in finished[-2:]
        put(reopened, reading(31))
        assert Archive.opened(plain).damaged == {}


def _with(held: Days, number: int, shares: int) -> Days:
    known = held.get(session(number), [])
    if known and known[-1] == shares:
        return held
    return dict(sorted({**held, session(number): [*known, shares]}.items()))


WRITER = """
import sys
from pathlib import Path
from southbound.archive.archive import Archive
from southbound.archive.folders import LocalFolder
from tests.archive.readings import put, reading, READ, MINUTE
archive = Archive.opened(LocalFolder(Path(sys.argv[1])))
print("ready", flush=True)
for count in range(1, 100_000):
    put(archive, reading(count % 40, count, READ + count * MINUTE))
    print(count, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_process_that_is_killed_at_any_moment_leaves_it_whole(
    seed: int, folder: LocalFolder, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "1\n"]
        time.sleep(random.Random(seed).uniform(0, 0.3))
        process.kill()
        done = process.stdout.read().split()

    assert Archive.opened(folder).damaged == {}
    newest = max(shares for readings in held(folder).values() for shares in readings)
    assert newest in {1 + len(done), 2 + len(done)}
    assert sum(map(len, held(folder).values())) == newest
    assert not list(tmp_path.glob("**/*.new"))


def test_the_manifest_says_rows_and_sha256_of_files_and_days(folder: LocalFolder, tmp_path: Path) -> None:
    put(Archive.opened(folder), reading(0), reading(1), reading(1, 7, READ + MINUTE))

    manifest = json.loads((tmp_path / "manifest.json").read_text())

    [(name, entry)] = manifest["files"].items()
    assert name == JANUARY
    assert entry["rows"] == 9
    assert entry["sha256"] == hashlib.sha256((tmp_path / JANUARY).read_bytes()).hexdigest()
    assert entry["days"] == {
        str(each.day): {"rows": 3, "sha256": hashlib.sha256(each.figures.to_json().encode()).hexdigest()}
        for each in (reading(0), reading(1, 7))
    }


def test_a_clock_that_was_wrong_makes_no_older_reading_the_newest(folder: LocalFolder) -> None:
    put(Archive.opened(folder), reading(0, 1), reading(0, 2, READ - MINUTE), reading(0, 3, None))

    assert held(folder) == {session(0): [1, 2, 3]}


@pytest.mark.parametrize("spoil", [b"", b"PAR1 nothing", None])
def test_a_damaged_file_costs_its_month_is_named_and_is_kept_when_it_is_written_anew(
    spoil: bytes | None, folder: LocalFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(Archive.opened(folder), reading(0), reading(25))
    if spoil is None:
        (tmp_path / JANUARY).unlink()
    else:
        (tmp_path / JANUARY).write_bytes(spoil)

    archive = Archive.opened(folder)

    assert list(archive.days(HOLDINGS)) == [session(25)]
    assert list(archive.damaged) == [JANUARY]
    assert f"{JANUARY} of the archive is damaged" in caplog.text
    put(archive, reading(0, 4))
    assert archive.damaged == {}
    assert held(folder) == {session(0): [4], session(25): [100]}
    if spoil is not None:
        assert (tmp_path / f"{JANUARY}.damaged").read_bytes() == spoil


def test_a_file_that_changes_while_it_is_open_is_not_believed(folder: LocalFolder, tmp_path: Path) -> None:
    archive = Archive.opened(folder)
    put(archive, reading(0), reading(1))
    (tmp_path / JANUARY).write_bytes((tmp_path / JANUARY).read_bytes()[:-1])

    with pytest.raises(DamagedArchive, match="it has changed"):
        archive.readings(HOLDINGS, JANUARY)
    assert archive.days(HOLDINGS) == {}
    put(archive, reading(1))
    assert held(folder) == {session(1): [100]}


@pytest.mark.parametrize("spoil", [None, b"", b"{", b"[]", b'{"format": 2}', b"[" * 100_000])
def test_a_lost_manifest_is_made_anew_from_the_files(
    spoil: bytes | None, folder: LocalFolder, tmp_path: Path
) -> None:
    put(Archive.opened(folder), reading(0), reading(25))
    manifest = tmp_path / "manifest.json"
    manifest.unlink() if spoil is None else manifest.write_bytes(spoil)

    archive = Archive.opened(folder)

    assert sorted(archive.days(HOLDINGS)) == [session(0), session(25)]
    put(archive, reading(1))
    assert list(json.loads(manifest.read_bytes())["files"]) == [JANUARY, FEBRUARY]
    assert Archive.opened(folder).damaged == {}


def test_a_store_of_objects_holds_it_as_well(tmp_path: Path) -> None:
    folder = RemoteFolder(fs.LocalFileSystem(), f"{tmp_path}/archive/")
    put(Archive.opened(folder), reading(0), reading(25), reading(0, 2, READ + MINUTE))

    assert held(folder) == {session(0): [100, 2], session(25): [100]}
    assert held(folder_at(f"file://{tmp_path}/archive")) == held(LocalFolder(tmp_path / "archive"))


def out_of_reach(tmp_path: Path) -> str:
    (tmp_path / "file").write_bytes(b"")
    return str(tmp_path / "file" / "archive")


def test_a_place_that_cannot_be_written_or_is_away_is_named(tmp_path: Path, free_port: int) -> None:
    away = f"s3://bucket/archive?scheme=http&endpoint_override=127.0.0.1:{free_port}&region=x"

    for address in (out_of_reach(tmp_path), away, "s3://", "nothing://of/the/kind"):
        with pytest.raises(ArchiveUnavailable, match=r".+: .+"):
            put(Archive.opened(folder_at(address)), reading(0))


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from southbound.archive.archive import Archive
from southbound.archive.folders import LocalFolder
from southbound.common.errors import ArchiveUnavailable, DamagedArchive
from tests.archive.readings import put, reading
archive = Archive.opened(LocalFolder(Path(sys.argv[1])))
put(archive, reading(0))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    put(archive, *map(reading, range(1, 9)))
except ArchiveUnavailable as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "File too large" in done.stdout
    assert session(0) in held(LocalFolder(tmp_path))
    assert Archive.opened(LocalFolder(tmp_path)).damaged == {}
