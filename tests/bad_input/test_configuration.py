"""config.ini and .env: what is wrong is named with its place, all at once, and no secret is shown."""

from pathlib import Path

import pytest

from southbound.common.errors import SettingsError
from southbound.config.redis_url import OPTIONS
from southbound.config.settings import Settings, load
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.memory import MEGABYTE, watched
from tests.bad_input.wanted import (
    DAYS,
    FILE,
    HIDDEN,
    HTTP_ALONE,
    ONE_LINE,
    PORT,
    PROGRAM,
    ROWS,
    SECONDS,
    SHORT,
    STORE,
    wrong,
)

SECRET = "correct-horse"  # what no message may hold
INI, ENV = "config.ini", ".env"
OURS_MB = 20

Files = dict[str, str | bytes]
NOT_SO = "want NAME=value, not what stands there"
BOGUS = f"the option 'bogus', as there are only {', '.join(OPTIONS)}"
PASSWORD = "[redis] url: holds a password, want it as REDIS_URL in .env or the environment alone"

WRONG: list[Case[Files, tuple[str, ...]]] = [
    Case(
        Attack.MISSING,
        "an equals sign in .env",
        {ENV: f"SMTP_PORT=25\n\nSMTP_PASSWORD {SECRET}\n"},
        (f".env line 3: {NOT_SO}",),
    ),
    Case(Attack.MISSING, "a name in .env", {ENV: f"={SECRET}\n"}, (f".env line 1: {NOT_SO}",)),
    Case(
        Attack.MISSING, "all but a secret in .env", {ENV: f"# mine\n{SECRET}\n"}, (f".env line 2: {NOT_SO}",)
    ),
    Case(Attack.MISSING, "a value in .env", {ENV: "SMTP_PORT\n"}, (f".env line 1: {NOT_SO}",)),
    Case(
        Attack.MISSING,
        "a closing quote in .env",
        {ENV: f'SMTP_PASSWORD="{SECRET}\nSMTP_PORT=25\n'},
        (f".env line 1: {NOT_SO}",),
    ),
    Case(
        Attack.MISSING,
        "an equals sign in config.ini",
        {INI: f"[email]\nsmtp_password {SECRET}\n"},
        ("config.ini: want `key = value`, not what stands in line 2",),
    ),
    Case(
        Attack.MISSING,
        "a section",
        {INI: f"url = {SECRET}\n"},
        ("config.ini: line 1 stands before the first [section]",),
    ),
    Case(
        Attack.HUGE,
        "a value",
        {INI: f"[redis]\nchannel = {'x' * 100_000}\n"},
        (wrong("[redis] channel", f"'{'x' * 99}…", SHORT, INI),),
    ),
    Case(
        Attack.HUGE,
        "a key of a megabyte",
        {INI: f"[redis]\n{'x' * 900_000} = 1\n"},
        (f"[redis] {'x' * 40}…: no such key, want one of url, read_url, channel",),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a word for a port",
        {INI: "[email]\nsmtp_port = many\n"},
        (wrong("[email] smtp_port", "'many'", PORT, INI),),
    ),
    Case(
        Attack.WRONG_TYPE,
        "an unknown variable",
        {ENV: "SMTP_SEVER=h\n"},
        (".env SMTP_SEVER: no such variable, did you mean SMTP_SERVER?",),
    ),
    Case(
        Attack.WRONG_TYPE, "a variable that is no name", {ENV: f"{SECRET}!=1\n"}, (f".env line 1: {NOT_SO}",)
    ),
    Case(
        Attack.WRONG_TYPE,
        "an option of the store",
        {ENV: f"REDIS_URL=redis://:{SECRET}@h/0?bogus=1\n"},
        (wrong("[redis] url", HIDDEN, f"{STORE} without {BOGUS}", "REDIS_URL in .env"),),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a password in config.ini",
        {INI: f"[redis]\nurl = redis://:{SECRET}@h/0\n"},
        (PASSWORD,),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a password in config.ini, as an option",
        {INI: f"[redis]\nurl = redis://h/0?password={SECRET}\n"},
        (PASSWORD,),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a password in config.ini, elsewhere overruled",
        {INI: f"[redis]\nurl = redis://u:{SECRET}@h\n", ENV: "REDIS_URL=redis://h\n"},
        (PASSWORD,),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a password for the page",
        {INI: f"[scraper]\nurl = https://u:{SECRET}@h/a\n"},
        (wrong("[scraper] url", "'https://***@h/a'", HTTP_ALONE, INI),),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a user for the dashboard",
        {ENV: f"DASHBOARD_URL=https://{SECRET}@h\n"},
        (wrong("[dashboard] url", "'https://***@h'", HTTP_ALONE, "DASHBOARD_URL in .env"),),
    ),
    Case(
        Attack.MARKUP,
        "as a key",
        {INI: "[redis]\n<b>x</b> = 1\n"},
        ("[redis] <b>x</b>: no such key, want one of url, read_url, channel",),
    ),
    Case(
        Attack.FORMULA,
        "instead of a number",
        {INI: "[scraper]\nbackfill_days = =1+1\n"},
        (wrong("[scraper] backfill_days", "'=1+1'", DAYS, INI),),
    ),
    Case(
        Attack.CONTROL,
        "a zero byte in a path",
        {INI: "[scraper]\nlog_file = a\x00b\n"},
        (wrong("[scraper] log_file", "'a\\x00b'", FILE, INI),),
    ),
    Case(
        Attack.CONTROL,
        "a zero byte in a program",
        {INI: "[scraper]\nchrome_binary = a\x00b\n"},
        (wrong("[scraper] chrome_binary", "'a\\x00b'", PROGRAM, INI),),
    ),
    Case(
        Attack.CONTROL,
        "an escape in a key",
        {INI: "[redis]\n\x1b[2Jx = 1\n"},
        ("[redis] [2jx: no such key, want one of url, read_url, channel",),
    ),
    Case(
        Attack.CONTROL,
        "an override in a server",
        {ENV: "SMTP_SERVER=a\u202eb\n"},
        (wrong("[email] smtp_server", "'a\\u202eb'", ONE_LINE, "SMTP_SERVER in .env"),),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "in config.ini",
        {INI: b"[redis]\nchannel = \xff\n"},
        ("config.ini: 'utf-8' codec can't decode byte 0xff in position 18: invalid start byte",),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "in .env",
        {ENV: b"SMTP_PASSWORD=\xff" + SECRET.encode()},
        (".env: 'utf-8' codec can't decode byte 0xff in position 14: invalid start byte",),
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "a number",
        {INI: f"[scraper]\nmin_rows = {2**64}\n"},
        (wrong("[scraper] min_rows", "'18446744073709551616'", ROWS, INI),),
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "seconds",
        {INI: f"[scraper]\ninterval_seconds = {2**64}\n"},
        (wrong("[scraper] interval_seconds", "'18446744073709551616'", SECONDS, INI),),
    ),
]

FINE: list[Case[Files, None]] = [
    Case(Attack.MISSING, "both files", {}, None),
    Case(Attack.EMPTY, "both files", {INI: "", ENV: ""}, None),
    Case(
        Attack.EMPTY,
        "all values",
        {INI: "[redis]\nurl =\nchannel = \n", ENV: "SMTP_PORT=\nSMTP_SERVER=''\n"},
        None,
    ),
    Case(
        Attack.EMPTY,
        "lines, and remarks",
        {INI: "\n\n; x\n[redis]\n# y\n", ENV: "\n \n# x\nexport SMTP_PORT=587 # usual\n"},
        None,
    ),
]

LARGE: list[Case[str, tuple[str, ...]]] = [
    Case(Attack.HUNDRED_MEGABYTES, name, name, (f"{name}: want a file of at most 1,000,000 bytes",))
    for name in (INI, ENV)
]

# Not tried, a JSON bomb: neither file is JSON; an INI file has no depth


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(folder, {})
    return caught.value.problems


def write(folder: Path, files: Files) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@each(WRONG)
def test_what_is_wrong_is_named_with_its_place_and_not_shown_if_it_may_be_secret(
    case: Case[Files, tuple[str, ...]], tmp_path: Path
) -> None:
    write(tmp_path, case.given)

    found = problems(tmp_path)

    assert found == case.then
    assert all(problem.isprintable() and len(problem) < 500 for problem in found)
    assert not [problem for problem in found if SECRET in problem]


@each(FINE)
def test_what_says_nothing_changes_nothing(case: Case[Files, None], tmp_path: Path) -> None:
    write(tmp_path, case.given)

    assert load(tmp_path, {}) == Settings()


@each(LARGE)
def test_a_file_of_100_megabytes_is_refused_before_it_is_read(
    case: Case[str, tuple[str, ...]], tmp_path: Path
) -> None:
    with (tmp_path / case.given).open("wb") as file:
        file.truncate(100 * MEGABYTE)

    with watched() as peak:
        found = problems(tmp_path)

    assert found == case.then
    assert peak.ours < OURS_MB


def test_a_device_in_the_place_of_a_file_is_not_read_for_ever(tmp_path: Path) -> None:
    (tmp_path / ENV).symlink_to("/dev/zero")

    assert problems(tmp_path) == (".env: want a file of at most 1,000,000 bytes",)


def test_a_quoted_value_over_several_lines_is_one_and_the_lines_behind_it_are_counted(tmp_path: Path) -> None:
    write(tmp_path, {ENV: f"\n\nSMTP_USERNAME='u'\nSMTP_PASSWORD='a\nb'\n\n{SECRET}\n"})

    assert problems(tmp_path) == (
        f".env line 7: {NOT_SO}",
        wrong("[email] smtp_password", HIDDEN, ONE_LINE, "SMTP_PASSWORD in .env"),
    )
