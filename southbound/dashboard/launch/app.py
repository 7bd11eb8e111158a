"""What `southbound dashboard` has Streamlit run: alone in a folder, since Streamlit imports from there."""

import streamlit as st

from southbound.dashboard.app import PAGE, parts
from southbound.dashboard.state.resources import configured
from southbound.running.startup import settings_or_exit

app = st.App(PAGE, **parts(settings_or_exit(configured)))
