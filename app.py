"""The dashboard: `streamlit run app.py` serves it at http://localhost:8501."""

import sys

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute

from southbound.commandline import check_config, settings_or_exit
from southbound.dashboard import live, sign_in
from southbound.dashboard.door import Door, announcement

if "--check-config" in sys.argv[1:]:
    sys.exit(check_config())
if __name__ == "__main__":
    sys.exit("start with: streamlit run app.py")

# Here and not on the first visit: a wrong configuration is told to whoever starts the server.
settings = settings_or_exit()
print(announcement(settings.dashboard, st.get_option("server.address")), flush=True)  # noqa: T201

app = st.App(
    "southbound/dashboard/main.py",
    routes=[WebSocketRoute("/live", live.version_feed)],
    middleware=[Middleware(Door, settings.dashboard)] if settings.dashboard.is_behind_sign_in else [],
    secrets=sign_in.secrets(settings),
    lifespan=live.lifespan,
)
