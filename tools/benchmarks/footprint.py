"""What processes hold of the memory, at rest and at their peak."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event, Thread

import psutil

from tools.benchmarks.resident import resident

ROOT = Path(__file__).parents[2]
LOOK_SECONDS = 0.05


def held(process: psutil.Process) -> int:
    """The bytes that one process holds, libraries that others use too among them."""
    return int(process.memory_info().rss)


def held_together(processes: Iterable[psutil.Process]) -> int:
    """The bytes that several hold; what they share counts once, where the system tells (Linux)."""
    processes = list(processes)
    alone = resident(processes)
    if alone is not None:
        return alone
    total = 0
    for process in processes:
        with suppress(psutil.Error):  # it has ended since it was found
            known = process.memory_full_info()
            total += getattr(known, "pss", known.uss)
    return total


def held_by_imports(module: str) -> int:
    """The bytes of a process that has imported one of our modules and does nothing."""
    program = f"import sys, {module}; print('ready', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        process.stdout.readline()
        return held(psutil.Process(process.pid))


@dataclass(slots=True)
class Footprint:
    """Watches what is held under several names.

    Attributes:
        look: the bytes under each name, now.
        peaks: the most that was seen under each.
    """

    look: Callable[[], Mapping[str, int]]
    peaks: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look all the time while the `with` block lasts."""
        over = Event()
        thread = Thread(target=self._watch, args=[over])
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def at_rest(self, seconds: float) -> dict[str, float]:
        """What is held while nobody asks for anything: the medians over some seconds."""
        seen = [self.look()]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
            seen.append(self.look())
        return {name: median(looked[name] for looked in seen) for name in seen[0]}

    def _watch(self, over: Event) -> None:
        while not over.wait(LOOK_SECONDS):
            for name, held_now in self.look().items():
                self.peaks[name] = max(held_now, self.peaks.get(name, 0))
