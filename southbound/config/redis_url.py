"""The address of the store: judged at the start as redis-py will read it at the first command."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

import redis

from southbound.config import validators
from southbound.config.sentinel_url import WANT as WANT_SENTINEL, is_sentinel, parse_sentinel_url

WANT = "an address like redis://host:6379/0"

_NUMBER, _YES_OR_NO = "([0-9]{1,5})", "(?i:true|false|yes|no|1|0)"


def _pattern(pattern: str) -> Callable[[str], object]:
    """A rule that raises ValueError for what is not written so."""

    def rule(given: str) -> None:
        if not re.fullmatch(pattern, given):
            raise ValueError(pattern)

    return rule


OPTIONS: Mapping[str, Callable[[str], object]] = {
    "db": _pattern(_NUMBER),
    "username": validators.text,
    "password": validators.text,
    "client_name": _pattern("[!-~]{1,100}"),
    "protocol": _pattern("[23]"),
    "socket_timeout": validators.seconds_above_zero,
    "socket_connect_timeout": validators.seconds_above_zero,
    "socket_keepalive": _pattern(_YES_OR_NO),
    "health_check_interval": _pattern(_NUMBER),
    "ssl_cert_reqs": _pattern("none|optional|required"),
    "ssl_ca_certs": validators.text,
    "ssl_ca_path": validators.text,
    "ssl_certfile": validators.text,
    "ssl_keyfile": validators.text,
    "ssl_password": validators.text,
    "ssl_check_hostname": _pattern(_YES_OR_NO),
}
"""What may stand behind the question mark. redis-py knows more, which would change what is read."""


def redis_url(given: str) -> str:
    """The address of a store, or of the sentinels that know where it is.

    Raises:
        ValueError: with what is wanted. Values are not shown: one may be a password.
    """
    if is_sentinel(given):
        parts = parse_sentinel_url(given)
        for url in (*parts.sentinels, parts.store):
            _one_server(url, WANT_SENTINEL)
        return given
    return _one_server(given, WANT)


def _one_server(given: str, want: str) -> str:
    """The address of a server, which is like `want`."""
    if given.startswith("unix://"):
        validators.text(given)
        parts = urlsplit(given)
        if parts.hostname or not parts.path.startswith("/"):
            raise ValueError("an address like unix:///path/to/socket")
    else:
        validators.network_part(given, ("redis", "rediss"), want)
        parts = urlsplit(given)
        if "@" in parts.path + parts.query + parts.fragment:
            raise ValueError(f"{want}, with the signs @ / ? # % of a password written as %40 %2F %3F %23 %25")
        if parts.fragment or not re.fullmatch(f"/?|/{_NUMBER}", parts.path):
            raise ValueError(f"{want}, with the number of a database behind it")
    _check_options(parts.scheme, parts.query, want)
    if not _is_readable(given) or not _names_a_place(given):
        raise ValueError(want)
    return given


def _check_options(scheme: str, query: str, want: str) -> None:
    given = parse_qsl(query, keep_blank_values=True)
    options = dict(given)
    if unknown := options.keys() - OPTIONS.keys():
        raise ValueError(
            f"{want} without the option {min(unknown)!r:.40}, as there are only {', '.join(OPTIONS)}"
        )
    if len(options) < len(given):
        raise ValueError(f"{want} with each option once")
    if "ssl_keyfile" in options and "ssl_certfile" not in options:
        raise ValueError(f"{want} with ssl_certfile beside ssl_keyfile")
    for name, value in options.items():
        try:
            OPTIONS[name](value)
        except ValueError:
            usable = False
        else:
            usable = bool(value) and _is_readable(f"{scheme}://host/?{urlencode({name: value})}")
        if not usable:
            raise ValueError(f"{want} with another value for the option {name!r}")


def _names_a_place(url: str) -> bool:
    """Whether what redis-py reads of it can be looked up: written as %00 anything can stand in an address."""
    known = redis.ConnectionPool.from_url(url).connection_kwargs
    try:
        str(known.get("host", "")).encode("idna")
    except UnicodeError:
        return False
    return all(str(known.get(part, "")).isprintable() for part in ("host", "path"))


def _is_readable(url: str) -> bool:
    """Whether redis-py makes a connection of it. It does not connect."""
    try:
        redis.ConnectionPool.from_url(url).make_connection()
    except (ValueError, TypeError, redis.RedisError):
        return False
    return True
