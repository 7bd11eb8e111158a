"""The console script `southbound`, which is also `python -m southbound`."""

import argparse
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

COMMANDS = {
    "run": "all of it as one: a store if none answers, scraper, dashboard and e-mailer",
    "scrape": "from the HKEXnews page into the store",
    "dashboard": "the page, at http://localhost:8501",
    "mail": "from the store to the inbox",
    "check": "whether a scraper is alive and fresh",
    "check-config": "the configuration in force",
}
"""A command is a module of `southbound.commands`. Only that one is imported: no process loads all of it."""


def main() -> int:
    """The status of the command that the process's arguments name."""
    lines = "\n".join(f"  {name:<14}{what}" for name, what in COMMANDS.items())
    parser = argparse.ArgumentParser(
        "southbound",
        description=f"Mainland ownership of Hong Kong stocks.\n\ncommands:\n{lines}",
        epilog="southbound COMMAND --help says more",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of the command", metavar="...")
    parsed = parser.parse_args()
    command = import_module(f"southbound.commands.{parsed.command.replace('-', '_')}")
    status: int = command.main(parsed.arguments, f"southbound {parsed.command}")
    return status


def _version() -> str:
    try:
        return version("southbound")
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    sys.exit(main())
