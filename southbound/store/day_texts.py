"""The texts that are stored of days, which are asked for their lengths before they are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar, cast

import redis

from southbound.common.errors import DamagedDay
from southbound.store import keys
from southbound.store.client import answers, is_wrong_type, store_errors
from southbound.store.integrity import MOST_BYTES

Damage = TypeVar("Damage")

DAYS_AT_ONCE, BYTES_AT_ONCE = 100, 16_000_000
"""A day is 60 kB of text: the texts of ten years are not held at once."""


def lengths_of(client: redis.Redis, days: Sequence[date]) -> tuple[dict[date, int], list[DamagedDay]]:
    """How long the texts of days are, 0 if there is none; and the days that are no text, or too long for one.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    return lengths_under(client, keys.day, days, DamagedDay)


def lengths_under(
    client: redis.Redis,
    key: Callable[[date], str],
    days: Sequence[date],
    damage: Callable[[date, str], Damage],
) -> tuple[dict[date, int], list[Damage]]:
    """The same of any keys that hold a text for each day.

    Args:
        client: of the store.
        key: of a day.
        days: whose texts.
        damage: what is said of a day, and why it is not to be read.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    with store_errors(client), client.pipeline(transaction=False) as look:
        for day in days:
            look.strlen(key(day))
        found = answers(look)
    lengths: dict[date, int] = {}
    damaged: list[Damage] = []
    for day, length in zip(days, found, strict=True):
        if is_wrong_type(length):
            damaged.append(damage(day, "it holds another type than a text"))
        elif length > MOST_BYTES:
            damaged.append(damage(day, f"it has {length:,} bytes, want at most {MOST_BYTES:,}"))
        else:
            lengths[day] = length
    return lengths, damaged


def portions(lengths: Mapping[date, int]) -> Iterator[list[date]]:
    """The days in their order, in parts that can be held at once."""
    part: list[date] = []
    held = 0
    for day, length in lengths.items():
        if part and (len(part) == DAYS_AT_ONCE or held + length > BYTES_AT_ONCE):
            yield part
            part, held = [], 0
        part.append(day)
        held += length
    if part:
        yield part


def texts_of(
    client: redis.Redis, days: Iterable[date], key: Callable[[date], str] = keys.day
) -> Iterator[tuple[date, str]]:
    """The texts of those days that are stored, all read at once; of other keys, if `key` gives them.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    asked = list(days)
    if not asked:
        return
    # Not by GET, which fails if somebody has just put something else than a text there.
    with store_errors(client):
        texts = cast("list[str | None]", client.mget([key(day) for day in asked]))
    yield from ((day, text) for day, text in zip(asked, texts, strict=True) if text is not None)
