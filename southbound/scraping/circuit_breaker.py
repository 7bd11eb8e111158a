"""The circuit breaker: a site that fails again and again is left alone for a while."""

import time
from collections.abc import Callable

from southbound.common.retry import growing
from southbound.store.scraper_status import Circuit

TOLERATED = 1
"""Failed requests in a row that leave it closed: one alone may be the fault of the date asked for."""


class CircuitBreaker:
    """Closed, requests are made. Open, none is. When it was open for long enough, one is made: the probe.

    Args:
        first_seconds: how long it is open the first time; each failed probe doubles that.
        longest_seconds: how long at most, and at once when trying again soon is pointless.
        clock: in seconds; only differences count.
    """

    def __init__(
        self, first_seconds: float, longest_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first_seconds = first_seconds
        self._longest_seconds = longest_seconds
        self._clock = clock
        self._failures = 0
        self._openings = 0
        self._closes_at: float | None = None

    @property
    def circuit(self) -> Circuit:
        """How it stands now."""
        if self._closes_at is None:
            return Circuit.CLOSED
        return Circuit.OPEN if self.seconds_left() > 0 else Circuit.PROBING

    def seconds_left(self) -> float:
        """How long no request may be made; 0 if one may."""
        return 0.0 if self._closes_at is None else max(self._closes_at - self._clock(), 0.0)

    def succeeded(self) -> None:
        """The site answered: close it."""
        self._failures = self._openings = 0
        self._closes_at = None

    def failed(self, *, lastingly: bool = False, for_a_date: bool = False) -> None:
        """A request failed: open it, unless the date that was asked for may be the reason.

        Args:
            lastingly: whether asking again soon is pointless.
            for_a_date: whether another date may well be answered.
        """
        self._failures += 1
        if lastingly:
            self._open(self._longest_seconds)
        elif self._closes_at is not None or not for_a_date or self._failures > TOLERATED:
            self._open(growing(self._first_seconds, self._openings, self._longest_seconds))

    def _open(self, seconds: float) -> None:
        self._openings += 1
        self._closes_at = self._clock() + seconds
