"""The dashboard as a server: the page, and what stands in front of it."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute

from southbound.common.logs import keep_logs_plain
from southbound.config.allowed_hosts import with_address
from southbound.config.settings import Settings
from southbound.dashboard.auth import sign_in_page
from southbound.dashboard.auth.middleware import AuthMiddleware, announcement
from southbound.dashboard.auth.request_guard import RequestGuard
from southbound.dashboard.auth.security_headers import security_headers
from southbound.dashboard.live import version_socket
from southbound.dashboard.state.paths import base
from southbound.dashboard.state.resources import process

PAGE = Path(__file__).with_name("page.py")


def parts(settings: Settings) -> dict[str, Any]:
    """What `st.App` needs beside the page. A launcher has to call that itself: Streamlit looks for it there.

    Raises:
        SystemExit: with status 2, after it was said which package the configuration asks for in vain.
    """
    keep_logs_plain()
    if settings.dashboard.is_behind_sign_in and find_spec("authlib") is None:
        print(  # noqa: T201 - the answer to a command
            "[dashboard] sign_in: set, but Authlib is not installed: pip install 'southbound[sign-in]'",
            file=sys.stderr,
        )
        raise SystemExit(2)
    print(announcement(settings.dashboard, st.get_option("server.address")), flush=True)  # noqa: T201

    guards = [
        Middleware(
            RequestGuard,
            names=with_address(settings.dashboard.hosts, st.get_option("server.address")),
            url=settings.dashboard.url,
            headers=security_headers(),
        )
    ]
    if settings.dashboard.is_behind_sign_in:
        guards.append(
            Middleware(
                AuthMiddleware, settings.dashboard, settings.dashboard.url, lambda: process().sign_outs
            )
        )
    return {
        "routes": [WebSocketRoute(f"{base()}/live", version_socket.version_feed)],
        "middleware": guards,
        "secrets": sign_in_page.secrets(settings),
        "lifespan": version_socket.lifespan,
    }
