"""Keeps requests apart: one at a time, with a gap after each."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class RateLimit:
    """The gap between the end of one request and the beginning of the next.

    Args:
        gap_seconds: how long it is at least. HKEX publishes no limit; clients that hurried were cut off.
        sleep: how to wait.
    """

    def __init__(self, gap_seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._gap_seconds = gap_seconds
        self._sleep = sleep
        self._free_at = -float("inf")

    @contextmanager
    def request(self) -> Iterator[None]:
        """Wait until a request may begin; the gap begins when it ends, however it does."""
        wait = self._free_at - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        try:
            yield
        finally:
            self._free_at = time.monotonic() + self._gap_seconds
