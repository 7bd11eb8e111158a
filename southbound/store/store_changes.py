"""What became of the stored days since somebody looked, read at one moment."""

from collections.abc import Iterable
from datetime import date

import redis

from southbound.common.errors import DamagedKey
from southbound.common.remark import remark
from southbound.market.holdings_reader import StoreChanges
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.client import answers, is_wrong_type, store_errors
from southbound.store.integrity import VERSION_DIGITS, check_count, is_version, name_once, version_of


def changes_since(client: redis.Redis, position: str) -> StoreChanges:
    """One MULTI, so that the parts fit together. A list that is damaged is read as if it were empty.

    Raises:
        DamagedKey: the version is no number.
        StoreUnavailable, StoreRefused: the store's part.
    """
    readable = _readable(client)
    with store_errors(client), client.pipeline(transaction=True) as look:
        look.getrange(keys.VERSION, 0, VERSION_DIGITS)
        look.getrange(keys.FIGURES_WRITTEN, 0, VERSION_DIGITS)
        if keys.DATES in readable:
            look.zrange(keys.DATES, 0, -1)
        if keys.REVISIONS in readable:
            look.xrange(keys.REVISIONS, min=f"({position}")
        if keys.VANISHED in readable:
            look.hkeys(keys.VANISHED)
        version, beside, *lists = answers(look)
    if is_wrong_type(version):
        raise DamagedKey(keys.VERSION, remark("it holds another type"))
    read = {key: [] if is_wrong_type(part) else part for key, part in zip(readable, lists, strict=True)}
    entries = read.get(keys.REVISIONS, [])
    return StoreChanges(
        version_of(version),
        _dates(read.get(keys.DATES, ())),
        _dates(entry.get("date", "") for _, entry in entries),
        entries[-1][0] if entries else position,
        _dates(read.get(keys.VANISHED, ())),
        0 if is_wrong_type(beside) or not is_version(beside) else version_of(beside),
    )


def _dates(texts: Iterable[str]) -> tuple[date, ...]:
    return tuple(day for day in map(parse_date, texts) if day is not None)


def _readable(client: redis.Redis) -> list[str]:
    """The lists that are small enough to be read; any other is named."""
    with store_errors(client), client.pipeline(transaction=False) as look:
        look.zcard(keys.DATES)
        look.xlen(keys.REVISIONS)
        look.hlen(keys.VANISHED)
        counts = answers(look)
    readable = []
    for key, count in zip((keys.DATES, keys.REVISIONS, keys.VANISHED), counts, strict=True):
        try:
            check_count(key, 0 if is_wrong_type(count) else count)
        except DamagedKey as error:
            name_once(error)
        else:
            readable.append(key)
    return readable
