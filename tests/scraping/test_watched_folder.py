"""Which files of a folder are read, and when: not before they are whole, as far as can be told."""

import os
from pathlib import Path

import pytest

from southbound.scraping import watched_folder
from southbound.scraping.watched_folder import AT_REST_SECONDS, UNENDED_SECONDS, SeenFile, WatchedFolder
from tests.scraping.made_up import Clock


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> WatchedFolder:
    return WatchedFolder(tmp_path, clock)


def names(files: list[SeenFile]) -> list[str]:
    return [file.name for file in files]


def test_a_file_is_read_once_it_is_at_rest_and_once_only(
    folder: WatchedFolder, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "a.htm").write_text("half")
    assert folder.look() == []
    assert folder.is_waited_for
    clock.now += AT_REST_SECONDS - 0.1
    assert folder.look() == []
    (tmp_path / "a.htm").write_text("half and more")
    clock.now += 0.2
    assert folder.look() == []
    clock.now += AT_REST_SECONDS

    [file] = folder.look()
    folder.was_read(file)

    assert file.is_still()
    assert folder.look() == []
    assert not folder.is_waited_for


def test_a_file_that_changed_while_it_was_read_or_after_it_is_read_again(
    folder: WatchedFolder, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "a.htm").write_text("half")
    folder.look()
    clock.now += AT_REST_SECONDS
    [file] = folder.look()
    (tmp_path / "a.htm").write_text("whole")
    assert not file.is_still()
    folder.was_read(file)

    folder.look()
    clock.now += AT_REST_SECONDS

    assert names(folder.look()) == ["a.htm"]


def test_a_csv_file_without_an_end_of_its_last_line_is_waited_for_longer(
    folder: WatchedFolder, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "cut.csv").write_text("date,code,close\n2026-02-27,700,51")
    (tmp_path / "whole.csv").write_text("date,code,close\n2026-02-27,700,518\n")
    folder.look()
    clock.now += AT_REST_SECONDS

    assert names(folder.look()) == ["whole.csv"]
    clock.now += UNENDED_SECONDS
    assert sorted(names(folder.look())) == ["cut.csv", "whole.csv"]


def test_what_has_been_there_for_long_is_not_waited_for(
    folder: WatchedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.htm").write_text("whole")
    monkeypatch.setattr(watched_folder, "OLD_SECONDS", -1.0)

    assert names(folder.look()) == ["a.htm"]


def test_what_is_still_written_by_its_name_hidden_or_no_file_is_passed_over(
    folder: WatchedFolder, clock: Clock, tmp_path: Path
) -> None:
    for name in (".a.csv", "b.htm.part", "c.crdownload", "d.TMP", "~$e.xlsx", "f.csv~"):
        (tmp_path / name).write_text("x\n")
    (tmp_path / "page_files").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    folder.look()
    clock.now += UNENDED_SECONDS

    assert folder.look() == []
    assert folder.names == frozenset()


def test_a_folder_that_is_not_there_is_told_and_read_once_it_is(clock: Clock, tmp_path: Path) -> None:
    folder = WatchedFolder(tmp_path / "later", clock)
    assert folder.look() == []
    assert folder.trouble == "the folder cannot be read: No such file or directory"

    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "a.htm").write_text("whole")
    folder.look()
    clock.now += AT_REST_SECONDS

    assert names(folder.look()) == ["a.htm"]
    assert folder.trouble == ""
    (tmp_path / "later" / "a.htm").unlink()
    assert folder.look() == []
