"""How much memory something takes at its peak: of this process, and of those below it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

MEGABYTE = 2**20
LOOK_SECONDS = 0.01


class Peak:
    """The largest growth so far, in MB.

    Attributes:
        ours: of this process.
        below: of all processes that it started, together; what they share is counted once at most.
    """

    def __init__(self) -> None:
        self._us = psutil.Process()
        self.ours = self.below = 0.0
        self._ours_before, self._below_before = self._ours(), self._below()

    def look(self) -> None:
        self.ours = max(self.ours, self._ours() - self._ours_before)
        self.below = max(self.below, self._below() - self._below_before)

    def _ours(self) -> float:
        return self._us.memory_info().rss / MEGABYTE

    def _below(self) -> float:
        if sys.platform != "linux":
            raise NotImplementedError("a system whose processes say what of their memory they share")
        held = 0
        for process in self._us.children(recursive=True):
            try:
                memory = process.memory_info()
            except psutil.NoSuchProcess:
                continue
            held += memory.rss - memory.shared
        return held / MEGABYTE


@contextmanager
def watched() -> Iterator[Peak]:
    """Looks at it all the time, while the block lasts."""
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            peak.look()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
        peak.look()
