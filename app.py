"""The dashboard: `streamlit run app.py` serves it at http://localhost:8501."""

import sys

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute

from southbound.commandline import check_config, settings_or_exit
from southbound.dashboard import live, sign_in
from southbound.dashboard.door import Door, announcement
from southbound.dashboard.paths import base
from southbound.dashboard.process import process
from southbound.dashboard.request_guard import RequestGuard
from southbound.dashboard.security_headers import security_headers
from southbound.hosts import with_address
from southbound.logs import keep_logs_plain

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
        Middleware(Door, settings.dashboard, settings.email.dashboard_url, lambda: process().sign_outs)
    )

app = st.App(
    "southbound/dashboard/main.py",
    routes=[WebSocketRoute(f"{base()}/live", live.version_feed)],
    middleware=guards,
    secrets=sign_in.secrets(settings),
    lifespan=live.lifespan,
)
