"""Runs a program of the product under a clock that can be set wrong from outside.

`python -m tools.soak.off_clock FILE SCRIPT|-m MODULE [ARGUMENT …]`: FILE holds the seconds that the clock is
off and, after a blank, the time zone; without it the clock is right. SIGUSR1 makes the running program read
it again, as when somebody sets a machine's clock. What is monotonic stays so.
"""

import os
import runpy
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import time_machine

WANT = "a system with POSIX signals, which set the clocks"


class OffClock:
    """The clock of this process."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._travel: time_machine.travel | None = None

    def set(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Set the clock as the file says."""
        if sys.platform == "win32":
            raise NotImplementedError(WANT)
        seconds, zone = 0.0, ""
        with suppress(FileNotFoundError, ValueError):
            text, _, zone = self._file.read_text(encoding="utf-8").strip().partition(" ")
            seconds = float(text)
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
        if zone:
            os.environ["TZ"] = zone
        else:
            os.environ.pop("TZ", None)
        time.tzset()
        if seconds:
            # Not a datetime: that would bring its own time zone.
            self._travel = time_machine.travel(time.time() + seconds)
            self._travel.start().time_ns()  # the first look is when it begins to run


def main() -> None:
    if sys.platform == "win32":
        raise NotImplementedError(WANT)
    file, *command = sys.argv[1:]
    clock = OffClock(Path(file))
    clock.set()
    signal.signal(signal.SIGUSR1, clock.set)
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        sys.path[0] = str(Path(command[0]).parent)
        runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    main()
