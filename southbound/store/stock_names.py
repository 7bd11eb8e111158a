"""The Chinese names of the stocks, as they are kept in the store."""

import re
from collections.abc import Mapping

import redis

from southbound.common.text import one_line
from southbound.market.daily_holdings import LONGEST_NAME
from southbound.store import keys
from southbound.store.integrity import hash_at, put_hash, unless_damaged


def read_names(client: redis.Redis) -> dict[int, str]:
    """Stock code -> Chinese name; empty if none were ever read. A field that is no code is passed over.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    stored = unless_damaged(lambda: hash_at(client, keys.NAMES)) or {}
    # Not by int() alone, which would also take "1_0", "٣" and a text of a megabyte.
    named = ((code, one_line(name, LONGEST_NAME)) for code, name in stored.items())
    return {int(code): name for code, name in named if re.fullmatch(r"[0-9]{1,5}", code)}


def write_names(client: redis.Redis, names: Mapping[int, str]) -> None:
    """Add names, or replace them. Those of stocks that left the list stay.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    put_hash(client, keys.NAMES, {str(code): name for code, name in names.items()})
