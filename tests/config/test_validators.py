"""What each rule takes, and what it says of what it does not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from southbound.config import validators

LONG = "x" * 5000


@pytest.mark.parametrize(
    ("rule", "given_text", "value"),
    [
        (validators.yes_or_no, "true", True),
        (validators.yes_or_no, "Yes", True),
        (validators.yes_or_no, "ON", True),
        (validators.yes_or_no, "1", True),
        (validators.yes_or_no, "false", False),
        (validators.yes_or_no, "No", False),
        (validators.yes_or_no, "off", False),
        (validators.yes_or_no, "0", False),
        (validators.seconds, "0", 0.0),
        (validators.seconds, "1.5", 1.5),
        (validators.seconds, "86400", 86_400.0),
        (validators.seconds_above_zero, "0.1", 0.1),
        (validators.days_of_a_year, "1", 1),
        (validators.days_of_a_year, "366", 366),
        (validators.rows, "1", 1),
        (validators.rows, "99999", 99_999),
        (validators.percent, "0", 0),
        (validators.percent, "100", 100),
        (validators.port, "65535", 65_535),
        (validators.http_url, "http://127.0.0.1:8080/sdw?t=hk", "http://127.0.0.1:8080/sdw?t=hk"),
        (validators.security, "starttls", "starttls"),
        (validators.security, "tls", "tls"),
        (validators.security, "none", "none"),
        (validators.address, "somebody@example.org", "somebody@example.org"),
        (validators.text, "päss wörd", "päss wörd"),
        (validators.program, "sh", Path("/bin/sh")),
        (validators.path, "scraper.log", Path("scraper.log")),
    ],
)
def test_a_value_as_it_should_be_is_taken(
    rule: Callable[[str], object], given_text: str, value: object
) -> None:
    taken = rule(given_text)
    if isinstance(value, Path) and value.is_absolute():
        assert isinstance(taken, Path)
        assert taken.samefile(value)
    else:
        assert taken == value


@pytest.mark.parametrize(
    ("rule", "given_text", "wanted"),
    [
        (validators.yes_or_no, "maybe", "true or false"),
        (validators.yes_or_no, "2", "true or false"),
        (validators.seconds, "-1", "a number of seconds from 0 to 86400"),
        (validators.seconds, "nan", "a number of seconds from 0 to 86400"),
        (validators.seconds, "inf", "a number of seconds from 0 to 86400"),
        (validators.seconds, "1 minute", "a number of seconds from 0 to 86400"),
        (validators.seconds_above_zero, "0", "a number of seconds from 0.1 to 86400"),
        (validators.days_of_a_year, "0", "a whole number from 1 to 366 (calendar days)"),
        (validators.days_of_a_year, "367", "a whole number from 1 to 366 (calendar days)"),
        (validators.days_of_a_year, "1_0", "a whole number from 1 to 366 (calendar days)"),
        (validators.days_of_a_year, "٣", "a whole number from 1 to 366 (calendar days)"),
        (validators.days_of_a_year, "-5", "a whole number from 1 to 366 (calendar days)"),
        (validators.days_of_a_year, "9" * 5000, "a whole number from 1 to 366 (calendar days)"),
        (validators.rows, "0", "a whole number from 1 to 99999 (rows)"),
        (validators.rows, "100000", "a whole number from 1 to 99999 (rows)"),
        (validators.percent, "101", "a whole number from 0 to 100 (percent)"),
        (validators.percent, "80%", "a whole number from 0 to 100 (percent)"),
        (validators.percent, "0.8", "a whole number from 0 to 100 (percent)"),
        (validators.percent, "", "a whole number from 0 to 100 (percent)"),
        (validators.port, "65536", "a whole number from 1 to 65535 (port)"),
        (validators.port, "25.0", "a whole number from 1 to 65535 (port)"),
        (validators.http_url, "www3.hkexnews.hk", "an address like https://host/path"),
        (validators.http_url, "ftp://host/", "an address like https://host/path"),
        (validators.http_url, "https://", "an address like https://host/path"),
        (validators.http_url, "https://host:99999/", "an address like https://host/path"),
        (validators.http_url, "https://host:0/", "an address like https://host/path"),
        (validators.http_url, "http://[::1", "an address like https://host/path"),
        (validators.http_url, "http://[v1.a]/", "an address like https://host/path"),
        (
            validators.https_url,
            "https://[v1.a]:443/",
            "an address like https://host/path, with http on this machine alone",
        ),
        (validators.security, "ssl", "starttls, tls or none"),
        (validators.address, "somebody", "an address like somebody@example.org"),
        (validators.address, "A <a@example.org>", "an address like somebody@example.org"),
        (validators.address, "a@b@example.org", "an address like somebody@example.org"),
        (validators.address, "a\u200b@example.org", "an address like somebody@example.org"),
        (validators.text, "two\nlines", "text without control characters"),
        (validators.program, "no-such-program", "a program that exists and can be run"),
        (validators.path, "no/such/folder/scraper.log", "a file in a folder that exists"),
        (validators.path, "/", "a file in a folder that exists"),
        (validators.path, LONG, "a file in a folder that exists"),
        (validators.path, f"{LONG}/scraper.log", "a file in a folder that exists"),
    ],
)
def test_a_value_that_cannot_be_is_answered_with_what_is_wanted(
    rule: Callable[[str], object], given_text: str, wanted: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wanted)}$"):
        rule(given_text)


def test_codes_are_parted_by_commas_and_count_once() -> None:
    assert validators.codes(" 700,00005 ,, 0700,") == (700, 5)
    assert validators.codes(" , ") == ()


@pytest.mark.parametrize("given_text", ["tencent", "700;5", "0", "-5", "123456", "٣", "7_0"])
def test_what_is_no_code_is_refused(given_text: str) -> None:
    with pytest.raises(ValueError, match=r"^stock codes like 700, 00005$"):
        validators.codes(given_text)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://:secret@host:6379/0", "redis://***@host:6379/0"),
        ("redis://user:secret@host", "redis://***@host"),
        ("rediss://:secret@[::1]:6379/1?ssl_cert_reqs=none", "rediss://***@[::1]:6379/1?ssl_cert_reqs=none"),
        ("redis://:se@cret@host/0", "redis://***@host/0"),
        ("redis://user:1/secret@host:6379/0", "redis://***@host:6379/0"),
        ("redis://host/0?password=secret&db=2", "redis://host/0?password=***&db=2"),
        ("redis://host/0?PASSWORD=secret", "redis://host/0?PASSWORD=***"),
        ("unix://:secret@/run/store.sock?db=1", "unix://***@/run/store.sock?db=1"),
        ("unix:///run/store.sock?db=1&password=secret", "unix:///run/store.sock?db=1&password=***"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert validators.without_password(url) == shown


@given(
    st.text(max_size=40),
    st.sampled_from(
        [validators.seconds, validators.days_of_a_year, validators.rows, validators.percent, validators.port]
    ),
)
@settings(deadline=None)
def test_a_number_is_within_its_bounds_or_refused(text: str, rule: Callable[[str], float]) -> None:
    try:
        value = rule(text)
    except ValueError as error:
        assert str(error).startswith("a ")  # noqa: PT017 - either outcome is right
    else:
        assert 0 <= value <= 86_400


@pytest.mark.parametrize(
    "given", [".data/archive", "/srv/archive", "s3://bucket/a?region=x", "file:///srv/a"]
)
def test_a_folder_here_or_elsewhere_is_taken(given: str) -> None:
    assert validators.folder(given) == given


@pytest.mark.parametrize(
    "given",
    ["http://host/a", "s3://", "s3://key:hidden@bucket/a", "s3://b/a?secret_key=x", "a\nb", "a" * 1001],
)
def test_an_address_that_no_file_system_knows_or_that_holds_a_secret_is_no_folder(given: str) -> None:
    with pytest.raises(ValueError, match="without a user or password"):
        validators.folder(given)


def test_a_folder_of_this_machine_may_come_later_and_is_no_file_and_no_address(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert validators.local_folder(str(tmp_path)) == tmp_path
    assert validators.local_folder("not there/yet") == Path("not there/yet")
    for text in (str(tmp_path / "file"), "s3://bucket/folder", "a\x1b[2J", "x" * 5_000, "a\0b"):
        with pytest.raises(ValueError, match="a folder of this machine"):
            validators.local_folder(text)
