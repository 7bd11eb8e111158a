"""What makes an open page draw itself again: the socket in the browser, and a slow timer behind it."""

from datetime import UTC, datetime

import streamlit as st

from southbound.common.language import spoken
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.state.component import component, rerun_alone
from southbound.dashboard.state.reader import fragment
from southbound.dashboard.views import freshness, notices
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.widgets import show
from southbound.queries.store_watcher import DataVersion, StoreWatcher


def listen(asked: DataVersion | None, mode: Mode | None) -> None:
    """Rerun this page when the store has another version than that in `asked`, or the page another mode."""
    data = {"version": asked.version if asked else None, "mode": mode, "language": spoken()}
    socket = component("southbound.live", "southbound.dashboard.live", "version_socket")
    socket(key="live", data=data, on_version_change=rerun_alone, on_mode_change=rerun_alone)


@fragment(5.0)
def freshness_line(
    store_watcher: StoreWatcher, asked: DataVersion | None, mode: Mode | None, *, has_figures: bool
) -> None:
    """How fresh the page is; every page looks by itself, since no notification comes when a scraper dies.

    Also the way back for a page whose socket cannot tell: the store was away, or a proxy lets none through;
    and for charts whose colours are those of the other mode.
    """
    snapshot = store_watcher.snapshot()
    if snapshot.data_version != asked or st.context.theme.type != mode:
        st.rerun()
    seen = freshness.badge(snapshot, datetime.now(UTC))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fresh"):
        st.badge(seen.label, color=seen.colour)
        st.caption(plain(seen.sentence), width="stretch")
    if has_figures and snapshot.trouble is not None:
        show(notices.last_figures(snapshot.trouble))
