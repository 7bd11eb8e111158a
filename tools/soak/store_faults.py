"""The store ends, dies, freezes, fills up, cuts its connections, or loses the list of its dates."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

import psutil
import redis

from tools.soak.process_faults import freeze, kill_both
from tools.soak.world import STORE, NothingToHit, World

SERVER = "valkey-server"
DAYS_IN_REACH = 10


def _server(world: World) -> psutil.Process:
    found = world.below(STORE, SERVER)
    if not found:
        raise NothingToHit("no store")
    return found[0]


def _end(world: World, _random: Random) -> None:
    server = _server(world)
    with suppress(psutil.NoSuchProcess):
        server.terminate()


def _kill(world: World, _random: Random) -> None:
    server = _server(world)
    world.journal.store_killed()
    with suppress(psutil.NoSuchProcess):
        server.kill()


def _kill_keeper(world: World, _random: Random) -> None:
    """The server goes with the program that keeps it."""
    keeper = world.program(STORE)
    world.journal.store_killed()
    with suppress(psutil.NoSuchProcess):
        keeper.kill()


def _freeze(world: World, _random: Random) -> Callable[[], None]:
    return freeze(_server(world))


def _fill(world: World, _random: Random) -> Callable[[], None]:
    """It takes no writes for want of memory, and answers all else."""
    _command(world, "CONFIG", "SET", "maxmemory", "1")

    def room() -> None:
        with suppress(NothingToHit):  # one that was started anew meanwhile has room
            _command(world, "CONFIG", "SET", "maxmemory", "0")

    return room


def _cut(world: World, _random: Random) -> None:
    for kind in ("normal", "pubsub"):
        _command(world, "CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")


def _lose_dates(world: World, _random: Random) -> None:
    _command(world, "DEL", "southbound:dates")


def _harmed(*command: str) -> Callable[[World, Random], None]:
    """Somebody damages a day, or deletes it: the next start of a scraper reads it again."""

    def begin(world: World, random: Random) -> None:
        day = random.choice(world.site.published()[-DAYS_IN_REACH:])
        name, *arguments = command
        _command(world, name, day.isoformat(), *arguments)
        kill_both(world, random)

    return begin


def _command(world: World, *words: str) -> None:
    try:
        world.store.execute_command(*words)  # type: ignore[no-untyped-call]
    except redis.RedisError as error:
        raise NothingToHit(f"no store: {error}") from error


FAULTS: dict[str, Callable[[World, Random], Callable[[], None] | None]] = {
    "store ended": _end,
    "store killed": _kill,
    "store and its keeper killed": _kill_keeper,
    "store frozen": _freeze,
    "store full": _fill,
    "store cuts all connections": _cut,
    "store loses the list of dates": _lose_dates,
    "a stored day damaged, and both scrapers killed": _harmed("SET", '{"columns": []'),
    "a stored day deleted, and both scrapers killed": _harmed("DEL"),
}
