"""What the log says while the store is away or refuses us: a line when it begins, and one when it is over."""

import logging
import time
from collections.abc import Callable

from southbound.common.errors import StoreError, StoreRefused


class OutageLog:
    """The outages of one store, as one of its users sees them. An hour of the same is one line.

    Args:
        log: whose lines they are.
        clock: in seconds; only differences count.
    """

    def __init__(self, log: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._clock = clock
        self._since: float | None = None
        self._said = ""

    def goes_on(self, error: StoreError, waiting: str) -> None:
        """The store could not be used.

        Args:
            error: why.
            waiting: what waits for it.
        """
        if self._since is None:
            self._since = self._clock()
        level = logging.CRITICAL if isinstance(error, StoreRefused) else logging.ERROR
        text = (
            f"{error}; {waiting} until it is mended" if level == logging.CRITICAL else f"{error}; {waiting}"
        )
        self._log.log(logging.DEBUG if text == self._said else level, "%s", text)
        self._said = text

    def is_over(self) -> None:
        """The store was used."""
        if self._since is not None:
            self._log.warning("the store answers again, after %.0f s", self._clock() - self._since)
        self._since, self._said = None, ""
