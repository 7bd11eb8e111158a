"""`make image-test`: the three commands in the image, on the replay site: a day arrives on page and in inbox.

Then what docs/operations.md says of a backup and of moving: all of it stops, the store's folder is copied,
and all goes on from the copy at another place.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path

import psutil
from selenium.webdriver import Chrome

from demo.environment import demo_environment
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings, variables
from southbound.running.embedded_store import serving as serving_store
from southbound.store.holdings_store import HoldingsStore
from southbound.system.process_tree import adopt_orphans, end_adopted
from tools.viewer import viewer
from tools.waiting import wait_until

TODAY = date(2026, 2, 14)
HEALTH = "/readyz"
ENTRY = ("/usr/bin/tini", "-s", "--", "southbound")
COMMANDS = ("scrape", "dashboard", "mail")
ENDS_WITHIN_SECONDS, GONE_WITHIN_SECONDS = 30.0, 5.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the trial takes place.

    Attributes:
        container: what buildah calls it.
        environment: of what runs in it.
        port: of the dashboard.
        logs: a file for each command.
    """

    container: str
    environment: Mapping[str, str]
    port: int
    logs: Path

    def command(self, *arguments: str) -> list[str]:
        """What runs a command of ours as the image starts it."""
        return self.inside(*ENTRY, *arguments)

    def inside(self, *program: str) -> list[str]:
        """What runs a program in the container."""
        given = [part for name, value in self.environment.items() for part in ("--env", f"{name}={value}")]
        return ["buildah", "run", "--isolation=chroot", *given, self.container, "--", *program]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("container", help="of the image, as `buildah from` names it")
    container: str = parser.parse_args().container
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    adopt_orphans()
    try:
        tried(container)
    except KeyboardInterrupt:
        say("stopped")
        return 130
    finally:
        end_adopted()
    say("the image works")
    return 0


def tried(container: str) -> None:
    """Raises AssertionError or TimeoutError for what does not come."""
    site, inbox = ReplaySite(today=TODAY), Inbox()
    with (
        tempfile.TemporaryDirectory(prefix="southbound-image-") as name,
        LocalServer(site.app) as pages,
        LocalServer(inbox.app),
        viewer() as page,
    ):
        folder = Path(name)
        first, second = folder / "store", folder / "copy"
        with running(container, pages, inbox, first) as (stage, store):
            wait_until("the history", lambda: len(store.dates()) == 31, 120)
            wait_until("the mail of the newest day", lambda: len(inbox.mails) == 1)
            see(page, stage, "Fri 13 Feb 2026")
            say("the history is on the page, and its newest day in the inbox")
            begun, day = time.monotonic(), site.move_on()
            see(page, stage, f"{day:%a %-d %b %Y}")
            wait_until("its mail", lambda: len(inbox.mails) == 2)
            say(f"{day} arrived on the page and in the inbox within {time.monotonic() - begun:.1f} s")
            healthy(stage)
        shutil.copytree(first, second)
        with running(container, pages, inbox, second) as (stage, store):
            day = site.move_on()
            see(page, stage, f"{day:%a %-d %b %Y}")
            wait_until("its mail", lambda: len(inbox.mails) == 3)
            if len(store.dates()) != 33:
                raise AssertionError(f"{len(store.dates())} days, want 33")
            say(f"from a copy of the store all went on: {day} arrived, and nobody had a mail twice")


@contextmanager
def running(
    container: str, pages: LocalServer, inbox: Inbox, data: Path
) -> Iterator[tuple[Stage, HoldingsStore]]:
    """The three commands in the container, and a store that keeps its data in a folder."""
    store_port, port = free_ports(0, 0)
    settings = RedisSettings(url=f"redis://127.0.0.1:{store_port}/0")
    ours = variables() | {"STREAMLIT_SERVER_PORT"}
    given = demo_environment(page_address(pages.address), settings.url, inbox.smtp_port)
    given = {name: value for name, value in given.items() if name in ours} | {"ARCHIVE_FOLDER": "/archive"}
    data.mkdir(exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(serving_store(store_port, data))
        store = HoldingsStore.at(settings)
        stack.callback(store.client.close)
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage = Stage(container, given | {"STREAMLIT_SERVER_PORT": str(port)}, port, logs)
        for command in COMMANDS:
            stack.enter_context(started(stage, command))
        try:
            yield stage, store
        except BaseException:
            for log in sorted(logs.iterdir()):
                say(f"{log.name}:\n{log.read_text(encoding='utf-8')[-3000:]}")
            raise


@contextmanager
def started(stage: Stage, command: str) -> Iterator[None]:
    """A command in the container, which ends in order when it is told to."""
    with (stage.logs / command).open("wb") as log:
        process = subprocess.Popen(stage.command(command), stdout=log, stderr=log, start_new_session=True)
    try:
        yield
        if process.poll() is not None:
            raise AssertionError(f"{command} ended by itself, with status {process.returncode}")
    finally:
        left = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN_SECONDS)
        finally:
            # What runs in the container is no child of ours any more once buildah has ended.
            for one in psutil.wait_procs(left, GONE_WITHIN_SECONDS)[1]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            process.kill()
            process.wait()


def healthy(stage: Stage) -> None:
    """What the image's health checks ask, and as whom all of it runs."""
    checked = subprocess.run(stage.command("check"), capture_output=True, text=True, check=True)
    say(f"southbound check: {checked.stdout.strip()}")
    with urllib.request.urlopen(f"http://127.0.0.1:{stage.port}{HEALTH}", timeout=5) as answer:
        if answer.status != HTTPStatus.OK:
            raise AssertionError(f"{HEALTH} answers {answer.status}")
    listed = subprocess.run(stage.inside("ls", "-lR", "/archive"), capture_output=True, text=True, check=True)
    say(f"files in the archive: {listed.stdout.count('.parquet')}")
    scraper = (stage.logs / "scrape").read_text(encoding="utf-8")
    say("Chromium's sandbox: " + ("not here" if "without its sandbox" in scraper else "in use"))


def see(page: Chrome, stage: Stage, text: str) -> None:
    """The page shows a text, without being asked again for it."""
    address = f"http://127.0.0.1:{stage.port}/"
    if not page.current_url.startswith(address):
        wait_until("the dashboard", lambda: opened(page, address))
    wait_until(text, lambda: text in page.execute_script("return document.body.innerText"))


def opened(page: Chrome, address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}{HEALTH}", timeout=5):  # noqa: S310
            page.get(address)
    except OSError:
        return False
    return True


def say(words: str) -> None:
    """A line for whoever watches."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
