"""Looks at the environment in a thread of its own: what is frozen keeps a look waiting, and nothing else."""

import threading
import time
from collections.abc import Callable

from tools.soak import reading
from tools.soak.environment import Environment
from tools.soak.recovery import Look
from tools.soak.sampler import Sampler

LOOKS_EVERY_SECONDS = 1.0


class Observer:
    """Looks at everything about once a second.

    Args:
        environment: what is looked at.
        seconds: since the start.

    Attributes:
        sampler: what was seen of the processes.
        latest: the newest look.
    """

    def __init__(self, environment: Environment, seconds: Callable[[], float]) -> None:
        self._environment = environment
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="observer", daemon=True)
        self.sampler = Sampler(environment)
        self.latest: Look | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, when the look that is being taken has ended."""
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            self.sampler.look()
            self.latest = reading.look(self._environment, self._seconds())
            self._over.wait(max(0.1, LOOKS_EVERY_SECONDS - (time.monotonic() - began)))
