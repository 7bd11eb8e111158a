"""The dashboard: `streamlit run app.py`, or `southbound dashboard`, serves it at http://localhost:8501."""

import sys

import streamlit as st

from southbound.commands.options import check_config
from southbound.dashboard.app import PAGE, parts
from southbound.dashboard.state.resources import configured
from southbound.running.startup import settings_or_exit

if "--check-config" in sys.argv[1:]:
    sys.exit(check_config())
if __name__ == "__main__":
    sys.exit("start with: streamlit run app.py")

# Here and not on the first visit: a wrong configuration is told to whoever starts the server.
app = st.App(PAGE, **parts(settings_or_exit(configured)))
