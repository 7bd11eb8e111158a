"""Which proxy the page is reached through, as the environment says it. Pure.

The variables are those that curl and most programs know: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY,
in small letters, too, which win.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit

from southbound.common.host_names import host_and_port
from southbound.common.remark import remark

PAC_WORDS = {"http": "PROXY", "https": "HTTPS", "socks": "SOCKS5", "socks5": "SOCKS5", "socks5h": "SOCKS5"}
PAC_WORDS |= {"socks4": "SOCKS", "socks4a": "SOCKS"}
"""The schemes of a proxy's address, and how a proxy auto-configuration file calls them."""

DEFAULT_PORTS = {"http": 80, "https": 443} | dict.fromkeys(
    ("socks", "socks5", "socks5h", "socks4", "socks4a"), 1080
)

LONGEST_ADDRESS = 1_000
"""Characters; no host and no login are longer."""


class UnusableProxy(ValueError):
    """The environment names a proxy that cannot be used. The message says which variable, and what to do."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the login that it wants.

    Attributes:
        scheme: a key of `PAC_WORDS`.
        host: its name or address, an IPv6 address without brackets.
        port: where it listens.
        username: empty if it wants no login.
        password: of that user.
    """

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """`host:port`."""
        return host_and_port(self.host, self.port)


def proxy_for(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy through which this address is to be reached; None if directly.

    Addresses of this machine are always reached directly, as in Chromium and curl's documentation of
    NO_PROXY: a proxy elsewhere has a loopback of its own.

    Raises:
        UnusableProxy: what is set cannot be used.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if _is_loopback(host):
        return None
    excepted = re.split(r"[,\s]+", _value("NO_PROXY", environment))
    if any(_covers(entry, host, _port(parts)) for entry in excepted):
        return None
    for variable in (f"{parts.scheme}_proxy".upper(), "ALL_PROXY"):
        if value := _value(variable, environment):
            return _parsed(variable, value)
    return None


def pac_url(proxy: Proxy, origins: Sequence[str]) -> str:
    """A proxy auto-configuration file, as an address: these origins through the proxy, all else directly.

    With a proxy for everything, Chromium would ask it also for the hosts that it must not look up itself.
    """
    script = (
        f"function FindProxyForURL(url, host) {{ return {json.dumps(list(origins))}"
        '.some((origin) => url.startsWith(origin + "/")) '
        f'? "{PAC_WORDS[proxy.scheme]} {proxy.address}" : "DIRECT"; }}'
    )
    return "data:application/x-ns-proxy-autoconfig;base64," + b64encode(script.encode()).decode()


EXAMPLE = "http://proxy.example.com:8080"


def _value(variable: str, environment: Mapping[str, str]) -> str:
    """An empty text in small letters counts: so one program is kept from the proxy of all others."""
    small = environment.get(variable.lower())
    return (environment.get(variable, "") if small is None else small).strip()


def _parsed(variable: str, value: str) -> Proxy:
    hidden = remark(
        "{variable}: want an address like {example} (what is there is not shown: it may hold a password)",
        variable=variable,
        example=EXAMPLE,
    )
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, port = parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        raise UnusableProxy(hidden) from None
    if parts.scheme not in PAC_WORDS:
        schemes = ", ".join(PAC_WORDS)
        raise UnusableProxy(
            remark(
                "{variable}: want an address like {example}, that is one of the schemes {schemes}",
                variable=variable,
                example=EXAMPLE,
                schemes=schemes,
            )
        )
    if not host or not _is_host(host, parts) or not value.isprintable() or len(value) > LONGEST_ADDRESS:
        raise UnusableProxy(hidden)
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if (username or password) and parts.scheme.startswith("socks"):
        raise UnusableProxy(
            remark(
                "{variable}: Chromium does not log in at a SOCKS proxy; want an HTTP proxy, or one that "
                "takes this machine without a password",
                variable=variable,
            )
        )
    return Proxy(parts.scheme, host, port, username, password)


def _is_host(host: str, parts: SplitResult) -> bool:
    """In brackets stands an IPv6 address, without a network card of its own machine."""
    if "[" in parts.netloc.rpartition("@")[2]:
        return "%" not in host and _ip(host) is not None
    return re.fullmatch(r"[\w.-]+", host) is not None


def _port(parts: SplitResult) -> int:
    return parts.port or DEFAULT_PORTS.get(parts.scheme, 0)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _ip(host)
    return address is not None and address.is_loopback


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    with suppress(ValueError):
        return ip_address(text.strip("[]"))
    return None


def _covers(entry: str, host: str, port: int) -> bool:
    """Whether an entry of NO_PROXY stands for this host.

    It is `*`, `<local>` (names without a dot), an IP address or a network of them (`10.0.0.0/8`), or a name,
    which stands for all names below it, too, with or without a dot or `*.` before it. A port may follow.
    """
    entry = entry.strip().lower()
    if entry in {"", "*", "<local>"}:
        return entry == "*" or (entry == "<local>" and "." not in host and ":" not in host)
    if "/" in entry:
        address = _ip(host)
        with suppress(ValueError):
            return address is not None and address in ip_network(entry, strict=False)
        return False
    if _ip(entry) is None:  # an IPv6 address has colons of its own
        name, _, number = entry.rpartition(":")
        if name and number.isdecimal():
            if int(number) != port:
                return False
            entry = name
    if address := _ip(entry):
        return address == _ip(host)
    name = entry.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
