"""The dashboard as a server: the page, and what stands in front of it."""

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from southbound.api import health
from southbound.api.measured import Measured
from southbound.api.parts import Parts
from southbound.common.background import started_again
from southbound.common.collector import collector_paused
from southbound.common.errors import SouthboundError
from southbound.common.logs import keep_logs_plain
from southbound.config.allowed_hosts import with_address
from southbound.config.settings import Settings
from southbound.dashboard.auth import sign_in_page
from southbound.dashboard.auth.middleware import AuthMiddleware, announcement
from southbound.dashboard.auth.refusals import NOTHING_HERE, refusal
from southbound.dashboard.auth.request_guard import RequestGuard
from southbound.dashboard.auth.security_headers import security_headers
from southbound.dashboard.auth.token_guard import TokenGuard
from southbound.dashboard.document import document
from southbound.dashboard.icon_font import IconFont
from southbound.dashboard.live import version_socket
from southbound.dashboard.prompt_answers import send_at_once
from southbound.dashboard.state.paths import base, inside
from southbound.dashboard.state.resources import process
from southbound.dashboard.unwatched_files import watch_no_files
from southbound.queries.current import current_view
from southbound.system.memory import look_for_cycles_rarely
from southbound.system.without_pandas import without_pandas

PAGE = Path(__file__).with_name("page.py")


def parts(settings: Settings) -> dict[str, Any]:
    """What `st.App` needs beside the page. A launcher has to call that itself: Streamlit looks for it there.

    Raises:
        SystemExit: with status 2, after it was said which package the configuration asks for in vain.
    """
    keep_logs_plain()
    look_for_cycles_rarely()
    without_pandas()
    if settings.dashboard.is_behind_sign_in and find_spec("authlib") is None:
        print(  # noqa: T201 - the answer to a command
            "[dashboard] sign_in: set, but Authlib is not installed: pip install 'southbound[sign-in]'",
            file=sys.stderr,
        )
        raise SystemExit(2)
    print(announcement(settings.dashboard, st.get_option("server.address")), flush=True)  # noqa: T201

    measured = Measured(api_parts)
    guards = [
        Middleware(measured.counting, inside),
        Middleware(
            RequestGuard,
            names=with_address(settings.dashboard.hosts, st.get_option("server.address")),
            url=settings.dashboard.url,
            headers=security_headers(),
        ),
    ]
    if settings.api.tokens or settings.dashboard.is_behind_sign_in:
        guards.append(
            Middleware(TokenGuard, settings.api.tokens, or_signed_in=settings.dashboard.is_behind_sign_in)
        )
    if settings.dashboard.is_behind_sign_in:
        guards.append(
            Middleware(
                AuthMiddleware, settings.dashboard, settings.dashboard.url, lambda: process().sign_outs
            )
        )
    guards.append(Middleware(IconFont, base()))
    return {
        "routes": [
            Route(f"{base()}/", document),
            WebSocketRoute(f"{base()}/live", version_socket.version_feed),
            Route(f"{base()}/healthz", health.healthz),
            Route(f"{base()}/readyz", health.Readiness(api_parts).answer),
            Route(f"{base()}/metrics", measured.answer),
            *([Mount(f"{base()}/api/v1", api_v1)] if settings.api.enabled else []),
            # Else Streamlit would answer with its page.
            Mount(f"{base()}/api", nothing_here),
        ],
        "middleware": guards,
        "secrets": sign_in_page.secrets(settings),
        "lifespan": lifespan,
    }


FIRST_PAGES_SECONDS = 2.0
"""So long those who come at once are left alone with what they see."""


def read_ahead() -> None:
    """Read the figures that the first page will show, then the prices of older years.

    Where they cannot be read now, that page tells so, and whoever needs them reads them. Meanwhile no garbage
    is collected, which would look at all that was just loaded: a tenth of a second on the first page.
    """
    shared = process()
    with suppress(SouthboundError), collector_paused():
        snapshot = shared.store_watcher.snapshot()
        first, _ = current_view(shared.store_watcher, shared.figures_cache, snapshot, whole=False)
        if first is not None and not first.figures.is_whole:
            time.sleep(FIRST_PAGES_SECONDS)
            api_parts().now()


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """From when the server listens, before it answers, until it has stopped."""
    send_at_once()
    watch_no_files()
    async with version_socket.lifespan(app):
        # Ten years take seconds to read: not from when the first reader comes.
        started_again("read-ahead", read_ahead)
        yield


def api_parts() -> Parts:
    """What the pages of this process share, for programs."""
    shared = process()
    return Parts(
        shared.store_watcher, shared.figures_cache, shared.data_quality, shared.store, shared.settings
    )


@cache
def loaded_api() -> ASGIApp:
    """The API, from when somebody first asks: FastAPI takes 0.2 s of a start, and 13 MB."""
    from southbound.api.app import api  # noqa: PLC0415 - see above

    return api(api_parts)


async def api_v1(scope: Scope, receive: Receive, send: Send) -> None:
    """What is answered below `/api/v1`."""
    await loaded_api()(scope, receive, send)


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    """What is answered below `/api` where there is nothing."""
    await refusal(scope, HTTPStatus.NOT_FOUND, NOTHING_HERE)(scope, receive, send)
