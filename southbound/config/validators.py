"""What a setting may be: each rule turns a text into a value, or says in a ValueError what is wanted."""

import math
import re
import stat
from configparser import ConfigParser
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

from southbound.common.host_names import ascii_host

LONGEST_TEXT = 1_000
"""Characters of a name, a password, an address, a path; no server takes longer ones."""


def text(given: str) -> str:
    """Any text in one line."""
    if not given.isprintable():
        raise ValueError("text without control characters")
    if len(given) > LONGEST_TEXT:
        raise ValueError(f"at most {LONGEST_TEXT} characters")
    return given


def yes_or_no(given: str) -> bool:
    """Written as configparser takes it."""
    if given.lower() not in ConfigParser.BOOLEAN_STATES:
        raise ValueError("true or false")
    return ConfigParser.BOOLEAN_STATES[given.lower()]


def seconds(given: str) -> float:
    """A pause that may be nothing, up to a day."""
    return _number(given, at_least=0.0)


def seconds_above_zero(given: str) -> float:
    """A time that something takes, up to a day."""
    return _number(given, at_least=0.1)


def _number(given: str, at_least: float) -> float:
    # ASCII digits: float() would also take "1_0", "٣", "infinity" and a text of a megabyte.
    plain = re.fullmatch(r"(?=.?[0-9])[0-9]{0,6}(?:\.[0-9]{0,9})?", given)
    value = float(given) if plain else math.nan
    if not at_least <= value <= 86_400:
        raise ValueError(f"a number of seconds from {at_least:g} to 86400")
    return value


def days_of_a_year(given: str) -> int:
    """The page keeps 12 months."""
    return _whole(given, 1, 366, "calendar days")


def hours_of_a_month(given: str) -> int:
    """Streamlit's identity cookie lasts 30 days."""
    return _whole(given, 1, 720, "hours")


def rows(given: str) -> int:
    """Lines of a list; there are less than 100,000 stock codes."""
    return _whole(given, 1, 99_999, "rows")


def percent(given: str) -> int:
    """A part of something, at most all of it."""
    return _whole(given, 0, 100, "percent")


def port(given: str) -> int:
    """A TCP port."""
    return _whole(given, 1, 65_535, "port")


def _whole(given: str, least: int, most: int, what: str) -> int:
    # At most six ASCII digits: int() would also take "1_0", "٣" and a text of a megabyte.
    if not re.fullmatch(r"[0-9]{1,6}", given) or not least <= int(given) <= most:
        raise ValueError(f"a whole number from {least} to {most} ({what})")
    return int(given)


def host(given: str) -> str:
    """The name of a machine, or its address; as it is looked up, in ASCII."""
    text(given)
    try:
        return ascii_host(given)
    except ValueError:
        raise ValueError("a host like smtp.example.org, without a port or https://") from None


def http_url(given: str) -> str:
    """A web address. One that holds a user or a password would show them in logs and mails."""
    want = "an address like https://host/path"
    if "@" in network_part(given, ("http", "https"), want):
        raise ValueError(f"{want}, without a user or password")
    return given


def http_folder(given: str) -> str:
    """A web address below which files lie; ends with a slash."""
    want = "an address like https://host/folder/"
    if "@" in network_part(given, ("http", "https"), want) or {"?", "#"} & set(given):
        raise ValueError(f"{want}, without a user or password, ? or #")
    return given if given.endswith("/") else f"{given}/"


LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def https_url(given: str) -> str:
    """A web address that a secret is sent to: nobody else can read it on the way, or answer."""
    want = "an address like https://host/path, with http on this machine alone"
    if "@" in network_part(given, ("http", "https"), want):
        raise ValueError(f"{want}, and without a user or password")
    parts = urlsplit(given)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError(want)
    return given


def network_part(given: str, schemes: tuple[str, ...], want: str) -> str:
    """What stands between the scheme and the path of an address: user, host and port.

    Raises:
        ValueError: saying `want`; it is no address of these schemes that names a host.
    """
    try:
        parts = urlsplit(given)
        # In brackets stands an IPv6 address: the other kind (`v1.a`, RFC 3986, 3.2.2) is nobody's.
        host = parts.hostname or ""
        host = f"[{host}]" if "[" in parts.netloc.rpartition("@")[2] else host
        usable = parts.scheme in schemes and bool(ascii_host(host)) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not given.isprintable() or " " in given or len(given) > LONGEST_TEXT:
        raise ValueError(want)
    return parts.netloc


def without_password(url: str) -> str:
    """An address as it may be shown and logged."""
    # To the last @, as a password may hold one; redis-py also takes it after the question mark.
    shown = re.sub(r"(?<=://).*@", "***@", url)
    return re.sub(r"(?i)(?<=password=)[^&#]*", "***", shown)


def holds_password(url: str) -> bool:
    """Whether a password stands in an address, as far as that can be told of one that may be malformed."""
    return bool(re.search(r"://[^@]*:.*@|(?i:password=)", url))


def program(given: str) -> Path:
    """A program: its path, or its name on the PATH."""
    found = which(given) if given.isprintable() else None
    if found is None:
        raise ValueError("a program that exists and can be run")
    return Path(found)


def user_name(given: str) -> str:
    """A user of this machine, as the systems permit their names."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}", given):
        raise ValueError("the name of a user of this machine")
    return given


def path(given: str) -> Path:
    """A file in a folder that exists."""
    wanted = Path(given)
    try:
        usable = given.isprintable() and wanted.parent.is_dir() and not stat.S_ISDIR(wanted.stat().st_mode)
    except FileNotFoundError:
        usable = True
    except OSError:
        usable = False  # a folder that we may not look into, or a name that is too long
    if not usable:
        raise ValueError("a file in a folder that exists")
    return wanted


FOLDER_SCHEMES = ("s3", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs", "file")
"""Of the addresses that pyarrow's file systems know."""


def folder(given: str) -> str:
    """A folder, which may not be there yet, or an address of one elsewhere. It is not looked at here."""
    want = "a folder, or an address like s3://bucket/folder, without a user or password"
    scheme, parted, place = given.partition("://")
    if not given.isprintable() or len(given) > LONGEST_TEXT:
        raise ValueError(want)
    if parted and (scheme not in FOLDER_SCHEMES or not place.strip("/") or "@" in place or "secret" in place):
        raise ValueError(want)
    return given


def local_folder(given: str) -> Path:
    """A folder of this machine, which may not be there yet."""
    wanted = Path(given)
    try:
        usable = given.isprintable() and (wanted.is_dir() or not wanted.exists())
    except OSError:
        usable = False  # one that we may not look into, or a name that is too long
    if not usable or "://" in given:
        raise ValueError("a folder of this machine")
    return wanted


def security(given: str) -> str:
    """How the connection to the mail server is protected."""
    if given not in {"starttls", "tls", "none"}:
        raise ValueError("starttls, tls or none")
    return given


SHORTEST_TOKEN = 32
"""Characters: chosen at random, nobody guesses as many."""


def tokens(given: str) -> tuple[str, ...]:
    """What programs prove themselves with, separated by commas, in the signs of RFC 6750, 2.1."""
    parts = tuple(part.strip() for part in given.split(",") if part.strip())
    token = rf"(?=.{{{SHORTEST_TOKEN},{LONGEST_TEXT}}}$)[A-Za-z0-9._~+/-]+=*"
    if not all(re.fullmatch(token, part) for part in parts):
        raise ValueError(
            f"tokens of {SHORTEST_TOKEN} to {LONGEST_TEXT} letters, digits and -._~+/, separated by commas"
        )
    return tuple(dict.fromkeys(parts))


LONGEST_ADDRESS, LONGEST_MAILBOX = 254, 64
"""Bytes that fit between the angle brackets of an SMTP command, and before the @ (RFC 5321, 4.5.3.1)."""


def address(given: str) -> str:
    """One e-mail address, without a display name.

    Checks what would break a header or an SMTP command; whether somebody reads it only sending shows.
    """
    mailbox, _, domain = given.rpartition("@")
    # What looks like an encoded word (RFC 2047) would be decoded in a header, line breaks and all.
    usable = given.isprintable() and "=?" not in given and re.fullmatch(r'[^\s@<>,;:"()\[\]\\]+', mailbox)
    try:
        length = len(f"{mailbox}@{ascii_host(domain)}".encode())
    except ValueError:
        usable = None
    if not usable or ":" in domain or length > LONGEST_ADDRESS or len(mailbox.encode()) > LONGEST_MAILBOX:
        raise ValueError("an address like somebody@example.org")
    return given


def codes(given: str) -> tuple[int, ...]:
    """Stock codes separated by commas, with or without leading zeros; one that is repeated counts once."""
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not all(re.fullmatch(r"[0-9]{1,5}", part) and int(part) for part in parts):
        raise ValueError("stock codes like 700, 00005")
    return tuple(dict.fromkeys(map(int, parts)))
