"""Processes are killed, or stopped and let go on."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from random import Random

import psutil

from replay.inbox import Mail
from tools.soak.house import STANDBY
from tools.soak.world import DASHBOARD, MAILER, SCRAPER, NothingToHit, World

Begin = Callable[[World, Random], Callable[[], None] | None]
CHROMIUM, DRIVER = ("chrome", "chromium"), ("chromedriver",)


def _kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def freeze(process: psutil.Process) -> Callable[[], None]:
    """Stop it; what is returned lets it go on, if it is still there."""
    try:
        process.suspend()
    except psutil.NoSuchProcess:
        raise NothingToHit("it has just ended") from None

    def go_on() -> None:
        with suppress(psutil.NoSuchProcess):
            process.resume()

    return go_on


def _driver(world: World) -> psutil.Process:
    return world.below(world.writer(), *DRIVER)[0]


def _of_chromium(world: World, random: Random) -> psutil.Process:
    """Any process of it: the browser itself, a tab, the network's."""
    driver = _driver(world)
    found = [process for process in world.below(world.writer(), *CHROMIUM) if process != driver]
    if not found:
        raise NothingToHit("no Chromium")
    return random.choice(found)


def _kill_chromium(world: World, random: Random) -> None:
    _kill([_of_chromium(world, random)])


def _kill_driver(world: World, _random: Random) -> None:
    _kill([_driver(world)])


def _kill_program(name: str) -> Begin:
    return lambda world, _random: _kill([world.program(name)])


def _kill_writer(world: World, _random: Random) -> None:
    _kill([world.program(world.writer())])


def _kill_standby(world: World, _random: Random) -> None:
    _kill([world.program(SCRAPER if world.writer() == STANDBY else STANDBY)])


def kill_both(world: World, _random: Random) -> None:
    """The next one to start reads all that the store lacks."""
    _kill([world.program(SCRAPER), world.program(STANDBY)])


def _kill_mailer(world: World, _random: Random) -> None:
    process = world.program(MAILER)
    world.journal.mailer_killed()
    _kill([process])


def _kill_mailer_at_the_dot(world: World, _random: Random) -> Callable[[], None]:
    """It has handed over a mail, and dies before it hears that it was taken."""
    hit: list[Mail] = []

    def kill(mail: Mail) -> None:
        if not hit:
            hit.append(mail)
            with suppress(NothingToHit):
                _kill_mailer(world, _random)

    world.inbox.on_taken = kill

    def over() -> None:
        world.inbox.on_taken = lambda _mail: None
        if not hit:
            raise NothingToHit("no mail came")

    return over


FAULTS: dict[str, Begin] = {
    "Chromium killed": _kill_chromium,
    "Chromium frozen": lambda world, random: freeze(_of_chromium(world, random)),
    "chromedriver killed": _kill_driver,
    "chromedriver frozen": lambda world, _random: freeze(_driver(world)),
    "the writing scraper killed": _kill_writer,
    "the writing scraper frozen": lambda world, _random: freeze(world.program(world.writer())),
    "the standby killed": _kill_standby,
    "both scrapers killed": kill_both,
    "e-mailer killed": _kill_mailer,
    "e-mailer killed at the final dot": _kill_mailer_at_the_dot,
    "e-mailer frozen": lambda world, _random: freeze(world.program(MAILER)),
    "dashboard killed": _kill_program(DASHBOARD),
    "dashboard frozen": lambda world, _random: freeze(world.program(DASHBOARD)),
}
