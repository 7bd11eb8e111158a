"""What a setting may be: each rule turns a text into a value, or says in a ValueError what is wanted."""

import math
import re
from configparser import ConfigParser
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit


def text(given: str) -> str:
    """Any text in one line."""
    if not given.isprintable():
        raise ValueError("text without control characters")
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
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not at_least <= value <= 86_400:
        raise ValueError(f"a number of seconds from {at_least:g} to 86400")
    return value


def days_of_a_year(given: str) -> int:
    """The page keeps 12 months."""
    return _whole(given, 1, 366, "calendar days")


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


def http_url(given: str) -> str:
    """A web address."""
    return _url(given, ("http", "https"), "an address like https://host/path")


def redis_url(given: str) -> str:
    """The address of a store."""
    if given.startswith("unix://"):
        return given
    return _url(given, ("redis", "rediss"), "an address like redis://host:6379/0")


def _url(given: str, schemes: tuple[str, ...], want: str) -> str:
    try:
        parts = urlsplit(given)
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or not given.isprintable():
        raise ValueError(want)
    return given


def without_password(url: str) -> str:
    """An address as it may be shown and logged."""
    # To the last @, as a password may hold one; redis-py also takes it after the question mark.
    shown = re.sub(r"(?<=://).*@", "***@", url)
    return re.sub(r"(?i)(?<=password=)[^&#]*", "***", shown)


def program(given: str) -> Path:
    """A program: its path, or its name on the PATH."""
    found = which(given)
    if found is None:
        raise ValueError("a program that exists and can be run")
    return Path(found)


def path(given: str) -> Path:
    """A file in a folder that exists."""
    wanted = Path(given)
    try:
        usable = wanted.parent.is_dir() and not wanted.is_dir()
    except OSError:
        usable = False  # a folder that we may not look into, or a name that is too long
    if not usable:
        raise ValueError("a file in a folder that exists")
    return wanted


def security(given: str) -> str:
    """How the connection to the mail server is protected."""
    if given not in {"starttls", "tls", "none"}:
        raise ValueError("starttls, tls or none")
    return given


def address(given: str) -> str:
    """One e-mail address, without a display name.

    Checks what would break a header or an SMTP command; whether somebody reads it only sending shows.
    """
    if not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+", given) or not given.isprintable():
        raise ValueError("an address like somebody@example.org")
    return given


def codes(given: str) -> tuple[int, ...]:
    """Stock codes separated by commas, with or without leading zeros; one that is repeated counts once."""
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not all(re.fullmatch(r"[0-9]{1,5}", part) and int(part) for part in parts):
        raise ValueError("stock codes like 700, 00005")
    return tuple(dict.fromkeys(map(int, parts)))


def addresses(given: str) -> tuple[str, ...]:
    """E-mail addresses separated by commas; one that is repeated counts once."""
    return tuple(dict.fromkeys(address(part.strip()) for part in given.split(",") if part.strip()))
