"""What the entry scripts share: settings or a clear message, and an orderly end."""

import io
import logging
import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from types import FrameType

from southbound.common.errors import DamagedKey, SettingsError, SouthboundError, StoreError, StoreRefused
from southbound.common.logs import start_logging
from southbound.config.settings import Settings, describe, exposures, load
from southbound.running.supervisor import SUPERVISED
from southbound.store.holdings_store import HoldingsStore
from southbound.system.exposure import exposure_of
from southbound.system.process_tree import ENDING_SIGNALS

log = logging.getLogger(__name__)

WRONG_SETTINGS = 2

STARTED_BY_RUN = "SOUTHBOUND_STARTED_BY_RUN"
"""Set in the environment of what `make run` starts: it has warned of the configuration for all of them."""


def parse(parser: ArgumentParser) -> Namespace:
    """Parse the command line. `--check-config`, which every script has, is answered here.

    Raises:
        SystemExit: after `--check-config`, and for arguments that make no sense.
    """
    parser.add_argument("--check-config", action="store_true", help="show the configuration and exit")
    arguments = parser.parse_args()
    if arguments.check_config:
        raise SystemExit(check_config())
    return arguments


def settings_or_exit() -> Settings:
    """The configuration.

    Raises:
        SystemExit: with status 2, after every problem was named on stderr.
    """
    print_any_text()
    try:
        settings = load()
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - the answer to a command
        raise SystemExit(WRONG_SETTINGS) from None
    if STARTED_BY_RUN not in os.environ:  # which has said it
        for exposure in exposures():
            print(f"warning: {exposure}", file=sys.stderr)  # noqa: T201 - the answer to a command
    return settings


def print_any_text() -> None:
    """Let stdout write what its encoding lacks as escapes, as stderr does, instead of raising.

    Terminals and pipes are not UTF-8 everywhere, and paths and names may be anything.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def logging_or_exit(settings: Settings) -> None:
    """Log to the terminal and to the log file.

    Raises:
        SystemExit: with status 2, after it was said that the file cannot be written.
    """
    log_file = settings.scraper.log_file
    # Where it is not yet there, others could put a link in its place.
    if exposure := exposure_of(log_file) or exposure_of(log_file.parent):
        print(f"warning: {exposure.words}", file=sys.stderr)  # noqa: T201 - the answer to a command
    try:
        start_logging(log_file)
    except OSError as error:
        problem = f"[scraper] log_file: got {str(log_file)!r}, want a file that can be written"
        print(f"{problem} ({error.strerror})", file=sys.stderr)  # noqa: T201 - the answer to a command
        raise SystemExit(WRONG_SETTINGS) from None


def check_config() -> int:
    """`--check-config`: show the configuration in force, secrets masked; 0, or 2 if it is wrong."""
    for line in describe(settings_or_exit()):
        print(line)  # noqa: T201 - the answer to a command
    return 0


def check_scraper(settings: Settings) -> int:
    """`--check`: 0 if a scraper is alive and fresh, else 1; says what it found.

    A scraper that cannot write is not alive, whatever it said of itself before.
    """
    store = HoldingsStore.at(settings.redis)
    try:
        alive, line = store.check_scraper()
        _require_writes(store)
    except StoreError as error:
        alive, line = False, f"not alive: {error}"
    print(line)  # noqa: T201 - the answer to a command
    return 0 if alive else 1


def _require_writes(store: HoldingsStore) -> None:
    try:
        store.require_writes()
    except (StoreRefused, DamagedKey):
        return  # we may not know: somebody else's rights, or a key that a scraper mends


def status_of(work: Callable[[], object]) -> int:
    """The exit status of a piece of work: 0, or 1 after the reason was logged."""
    try:
        work()
    except SouthboundError as error:
        log.critical("%s", error)
        return 1
    return 0


def end_on_signal() -> None:
    """Let SIGTERM and Ctrl-C end the process through every `finally` on the way, with status 0.

    Under a supervisor the status is that of the signal, as a shell writes it: the work is not done.
    """
    for number in ENDING_SIGNALS:
        signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    # Whoever ends us may be impatient and ask twice: the clean-up goes on.
    for other in ENDING_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number if SUPERVISED in os.environ else 0)
