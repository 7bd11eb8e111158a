"""What became of the stored days since somebody looked, read at one moment."""

from collections.abc import Iterable
from datetime import date

import redis

from southbound.common.errors import DamagedKey
from southbound.market.holdings_reader import StoreChanges
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.client import answers, is_wrong_type, store_errors
from southbound.store.integrity import VERSION_DIGITS, is_too_large, version_of


def changes_since(client: redis.Redis, position: str) -> StoreChanges:
    """One MULTI, so that the parts fit together. A list that is damaged is read as if it were empty.

    Raises:
        DamagedKey: the version is no number.
        StoreUnavailable, StoreRefused: the store's part.
    """
    readable = [key for key in (keys.DATES, keys.REVISIONS, keys.VANISHED) if not is_too_large(client, key)]
    with store_errors(client), client.pipeline(transaction=True) as look:
        look.getrange(keys.VERSION, 0, VERSION_DIGITS)
        if keys.DATES in readable:
            look.zrange(keys.DATES, 0, -1)
        if keys.REVISIONS in readable:
            look.xrange(keys.REVISIONS, min=f"({position}")
        if keys.VANISHED in readable:
            look.hgetall(keys.VANISHED)
        version, *lists = answers(look)
    if is_wrong_type(version):
        raise DamagedKey(keys.VERSION, "it holds another type")
    read = {key: [] if is_wrong_type(part) else part for key, part in zip(readable, lists, strict=True)}
    entries = read.get(keys.REVISIONS, [])
    return StoreChanges(
        version_of(version),
        _dates(read.get(keys.DATES, ())),
        _dates(entry.get("date", "") for _, entry in entries),
        entries[-1][0] if entries else position,
        _dates(read.get(keys.VANISHED, ())),
    )


def _dates(texts: Iterable[str]) -> tuple[date, ...]:
    return tuple(day for day in map(parse_date, texts) if day is not None)
