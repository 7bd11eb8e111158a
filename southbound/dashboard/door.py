"""What this server answers before somebody has signed in: what signing in takes, and nothing else.

The page decides for itself what it shows (`sign_in.py`), since it also shows the way in. All else, such as
the live socket and the files behind the download buttons, is asked for at addresses of its own.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from southbound import readers
from southbound.dashboard.live import POLICY_VIOLATION
from southbound.settings import DashboardSettings

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


class Door:
    """An ASGI application behind which only those stand who have signed in and are let in."""

    def __init__(self, app: ASGIApp, settings: DashboardSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        seconds = self._seconds_left(HTTPConnection(scope))
        if scope["type"] == "http":
            inside = self._app if seconds > 0 else PlainTextResponse("Sign in first.\n", 401)
            await inside(scope, receive, send)
            return
        with suppress(TimeoutError):
            if seconds > 0:
                # A socket can be open for longer than a sign-in is good.
                async with asyncio.timeout(seconds):
                    await self._app(scope, receive, send)
                    return
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    def _seconds_left(self, connection: HTTPConnection) -> float:
        settings, now = self._settings, time.time()
        claims = signed_claims(connection.cookies, settings.sign_in_cookie_secret)
        standing = readers.standing(claims, settings.sign_in_allowed, settings.sign_in_hours, now)
        if standing is not readers.Standing.ADMITTED:
            return 0.0
        return readers.end(claims, settings.sign_in_hours) - now


def is_open(path: str) -> bool:
    """Whether what stands at this path is for everybody."""
    inside = path.removeprefix(f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/"))
    return inside in OPEN_PATHS or inside.startswith(OPEN_FOLDER)


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
        "network. Set server.address to 127.0.0.1, or let readers sign in: see README.md."
    )


def is_this_machine(address: str) -> bool:
    """Whether nothing but this machine reaches what listens there."""
    if address == "localhost" or address.startswith("unix://"):
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
