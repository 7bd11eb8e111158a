"""The dashboard: `streamlit run app.py` serves it at http://localhost:8501."""

import sys

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute

from southbound.common.logs import keep_logs_plain
from southbound.config.allowed_hosts import with_address
from southbound.dashboard.auth import sign_in_page
from southbound.dashboard.auth.middleware import AuthMiddleware, announcement
from southbound.dashboard.auth.request_guard import RequestGuard
from southbound.dashboard.auth.security_headers import security_headers
from southbound.dashboard.live import version_socket
from southbound.dashboard.state.paths import base
from southbound.dashboard.state.resources import process
from southbound.running.commandline import check_config, settings_or_exit

if "--check-config" in sys.argv[1:]:
    sys.exit(check_config())
if __name__ == "__main__":
    sys.exit("start with: streamlit run app.py")

keep_logs_plain()
# Here and not on the first visit: a wrong configuration is told to whoever starts the server.
settings = settings_or_exit()
print(announcement(settings.dashboard, st.get_option("server.address")), flush=True)  # noqa: T201

guards = [
    Middleware(
        RequestGuard,
        names=with_address(settings.dashboard.hosts, st.get_option("server.address")),
        url=settings.email.dashboard_url,
        headers=security_headers(),
    )
]
if settings.dashboard.is_behind_sign_in:
    guards.append(
        Middleware(
            AuthMiddleware, settings.dashboard, settings.email.dashboard_url, lambda: process().sign_outs
        )
    )

app = st.App(
    "southbound/dashboard/page.py",
    routes=[WebSocketRoute(f"{base()}/live", version_socket.version_feed)],
    middleware=guards,
    secrets=sign_in_page.secrets(settings),
    lifespan=version_socket.lifespan,
)
