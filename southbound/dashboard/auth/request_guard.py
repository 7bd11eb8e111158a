"""What stands in front of everything that the dashboard serves: who may ask at all, and what browsers may do.

A page of another name can point that name to this machine, and a page of another port of it can ask us in
the reader's browser. `Host` and `Origin`, which no page can choose, tell both. What a proxy says of itself in
`X-Forwarded-…` is not asked: whoever reaches us can write it.
"""

from collections.abc import Collection, Iterable, Sequence
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.config import allowed_hosts
from southbound.dashboard.auth.refusals import NOTHING_HERE, refusal
from southbound.dashboard.state.paths import inside

Headers = list[tuple[bytes, bytes]]

SAFE_METHODS = {"GET", "HEAD"}

NOT_SERVED = ("/_stcore/upload_file", "/_stcore/agent")
"""What Streamlit takes beside a page's own messages. This page has no use for it."""

LONGEST_NAME = 60
"""Characters of a foreign host that are logged."""


class RequestGuard:
    """An ASGI application that asks another one for what its own pages want, and nothing else.

    Args:
        app: what is guarded.
        names: the hosts that it is asked for by, beside those of this machine, as `hosts.named` writes them.
        url: where it is, if that is configured; a page of that host has that scheme and port, too.
        headers: for every answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        names: Collection[str] = (),
        url: str | None = None,
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        self._app = app
        self._home = allowed_hosts.origin("/".join(url.split("/")[:3])) if url else None
        self._names = {*allowed_hosts.LOOPBACK, *names, *([self._home.host] if self._home else ())}
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is None:
            await self._app(_as_streamlit_wants_it(scope), receive, _adding(self._headers, send))
        elif scope["type"] == "http":
            await refused(scope, receive, _adding(self._headers, send))
        else:
            await _deny(scope, refused, send)

    def _refusal(self, scope: Scope) -> Response | None:
        try:
            [given] = values(scope, b"host")
            host = allowed_hosts.place(given)
        except ValueError:
            return refusal(
                scope,
                HTTPStatus.MISDIRECTED_REQUEST,
                remark("This request names no host, or more than one."),
            )
        if host.host not in self._names:
            name = one_line(host.host[:LONGEST_NAME])
            return refusal(
                scope,
                HTTPStatus.MISDIRECTED_REQUEST,
                remark(
                    "This dashboard is not served as {name}. If it should be, name that in DASHBOARD_HOSTS.",
                    name=name,
                ),
            )
        if inside(scope["path"]).startswith(NOT_SERVED):
            return refusal(scope, HTTPStatus.NOT_FOUND, NOTHING_HERE)
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return None
        if not self._is_own_page(values(scope, b"origin"), host):
            return refusal(scope, HTTPStatus.FORBIDDEN, remark("This is for the dashboard's own pages."))
        return None

    def _is_own_page(self, given: list[str], host: allowed_hosts.Place) -> bool:
        """Whether the one origin that is given has the host and the port that the request is for."""
        try:
            [text] = given
            page = allowed_hosts.origin(text)
        except ValueError:
            return False
        if self._home is not None and host.host == self._home.host and host.port in {None, self._home.port}:
            return page == self._home
        # Where no port is written, it is the usual one of the page's scheme: a proxy knows which that is.
        return page.netloc == allowed_hosts.Origin(page.scheme, host.host, host.port or _usual(page)).netloc


def values(scope: Scope, name: bytes) -> list[str]:
    """All headers of that name; there may be several, and any signs in them."""
    return [value.decode("latin-1") for header, value in scope["headers"] if header.lower() == name]


def _usual(page: allowed_hosts.Origin) -> int:
    return 443 if page.scheme == "https" else 80


def _as_streamlit_wants_it(scope: Scope) -> Scope:
    """Without what makes Streamlit look for its own outside address: an origin that it compares by letters.

    A WebSocket has to have one, which its host is written like; nothing else needs it.
    """
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
    if scope["type"] == "websocket":
        [text] = values(scope, b"origin")
        page = allowed_hosts.origin(text)
        headers = [(name, value) for name, value in headers if name.lower() != b"host"]
        headers += [
            (b"host", page.netloc.encode()),
            (b"origin", f"{page.scheme}://{page.netloc}".encode()),
        ]
    return {**scope, "headers": headers}


def _adding(headers: Sequence[tuple[bytes, bytes]], send: Send) -> Send:
    names = {name for name, _ in headers}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept: Iterable[tuple[bytes, bytes]] = message.get("headers", [])
            message["headers"] = [*(header for header in kept if header[0].lower() not in names), *headers]
        await send(message)

    return sending


async def _deny(scope: Scope, refused: Response, send: Send) -> None:
    """Answer who wants to open a WebSocket; a server that cannot send a status sends 403."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send(
        {
            "type": "websocket.http.response.start",
            "status": refused.status_code,
            "headers": refused.raw_headers,
        }
    )
    await send({"type": "websocket.http.response.body", "body": refused.body})
