"""Processes are killed, or stopped and let go on."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from random import Random

import psutil

from replay.inbox import Mail
from tools.soak.environment import DASHBOARD, MAILER, SCRAPER, Environment, NothingToHit
from tools.soak.stack import STANDBY

Begin = Callable[[Environment, Random], Callable[[], None] | None]
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


def _driver(environment: Environment) -> psutil.Process:
    return environment.below(environment.writer(), *DRIVER)[0]


def _of_chromium(environment: Environment, random: Random) -> psutil.Process:
    """Any process of it: the browser itself, a tab, the network's."""
    driver = _driver(environment)
    found = [process for process in environment.below(environment.writer(), *CHROMIUM) if process != driver]
    if not found:
        raise NothingToHit("no Chromium")
    return random.choice(found)


def _kill_chromium(environment: Environment, random: Random) -> None:
    _kill([_of_chromium(environment, random)])


def _kill_driver(environment: Environment, _random: Random) -> None:
    _kill([_driver(environment)])


def _kill_program(name: str) -> Begin:
    return lambda environment, _random: _kill([environment.program(name)])


def _freeze_writer(environment: Environment, _random: Random) -> Callable[[], None]:
    return freeze(environment.program(environment.writer()))


def _kill_writer(environment: Environment, _random: Random) -> None:
    _kill([environment.program(environment.writer())])


def _kill_standby(environment: Environment, _random: Random) -> None:
    _kill([environment.program(SCRAPER if environment.writer() == STANDBY else STANDBY)])


def kill_both(environment: Environment, _random: Random) -> None:
    """The next one to start reads all that the store lacks."""
    _kill([environment.program(SCRAPER), environment.program(STANDBY)])


def _kill_mailer(environment: Environment, _random: Random) -> None:
    process = environment.program(MAILER)
    environment.journal.mailer_killed()
    _kill([process])


def _kill_mailer_at_the_dot(environment: Environment, _random: Random) -> Callable[[], None]:
    """It has handed over a mail, and dies before it hears that it was taken."""
    hit: list[Mail] = []

    def kill(mail: Mail) -> None:
        if not hit:
            hit.append(mail)
            with suppress(NothingToHit):
                _kill_mailer(environment, _random)

    environment.inbox.on_taken = kill

    def over() -> None:
        environment.inbox.on_taken = lambda _mail: None
        if not hit:
            raise NothingToHit("no mail came")

    return over


FAULTS: dict[str, Begin] = {
    "Chromium killed": _kill_chromium,
    "Chromium frozen": lambda environment, random: freeze(_of_chromium(environment, random)),
    "chromedriver killed": _kill_driver,
    "chromedriver frozen": lambda environment, _random: freeze(_driver(environment)),
    "the writing scraper killed": _kill_writer,
    "the writing scraper frozen": _freeze_writer,
    "the standby killed": _kill_standby,
    "both scrapers killed": kill_both,
    "e-mailer killed": _kill_mailer,
    "e-mailer killed at the final dot": _kill_mailer_at_the_dot,
    "e-mailer frozen": lambda environment, _random: freeze(environment.program(MAILER)),
    "dashboard killed": _kill_program(DASHBOARD),
    "dashboard frozen": lambda environment, _random: freeze(environment.program(DASHBOARD)),
}
