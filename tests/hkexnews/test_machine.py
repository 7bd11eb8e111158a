"""Machines that are not ours: no sandbox, no other user, a policy, a slow start, no HOME."""

import json
import logging
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from southbound.common.errors import BrowserError
from southbound.config.settings import ScraperSettings
from southbound.hkexnews import chromium_process
from southbound.hkexnews.client import SiteClient
from southbound.hkexnews.launch import User
from southbound.hkexnews.rate_limit import RateLimit

assert sys.platform != "win32"  # which has neither such signals nor such users

ROOT = os.geteuid() == 0
CHROMIUM = which("chromium") or which("google-chrome")

NO_SANDBOX = """case " $* " in
*" --no-sandbox "*) ;;
*) echo "[1:1:ERROR:zygote_host_impl_linux.cc(130)] No usable sandbox!" >&2; exit 1
esac"""
FORBIDDEN = 'echo "DevTools remote debugging is disallowed by the system admin." >&2; exec sleep 60'
NO_LIBRARY = 'echo "chromium: error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127'

Machine = Callable[..., SiteClient]


@pytest.fixture
def machine(url: str) -> Iterator[Machine]:
    """Gives a browser whose Chromium does something first."""
    started: list[SiteClient] = []
    # Whom root becomes must reach it: each start of pytest closes the folders of all its runs.
    with tempfile.TemporaryDirectory(prefix="southbound-programs-") as name:
        folder = Path(name)
        folder.chmod(0o755)

        def machine(first: str = "", **settings: object) -> SiteClient:
            program = folder / "chromium"
            program.write_text(f'#!/bin/sh\n{first}\nexec {CHROMIUM} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
            chosen = ScraperSettings(url=url, chrome_binary=program, **settings)  # type: ignore[arg-type]
            started.append(SiteClient(chosen, RateLimit(0.0)))
            return started[-1]

        yield machine
        for browser in started:
            browser.stop()


def driver_of(browser: SiteClient) -> psutil.Process:
    assert browser._tab is not None
    return browser._tab.driver.process


def test_pages_are_read_in_the_sandbox_and_not_as_root(own_browser: SiteClient) -> None:
    own_browser.newest()

    driver = driver_of(own_browser)
    below = [process for process in driver.children(recursive=True) if process.is_running()]
    assert below
    assert driver.username() == ("nobody" if ROOT else psutil.Process().username())
    assert all("--no-sandbox" not in process.cmdline() for process in driver.children())
    assert not [process for process in below if process.uids().effective == 0]


def test_chromium_is_steered_through_a_pipe_and_listens_nowhere(own_browser: SiteClient) -> None:
    own_browser.newest()

    for process in driver_of(own_browser).children(recursive=True):
        listening = [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert listening == []


def test_whoever_reaches_the_drivers_port_cannot_start_a_program_with_it(
    own_browser: SiteClient, tmp_path: Path
) -> None:
    own_browser.newest()
    tmp_path.chmod(0o777)
    trace = tmp_path / "trace"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n", encoding="utf-8")
    program.chmod(0o755)
    ports = {c.laddr.port for c in driver_of(own_browser).net_connections() if c.status == psutil.CONN_LISTEN}
    wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"binary": str(program)}}}}

    [port] = ports
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/session",
        json.dumps(wanted).encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)

    with refused.value as answer:
        assert "failed to start a thread" in answer.read().decode()
    assert not trace.exists()
    assert own_browser.newest().listed is not None


def test_the_sandbox_is_left_off_where_it_cannot_work_with_one_warning(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    browser = machine(NO_SANDBOX)

    began = time.monotonic()
    browser.newest()
    browser.restart()
    browser.newest()

    assert time.monotonic() - began < 40  # the driver alone would wait for a minute
    assert "--no-sandbox" in driver_of(browser).children()[0].cmdline()
    assert driver_of(browser).username() == ("nobody" if ROOT else psutil.Process().username())
    warnings = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert [line.partition(",")[0] for line in warnings] == ["Chromium runs without its sandbox"]


@pytest.mark.parametrize(
    ("first", "settings", "line"),
    [
        (FORBIDDEN, {}, "a policy of this machine forbids"),
        (NO_LIBRARY, {}, "the library libnss3.so is missing"),
        ("echo something strange >&2; sleep 0.3; exit 3", {}, "something strange"),
        ("exec sleep 60", {"chrome_start_seconds": 1.0}, "not within 1 s; .* chrome_start_seconds"),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_one_line_and_soon(
    machine: Machine, first: str, settings: dict[str, object], line: str
) -> None:
    began = time.monotonic()

    with pytest.raises(BrowserError, match=f"^Chromium does not start: .*{line}") as caught:
        machine(first, **settings).newest()

    assert str(caught.value).isprintable()
    assert time.monotonic() - began < 20


def test_a_slow_start_is_waited_for(machine: Machine) -> None:
    assert machine("sleep 2", chrome_start_seconds=30.0).newest().listed is not None


def test_without_a_home_and_with_a_long_tmpdir_it_starts(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    assert machine().newest().listed is not None


def test_root_without_another_user_to_become_is_warned(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chromium_process, "is_root", lambda: True)
    monkeypatch.setattr(chromium_process, "_other", lambda _name: None)
    ways = chromium_process.Ways("nobody")

    assert ways.best().sandbox is False
    ways.warn()
    ways.warn()

    assert [record.message.partition(",")[0] for record in caplog.records] == [
        "Chromium reads pages as root and without its sandbox"
    ]
    assert not ways.drop()


@pytest.mark.parametrize(("name", "line"), [("no-such-user", "there is no user"), ("root", "is root")])
def test_a_user_that_will_not_do_is_named(name: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium_process, "is_root", lambda: True)

    with pytest.raises(BrowserError, match=rf"{line}.*: \[scraper\] chrome_user"):
        chromium_process.Ways(name).best()


def test_a_program_that_the_other_user_cannot_run_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "chromium"
    closed.touch(mode=0o700)

    with pytest.raises(BrowserError, match="cannot be run by the user 'stranger'"):
        chromium_process.check_program(closed, User("stranger", 4_000_000, 4_000_000))
    chromium_process.check_program(closed, None)


NetLog = dict[str, Any]


def net_log(file: Path) -> NetLog:
    """What Chromium wrote down; one that was ended by force has not closed the brackets."""
    text = file.read_text(encoding="utf-8", errors="replace").rstrip()
    try:
        log: NetLog = json.loads(text)
    except json.JSONDecodeError:
        log = json.loads(f"{text.rstrip(',')}]}}")
    return log


def told(log: NetLog, event: str, what: str) -> set[str]:
    """One parameter of all events of a name."""
    number = log["constants"]["logEventTypes"][event]
    found = (entry.get("params", {}) for entry in log["events"] if entry["type"] == number)
    return {str(params[what]) for params in found if what in params}


def test_chromium_looks_up_and_calls_nothing_but_the_site(machine: Machine, url: str) -> None:
    """Its own services ask for names of theirs all the same: they get none, and nothing is sent."""
    site = urlsplit(url)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)  # for whom root becomes
        browser = machine(f'set -- "$@" --log-net-log={folder}/net.json')
        browser.newest()
        browser.stop()
        log = net_log(folder / "net.json")

    looked_up = {urlsplit(host).hostname for host in told(log, "HOST_RESOLVER_MANAGER_REQUEST", "host")}
    assert looked_up <= {site.hostname, "~notfound"}
    assert told(log, "TCP_CONNECT_ATTEMPT", "address") == {site.netloc}
    assert told(log, "UDP_BYTES_SENT", "byte_count") == set()
