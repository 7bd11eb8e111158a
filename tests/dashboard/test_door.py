"""What the server answers before somebody has signed in, each request as an ASGI server hands it over."""

import asyncio
import json
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from southbound.dashboard.door import Door, announcement, is_this_machine
from southbound.settings import DashboardSettings

SECRET = "what the cookies of these tests are signed with"
SETTINGS = DashboardSettings(
    sign_in_metadata_url="https://accounts.example.org/.well-known/openid-configuration",
    sign_in_client_id="southbound",
    sign_in_client_secret="unused",
    sign_in_cookie_secret=SECRET,
    sign_in_allowed=("example.org",),
    sign_in_hours=12,
)
COOKIE = "_streamlit_user"
CLOSED = [
    "/live",
    "/media/0123abcd.csv",
    "/media",
    "/_stcore/metrics",
    "/_stcore/upload_file/session/file",
    "/_stcore/agent/interact",
    "/_stcore/bidi-components/southbound.live/live.js",
    "/component/any/index.html",
    "/app/static/file",
    "/_stcore/script-health-check",
    "//media/0123abcd.csv",
    "/static",
    "/Static/index.js",
    "/auth/login/../../media/0123abcd.csv",
    "",
]
OPEN = ["/", "/static/js/index.js", "/_stcore/health", "/_stcore/stream", "/auth/login", "/oauth2callback"]

Message = MutableMapping[str, Any]


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    """What is behind the door: a secret, and a socket that stays open."""
    if scope["type"] == "http":
        await PlainTextResponse("a figure")(scope, receive, send)
    else:
        await WebSocket(scope, receive, send).accept()
        await asyncio.Event().wait()


def answer(path: str, cookies: Mapping[str, str] = {}, kind: str = "http") -> list[Message]:
    """Everything that is sent to who asks for this path."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request" if kind == "http" else "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    scope = {"type": kind, "method": "GET", "path": path, "headers": [(b"cookie", cookie.encode())]}
    asyncio.run(Door(inside, SETTINGS)(scope, receive, send))
    return sent


def status(path: str, cookies: Mapping[str, str] = {}) -> int:
    return int(answer(path, cookies)[0]["status"])


def signed(value: str, secret: str = SECRET, name: str = COOKIE) -> str:
    return create_signed_value(secret, name, value).decode()


def identity(**others: object) -> str:
    usual = {"is_logged_in": True, "email": "somebody@example.org", "iat": time.time()}
    return json.dumps(usual | others)


@pytest.mark.parametrize("path", OPEN)
def test_what_signing_in_takes_is_open_to_all(path: str) -> None:
    assert status(path) == 200


@pytest.mark.parametrize("path", CLOSED)
def test_all_else_is_for_those_who_signed_in(path: str) -> None:
    assert status(path) == 401
    assert b"a figure" not in answer(path)[1]["body"]
    assert status(path, {COOKIE: signed(identity())}) == 200


def test_a_socket_without_a_sign_in_is_closed_before_it_is_open() -> None:
    assert answer("/live", kind="websocket") == [{"type": "websocket.close", "code": 1008}]


OTHER_COOKIES = {
    "none": "",
    "no cookie of anybody": "nonsense",
    "not signed": identity(),
    "signed with another secret": signed(identity(), secret=SECRET[:-1]),
    "signed for another name": signed(identity(), name="_streamlit_user_tokens"),
    "cut off": signed(identity())[:-1],
    "with a letter more": "x" + signed(identity()),
    "of somebody else": signed(identity(email="somebody@evil.example")),
    "of an address that is not verified": signed(identity(email_verified=False)),
    "of somebody who signed out": signed(identity(is_logged_in=False)),
    "run out": signed(identity(iat=time.time() - 12 * 3600)),
    "without claims": signed("{}"),
    "in parts that are not there": signed("chunks-2"),
    "in no parts": signed("chunks-0"),
    "no ASCII": "\N{LATIN SMALL LETTER E WITH ACUTE}",
}


# Named, since a signature is another one in each process that runs the tests.
@pytest.mark.parametrize("cookie", OTHER_COOKIES.values(), ids=OTHER_COOKIES.keys())
def test_no_other_cookie_opens(cookie: str) -> None:
    assert status("/media/0123abcd.csv", {COOKIE: cookie}) == 401
    assert answer("/live", {COOKIE: cookie}, "websocket") == [{"type": "websocket.close", "code": 1008}]


def test_a_cookie_that_streamlit_split_opens() -> None:
    half = len(identity()) // 2
    content = identity(picture="https://example.org/" + "x" * 100)
    parts = {
        COOKIE: signed("chunks-2"),
        f"{COOKIE}_1": signed(content[:half], name=f"{COOKIE}_1"),
        f"{COOKIE}_2": signed(content[half:], name=f"{COOKIE}_2"),
    }

    assert status("/live", parts) == 200
    del parts[f"{COOKIE}_2"]
    assert status("/live", parts) == 401


def test_an_open_socket_is_closed_when_the_sign_in_runs_out() -> None:
    cookie = signed(identity(iat=time.time() - 12 * 3600 + 0.3))

    sent = answer("/live", {COOKIE: cookie}, "websocket")

    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert sent[-1]["code"] == 1008


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.0.1.1", "unix:///run/southbound"])
def test_an_open_dashboard_says_that_it_listens_on_this_machine_only(address: str) -> None:
    assert is_this_machine(address)
    said = announcement(DashboardSettings(), address)

    assert said == "The dashboard is open without signing in. It listens on this machine only."


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        (None, "this machine"),
        ("0.0.0.0", "0.0.0.0"),
        ("::", "::"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost.example.org", "localhost.example.org"),
    ],
)
def test_a_dashboard_that_is_open_to_the_network_warns(address: str | None, reached: str) -> None:
    said = announcement(DashboardSettings(), address)

    assert said.startswith(
        f"WARNING: the dashboard is open to everybody who reaches {reached} over the network"
    )


@pytest.mark.parametrize("address", [None, "127.0.0.1"])
def test_a_dashboard_behind_a_sign_in_says_for_whom_it_is(address: str | None) -> None:
    assert announcement(SETTINGS, address) == "The dashboard is for those who sign in: example.org."
