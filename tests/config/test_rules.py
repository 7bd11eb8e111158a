"""What each rule takes, and what it says of what it does not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from southbound.config import rules

LONG = "x" * 5000


@pytest.mark.parametrize(
    ("rule", "given_text", "value"),
    [
        (rules.yes_or_no, "true", True),
        (rules.yes_or_no, "Yes", True),
        (rules.yes_or_no, "ON", True),
        (rules.yes_or_no, "1", True),
        (rules.yes_or_no, "false", False),
        (rules.yes_or_no, "No", False),
        (rules.yes_or_no, "off", False),
        (rules.yes_or_no, "0", False),
        (rules.seconds, "0", 0.0),
        (rules.seconds, "1.5", 1.5),
        (rules.seconds, "86400", 86_400.0),
        (rules.seconds_above_zero, "0.1", 0.1),
        (rules.days_of_a_year, "1", 1),
        (rules.days_of_a_year, "366", 366),
        (rules.rows, "1", 1),
        (rules.rows, "99999", 99_999),
        (rules.percent, "0", 0),
        (rules.percent, "100", 100),
        (rules.port, "65535", 65_535),
        (rules.http_url, "http://127.0.0.1:8080/sdw?t=hk", "http://127.0.0.1:8080/sdw?t=hk"),
        (rules.security, "starttls", "starttls"),
        (rules.security, "tls", "tls"),
        (rules.security, "none", "none"),
        (rules.address, "somebody@example.org", "somebody@example.org"),
        (rules.text, "päss wörd", "päss wörd"),
        (rules.program, "sh", Path("/bin/sh")),
        (rules.path, "scraper.log", Path("scraper.log")),
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
        (rules.yes_or_no, "maybe", "true or false"),
        (rules.yes_or_no, "2", "true or false"),
        (rules.seconds, "-1", "a number of seconds from 0 to 86400"),
        (rules.seconds, "nan", "a number of seconds from 0 to 86400"),
        (rules.seconds, "inf", "a number of seconds from 0 to 86400"),
        (rules.seconds, "1 minute", "a number of seconds from 0 to 86400"),
        (rules.seconds_above_zero, "0", "a number of seconds from 0.1 to 86400"),
        (rules.days_of_a_year, "0", "a whole number from 1 to 366 (calendar days)"),
        (rules.days_of_a_year, "367", "a whole number from 1 to 366 (calendar days)"),
        (rules.days_of_a_year, "1_0", "a whole number from 1 to 366 (calendar days)"),
        (rules.days_of_a_year, "٣", "a whole number from 1 to 366 (calendar days)"),
        (rules.days_of_a_year, "-5", "a whole number from 1 to 366 (calendar days)"),
        (rules.days_of_a_year, "9" * 5000, "a whole number from 1 to 366 (calendar days)"),
        (rules.rows, "0", "a whole number from 1 to 99999 (rows)"),
        (rules.rows, "100000", "a whole number from 1 to 99999 (rows)"),
        (rules.percent, "101", "a whole number from 0 to 100 (percent)"),
        (rules.percent, "80%", "a whole number from 0 to 100 (percent)"),
        (rules.percent, "0.8", "a whole number from 0 to 100 (percent)"),
        (rules.percent, "", "a whole number from 0 to 100 (percent)"),
        (rules.port, "65536", "a whole number from 1 to 65535 (port)"),
        (rules.port, "25.0", "a whole number from 1 to 65535 (port)"),
        (rules.http_url, "www3.hkexnews.hk", "an address like https://host/path"),
        (rules.http_url, "ftp://host/", "an address like https://host/path"),
        (rules.http_url, "https://", "an address like https://host/path"),
        (rules.http_url, "https://host:99999/", "an address like https://host/path"),
        (rules.http_url, "https://host:0/", "an address like https://host/path"),
        (rules.http_url, "http://[::1", "an address like https://host/path"),
        (rules.http_url, "http://[v1.a]/", "an address like https://host/path"),
        (
            rules.https_url,
            "https://[v1.a]:443/",
            "an address like https://host/path, with http on this machine alone",
        ),
        (rules.security, "ssl", "starttls, tls or none"),
        (rules.address, "somebody", "an address like somebody@example.org"),
        (rules.address, "A <a@example.org>", "an address like somebody@example.org"),
        (rules.address, "a@b@example.org", "an address like somebody@example.org"),
        (rules.address, "a\u200b@example.org", "an address like somebody@example.org"),
        (rules.addresses, "a@example.org, b", "an address like somebody@example.org"),
        (rules.text, "two\nlines", "text without control characters"),
        (rules.program, "no-such-program", "a program that exists and can be run"),
        (rules.path, "no/such/folder/scraper.log", "a file in a folder that exists"),
        (rules.path, "/", "a file in a folder that exists"),
        (rules.path, LONG, "a file in a folder that exists"),
        (rules.path, f"{LONG}/scraper.log", "a file in a folder that exists"),
    ],
)
def test_a_value_that_cannot_be_is_answered_with_what_is_wanted(
    rule: Callable[[str], object], given_text: str, wanted: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wanted)}$"):
        rule(given_text)


def test_codes_are_parted_by_commas_and_count_once() -> None:
    assert rules.codes(" 700,00005 ,, 0700,") == (700, 5)
    assert rules.codes(" , ") == ()


@pytest.mark.parametrize("given_text", ["tencent", "700;5", "0", "-5", "123456", "٣", "7_0"])
def test_what_is_no_code_is_refused(given_text: str) -> None:
    with pytest.raises(ValueError, match=r"^stock codes like 700, 00005$"):
        rules.codes(given_text)


def test_addresses_are_parted_by_commas_and_count_once() -> None:
    assert rules.addresses(" a@example.org,b@example.org ,, a@example.org,") == (
        "a@example.org",
        "b@example.org",
    )
    assert rules.addresses(" , ") == ()
    assert rules.addresses("a@Bücher.example,a@XN--bcher-kva.example, a@bücher.EXAMPLE") == (
        "a@Bücher.example",
    )
    assert rules.addresses("a@example.org,A@example.org") == ("a@example.org", "A@example.org")


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
    assert rules.without_password(url) == shown


@given(
    st.text(max_size=40),
    st.sampled_from([rules.seconds, rules.days_of_a_year, rules.rows, rules.percent, rules.port]),
)
@settings(deadline=None)
def test_a_number_is_within_its_bounds_or_refused(text: str, rule: Callable[[str], float]) -> None:
    try:
        value = rule(text)
    except ValueError as error:
        assert str(error).startswith("a ")  # noqa: PT017 - either outcome is right
    else:
        assert 0 <= value <= 86_400
