"""Runs several processes as one: prefixed output, a new start for one that dies, an end that leaves nothing.

Each process gets a session of its own (on Windows, a group). So Ctrl-C in the terminal reaches the supervisor
alone, which ends them in order; and whatever a process has started, a browser say, can be found and ended
after it.
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from southbound.common.background import BackgroundThread
from southbound.common.retry import growing
from southbound.common.text import lines
from southbound.system.process_tree import ENDING_SIGNALS, adopt_orphans, end_adopted, end_session

APART: dict[str, Any]
STOPPING_SIGNALS = [*ENDING_SIGNALS]
if sys.platform == "win32":
    # Windows knows no other signal that a program can answer, and sends it to a group alone.
    ASKS_TO_END = signal.CTRL_BREAK_EVENT
    APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    ASKS_TO_END = signal.SIGTERM
    APART = {"start_new_session": True}
    STOPPING_SIGNALS.append(signal.SIGHUP)  # the terminal is closed

TICK_SECONDS = 0.2
GRACE_SECONDS = {False: 6.0, True: 3.0}
"""How long programs may take to end by themselves, and then those that serve them: together less than ten
seconds. A frozen Chromium costs the scraper three."""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
SUPERVISED = "SOUTHBOUND_SUPERVISED"
"""Set for a process that a supervisor started: if a signal of somebody else ends it, its status says so."""

HEALTHY_SECONDS = 60.0
"""A process that lived this long is started again at once; its failures before that are forgotten."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be kept running.

    Attributes:
        ends: with status 0 it is done, and not started again.
        serves: the others need it (a store), so it is ended after them.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    serves: bool = False
    ends: bool = True


class Child:
    """One program, and the process that it is at the moment."""

    def __init__(self, program: Program, say: Callable[[str, str], None]) -> None:
        self.program = program
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._reader: BackgroundThread | None = None
        self._started = 0.0
        self._failures = 0
        self._start_at = 0.0
        self._done = False

    @property
    def pid(self) -> int | None:
        """The process's id while there is one."""
        return None if self._process is None else self._process.pid

    def keep_running(self) -> bool:
        """Start the process if it is time to; True if it was found to have ended."""
        now = time.monotonic()
        if self._process is None:
            if not self._done and now >= self._start_at:
                self._start()
            return False
        status = self._process.poll()
        if status is None:
            return False
        self._forget()
        if status == 0 and self.program.ends:
            self._done = True
            self._say(self.program.name, "is done")
            return True
        lived = now - self._started
        self._failures = 0 if lived >= HEALTHY_SECONDS else self._failures
        pause = growing(FIRST_PAUSE_SECONDS, self._failures, LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._start_at = now + pause
        self._say(self.program.name, f"ended with status {status}; starting it again in {pause:g} s")
        return True

    def ask_to_end(self) -> None:
        """Send SIGTERM, or what Windows has for it; does not wait."""
        self._done = True
        if self._process is not None:
            self._process.send_signal(ASKS_TO_END)

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic) for the process to end, then end it and all that it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._say(self.program.name, "does not end by itself: killed")
            self._process.kill()
            self._process.wait()
        self._forget()

    def _start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own scripts
            self.program.command,
            # UTF-8, whatever this system uses otherwise: names are beyond most other sets of characters.
            env={**self.program.environment, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", SUPERVISED: "1"},
            cwd=self.program.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            **APART,
        )
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self._reader = self._reader_of(self._process.stdout)
        self._reader.start()

    def _reader_of(self, output: IO[str]) -> BackgroundThread:
        """Passes on what the process says. Were it to end, the process would wait for ever to say more."""

        def pass_on() -> None:
            if line := output.readline():
                self._say(self.program.name, line.rstrip())
            else:
                output.close()
                reader.stopping.set()

        reader = BackgroundThread(f"output of {self.program.name}", pass_on, pause_seconds=0.0)
        return reader

    def _forget(self) -> None:
        """The process has ended: end what it left behind, and read its last words."""
        assert self._process is not None  # noqa: S101 - its callers have looked
        end_session(self._process.pid)
        if self._reader is not None:
            self._reader.join(1.0)
        self._process = None


class Supervisor:
    """Starts programs in their order, keeps them running, and ends them, those that serve others last."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._lock = threading.Lock()
        self._width = max(len(program.name) for program in programs)
        self._children = [Child(program, self.say) for program in programs]
        self._stopping = threading.Event()
        self._was_signalled = False
        if isinstance(sys.stdout, TextIOWrapper):
            # A process may say what this terminal has no letters for.
            sys.stdout.reconfigure(errors="backslashreplace")

    def run(self, tick: Callable[[], None] = lambda: None) -> None:
        """Keep everything running until a signal or `stop` comes; calls `tick` a few times a second."""
        adopt_orphans()
        for number in STOPPING_SIGNALS:
            signal.signal(number, self._signalled)
        try:
            while not (self._was_signalled or self._stopping.is_set()):
                ended = [child.keep_running() for child in self._children]
                if any(ended):
                    end_adopted({child.pid for child in self._children})
                tick()
                self._stopping.wait(TICK_SECONDS)
        finally:
            self._end_all()

    def stop(self) -> None:
        """Let `run` end everything and return."""
        self._stopping.set()

    def _signalled(self, *_: object) -> None:
        # No event: what interrupts this thread while it holds that event's lock would wait for it for ever.
        self._was_signalled = True

    def say(self, name: str, line: str) -> None:
        """Print a line with its origin. Lines of different processes never mix."""
        with self._lock:
            print(f"{name:<{self._width}} | {lines(line)}", flush=True)  # noqa: T201 - this is the terminal's program

    def _end_all(self) -> None:
        for serving in (False, True):
            children = [child for child in self._children if child.program.serves is serving]
            for child in children:
                child.ask_to_end()
            deadline = time.monotonic() + GRACE_SECONDS[serving]
            for child in children:
                child.end(deadline)
        end_adopted()


def python(*arguments: str) -> list[str]:
    """A command that runs with this interpreter."""
    return [sys.executable, *arguments]
