"""Keys of ours that another program, or a hand, has written over: noticed before they cost anything.

What can be had again is taken for empty by its readers, and written anew by its writer.
`southbound.store.keys` says which keys those are.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import redis

from southbound.common.errors import DamagedKey
from southbound.store import keys
from southbound.store.client import is_wrong_type, store_errors
from southbound.store.error_replies import Meaning, meaning

T = TypeVar("T")

log = logging.getLogger(__name__)

MOST_BYTES = 8_000_000
"""Of one key. A day has 60 kB, one of 9,000 stocks 600 kB, and nothing else of ours has more."""

VERSION_DIGITS = 20
"""No integer of the store has more."""


def check_size(client: redis.Redis, key: str) -> None:
    """See that a key can be read: asked of the store, before anything of it is. Not every store can tell.

    Raises:
        DamagedKey: it is too large to be ours.
        StoreUnavailable, StoreRefused: the store's part.
    """
    with store_errors(client):
        try:
            size = client.memory_usage(key) or 0
        except redis.ResponseError as error:
            if meaning(error) is not Meaning.LACKING:
                raise
            return
    if size > MOST_BYTES:
        raise DamagedKey(key, f"it takes {size:,} bytes, want at most {MOST_BYTES:,}")


def is_too_large(client: redis.Redis, key: str) -> bool:
    """Whether `check_size` would raise DamagedKey, which is logged."""
    try:
        check_size(client, key)
    except DamagedKey as error:
        name_once(error)
        return True
    return False


def hash_at(client: redis.Redis, key: str) -> dict[str, str]:
    """The hash under a key; empty if there is none.

    Raises:
        DamagedKey: something else is there, or too much.
        StoreUnavailable, StoreRefused: the store's part.
    """
    check_size(client, key)
    with store_errors(client, key):
        return cast("dict[str, str]", client.hgetall(key))


def put_hash(client: redis.Redis, key: str, mapping: Mapping[str, str]) -> None:
    """Set fields of a hash that can be had again. What is there and is no hash is replaced.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    fields = cast("dict[Any, Any]", mapping)
    with store_errors(client):
        try:
            client.hset(key, mapping=fields)
        except redis.ResponseError as error:
            if not is_wrong_type(error):
                raise
            log.error("%s held something else than a hash: written anew", key)
            with client.pipeline(transaction=True) as anew:
                anew.delete(key)
                anew.hset(key, mapping=fields)
                anew.execute()


def ask_for_damage(pipeline: Any) -> None:
    """Ask what stands under the keys that a day's write needs: `removed` wants the answers."""
    for key in keys.TYPES:
        pipeline.type(key)
    pipeline.getrange(keys.VERSION, 0, VERSION_DIGITS)


def removed(client: redis.Redis, found: Sequence[Any]) -> list[str]:
    """Remove what is not of its type among the keys that were asked for, and name it."""
    *types, version = found
    damaged = [
        key
        for (key, wanted), there in zip(keys.TYPES.items(), types, strict=True)
        if there not in {wanted, "none"}
    ]
    if not is_wrong_type(version) and not is_version(version):
        damaged.append(keys.VERSION)
    if damaged:
        log.error("%s held what is not ours: removed", " and ".join(damaged))
        with store_errors(client):
            client.delete(*damaged)
    return damaged


def is_version(text: str) -> bool:
    """Whether a text is a count of writes, small enough to be raised for ever; empty before the first."""
    # Not by int(), which would also take "1_0".
    return re.fullmatch(r"[0-9]{0,18}", text) is not None


def version_of(text: str | None) -> int:
    """The version as it is stored; 0 if nothing is.

    Raises:
        DamagedKey: it is no number.
    """
    if not is_version(text or ""):
        raise DamagedKey(keys.VERSION, f"it holds no number: {text:.20}")
    return int(text or 0)


def unless_damaged(read: Callable[[], T]) -> T | None:
    """What `read` gives; None, after a line in the log, if the key that it reads is damaged."""
    try:
        return read()
    except DamagedKey as error:
        name_once(error)
        return None


def name_once(error: DamagedKey) -> None:
    """Log what is damaged: once for each key, however often it is read."""
    if error.key not in _NAMED:
        _NAMED.add(error.key)
        log.error("%s", error)


_NAMED: set[str] = set()
"""The keys that were damaged since this process began."""
