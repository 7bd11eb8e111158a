"""The address of a store under Sentinel: the sentinels, and what they call its primary. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

SCHEMES = ("redis+sentinel", "rediss+sentinel")

DEFAULT_PORT = 26379

WANT = "an address like redis+sentinel://host1:26379,host2:26379/mymaster/0"

OWN_OPTIONS = ("sentinel_username", "sentinel_password")
"""Of the sentinels themselves. All other options, and the user and password, are of the servers they name."""


@dataclass(frozen=True, slots=True)
class SentinelUrl:
    """What stands in such an address.

    Attributes:
        sentinels: an address for each, like `redis://host:port`, with the options of a connection.
        service: the name of the primary.
        store: an address as one server would have it: with user, password, database and options. Its host is
            the first sentinel's and of no meaning.
    """

    sentinels: tuple[str, ...]
    service: str
    store: str


def is_sentinel(url: str) -> bool:
    """Whether an address leads to sentinels."""
    return url.startswith(tuple(f"{scheme}://" for scheme in SCHEMES))


def parse_sentinel_url(url: str) -> SentinelUrl:
    """Take an address apart. Whether its parts can be used is judged where each of them is.

    Raises:
        ValueError: with what is wanted; it names no sentinel or no primary.
    """
    scheme, _, rest = url.partition("+sentinel://")
    before, _, query = rest.partition("?")
    authority, _, path = before.partition("/")
    user, at, places = authority.rpartition("@")
    service, slash, database = path.partition("/")
    usable = re.fullmatch("[A-Za-z0-9._-]{1,100}", service) and all(places.split(","))
    if not usable or not url.isprintable() or " " in url or "#" in url:
        raise ValueError(WANT)
    options = parse_qsl(query, keep_blank_values=True)
    own = [(name.removeprefix("sentinel_"), value) for name, value in options if name in OWN_OPTIONS]
    of_all = [(name, value) for name, value in options if name.startswith(("ssl_", "socket_"))]
    of_store = [(name, value) for name, value in options if name not in OWN_OPTIONS]
    where = [f"{scheme}://{_with_port(place)}" for place in places.split(",")]
    return SentinelUrl(
        tuple(f"{place}{_query(own + of_all)}" for place in where),
        service,
        f"{scheme}://{user}{at}{_with_port(places.split(',')[0])}{slash}{database}{_query(of_store)}",
    )


def _with_port(place: str) -> str:
    return place if re.search(r":[^:\]]+$", place) else f"{place.removesuffix(':')}:{DEFAULT_PORT}"


def _query(options: list[tuple[str, str]]) -> str:
    return f"?{urlencode(options)}" if options else ""
