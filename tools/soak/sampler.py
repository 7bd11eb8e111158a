"""Looks at the product's processes while a run goes on."""

import sys
import time
from collections import defaultdict
from contextlib import suppress

import psutil

from tools.soak.environment import STORE, Environment, NothingToHit
from tools.soak.leak_check import Lifetime, Sample

LOOKS_EVERY_SECONDS = 2.0


class Sampler:
    """Keeps what is seen of each process."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._seen: defaultdict[tuple[str, int, float], list[Sample]] = defaultdict(list)
        self._look_again_at = 0.0
        self._wrote: set[int] = set()

    def look(self) -> None:
        """Take a sample of each, if it is time."""
        now = time.monotonic()
        if now < self._look_again_at:
            return
        self._look_again_at = now + LOOKS_EVERY_SECONDS
        programs = self._environment.programs()
        with suppress(NothingToHit, KeyError):
            self._wrote.add(programs[self._environment.writer()].pid)
        for name, process in programs.items():
            # A scraper that takes over begins to do more: it is judged from then on.
            self._note(f"{name}, writing" if process.pid in self._wrote else name, process, now)
        with suppress(NothingToHit):  # the store is being started again
            for server in self._environment.below(STORE, "valkey"):
                self._note("store's server", server, now)

    def lifetimes(self) -> list[Lifetime]:
        """All lifetimes that were seen."""
        return [Lifetime(name, pid, samples) for (name, pid, _), samples in self._seen.items()]

    def _note(self, name: str, process: psutil.Process, now: float) -> None:
        with suppress(psutil.Error):
            if sys.platform == "win32":
                raise NotImplementedError("a system whose processes have file descriptors")
            sample = Sample(now, process.memory_info().rss, process.num_fds())
            self._seen[name, process.pid, process.create_time()].append(sample)
