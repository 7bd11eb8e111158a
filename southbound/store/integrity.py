"""Keys of ours that another program, or a hand, has written over: noticed before they cost anything.

What can be fetched again is taken for empty by its readers, and written anew by its writer.
`southbound.store.keys` says which keys those are.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import redis

from southbound.common.errors import DamagedKey
from southbound.common.remark import remark
from southbound.store import keys
from southbound.store.client import is_wrong_type, store_errors

T = TypeVar("T")

log = logging.getLogger(__name__)

MOST_BYTES = 8_000_000
"""Of one key. A day has 60 kB, one of 9,000 stocks 600 kB, and nothing else of ours has more."""

MOST_PARTS = 100_000
"""Fields, members or entries of one key: a stock code has five digits."""

VERSION_DIGITS = 20
"""No integer of the store has more."""


def check_count(key: str, count: int) -> None:
    """See that a key can be read: how many parts it has is asked of the store before any of them is.

    Raises:
        DamagedKey: they are too many to be ours.
    """
    if count > MOST_PARTS:
        raise DamagedKey(
            key,
            remark("it has {count} parts, want at most {most}", count=f"{count:,}", most=f"{MOST_PARTS:,}"),
        )


def hash_at(client: redis.Redis, key: str) -> dict[str, str]:
    """The hash under a key; empty if there is none.

    Raises:
        DamagedKey: something else is there, or too much.
        StoreUnavailable, StoreRefused: the store's part.
    """
    with store_errors(client, key):
        check_count(key, client.hlen(key))
        fields = cast("list[str]", client.hkeys(key))
    values = fields_at(client, key, fields)
    return {field: value for field, value in zip(fields, values, strict=True) if value is not None}


def fields_at(client: redis.Redis, key: str, fields: Sequence[str]) -> list[str | None]:
    """Some fields of a hash, asked for their lengths before they are read; None where there is none.

    Raises:
        DamagedKey: no hash is there, or too much.
        StoreUnavailable, StoreRefused: the store's part.
    """
    if not fields:
        return []
    with store_errors(client, key):
        with client.pipeline(transaction=False) as look:
            for field in fields:
                look.hstrlen(key, field)
            size = sum(look.execute())
        if size > MOST_BYTES:
            raise DamagedKey(
                key,
                remark("it has {size} bytes, want at most {most}", size=f"{size:,}", most=f"{MOST_BYTES:,}"),
            )
        return cast("list[str | None]", client.hmget(key, list(fields)))


def put_hash(client: redis.Redis, key: str, mapping: Mapping[str, str]) -> None:
    """Set fields of a hash that can be fetched again. What is there and is no hash is replaced.

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
    for key in keys.COUNTS:
        pipeline.getrange(key, 0, VERSION_DIGITS)


def removed(client: redis.Redis, found: Sequence[Any]) -> list[str]:
    """Remove what is not of its type among the keys that were asked for, and name it."""
    types, counts = found[: len(keys.TYPES)], found[len(keys.TYPES) :]
    damaged = [
        key
        for (key, wanted), there in zip(keys.TYPES.items(), types, strict=True)
        if there not in {wanted, "none"}
    ]
    damaged += [
        key
        for key, count in zip(keys.COUNTS, counts, strict=True)
        if not is_wrong_type(count) and not is_version(count)
    ]
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
        raise DamagedKey(keys.VERSION, remark("it holds no number: {text}", text=f"{text:.20}"))
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
