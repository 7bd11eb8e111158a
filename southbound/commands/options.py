"""What the commands share: `--check-config`, and the status that they end with."""

import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence

from southbound.common.errors import SouthboundError
from southbound.config.settings import describe
from southbound.running.startup import settings_or_exit

log = logging.getLogger(__name__)


def parse(parser: ArgumentParser, arguments: Sequence[str] | None) -> Namespace:
    """Parse the arguments, or the process's. `--check-config`, which every command has, is answered here.

    Raises:
        SystemExit: after `--check-config`, and for arguments that make no sense.
    """
    parser.add_argument("--check-config", action="store_true", help="show the configuration and exit")
    parsed = parser.parse_args(arguments)
    if parsed.check_config:
        raise SystemExit(check_config())
    return parsed


def check_config() -> int:
    """Show the configuration in force, secrets masked; 0, or 2 if it is wrong."""
    for line in describe(settings_or_exit()):
        print(line)  # noqa: T201 - the answer to a command
    return 0


def status_of(work: Callable[[], object]) -> int:
    """The exit status of a piece of work: 0, or 1 after the reason was logged."""
    try:
        work()
    except SouthboundError as error:
        log.critical("%s", error)
        return 1
    return 0
