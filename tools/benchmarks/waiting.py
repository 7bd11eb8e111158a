"""Waiting for what nobody announces."""

import time
from collections.abc import Callable

SECONDS = 60


def wait_until(what: str, true: Callable[[], object]) -> None:
    """Look until it is true; `what` is waited for.

    Raises:
        TimeoutError: it is not within a minute.
    """
    end = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not there after {SECONDS} s")
        time.sleep(0.05)
