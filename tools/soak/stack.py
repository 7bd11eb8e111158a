"""The product as `make run` starts it, under its own supervisor, with a second scraper and settable clocks.

A process of its own, `python -m tools.soak.stack --folder DIR --port N`: the supervisor ends every child of
its process that it does not know, and the soak has a browser and servers of its own.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from southbound.config.settings import load
from southbound.running.all_in_one import embedded_store, the_three
from southbound.running.supervisor import Program, Supervisor, python

STANDBY = "standby"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True, help="where the dashboard listens")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    store = embedded_store(load(folder).redis, os.environ, folder / "data")
    Supervisor([*store, *programs(os.environ, folder, arguments.port)]).run()
    return 0


def programs(environment: Mapping[str, str], folder: Path, port: int) -> list[Program]:
    """The three processes and the second scraper, with clocks that can be set."""
    three = the_three(environment, folder, port)
    standby = replace(three[0], name=STANDBY, environment={**environment, "LOG_FILE": "standby.log"})
    return [_settable(program, folder) for program in (*three, standby)]


def clock_file(folder: Path, program: str) -> Path:
    """What the clock of a program is set by; also what its process is known by."""
    return folder / f"{program}.clock"


def _settable(program: Program, folder: Path) -> Program:
    clock = str(clock_file(folder, program.name))
    return replace(program, command=python("-m", "tools.soak.off_clock", clock, *program.command[1:]))


if __name__ == "__main__":
    sys.exit(main())
