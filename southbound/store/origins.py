"""Where the stored days come from, as it is kept in the store."""

import json
from datetime import date

import redis

from southbound.common.text import one_line
from southbound.common.timestamps import parse_moment
from southbound.market.origin import LONGEST_SOURCE, Origin
from southbound.market.trading_calendar import parse_date
from southbound.store import keys
from southbound.store.integrity import hash_at, unless_damaged


def read_origins(client: redis.Redis) -> dict[date, Origin]:
    """Of the days of which it is noted; a note that cannot be read is none.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    noted = unless_damaged(lambda: hash_at(client, keys.SOURCES)) or {}
    read = ((parse_date(text), _origin(note)) for text, note in noted.items())
    return {day: origin for day, origin in read if day is not None and origin is not None}


def note_of(origin: Origin) -> str:
    """What is noted of a day."""
    read_at = "" if origin.read_at is None else origin.read_at.isoformat()
    return json.dumps({"source": origin.source, "read_at": read_at})


def _origin(note: str) -> Origin | None:
    try:
        stored = json.loads(note)
        return Origin(one_line(stored["source"], LONGEST_SOURCE), parse_moment(stored["read_at"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
