"""The commands of the store that each process uses, and whether a store knows them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import redis

from southbound.store import keys
from southbound.store.client import drop_connections, lacking, store_errors
from southbound.store.error_replies import PASSING, Meaning, meaning


class Role(StrEnum):
    """Who uses the store."""

    SCRAPER = "scraper"
    DASHBOARD = "dashboard"
    MAILER = "e-mailer"


_ALL = "PING TIME MULTI EXEC EXISTS STRLEN GETRANGE MGET ZCARD ZRANGE HLEN HKEYS HSTRLEN HMGET SCAN"

_TEXTS: Mapping[Role, str] = {
    Role.SCRAPER: f"{_ALL} WATCH UNWATCH PUBLISH TYPE SET INCRBY ZADD HSET HDEL XADD XLEN XRANGE DEL EXPIRE",
    Role.DASHBOARD: f"{_ALL} SUBSCRIBE XLEN XRANGE XREVRANGE SET",
    Role.MAILER: f"{_ALL} WATCH UNWATCH SUBSCRIBE XLEN XRANGE HSET HDEL DEL EXPIRE",
}

COMMANDS: Mapping[Role, Sequence[str]] = {role: text.split() for role, text in _TEXTS.items()}
"""What each cannot do without. A user and password take AUTH, a database SELECT, `client_name` CLIENT."""

OPTIONAL = ("INFO",)
"""Used where the store knows it: it tells of a replica and of eviction."""

UNDER_SENTINEL: Mapping[Role, Sequence[str]] = {Role.MAILER: ("WAIT",)}
"""Where sentinels may make a replica the primary, beside those above."""


def require_commands(client: redis.Redis, role: Role) -> None:
    """See that the store can do what a process needs, before anything depends on it.

    Each command is sent without arguments: a store that knows it refuses that, or has nothing to do.

    Raises:
        StoreUnsuited: it lacks commands, all of which are named, or is in cluster mode.
        StoreUnavailable, StoreRefused: the store's part.
    """
    commands = COMMANDS[role]
    with store_errors(client), client.pipeline(transaction=False) as asked:
        for command in commands:
            # In small letters, since redis-py does not keep WATCH back.
            asked.execute_command(command.lower())  # type: ignore[no-untyped-call]
        # Two keys, which a cluster keeps on two servers.
        asked.exists(keys.DATES, keys.VERSION)
        given = asked.execute(raise_on_error=False)
    told = [answer for answer in given if isinstance(answer, redis.RedisError)]
    with store_errors(client):
        for answer in told:
            if meaning(answer) in {*PASSING, Meaning.CLUSTERED, Meaning.STRANGER}:
                raise answer
    unknown = [
        command
        for command, answer in zip(commands, given, strict=False)
        if isinstance(answer, redis.RedisError) and meaning(answer) is Meaning.LACKING
    ]
    if unknown:
        drop_connections(client)  # a store that knows MULTI but not EXEC has left this one within it
        raise lacking(client, unknown)
