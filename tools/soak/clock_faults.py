"""A machine's clock is set wrong for a while: days ahead or behind, and in another time zone."""

from collections.abc import Callable
from random import Random

from tools.soak.environment import DASHBOARD, MAILER, SCRAPER, Environment
from tools.soak.stack import STANDBY

DAY_SECONDS = 86_400.0
DAYS_OFF = (-400.0, -3.0, -1.0, 0.4, 1.0, 3.0, 400.0)
ZONES = ("<-08>8", "<+14>-14", "UTC0")
"""As POSIX writes them: they need no data of time zones on this machine."""


def _clock(*programs: str) -> Callable[[Environment, Random], Callable[[], None]]:
    def begin(environment: Environment, random: Random) -> Callable[[], None]:
        days, zone = random.choice(DAYS_OFF), random.choice(ZONES)
        for program in programs:
            environment.set_clock(program, days * DAY_SECONDS, zone)

        def right() -> None:
            for program in programs:
                environment.set_clock(program, 0.0, "")

        return right

    return begin


FAULTS = {
    "clock of the scrapers": _clock(SCRAPER, STANDBY),
    "clock of the e-mailer": _clock(MAILER),
    "clock of the dashboard": _clock(DASHBOARD),
}
