"""Who may ask the dashboard at all, each request as an ASGI server hands it over."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from hypothesis import given, strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from southbound.dashboard.auth.request_guard import RequestGuard
from southbound.dashboard.auth.security_headers import policy, security_headers

Message = MutableMapping[str, Any]
Header = tuple[str, str]

URL = "https://southbound.example.org/figures"
NAMES = ("other.example", "192.0.2.7")
PORT = "8501"


class Behind:
    """What is guarded: it remembers what reaches it."""

    def __init__(self) -> None:
        self.reached: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append(scope)
        if scope["type"] == "http":
            headers = {"X-Frame-Options": "ALLOWALL", "Cache-Control": "public"}
            await PlainTextResponse("a figure", headers=headers)(scope, receive, send)
        else:
            await WebSocket(scope, receive, send).accept()


def ask(
    *headers: Header, kind: str = "http", method: str = "GET", path: str = "/"
) -> tuple[list[Message], Behind]:
    """What is sent back, and what was reached."""
    behind, sent = Behind(), []
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "extensions": {"websocket.http.response": {}},
    }

    async def receive() -> Message:
        return {"type": "http.request" if kind == "http" else "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    guard = RequestGuard(behind, NAMES, URL, security_headers())
    asyncio.run(guard(scope, receive, send))
    return sent, behind


def status(*headers: Header, kind: str = "http", method: str = "GET", path: str = "/") -> int:
    """The HTTP status; 101 for a socket that was opened. Whoever is refused reaches nothing."""
    sent, behind = ask(*headers, kind=kind, method=method, path=path)
    found = 101 if sent[0]["type"] == "websocket.accept" else int(sent[0]["status"])
    assert bool(behind.reached) == (found in {101, 200})
    return found


def of(host: str, *origins: str) -> list[Header]:
    return [("host", host), *(("origin", origin) for origin in origins)]


OURS = [
    *("localhost", "localhost:8501", "LOCALHOST:8501", "localhost.:8501", "127.0.0.1:8501", "[::1]:8501"),
    *("[0:0::1]:9", "southbound.example.org", "Southbound.Example.org:443", "other.example:1", "192.0.2.7"),
]
FOREIGN = [
    *(
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "evil-localhost",
        "127.0.0.2:8501",
        "0.0.0.0",
    ),
    *(
        "127.0.0.1.evil.example",
        "2130706433",
        "127.1",
        "[::]",
        "[::ffff:127.0.0.1]",
        "localhost@evil.example",
    ),
    *("evil.example@localhost", "localhost/evil", "", ".", "localhost:99999", "localhost, evil.example"),
    *("a.southbound.example.org", "southbound.example.org.evil.example", "l\xf6calhost", "169.254.169.254"),
]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", OURS)
def test_a_host_of_ours_is_served(host: str, kind: str) -> None:
    origin = f"https://{host}" if "southbound" in host.lower() else f"http://{host}"

    assert status(*of(host, origin), kind=kind) in {101, 200}


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_is_misdirected(host: str, kind: str) -> None:
    assert status(*of(host, f"http://{host}"), kind=kind) == 421


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [*of("localhost"), *of("localhost")],
        [*of("localhost"), *of("evil.example")],
        [("host", "evil.example"), ("x-forwarded-host", "localhost"), ("forwarded", "host=localhost")],
    ],
)
def test_no_host_two_of_them_and_what_a_proxy_is_said_to_have_seen_are_misdirected(
    headers: list[Header],
) -> None:
    assert status(*headers) == 421


def test_the_answer_names_the_setting_and_repeats_little() -> None:
    sent, _ = ask(*of("evil.example"))
    assert b"not served as evil.example" in sent[1]["body"]
    assert b"DASHBOARD_HOSTS" in sent[1]["body"]
    assert len(ask(*of("x" * 250))[0][1]["body"]) < 200


OWN_PAGES = [
    ("localhost:8501", "http://localhost:8501"),
    ("LocalHost.:8501", "http://localhost:8501"),
    ("localhost:8501", "HTTP://LOCALHOST.:8501"),
    ("localhost", "http://localhost"),
    ("localhost:80", "http://localhost"),
    ("other.example", "https://other.example"),
    ("other.example:443", "https://other.example"),
    ("[::1]:8501", "http://[0:0:0:0:0:0:0:1]:8501"),
    ("southbound.example.org", "https://southbound.example.org"),
    ("southbound.example.org", "https://southbound.example.org:443"),
]
FOREIGN_PAGES = [
    ("localhost:8501", origin)
    for origin in (
        *(
            "http://localhost",
            "http://localhost:8502",
            "http://127.0.0.1:8501",
            "https://evil.example",
            "null",
        ),
        *(
            "",
            "http://evil.example:8501",
            "http://localhost:8501.evil.example",
            "http://localhost:8501/",
            "file://",
        ),
        *("http://localhost:8501@evil.example", "localhost:8501", "//localhost:8501", "http://[::1]:8501"),
        *(
            "http://localhost:8501 http://evil.example",
            "chrome-extension://localhost:8501",
            "http://sub.localhost:8501",
        ),
    )
] + [
    ("southbound.example.org", "http://southbound.example.org"),
    ("southbound.example.org", "https://southbound.example.org:8443"),
    ("other.example", "http://other.example:8080"),
    ("other.example:8080", "http://other.example"),
]


@pytest.mark.parametrize(("kind", "method"), [("websocket", "GET"), ("http", "POST"), ("http", "PUT")])
@pytest.mark.parametrize(("host", "origin"), OWN_PAGES)
def test_our_own_pages_may_open_sockets_and_send(host: str, origin: str, kind: str, method: str) -> None:
    assert status(*of(host, origin), kind=kind, method=method) in {101, 200}


@pytest.mark.parametrize(
    ("kind", "method"),
    [("websocket", "GET"), *(("http", method) for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"))],
)
@pytest.mark.parametrize(("host", "origin"), FOREIGN_PAGES)
def test_other_pages_may_not(host: str, origin: str, kind: str, method: str) -> None:
    assert status(*of(host, origin), kind=kind, method=method) == 403


@pytest.mark.parametrize(("kind", "method"), [("websocket", "GET"), ("http", "POST")])
@pytest.mark.parametrize(
    "origins", [[], ["http://localhost:8501", "http://localhost:8501"], ["http://localhost:8501", "null"]]
)
def test_nobody_may_who_says_no_origin_or_two(origins: list[str], kind: str, method: str) -> None:
    assert status(*of("localhost:8501", *origins), kind=kind, method=method) == 403


@given(
    st.sampled_from(["localhost:8501", "other.example", "[::1]:1"]),
    st.text("loclhst:/.850127[]@evixampn#%?\\ \t", max_size=40)
    | st.sampled_from([origin for _, origin in FOREIGN_PAGES]),
)
def test_only_an_origin_with_the_same_host_and_port_passes(host: str, origin: str) -> None:
    passed = status(*of(host, origin), kind="websocket") == 101

    assert passed == (origin.rstrip() in {f"http://{host}", f"https://{host}"} and origin == origin.rstrip())


@pytest.mark.parametrize(("host", "origin"), [*OWN_PAGES, *FOREIGN_PAGES])
def test_streamlit_never_sees_an_origin_that_it_would_look_up(host: str, origin: str) -> None:
    _, behind = ask(*of(host, origin))
    [scope] = behind.reached
    assert not [name for name, _ in scope["headers"] if name == b"origin"]

    _, behind = ask(*of(host, origin), kind="websocket")
    for scope in behind.reached:
        given = dict(scope["headers"])
        assert given[b"origin"].partition(b"://")[2] == given[b"host"]


@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/_stcore/agent/interact"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_what_the_page_has_no_use_for_is_not_there(path: str, method: str) -> None:
    assert status(*of("localhost", "http://localhost"), method=method, path=path) == 404


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_every_answer_says_what_a_browser_may_do(host: str) -> None:
    sent, _ = ask(*of(host))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}

    assert len(headers) == len(sent[0]["headers"])
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    directives = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'self'"
    assert "'unsafe-inline'" not in directives["script-src"]
    assert "http" not in headers["content-security-policy"]


def test_a_script_in_the_page_is_allowed_by_what_it_says() -> None:
    allowed = policy("<script>alert(1)</script><script src=x></script>")
    assert allowed.count("sha256-") == 1
    # As `openssl dgst -sha256 -binary | base64` has it.
    assert "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in allowed
