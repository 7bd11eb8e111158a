"""The store ends, dies, freezes, fills up, cuts its connections, or loses a part or all of what it has."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

import psutil
import redis

from tools.soak import reading
from tools.soak.environment import STORE, Environment, NothingToHit
from tools.soak.process_faults import freeze, kill_both

SERVER = "valkey-server"
DAYS_IN_REACH = 10


def _server(environment: Environment) -> psutil.Process:
    found = environment.below(STORE, SERVER)
    if not found:
        raise NothingToHit("no store")
    return found[0]


def _end(environment: Environment, _random: Random) -> None:
    server = _server(environment)
    with suppress(psutil.NoSuchProcess):
        server.terminate()


def _kill(environment: Environment, _random: Random) -> None:
    server = _server(environment)
    environment.journal.store_killed()
    with suppress(psutil.NoSuchProcess):
        server.kill()


def _kill_keeper(environment: Environment, _random: Random) -> None:
    """The server goes with the program that keeps it."""
    keeper = environment.program(STORE)
    environment.journal.store_killed()
    with suppress(psutil.NoSuchProcess):
        keeper.kill()


def _freeze(environment: Environment, _random: Random) -> Callable[[], None]:
    return freeze(_server(environment))


def _fill(environment: Environment, _random: Random) -> Callable[[], None]:
    """It takes no writes for want of memory, and answers all else."""
    _command(environment, "CONFIG", "SET", "maxmemory", "1")

    def room() -> None:
        with suppress(NothingToHit):  # one that was started anew meanwhile has room
            _command(environment, "CONFIG", "SET", "maxmemory", "0")

    return room


def _cut(environment: Environment, _random: Random) -> None:
    for kind in ("normal", "pubsub"):
        _command(environment, "CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")


def _lose_dates(environment: Environment, _random: Random) -> None:
    _command(environment, "DEL", "southbound:dates")


def _flush(environment: Environment, _random: Random) -> None:
    """What the archive has is filled in again; that the newest mail was sent is known to nobody."""
    try:
        stored = reading.newest(environment.store)
    except redis.RedisError as error:
        raise NothingToHit(f"no store: {error}") from error
    newest = [day for day in environment.site.published() if stored is None or day >= stored]
    with environment.journal.store_flushed(newest):
        _command(environment, "FLUSHALL")


def _harmed(*command: str) -> Callable[[Environment, Random], None]:
    """Somebody damages a day, or deletes it: the next start of a scraper reads it again."""

    def begin(environment: Environment, random: Random) -> None:
        day = random.choice(environment.site.published()[-DAYS_IN_REACH:])
        name, *arguments = command
        _command(environment, name, day.isoformat(), *arguments)
        kill_both(environment, random)

    return begin


def _command(environment: Environment, *words: str) -> None:
    try:
        environment.store.execute_command(*words)  # type: ignore[no-untyped-call]
    except redis.RedisError as error:
        raise NothingToHit(f"no store: {error}") from error


FAULTS: dict[str, Callable[[Environment, Random], Callable[[], None] | None]] = {
    "store ended": _end,
    "store killed": _kill,
    "store and its keeper killed": _kill_keeper,
    "store frozen": _freeze,
    "store full": _fill,
    "store cuts all connections": _cut,
    "store loses the list of dates": _lose_dates,
    "store loses everything": _flush,
    "a stored day damaged, and both scrapers killed": _harmed("SET", '{"columns": []'),
    "a stored day deleted, and both scrapers killed": _harmed("DEL"),
}
