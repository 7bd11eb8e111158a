"""How a Chromium is started: as which user, with or without its sandbox, with which flags. Pure."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from southbound.common.host_names import host_and_port
from southbound.hkexnews.proxy import DEFAULT_PORTS, Proxy, pac_url

FLAGS = (
    "--headless=new",
    "--disable-gpu",
    # No page here draws in three dimensions.
    "--disable-software-rasterizer",
    # Pages of the browser's own for an address bar that nobody sees, and a process kept for the next tab: a
    # fifth of all its memory. What an older or newer Chromium does not know of this it ignores.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Its driver reaches it by a pipe: a port would answer every user of this machine.
    "--remote-debugging-pipe",
    # Errors alone: else what a page writes to its console is logged, too, without an end.
    "--log-level=2",
)

KEPT_VARIABLES = {"PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "XDG_DATA_DIRS", "CHROMIUM_FLAGS"}
KEPT_VARIABLES |= {"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERNAME", "USERPROFILE"}
KEPT_VARIABLES |= {
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMW6432",
}
KEPT_VARIABLES |= {"NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"}
KEPT_PREFIXES = ("LC_", "FONTCONFIG_", "NIX_")
"""What the driver and Chromium get of our environment. Whoever reaches the driver can read all of theirs."""


@dataclass(frozen=True, slots=True)
class User:
    """A user of this machine."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Launch:
    """One way to start Chromium.

    Attributes:
        user: whom the driver and Chromium run as; None for ourselves.
        sandbox: whether Chromium shuts in the processes that read pages.
    """

    user: User | None
    sandbox: bool


def launches(*, root: bool, other: User | None) -> tuple[Launch, ...]:
    """The ways to start it, the safest first; the next one is for where that one cannot work.

    Args:
        root: whether we are. Chromium as root has no sandbox.
        other: whom root can become.
    """
    if root and other is None:
        return (Launch(None, sandbox=False),)
    user = other if root else None
    return Launch(user, sandbox=True), Launch(user, sandbox=False)


def warning(launch: Launch, *, root: bool) -> str:
    """What the operator should know of a way to start it; empty if nothing."""
    if launch.sandbox:
        return ""
    if root and launch.user is None:
        return (
            "Chromium reads pages as root and without its sandbox, as there is no other user to become: "
            "run the scraper as a user of its own (docs/operations.md)"
        )
    return (
        "Chromium runs without its sandbox, which this machine does not permit: allow user namespaces, or "
        "install chromium-sandbox (docs/operations.md)"
    )


def site_flags(url: str, proxy: Proxy | None) -> Iterator[str]:
    """The flags that let Chromium reach one site, and nothing else.

    Args:
        url: of the page.
        proxy: what it is reached through.
    """
    reached = [place.address for place in places(url)] + ([proxy.address] if proxy else [])
    rules = [f"MAP {address} {address}" for address in reached]
    yield f"--host-rules={', '.join([*rules, 'MAP * ~NOTFOUND'])}"
    if proxy:
        yield f"--proxy-pac-url={pac_url(proxy, [place.origin for place in places(url)])}"
    else:
        yield "--no-proxy-server"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site answers."""

    scheme: str
    host: str
    port: int

    @property
    def address(self) -> str:
        """`host:port`."""
        return host_and_port(self.host, self.port)

    @property
    def origin(self) -> str:
        """As Chromium writes it, without the port that is usual for the scheme."""
        usual = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host_and_port(self.host, None if usual else self.port)}"


def places(url: str) -> tuple[Place, ...]:
    """Where a page answers: there, and also by https if it has the usual port of http."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    named = Place(parts.scheme, host, port)
    if (parts.scheme, port) == ("http", DEFAULT_PORTS["http"]):
        return named, Place("https", host, DEFAULT_PORTS["https"])
    return (named,)


def is_of(url: str, site: str) -> bool:
    """Whether an address is one of the site that has the page `site`."""
    try:
        return places(url)[0] in places(site)
    except ValueError:
        return False


def environment(ours: Mapping[str, str], folder: str, home: str | None) -> dict[str, str]:
    """The environment of the driver and its Chromium.

    Args:
        ours: our own environment.
        folder: where they write to.
        home: the home folder of the user whom they run as; None for `folder`.
    """
    kept = {
        name: value
        for name, value in ours.items()
        if name in KEPT_VARIABLES or name.startswith(KEPT_PREFIXES)
    }
    return {**kept, "TMPDIR": folder, "TEMP": folder, "TMP": folder, "HOME": home or folder}
