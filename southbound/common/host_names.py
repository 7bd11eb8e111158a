"""Names of hosts, as DNS, TLS and mail servers take them. Pure.

Python looks names up by the IDNA of 2003, and raises a UnicodeError, which no caller expects, for what cannot
be written so. Here a name is brought into ASCII first, by the IDNA of 2008 (RFC 5891) with UTS 46's mapping.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import idna

LONGEST_NAME = 253
"""Characters of a name with its dots (RFC 1035, 2.3.4)."""

# Underscores are in no host's name (RFC 1123, 2.1), but in those that Docker's resolver knows.
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_MAIL_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def ascii_host(given: str) -> str:
    """A name in ASCII, without the dot that ends it; or an address, an IPv6 one without brackets.

    Raises:
        ValueError: it is neither.
    """
    address = _address(given)
    if address is not None:
        return str(address)
    name = given.removesuffix(".")
    if not name.isascii() and len(name) <= LONGEST_NAME:
        name = idna.encode(name, uts46=True).decode()  # its IDNAError is a ValueError
    labels = name.split(".")
    # What ends in a number is meant as an address, and is none.
    if (
        len(name) > LONGEST_NAME
        or not all(map(_LABEL.fullmatch, labels))
        or re.fullmatch(r"[0-9]+|0[xX][0-9A-Fa-f]*", labels[-1])
    ):
        raise ValueError("no name of a host")
    return name


def host_and_port(host: str, port: int | None) -> str:
    """As an address writes it: an IPv6 address in brackets, and a port if one is given."""
    return (f"[{host}]" if ":" in host else host) + ("" if port is None else f":{port}")


def ascii_address(given: str) -> str:
    """An e-mail address with its domain in ASCII: so every server takes it, whatever it calls the mailbox.

    Raises:
        ValueError: its domain is no name of a host.
    """
    mailbox, _, domain = given.rpartition("@")
    return f"{mailbox}@{domain if domain.isascii() else ascii_host(domain)}"


def greeting_name(full_name: str, own_address: str) -> str:
    """What a mail server is told that we are called (RFC 5321, 4.1.3 and 4.1.4).

    Args:
        full_name: what this machine calls itself; anything.
        own_address: of our end of the connection, which is told where the name is none that a server takes.
    """
    try:
        name = ascii_host(full_name)
    except ValueError:
        name = ""
    labels = name.split(".")
    if len(labels) > 1 and _address(name) is None and all(map(_MAIL_LABEL.fullmatch, labels)):
        return name
    try:
        address = ip_address(own_address.partition("%")[0])
    except ValueError:
        return "[127.0.0.1]"
    return f"[IPv6:{address}]" if isinstance(address, IPv6Address) else f"[{address}]"


def _address(given: str) -> IPv4Address | IPv6Address | None:
    """An address, in brackets or not; None if it is none, or one of a single network card."""
    bare = given[1:-1] if given.startswith("[") and given.endswith("]") else given
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return None if "%" in bare or (bare != given and isinstance(address, IPv4Address)) else address
