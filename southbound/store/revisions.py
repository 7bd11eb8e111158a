"""The notes of which days were restated, as they are read. Damaged, they are none."""

import re
from collections.abc import Mapping
from typing import cast

import redis

from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.integrity import check_size, unless_damaged

Notes = list[tuple[str, dict[str, str]]]
"""Each with its number in the stream: the store's clock in milliseconds, and a count."""


def between(client: redis.Redis, first: str, last: str) -> Notes:
    """The notes from one number to another, oldest first.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """

    def read() -> Notes:
        check_size(client, keys.REVISIONS)
        with store_errors(client, keys.REVISIONS):
            return cast("Notes", client.xrange(keys.REVISIONS, min=first, max=last))

    return unless_damaged(read) or []


def newest(client: redis.Redis, count: int) -> Notes:
    """The newest notes first, at most so many.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """

    def read() -> Notes:
        check_size(client, keys.REVISIONS)
        with store_errors(client, keys.REVISIONS):
            return cast("Notes", client.xrevrange(keys.REVISIONS, count=count))

    return unless_damaged(read) or []


def rows_changed(note: Mapping[str, str]) -> str:
    """How many stocks a note says that were changed; `damaged` if it says no number."""
    rows = note.get("rows", "")
    return rows if re.fullmatch("[0-9]{1,6}", rows) else "damaged"
