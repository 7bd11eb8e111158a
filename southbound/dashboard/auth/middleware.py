"""What this server answers before somebody has signed in: what signing in takes, and nothing else.

The page decides for itself what it shows (`sign_in.py`), since it also shows the way in. All else, such as
the live socket and the files behind the download buttons, is asked for at addresses of its own.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from southbound.common.remark import remark
from southbound.config import access
from southbound.config.settings import DashboardSettings
from southbound.dashboard.auth import cookies
from southbound.dashboard.auth.refusals import refusal
from southbound.dashboard.auth.token_guard import ADMITTED
from southbound.dashboard.live.version_socket import POLICY_VIOLATION
from southbound.dashboard.state.paths import inside
from southbound.store.sign_outs import SignOuts

Claims = Mapping[str, Any]

OPEN_PATHS = {
    "/",
    "/favicon.png",
    "/manifest.json",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
}
OPEN_FOLDER = "/static/"
"""The scripts and fonts of Streamlit's own page."""


HEALTH = {"/healthz", "/readyz"}
"""Our own, for whoever watches the process; neither tells a figure."""

SIGN_IN = remark("Sign in first.")

SIGN_OUT, STREAM = "/auth/logout", "/_stcore/stream"

MOST_OUTSIDE = 30
"""Pages that are open at once before somebody signs in; each is a session of Streamlit."""

MOST_BYTES_OUTSIDE = 64_000
"""Of a message of theirs. The page without figures has one button."""

SECONDS_OUTSIDE = 900.0
"""How long such a page is listened to; it comes back by itself if somebody looks at it."""

TRY_AGAIN_LATER, MESSAGE_TOO_BIG = 1013, 1009
"""Closing codes of WebSockets (IANA's registry; RFC 6455)."""


class AuthMiddleware:
    """An ASGI application behind which only those stand who have signed in and are let in.

    Args:
        app: what is behind it.
        settings: who is let in.
        url: where the dashboard is, if that is configured.
        sign_outs: gives what knows who has signed out; asked for on the first request.
    """

    def __init__(
        self, app: ASGIApp, settings: DashboardSettings, url: str | None, sign_outs: Callable[[], SignOuts]
    ) -> None:
        self._app = app
        self._settings = settings
        self._is_secure = (url or "").startswith("https://")
        self._sign_outs = sign_outs
        self._outside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path, send = inside(scope["path"]), self._with_careful_headers(scope, send)
        claims = signed_claims(HTTPConnection(scope).cookies, self._settings.sign_in_cookie_secret)
        if path == SIGN_OUT and claims:
            end = access.end(claims, self._settings.sign_in_hours)
            await asyncio.to_thread(self._sign_outs().end, claims, end)
        if path == STREAM and scope["type"] == "websocket":
            await self._page(claims, scope, receive, send)
        elif is_open(scope["path"]) or scope.get(ADMITTED):
            await self._app(scope, receive, send)
        else:
            await self._figures(claims, scope, receive, send)

    async def _page(self, claims: Claims, scope: Scope, receive: Receive, send: Send) -> None:
        """The page itself, which decides what it shows. Who sees no figures gets little else."""
        if await self._seconds_left(claims) > 0:
            await self._app(scope, receive, send)
            return
        if self._outside >= MOST_OUTSIDE:
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        self._outside += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_OUTSIDE):
                    await self._app(scope, _small(receive), send)
        finally:
            self._outside -= 1

    async def _figures(self, claims: Claims, scope: Scope, receive: Receive, send: Send) -> None:
        seconds = await self._seconds_left(claims)
        if scope["type"] == "http":
            behind = self._app if seconds > 0 else refusal(scope, HTTPStatus.UNAUTHORIZED, SIGN_IN)
            await behind(scope, receive, send)
            return
        with suppress(TimeoutError):
            if seconds > 0:
                # A socket can be open for longer than a sign-in is good.
                async with asyncio.timeout(seconds):
                    await self._app(scope, receive, send)
                    return
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    async def _seconds_left(self, claims: Claims) -> float:
        """How long who has these claims is let in; 0 for not at all."""
        now = time.time()
        if standing_of(claims, self._settings, now) is not access.Standing.ADMITTED:
            return 0.0
        if await asyncio.to_thread(self._sign_outs().is_ended, claims):
            return 0.0
        return access.end(claims, self._settings.sign_in_hours) - now

    def _with_careful_headers(self, scope: Scope, send: Send) -> Send:
        is_secure = self._is_secure or scope.get("scheme") in {"https", "wss"}
        keeps = inside(scope["path"]).startswith(OPEN_FOLDER)

        async def sending(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.accept"}:
                headers = [
                    header
                    for name, value in message.get("headers", [])
                    for header in _careful(name, value, self._settings.sign_in_hours, is_secure=is_secure)
                    if keeps or name.lower() != b"cache-control"
                ]
                message["headers"] = headers if keeps else [*headers, (b"cache-control", b"no-store")]
            await send(message)

        return sending


def _careful(name: bytes, value: bytes, hours: int, *, is_secure: bool) -> list[tuple[bytes, bytes]]:
    if name.lower() != b"set-cookie":
        return [(name, value)]
    sent = cookies.as_sent(value.decode("latin-1"), hours=hours, is_secure=is_secure)
    return [] if sent is None else [(name, sent.encode("latin-1"))]


def _small(receive: Receive) -> Receive:
    """What a client says, until it says too much at once."""

    async def receiving() -> Message:
        message = await receive()
        if len(message.get("bytes") or message.get("text") or b"") > MOST_BYTES_OUTSIDE:
            return {"type": "websocket.disconnect", "code": MESSAGE_TOO_BIG}
        return message

    return receiving


def standing_of(claims: Claims, settings: DashboardSettings, now: float) -> access.Standing:
    """How somebody with these claims stands with us, whether or not he has signed out since."""
    return access.standing(
        claims,
        settings.sign_in_allowed,
        settings.sign_in_hours,
        now,
        unverified=settings.sign_in_unverified,
    )


def is_open(path: str) -> bool:
    """Whether what stands at this path is for everybody."""
    return inside(path) in OPEN_PATHS | HEALTH or inside(path).startswith(OPEN_FOLDER)


def signed_claims(cookies: Mapping[str, str], secret: str) -> Mapping[str, Any]:
    """What Streamlit's identity cookie says; nothing if it is not signed with `secret`.

    Streamlit shows the cookie to its pages alone, so this reads it with the functions that Streamlit uses.
    """

    def signed(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies.get(name, ""))

    content = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    claims: dict[str, Any] = json.loads(content) if content else {}
    return claims


def announcement(settings: DashboardSettings, address: str | None) -> str:
    """Who can read the dashboard, for whoever starts it.

    Args:
        settings: of the dashboard.
        address: what it listens on; None for every network.
    """
    if settings.is_behind_sign_in:
        return f"The dashboard is for those who sign in: {', '.join(settings.sign_in_allowed)}."
    if address is not None and is_this_machine(address):
        return "The dashboard is open without signing in. It listens on this machine only."
    return (
        f"WARNING: the dashboard is open to everybody who reaches {address or 'this machine'} over the "
        "network. Set server.address to 127.0.0.1, or let readers sign in: see docs/dashboard.md."
    )


def is_this_machine(address: str) -> bool:
    """Whether nothing but this machine reaches what listens there."""
    if address == "localhost" or address.startswith("unix://"):
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
