"""The site fails, changes, or restates what it has shown."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from replay.faults import Fault
from replay.figures import Day, Row
from tools.soak.world import World

RESTATED_ROWS = 3
SLOW_SECONDS = 2.0


def _fault(fault: Fault) -> Callable[[World, Random], Callable[[], None]]:
    def begin(world: World, random: Random) -> Callable[[], None]:
        # For a few answers, or for all of them while it lasts.
        world.site.switch_on(fault, random.choice([1, 2, 4, None]))
        return lambda: world.site.clear(fault)

    return begin


def _generation(world: World, _random: Random) -> Callable[[], None]:
    world.site.generation = "2018"

    def back() -> None:
        world.site.generation = "current"

    return back


def _slow(world: World, _random: Random) -> Callable[[], None]:
    world.site.latency = SLOW_SECONDS

    def quick() -> None:
        world.site.latency = 0.0

    return quick


def _half_a_list(world: World, _random: Random) -> Callable[[], None]:
    """For the gate: the next day comes, and only half of it at first."""
    world.site.switch_on(Fault.FORTY_ROWS)
    world.site.move_on()
    return lambda: world.site.clear(Fault.FORTY_ROWS)


def restate(world: World, random: Random) -> None:
    """The site shows other figures for its newest day."""
    old = world.site.truth(world.site.published()[-1])
    chosen = set(random.sample(range(len(old.rows)), RESTATED_ROWS))
    new = Day(old.date, tuple(_grown(row) if at in chosen else row for at, row in enumerate(old.rows)))
    # Noted first: a product that is quick may have read and mailed it before the next line.
    world.journal.restated(old, new)
    world.site.restate(new)


def _grown(row: Row) -> Row:
    return replace(row, shares=row.shares + 1000)


FAULTS = {
    **{f"site: {fault}": _fault(fault) for fault in Fault},
    "site: the form of 2018": _generation,
    "site: slow": _slow,
    "site: half a list for a day": _half_a_list,
    "site: restates its newest day": restate,
}
