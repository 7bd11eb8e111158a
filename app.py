"""The dashboard: `streamlit run app.py` serves it at http://localhost:8501."""

import sys

import streamlit as st
from starlette.routing import WebSocketRoute

from southbound.commandline import check_config, settings_or_exit
from southbound.dashboard import live

if "--check-config" in sys.argv[1:]:
    sys.exit(check_config())
if __name__ == "__main__":
    sys.exit("start with: streamlit run app.py")

# Here and not on the first visit: a wrong configuration is told to whoever starts the server.
settings_or_exit()

app = st.App(
    "southbound/dashboard/main.py",
    routes=[WebSocketRoute("/live", live.version_feed)],
    lifespan=live.lifespan,
)
