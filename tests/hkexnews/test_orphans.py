"""What a scraper that was killed leaves behind is ended by the next one, and nothing else is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from southbound.hkexnews import profile_folder
from southbound.hkexnews.client import SiteClient
from southbound.system.folder_lock import lock_folder
from tests.conftest import becomes_true

SCRAPER = """
import sys
from southbound.hkexnews.client import SiteClient
from southbound.hkexnews.rate_limit import RateLimit
from southbound.config.settings import ScraperSettings

browser = SiteClient(ScraperSettings(url=sys.argv[1]), RateLimit(0.0))
browser.newest()
print(browser._tab.driver.folder, flush=True)
sys.stdin.read()
browser.stop()
"""


@contextmanager
def scraper(url: str) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """A process with a browser that has loaded the page, and the browser's folder."""
    command = [sys.executable, "-c", SCRAPER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            folder = process.stdout.readline().strip()
            assert folder.startswith("/")  # or every process would be taken for one that uses it
            yield process, Path(folder)
        finally:
            process.kill()
            process.wait()
            profile_folder.end_orphans()


def users_of(folder: Path) -> list[psutil.Process]:
    """Those whose command line or environment names it, whatever they are."""
    users = []
    for process in psutil.process_iter():
        try:
            if str(folder) in " ".join((*process.cmdline(), *process.environ().values())):
                users.append(process)
        except psutil.Error:
            continue
    return users


def still_runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_scraper_that_was_killed_leaves_a_chromium_and_the_next_start_leaves_none_of_it(url: str) -> None:
    with scraper(url) as (process, folder):
        process.kill()
        process.wait()
        left = users_of(folder)
        assert {"chromedriver", "chromium", "chrome_crashpad_handler"} <= {user.name() for user in left}

        profile_folder.end_orphans()

        assert becomes_true(lambda: not users_of(folder))
        # One that is just ending has no command line any more, and ends a moment later.
        assert becomes_true(lambda: not any(still_runs(user) for user in left))
        assert not folder.exists()


def test_an_orphan_that_is_frozen_is_ended_too(url: str) -> None:
    with scraper(url) as (process, folder):
        for user in users_of(folder):
            user.suspend()
        process.kill()
        process.wait()

        profile_folder.end_orphans()

        assert not users_of(folder)
        assert not folder.exists()


def test_a_chromium_whose_scraper_runs_is_left_alone(url: str, own_browser: SiteClient) -> None:
    own_browser.newest()
    with scraper(url) as (process, folder):
        before = {user.pid for user in users_of(folder)}

        profile_folder.end_orphans()

        assert before <= {user.pid for user in users_of(folder)}
        process.communicate("")
        assert process.returncode == 0
        assert not folder.exists()
    assert own_browser.newest().listed is not None


def test_what_only_looks_like_an_orphan_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_folder, "_places", lambda: [tmp_path])
    monkeypatch.setattr(profile_folder, "LONGEST_PARENT", 0)
    kept = tmp_path / "kept"
    kept.mkdir()
    link = tmp_path / f"{profile_folder.PREFIX}link"
    link.symlink_to(kept)
    file = tmp_path / f"{profile_folder.PREFIX}file"
    file.touch()
    other = tmp_path / "southbound-demo-1"
    other.mkdir()
    held = profile_folder.Folder()
    orphan = tmp_path / f"{profile_folder.PREFIX}orphan"
    (orphan / "profile").mkdir(parents=True)

    profile_folder.end_orphans()

    assert sorted(tmp_path.iterdir()) == sorted([kept, link, file, other, held.path])
    held.close()
    assert not held.path.exists()


def test_a_folder_that_is_taken_for_an_orphans_before_it_is_held_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    folders = iter([first, second])
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_: str(next(folders)))
    taken = lock_folder(first)
    assert taken is not None

    folder = profile_folder.Folder()

    assert folder.path == second
    folder.close()
    os.close(taken)
