"""Where Chromium's folder is: a place that is short, writable, with room, and open to its user."""

import os
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from southbound.common.errors import BrowserError
from southbound.hkexnews import profile_folder
from southbound.hkexnews.launch import User
from southbound.hkexnews.profile_folder import Folder, may_run, place_for_folders, problem_with

assert sys.platform != "win32"  # which has no such users

STRANGER = User("stranger", 4_000_000, 4_000_000)


@pytest.fixture
def any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_folder, "LONGEST_PARENT", 0)


def test_a_name_too_long_for_a_socket_is_not_taken(tmp_path: Path) -> None:
    assert problem_with(tmp_path, None) == "has too long a name"


@pytest.mark.usefixtures("any_length")
@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (PermissionError(13, "Permission denied"), "cannot be written to (Permission denied)"),
        (OSError(30, "Read-only file system"), "cannot be written to (Read-only file system)"),
        (OSError(28, "No space left on device"), "cannot be written to (No space left on device)"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, problem: str
) -> None:
    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)

    assert problem_with(tmp_path, None) == problem


@pytest.mark.usefixtures("any_length")
def test_a_small_place_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(64 << 20, 52 << 20, 12 << 20))

    assert problem_with(tmp_path, None) == "has only 12 MB free"


@pytest.mark.usefixtures("any_length")
def test_a_place_that_is_closed_to_chromiums_user_is_not_taken(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    assert problem_with(closed, STRANGER) == "is closed to the user 'stranger'"
    assert problem_with(closed, None) == ""


def test_the_first_place_that_will_do_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    assert place_for_folders(None) in {Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")}


def test_without_a_place_each_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(profile_folder, "_places", lambda: [tmp_path])

    with pytest.raises(BrowserError, match="has too long a name; set TMPDIR to one of at most 16 characters"):
        Folder()


@pytest.mark.parametrize(
    ("mode", "user", "may"),
    [
        (0o755, STRANGER, True),
        (0o711, STRANGER, True),
        (0o750, STRANGER, False),
        (0o700, STRANGER, False),
        (0o700, User("us", os.getuid(), 1), True),
        (0o070, User("us", os.getuid(), 1), False),
    ],
)
def test_who_may_run_a_program(tmp_path: Path, mode: int, user: User, *, may: bool) -> None:
    program = tmp_path / "program"
    program.touch()
    program.chmod(mode)

    # pytest's folders are closed to others.
    assert may_run(program, user) is (may and may_run(tmp_path, user))
    assert not may_run(program, STRANGER)
    shared = Path("/usr/bin/env")
    assert may_run(shared, STRANGER)


def test_what_is_ours_is_not_chromiums_to_write() -> None:
    folder = Folder()
    try:
        assert folder.inside.parent == folder.path
        assert folder.path.stat().st_uid == os.geteuid()
        assert folder.path.stat().st_mode & 0o022 == 0
        assert folder.inside.stat().st_mode & 0o777 == 0o700
    finally:
        folder.close()
    assert not folder.path.exists()
