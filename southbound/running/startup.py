"""How each process begins: settings or a clear message, and its log."""

import io
import os
import sys
from collections.abc import Callable

from southbound.common.errors import SettingsError
from southbound.common.logs import start_logging
from southbound.config.settings import Settings, load
from southbound.system.exposure import exposure_of

WRONG_SETTINGS = 2

STARTED_BY_RUN = "SOUTHBOUND_STARTED_BY_RUN"
"""Set in the environment of what `make run` starts: it has warned of the configuration for all of them."""


def settings_or_exit(load: Callable[[], Settings] = load) -> Settings:
    """The configuration, as `load` gives it.

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
        for warning in settings.warnings:
            print(f"warning: {warning}", file=sys.stderr)  # noqa: T201 - the answer to a command
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
