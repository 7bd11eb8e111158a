"""The Chinese names of the stocks, as they are kept in the store."""

import re
from collections.abc import Mapping
from typing import Any, cast

import redis

from southbound import keys
from southbound.connection import store_errors


def read_names(client: redis.Redis) -> dict[int, str]:
    """Stock code -> Chinese name; empty if none were ever read. A field that is no code is passed over.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    with store_errors(client):
        stored = cast("dict[str, str]", client.hgetall(keys.NAMES))
    # Not by int() alone, which would also take "1_0", "٣" and a text of a megabyte.
    return {int(code): name for code, name in stored.items() if re.fullmatch(r"[0-9]{1,5}", code)}


def write_names(client: redis.Redis, names: Mapping[int, str]) -> None:
    """Add names, or replace them. Those of stocks that left the list stay.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    written: dict[Any, Any] = {str(code): name for code, name in names.items()}
    with store_errors(client):
        client.hset(keys.NAMES, mapping=written)
