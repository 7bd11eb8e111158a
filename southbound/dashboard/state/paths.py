"""Paths of requests, seen from where the dashboard is served."""

import streamlit as st


def base() -> str:
    """The path that the dashboard is served under: `/southbound`, or nothing."""
    return f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")


def inside(path: str) -> str:
    """A path without that; one that is outside of it as it is."""
    prefix = base()
    return path.removeprefix(prefix) if path == prefix or path.startswith(f"{prefix}/") else path
