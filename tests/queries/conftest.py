"""Queries are asked of a store that is stopped and started again."""

from tests.dashboard.conftest import records, server, store, store_watcher

__all__ = ["records", "server", "store", "store_watcher"]
