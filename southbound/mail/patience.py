"""When a delivery that failed is tried again, and what is said of it meanwhile."""

import logging
from collections.abc import Callable

from southbound.errors import DeliveryDelayed, MailNotPossible, MailServerRefuses
from southbound.pauses import growing

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30.0, 1800.0


class Patience:
    """The pauses of one undertaking.

    What a person must mend is said once and tried again slowly. All else is tried again with growing pauses.

    Args:
        clock: in seconds; only differences count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._not_before = -float("inf")
        self._said = ""

    def is_over(self) -> bool:
        """Whether it may be tried now."""
        return self._clock() >= self._not_before

    def succeeded(self) -> None:
        """The next failure is a first one."""
        self._failures = 0
        self._said = ""

    def failed(self, what: str, error: DeliveryDelayed | MailNotPossible) -> None:
        """Say so, and wait."""
        needs_a_person = isinstance(error, MailServerRefuses)
        pause = (
            LONGEST_PAUSE_SECONDS
            if needs_a_person
            else growing(FIRST_PAUSE_SECONDS, self._failures, LONGEST_PAUSE_SECONDS)
        )
        self._failures += 1
        self._not_before = self._clock() + pause
        text = f"{what} waits: {error}"
        if not needs_a_person:
            log.error("%s; trying again in %.0f s", text, pause)
        elif text != self._said:
            log.critical("%s; this needs a person; trying again every %.0f s", text, pause)
        self._said = text
