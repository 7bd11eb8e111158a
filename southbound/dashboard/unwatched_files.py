"""Streamlit's own settings, read once: it would look five times a second whether their files have changed.

That is half of what a dashboard does that nobody looks at. Our settings are read at the start, too.
"""

from streamlit.watcher.polling_path_watcher import PollingPathWatcher


def watch_no_files() -> None:
    """Let the look that each file's watcher is at be its last. `server.fileWatcherType` is not for these."""
    PollingPathWatcher._schedule = _not_again  # type: ignore[method-assign, assignment]  # noqa: SLF001 - no setting


def _not_again(_watcher: PollingPathWatcher) -> None:
    """What a watcher does for its next look."""
