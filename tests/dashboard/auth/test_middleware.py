"""What the server answers before somebody has signed in, each request as an ASGI server hands it over."""

import asyncio
import json
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

import pytest
import redis
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from southbound.config.settings import DashboardSettings
from southbound.dashboard.auth import middleware
from southbound.dashboard.auth.middleware import AuthMiddleware, announcement, is_this_machine
from southbound.store.sign_outs import SignOuts, fingerprint

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
        response = PlainTextResponse("a figure", headers={"Cache-Control": "public"})
        if scope["path"] == "/oauth2callback":
            for name in (COOKIE, f"{COOKIE}_1", f"{COOKIE}_tokens", f"{COOKIE}_tokens_1"):
                response.set_cookie(name, "x", max_age=2_592_000, httponly=True, samesite="lax")
            response.set_cookie("_streamlit_xsrf", "x", samesite="lax")
        await response(scope, receive, send)
    else:
        await WebSocket(scope, receive, send).accept()
        await asyncio.Event().wait()


class RememberedHere(SignOuts):
    """Who has signed out, without a store."""

    def __init__(self, *ended: str) -> None:
        super().__init__(redis.Redis(port=1))
        self.known = {fingerprint(json.loads(claims)) for claims in ended}

    def end(self, claims: Mapping[str, object], until: float) -> None:
        assert until > time.time()
        self.known.add(fingerprint(claims))

    def is_ended(self, claims: Mapping[str, object]) -> bool:
        return fingerprint(claims) in self.known


def answer(
    path: str,
    cookies: Mapping[str, str] = {},
    kind: str = "http",
    sign_outs: SignOuts | None = None,
    url: str | None = None,
) -> list[Message]:
    """Everything that is sent to who asks for this path."""
    known = sign_outs or RememberedHere()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request" if kind == "http" else "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    scope = {"type": kind, "method": "GET", "path": path, "headers": [(b"cookie", cookie.encode())]}
    asyncio.run(AuthMiddleware(inside, SETTINGS, url, lambda: known)(scope, receive, send))
    return sent


def status(path: str, cookies: Mapping[str, str] = {}) -> int:
    return int(answer(path, cookies)[0]["status"])


def signed(value: str, secret: str = SECRET, name: str = COOKIE) -> str:
    return create_signed_value(secret, name, value).decode()


def identity(**others: object) -> str:
    usual = {
        "is_logged_in": True,
        "email": "somebody@example.org",
        "email_verified": True,
        "iat": time.time(),
    }
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
    "of an address that nobody says is verified": signed(identity(email_verified=None)),
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


def test_signing_out_ends_a_copy_of_the_cookie_too() -> None:
    known, copied = RememberedHere(), {COOKIE: signed(identity())}
    other = {COOKIE: signed(identity(iat=time.time() - 1))}
    assert answer("/media/x", copied, sign_outs=known)[0]["status"] == 200

    answer("/auth/logout", copied, sign_outs=known)

    assert answer("/media/x", copied, sign_outs=known)[0]["status"] == 401
    assert answer("/live", copied, "websocket", known) == [{"type": "websocket.close", "code": 1008}]
    # Another browser of the same reader goes on.
    assert answer("/media/x", other, sign_outs=known)[0]["status"] == 200


def test_who_is_outside_has_few_pages_at_once_and_says_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MOST_OUTSIDE", 2)
    told: list[Message] = []
    listening = asyncio.Event()

    async def page(_scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            pass
        told.append(message)

    async def visit(guard: AuthMiddleware, *messages: Message, cookies: str = "") -> list[Message]:
        sent, waiting = [], list(messages)

        async def receive() -> Message:
            if waiting:
                return waiting.pop(0)
            await listening.wait()
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [(b"cookie", cookies.encode())]
        await guard({"type": "websocket", "path": "/_stcore/stream", "headers": headers}, receive, send)
        return sent

    async def visits() -> list[list[Message]]:
        guard = AuthMiddleware(page, SETTINGS, None, RememberedHere)
        reader = f"{COOKIE}={signed(identity())}"
        open_ones = [asyncio.create_task(visit(guard)) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        outside = await visit(guard)
        large = {"type": "websocket.receive", "bytes": b"x" * (middleware.MOST_BYTES_OUTSIDE + 1)}
        inside = asyncio.create_task(visit(guard, large, cookies=reader))
        listening.set()
        await asyncio.gather(*open_ones)
        said_much = await visit(guard, large)
        return [outside, await inside, said_much]

    outside, admitted, said_much = asyncio.run(visits())

    assert outside == [{"type": "websocket.close", "code": 1013}]
    assert admitted[0]["type"] == said_much[0]["type"] == "websocket.accept"
    assert [message["code"] for message in told] == [1000, 1000, 1000, 1009]


@pytest.mark.parametrize(
    ("path", "kept"), [("/", "no-store"), ("/media/x", "no-store"), ("/static/x", "public")]
)
def test_no_browser_or_proxy_keeps_figures_where_readers_sign_in(path: str, kept: str) -> None:
    [start, _] = answer(path, {COOKIE: signed(identity())})

    assert [value for name, value in start["headers"] if name == b"cache-control"] == [kept.encode()]


@pytest.mark.parametrize("url", [None, "http://a.example", "https://a.example"])
def test_cookies_leave_as_they_should(url: str | None) -> None:
    [start, _] = answer("/oauth2callback", url=url)
    sent = [value.decode() for name, value in start["headers"] if name == b"set-cookie"]

    assert [cookie.partition("=")[0] for cookie in sent] == [COOKIE, f"{COOKIE}_1", "_streamlit_xsrf"]
    assert [f"Max-Age={12 * 3600}" in cookie for cookie in sent] == [True, True, False]
    assert all(("; Secure" in cookie) == (url == "https://a.example") for cookie in sent)
    assert all("HttpOnly" in cookie for cookie in sent[:2])


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
