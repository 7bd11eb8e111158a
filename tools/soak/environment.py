"""What runs: the replay site, the inbox, the stack of the product, and whom to hit."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from demo.days import FIRST_DAY
from demo.environment import demo_environment, with_official_files
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from southbound.system.process_tree import adopt_orphans
from tools.sentinels import SERVICE, Watched, watched
from tools.soak.journal import Journal
from tools.soak.kinds import StoreKind
from tools.soak.stack import STANDBY, clock_file

ROOT = Path(__file__).parents[2]
READERS = ("ada@example.org", "bob@example.org", "cleo@example.org")
OPERATOR = "operator@example.org"
BACKFILL_DAYS = 43
"""From the site's first day back to the first that it has figures for; later sessions stay in the window for
longer than any storm."""

SCRAPER, DASHBOARD, MAILER, STORE = "scraper", "dashboard", "e-mailer", "store"
PROGRAMS = (STORE, SCRAPER, STANDBY, DASHBOARD, MAILER)
STACK_ENDS_WITHIN = 25.0
DOWN_AFTER_MS = 2000
"""A server on a busy machine is not dead."""
ARCHIVE = "archive"
"""Its folder, in that of the run."""


class NothingToHit(Exception):
    """What a fault was meant for is not there at this moment."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that a fault can touch.

    Attributes:
        site: the truth.
        inbox: the mail server.
        store: a client of the product's store, of our own.
        folder: where all of it writes.
        dashboard: its address.
        stack: the process of the product's supervisor.
        journal: what happened to whom, for the invariants.
        watched: the store's servers and their sentinels, where there are sentinels.
    """

    site: ReplaySite
    inbox: Inbox
    store: redis.Redis
    folder: Path
    dashboard: str
    stack: psutil.Process
    journal: Journal = field(default_factory=Journal)
    watched: Watched | None = None

    def programs(self) -> dict[str, psutil.Process]:
        """The processes of the product that run at this moment, by the name of their program."""
        found = {}
        with suppress(psutil.NoSuchProcess):
            for process in self.stack.children():
                with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                    name = self._name(process.cmdline())
                    if name:
                        found[name] = process
        return found

    def program(self, name: str) -> psutil.Process:
        """The process of one program. Raises NothingToHit while it has none."""
        try:
            return self.programs()[name]
        except KeyError:
            raise NothingToHit(f"no {name}") from None

    def below(self, program: str, *names: str) -> list[psutil.Process]:
        """The processes that a program has started whose names hold one of `names`."""
        found = []
        with suppress(psutil.NoSuchProcess):
            for process in self.program(program).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if any(name in process.name() for name in names):
                        found.append(process)
        return found

    def writer(self) -> str:
        """Which of the two scrapers writes: the one with a browser. Raises NothingToHit if neither has."""
        for name in (SCRAPER, STANDBY):
            with suppress(NothingToHit):
                if self.below(name, "chromedriver"):
                    return name
        raise NothingToHit("no scraper has a browser")

    def set_clock(self, program: str, seconds: float, zone: str) -> None:
        """Set the clock of a program wrong by so many seconds."""
        file = clock_file(self.folder, program)
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{seconds} {zone}", encoding="utf-8")
        fresh.replace(file)
        with suppress(NothingToHit, psutil.NoSuchProcess):
            if sys.platform != "win32":
                self.program(program).send_signal(signal.SIGUSR1)

    def _name(self, command: list[str]) -> str | None:
        if "southbound.running.embedded_store" in command:
            return STORE
        return next((name for name in PROGRAMS if str(clock_file(self.folder, name)) in command), None)


@contextmanager
def running_environment(
    folder: Path, sessions: int, seed: int, kind: StoreKind = StoreKind.OWN
) -> Iterator[Environment]:
    """Start everything, and end it.

    Args:
        folder: an empty one.
        sessions: how many days the site can publish, at least.
        seed: of the made-up days.
        kind: of the store.
    """
    adopt_orphans()
    site, inbox = ReplaySite(today=FIRST_DAY, invented=sessions, seed=seed), Inbox()
    site.official.evening = True
    [dashboard_port] = free_ports(0)
    with (
        LocalServer(site.app) as pages,
        LocalServer(inbox.app),
        _store_of(kind, folder) as (url, store, servers),
        (folder / "stack.log").open("wb") as log,
    ):
        page = page_address(pages.address)
        variables = demo_environment(page, url, inbox.smtp_port) | with_official_files(page)
        variables |= {
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
            "SCRAPING_BACKFILL_DAYS": str(BACKFILL_DAYS),
            "SCRAPING_INTERVAL_SECONDS": "1",
            "SCRAPING_TIMEOUT_SECONDS": "6",
            "SCRAPING_RETRY_SECONDS": "5",
            "SCRAPING_RECHECK_SECONDS": "6",
            "EMAIL_RECIPIENTS": ",".join(READERS),
            "EMAIL_ALERTS": OPERATOR,
            "EMAIL_WATCHLIST": "700, 9988",
            "DASHBOARD_URL": f"http://localhost:{dashboard_port}",
            "ARCHIVE_FOLDER": str(folder / ARCHIVE),
        }
        options = ["--folder", str(folder), "--port", str(dashboard_port)]
        command = [sys.executable, "-m", "tools.soak.stack", *options]
        stack = subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=folder, env=variables, stdout=log, stderr=log, start_new_session=True
        )
        address = f"http://127.0.0.1:{dashboard_port}"
        try:
            yield Environment(site, inbox, store, folder, address, psutil.Process(stack.pid), watched=servers)
        finally:
            site.clear()
            inbox.greets = True
            _end(stack)


@contextmanager
def _store_of(kind: StoreKind, folder: Path) -> Iterator[tuple[str, redis.Redis, Watched | None]]:
    """The address of the product's store, a client of ours, and its servers if there are sentinels."""
    patience: dict[str, Any] = {
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": True,
    }
    with ExitStack() as stack:
        if kind is StoreKind.OWN:
            # The product starts its own, at this address.
            url, servers = f"redis://127.0.0.1:{free_ports(0)[0]}/0", None
            client = redis.Redis.from_url(url, **patience)
        else:
            servers = stack.enter_context(watched(folder, 3, DOWN_AFTER_MS))
            url = servers.settings.url
            sentinels = Sentinel([("127.0.0.1", port) for port in servers.sentinels], socket_timeout=2)  # type: ignore[no-untyped-call]
            client = sentinels.master_for(SERVICE, **patience)  # type: ignore[no-untyped-call]
        stack.callback(client.close)
        yield url, client, servers


def _end(stack: "subprocess.Popen[bytes]") -> None:
    stack.terminate()
    try:
        stack.wait(STACK_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        if sys.platform != "win32":
            os.killpg(stack.pid, signal.SIGKILL)
        stack.wait()
