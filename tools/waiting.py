"""Waiting for what nobody announces."""

import time
from collections.abc import Callable


def wait_until(what: str, true: Callable[[], object], seconds: float = 60.0, pause: float = 0.05) -> None:
    """Look until it is true, with pauses; `what` is waited for.

    Raises:
        TimeoutError: it is not within so many seconds.
    """
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not there after {seconds:g} s")
        time.sleep(pause)
