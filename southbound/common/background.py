"""Threads that cannot end in silence: what one of them does not expect is logged, reported, and not its end.

Every thread of ours is one of these.
"""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0


class BackgroundThread:
    """A thread that takes one step after the other until it is stopped.

    Args:
        name: of the thread.
        step: what it does, again and again. A step that waits must look at `stopping` meanwhile.
        report: gets what a step raised, to show it. Must not raise.
        pause_seconds: after something that was not expected: it may come at once again.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], object],
        report: Callable[[Exception], object] = lambda _: None,
        pause_seconds: float | None = None,
    ) -> None:
        self.stopping = threading.Event()
        self._step = step
        self._report = report
        self._pause_seconds = PAUSE_SECONDS if pause_seconds is None else pause_seconds
        self._said = ""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, seconds: float | None = None) -> None:
        """Let the step that is being taken be the last, and wait for its end; at most so long."""
        self.stopping.set()
        self.join(seconds)

    def join(self, seconds: float | None = None) -> None:
        """Wait for the end; at most so long."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._step()
            except Exception as error:  # noqa: BLE001 - a thread has nobody above it who could do better
                self._unexpected(error)
                self.stopping.wait(self._pause_seconds)

    def _unexpected(self, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        # An hour of the same is one traceback.
        if text != self._said:
            log.critical("%s goes on after what it did not expect", self._thread.name, exc_info=error)
        self._said = text
        self._report(error)


def started_again(name: str, run: Callable[[], object]) -> BackgroundThread:
    """A thread for what never ends by itself. Whatever is raised there is logged, and it begins anew."""

    def step() -> None:
        run()
        background.stopping.set()

    background = BackgroundThread(name, step)
    background.start()
    return background
