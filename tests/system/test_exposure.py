"""What other users of the machine can do with our files: judged by a table, and seen with real users."""

import logging
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from southbound.common import logs
from southbound.common.errors import SettingsError
from southbound.common.logs import start_logging
from southbound.config.settings import load
from southbound.running.startup import STARTED_BY_RUN, settings_or_exit
from southbound.system.exposure import Step, exposure_of, judge, way_to
from southbound.system.system_user import group_is_private
from tests.conftest import ROOT

assert sys.platform != "win32"  # which has neither such signals nor such users

ADA, BOB = 1000, 1001
FOLDER, FILE, LINK = stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK
TOP = Step(Path("/"), FOLDER | 0o755, 0)
HOMES_FOLDER = "others can replace it, since /home"
HOME = Step(Path("/home"), FOLDER | 0o755, ADA)
CLOSED = Step(Path("/home"), FOLDER | 0o700, ADA)
LEADS_OUT = Step(Path("/home/l"), LINK | 0o777, ADA)
SHARED = Step(Path("/home"), FOLDER | 0o777, 0)
STICKY = Step(Path("/home"), FOLDER | 0o1777, 0)


def file(mode: int, owner: int = ADA, *, private_group: bool = False) -> Step:
    return Step(Path("/home/.env"), FILE | mode, owner, private_group)


@pytest.mark.parametrize(
    ("way", "wrong"),
    [
        ([TOP, HOME, file(0o600)], None),
        ([TOP, HOME, file(0o644)], "others can read it, and it holds SMTP_PASSWORD: chmod go-rwx /home/.env"),
        ([TOP, HOME, file(0o604)], "others can read it"),
        ([TOP, HOME, file(0o640)], "others can read it"),
        ([TOP, HOME, file(0o640, private_group=True)], None),
        ([TOP, HOME, file(0o644, private_group=True)], "others can read it"),
        ([TOP, CLOSED, file(0o644)], None),
        ([TOP, CLOSED, file(0o666)], None),
        ([TOP, HOME, file(0o666)], "can be written by others: chmod go-w /home/.env"),
        ([TOP, HOME, file(0o602)], "can be written by others"),
        ([TOP, HOME, file(0o660)], "can be written by others"),
        ([TOP, HOME, file(0o660, private_group=True)], None),
        ([TOP, HOME, file(0o600, BOB)], "belongs to another user (number 1001): chown -h 1000 /home/.env"),
        ([TOP, CLOSED, file(0o600, BOB)], "belongs to another user"),
        ([TOP, HOME, file(0o600, 0)], None),
        (
            [TOP, SHARED, file(0o600)],
            f"{HOMES_FOLDER} can be written by others: chmod go-w",
        ),
        ([TOP, STICKY, file(0o600)], None),
        ([TOP, STICKY, file(0o600, BOB)], "belongs to another user"),
        ([TOP, Step(Path("/home"), FOLDER | 0o755, BOB), file(0o600)], f"{HOMES_FOLDER} belongs to another"),
        (
            [TOP, Step(Path("/home"), FOLDER | 0o1777, BOB), file(0o600)],
            f"{HOMES_FOLDER} belongs to another",
        ),
        ([TOP, HOME, Step(Path("/home/link"), LINK | 0o777, ADA), file(0o600)], None),
        ([TOP, HOME, Step(Path("/home/l k"), LINK | 0o777, BOB), file(0o600)], "chown -h 1000 '/home/l k'"),
        # A link leads out of the closed folder to where everybody comes.
        (
            [TOP, CLOSED, Step(Path("/home/l"), LINK | 0o777, ADA), Step(Path("/env"), FILE | 0o644, ADA)],
            "read",
        ),
    ],
)
def test_what_others_can_do_with_a_file_that_holds_a_secret(way: list[Step], wrong: str | None) -> None:
    exposure = judge(".env", way, ADA, secrets=["SMTP_PASSWORD"])

    assert (exposure is None) is (wrong is None)
    if exposure is not None and wrong is not None:
        assert exposure.words.startswith(".env: ")
        assert wrong in exposure.words
        assert not exposure.refused


@pytest.mark.parametrize(
    ("way", "secrets", "programs", "refused"),
    [
        ([TOP, HOME, file(0o644)], [], ["chrome_binary"], None),  # only read
        ([TOP, HOME, file(0o644)], [], [], None),
        ([TOP, HOME, file(0o646)], [], [], False),
        ([TOP, HOME, file(0o646)], [], ["chrome_binary"], True),
        ([TOP, HOME, file(0o644, BOB)], [], ["chrome_binary"], True),
        ([TOP, SHARED, file(0o644)], ["SMTP_PASSWORD"], ["chromedriver"], True),
        ([TOP, HOME, file(0o644)], ["SMTP_PASSWORD"], ["chromedriver"], False),
    ],
)
def test_a_file_that_names_programs_is_refused_if_others_can_change_it(
    way: list[Step], secrets: list[str], programs: list[str], *, refused: bool | None
) -> None:
    exposure = judge("config.ini", way, ADA, secrets, programs)

    assert (exposure and exposure.refused) is refused
    if refused:
        assert exposure is not None
        assert f"it names programs to run ({programs[0]})" in exposure.words
        assert "or name them in the environment" in exposure.words


def test_for_root_everybody_else_is_another_user() -> None:
    assert judge("config.ini", [TOP, file(0o600, ADA)], 0)
    assert judge("config.ini", [TOP, file(0o600, 0)], 0) is None


def test_the_way_to_a_file_is_the_systems(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "file").touch(mode=0o640)
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "link").symlink_to(tmp_path / "folder" / ".." / "folder" / "file")

    way = way_to(tmp_path / "link")

    assert way[-1].path == real.resolve() / "file"
    assert stat.S_IMODE(way[-1].mode) == 0o640
    assert [step.path.name for step in way if stat.S_ISLNK(step.mode)] == ["link", "folder", "folder"]
    assert way[0].path == Path("/")


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to("there")
    (tmp_path / "there").symlink_to("here")

    with pytest.raises(OSError, match="circle"):
        way_to(tmp_path / "here")
    assert exposure_of(tmp_path / "here") is None


@pytest.mark.parametrize(
    ("members", "users", "private"),
    [
        ([], {"ada": (ADA, 50)}, True),
        (["ada", "root"], {"ada": (ADA, 50), "root": (0, 0)}, True),
        (["ada", "bob"], {"ada": (ADA, 50), "bob": (BOB, 51)}, False),
        ([], {"ada": (ADA, 50), "bob": (BOB, 50)}, False),
        (["nobody-knows"], {"ada": (ADA, 50)}, False),
    ],
)
def test_a_group_is_private_if_nobody_else_is_in_it(
    members: list[str], users: dict[str, tuple[int, int]], monkeypatch: pytest.MonkeyPatch, *, private: bool
) -> None:
    def entry(name: str) -> SimpleNamespace:
        return SimpleNamespace(pw_uid=users[name][0], pw_gid=users[name][1])

    monkeypatch.setattr("grp.getgrgid", lambda _: SimpleNamespace(gr_mem=members))
    monkeypatch.setattr("pwd.getpwnam", entry)
    monkeypatch.setattr("pwd.getpwall", lambda: [entry(name) for name in users])

    assert group_is_private(50, ADA) is private


def test_a_group_that_nobody_knows_is_not_private() -> None:
    assert not group_is_private(2**30, ADA)


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that everybody gets to, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made).resolve()


def write(folder: Path, name: str, text: str, mode: int) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(mode)
    return folder / name


def test_a_readable_password_is_warned_of_with_the_command_that_closes_it(folder: Path) -> None:
    file = write(folder, ".env", "SMTP_USERNAME=ada\nSMTP_PASSWORD=sesame\n", 0o644)

    [warning] = load(folder, {}).warnings
    subprocess.run(warning.rpartition(": ")[2], shell=True, check=True)

    assert "holds SMTP_USERNAME and SMTP_PASSWORD" in warning
    assert "sesame" not in warning
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(folder, {}).warnings == ()


SIGN_IN = """
DASHBOARD_SIGN_IN_METADATA_URL=https://id.example.org/.well-known/openid-configuration
DASHBOARD_SIGN_IN_CLIENT_ID=southbound
DASHBOARD_SIGN_IN_CLIENT_SECRET=not-a-secret
DASHBOARD_SIGN_IN_COOKIE_SECRET=8Kq2vJx5wTn0RzYb7LcDf3HsGm9PaEuX
DASHBOARD_SIGN_IN_ALLOWED=reader@example.org
"""


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("REDIS_URL=redis://:sesame@localhost\n", True),
        ("REDIS_URL=redis://localhost\n", False),
        ("SMTP_PASSWORD=\n", False),
        (SIGN_IN, True),
    ],
)
def test_what_holds_no_secret_may_be_read(folder: Path, text: str, *, warned: bool) -> None:
    write(folder, ".env", text, 0o644)

    assert bool(load(folder, {}).warnings) is warned


@pytest.mark.parametrize(
    ("name", "text", "setting"),
    [
        ("config.ini", "[scraper]\nchrome_binary = /bin/true\n", "chrome_binary"),
        (".env", "CHROMEDRIVER=/bin/true\n", "CHROMEDRIVER"),
    ],
)
def test_programs_in_a_file_that_others_can_write_are_refused(
    folder: Path, name: str, text: str, setting: str
) -> None:
    file = write(folder, name, text, 0o646)

    with pytest.raises(SettingsError, match="can be written by others") as refused:
        load(folder, {})
    file.chmod(0o644)

    assert setting in str(refused.value)
    assert load(folder, {}).scraper != load(folder / "elsewhere", {}).scraper


def test_a_folder_that_others_can_write_is_as_bad(folder: Path) -> None:
    write(folder, "config.ini", "[scraper]\nchrome_binary = /bin/true\n", 0o600)
    folder.chmod(0o777)

    with pytest.raises(SettingsError, match="others can replace it"):
        load(folder, {})


def test_a_log_file_is_made_for_its_user_alone_and_keeps_the_rights_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "keep_logs_plain", lambda: None)  # it is for a process of its own
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    given = write(tmp_path, "given.log", "", 0o640)
    os.umask(umask := os.umask(0))
    os.umask(0)
    try:
        for log in (tmp_path / "new.log", given):
            root.handlers[:] = []
            start_logging(log)
            root.warning("a line")
            for handler in root.handlers:
                handler.close()
    finally:
        os.umask(umask)
        root.handlers[:] = before
        root.setLevel(level)

    assert stat.S_IMODE((tmp_path / "new.log").stat().st_mode) == 0o600
    assert stat.S_IMODE(given.stat().st_mode) == 0o640
    assert "a line" in given.read_text(encoding="utf-8")


AS_USER = """
import grp, encodings.utf_8_sig, os, pwd, sys  # another user may not reach this Python's files
sys.path.insert(0, sys.argv[1])
from southbound.config.settings import SettingsError, load
os.chdir(sys.argv[2])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
try:
    load()
except SettingsError as error:
    sys.exit(str(error))
"""
PROGRAMS = "[scraper]\nchrome_binary = /bin/true\n"
OWNERS: list[tuple[int, int, bool]] = [(os.geteuid(), os.geteuid(), True)]
"""Who owns config.ini, who reads it, and whether it is read."""
if os.geteuid() == 0:
    OWNERS += [(0, 65534, True), (4321, 4321, True), (4321, 65534, False), (4321, 0, False)]


def started_by(user: int, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", AS_USER, str(ROOT), str(folder), str(user)],
        env={name: value for name, value in os.environ.items() if name != "CHROME_BINARY"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("owner", "reader", "is_read"), OWNERS)
def test_programs_are_taken_from_a_file_of_ones_own_or_of_root_alone(
    folder: Path, owner: int, reader: int, *, is_read: bool
) -> None:
    os.chown(write(folder, "config.ini", PROGRAMS, 0o644), owner, -1)

    result = started_by(reader, folder)

    assert (result.returncode == 0) is is_read, result.stderr
    assert ("config.ini: belongs to another user (number 4321)" in result.stderr) is not is_read


@pytest.mark.parametrize(("owner", "reader", "is_read"), OWNERS[-2:])
def test_a_link_counts_with_its_owner(folder: Path, owner: int, reader: int, *, is_read: bool) -> None:
    write(folder, "real.ini", PROGRAMS, 0o644)
    (folder / "config.ini").symlink_to("real.ini")
    os.chown(folder / "config.ini", owner, -1, follow_symlinks=False)

    result = started_by(reader, folder)

    assert (result.returncode == 0) is is_read, result.stderr


def test_a_warning_is_one_line_and_ends_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, ".env", "SMTP_USERNAME=ada\nSMTP_PASSWORD=sesame\n", 0o644)
    monkeypatch.chdir(folder)

    settings_or_exit()
    [warning] = capsys.readouterr().err.splitlines()
    monkeypatch.setenv(STARTED_BY_RUN, "yes")
    settings_or_exit()

    assert warning.startswith("warning: .env: others can read it")
    assert capsys.readouterr().err == ""
