"""Names of hosts as they stand in `Host` and `Origin` headers (RFC 9110, 7.2; RFC 6454), and in settings."""

import re
from ipaddress import IPv6Address
from typing import NamedTuple

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""What a browser on this machine calls it."""

_NETLOC = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{0,5}))?")
_USUAL_PORTS = {"http": 80, "https": 443}


class Place(NamedTuple):
    """A host, in one way of writing it, and a port; None if none is written."""

    host: str
    port: int | None


class Origin(NamedTuple):
    """Where a page came from. It always has a port, that of its scheme if none is written."""

    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """As browsers write it: without the scheme's usual port."""
        return self.host if self.port == _USUAL_PORTS[self.scheme] else f"{self.host}:{self.port}"


def place(netloc: str) -> Place:
    """Read `host`, `host:port` or `[address]:port`. Letters are small, and a dot at the end is none.

    Raises:
        ValueError: it is nothing of that; also with a user, a path, or signs beyond ASCII.
    """
    parts = _NETLOC.fullmatch(netloc)
    if parts is None:
        raise ValueError("a host, or a host and a port")
    name, port = parts[1], parts[2]
    host = f"[{IPv6Address(name[1:-1]).compressed}]" if name.startswith("[") else name.lower()
    if host.endswith(".") and host != ".":
        host = host[:-1]
    if not host.strip(".") or ".." in host or (port and not 0 < int(port) < 65536):
        raise ValueError("a host, or a host and a port")
    return Place(host, int(port) if port else None)


def origin(text: str) -> Origin:
    """Read an `Origin` header, or the beginning of an address of http or https.

    Raises:
        ValueError: it is none; `null` is none either.
    """
    scheme, _, netloc = text.partition("://")
    if scheme.lower() not in _USUAL_PORTS:
        raise ValueError("an origin like https://host")
    host, port = place(netloc)
    return Origin(scheme.lower(), host, port or _USUAL_PORTS[scheme.lower()])


def named(given: str) -> tuple[str, ...]:
    """The rule for a setting: names and addresses of hosts separated by commas, without ports.

    Raises:
        ValueError: with what is wanted.
    """
    want = "names of hosts like southbound.example.org, 192.0.2.7, [2001:db8::1]"
    names = []
    for part in filter(None, map(str.strip, given.split(","))):
        try:
            host, port = place(part if part.isascii() else part.encode("idna").decode())
        except ValueError:
            raise ValueError(want) from None
        if port is not None or part.endswith(":"):
            raise ValueError(f"{want}, without ports")
        names.append(host)
    return tuple(dict.fromkeys(names))


def with_address(names: tuple[str, ...], address: str | None) -> tuple[str, ...]:
    """Names, and the address that a server listens on, unless that is every network of the machine."""
    if address is None or address in {"0.0.0.0", "::"}:  # noqa: S104 - it is compared
        return names
    try:
        host, _ = place(f"[{address}]" if ":" in address else address)
    except ValueError:
        return names  # a socket in a file
    return tuple(dict.fromkeys((*names, host)))
