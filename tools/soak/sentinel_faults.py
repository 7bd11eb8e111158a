"""The primary of a store under Sentinel dies or freezes, or a replica does; it is back after a while."""

from collections.abc import Callable
from random import Random

from tools.sentinels import Watched
from tools.soak.environment import Environment, NothingToHit

Begin = Callable[[Environment, Random], Callable[[], None]]


def _watched(environment: Environment) -> tuple[Watched, int]:
    """The servers, and the primary's port."""
    if environment.watched is None:
        raise NothingToHit("no sentinels")
    try:
        return environment.watched, environment.watched.primary()
    except TimeoutError as error:
        raise NothingToHit("the sentinels do not agree") from error


def _kill_primary(environment: Environment, _random: Random) -> Callable[[], None]:
    servers, primary = _watched(environment)
    environment.journal.store_killed()
    servers.kill(primary)
    return lambda: servers.start_again(primary)


def _freeze_primary(environment: Environment, _random: Random) -> Callable[[], None]:
    """When it goes on, it is a primary still until the sentinels tell it otherwise."""
    servers, primary = _watched(environment)
    environment.journal.store_killed()
    servers.stand_still(primary)

    def go_on() -> None:
        environment.journal.store_killed()
        servers.go_on(primary)

    return go_on


def _kill_replica(environment: Environment, random: Random) -> Callable[[], None]:
    servers, primary = _watched(environment)
    replica = random.choice([port for port in servers.servers if port != primary])
    servers.kill(replica)
    return lambda: servers.start_again(replica)


FAULTS: dict[str, Begin] = {
    "Sentinel: primary killed": _kill_primary,
    "Sentinel: primary frozen": _freeze_primary,
    "Sentinel: replica killed": _kill_replica,
}
