"""The site fails, changes, or restates what it has shown."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from replay.faults import Fault
from replay.figures import Day, Row
from tools.soak.environment import Environment

RESTATED_ROWS = 3
SLOW_SECONDS = 2.0


def _fault(fault: Fault) -> Callable[[Environment, Random], Callable[[], None]]:
    def begin(environment: Environment, random: Random) -> Callable[[], None]:
        # For a few answers, or for all of them while it lasts.
        environment.site.switch_on(fault, random.choice([1, 2, 4, None]))
        return lambda: environment.site.clear(fault)

    return begin


def _generation(environment: Environment, _random: Random) -> Callable[[], None]:
    environment.site.generation = "2018"

    def back() -> None:
        environment.site.generation = "current"

    return back


def _slow(environment: Environment, _random: Random) -> Callable[[], None]:
    environment.site.latency = SLOW_SECONDS

    def quick() -> None:
        environment.site.latency = 0.0

    return quick


def _half_a_list(environment: Environment, _random: Random) -> Callable[[], None]:
    """For validation: the next day comes, and only half of it at first."""
    environment.site.switch_on(Fault.FORTY_ROWS)
    environment.site.move_on()
    return lambda: environment.site.clear(Fault.FORTY_ROWS)


def restate(environment: Environment, random: Random) -> None:
    """The site shows other figures for its newest day."""
    old = environment.site.truth(environment.site.published()[-1])
    chosen = set(random.sample(range(len(old.rows)), RESTATED_ROWS))
    new = Day(old.date, tuple(_grown(row) if at in chosen else row for at, row in enumerate(old.rows)))
    # Noted first: a product that is quick may have read and mailed it before the next line.
    environment.journal.restated(old, new)
    environment.site.restate(new)


def _grown(row: Row) -> Row:
    return replace(row, shares=row.shares + 1000)


FAULTS = {
    **{f"site: {fault}": _fault(fault) for fault in Fault},
    "site: the form of 2018": _generation,
    "site: slow": _slow,
    "site: half a list for a day": _half_a_list,
    "site: restates its newest day": restate,
}
