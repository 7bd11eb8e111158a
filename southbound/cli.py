"""The console script `southbound`, which is also `python -m southbound`."""

import argparse
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from keyword import iskeyword

COMMANDS = {
    "run": "all of it as one: a store if none answers, scraper, dashboard and e-mailer",
    "scrape": "from the HKEXnews page into the store",
    "dashboard": "the page, at http://localhost:8501",
    "mail": "from the store to the inbox",
    "export": "the stored holdings as a file: CSV, Parquet or Excel",
    "import": "days out of files into the store: saved pages, CSV, Parquet, JSON",
    "mcp": "the API's answers as tools of an assistant (Model Context Protocol)",
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
    name = parsed.command.replace("-", "_")
    command = import_module(f"southbound.commands.{name}{'_' if iskeyword(name) else ''}")
    status: int = command.main(parsed.arguments, f"southbound {parsed.command}")
    return status


def _version() -> str:
    try:
        return version("southbound")
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    sys.exit(main())
