"""When a delivery that failed is tried again, and what is said of it meanwhile."""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from southbound.common.errors import AccountRefused, DeliveryDelayed, MailNotPossible, MailServerRefuses
from southbound.common.retry import DOUBLINGS, growing
from southbound.mail.delivery.exactly_once import ALIKE_AFTER_A_MAIL, QueueRun
from southbound.mail.delivery.refusals import distinct, signature

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30.0, 1800.0

PACED_PAUSE_SECONDS = 0.5
"""The first pause after mails were taken: the server is there, and wants them one by one."""


NAMED = 3
"""Recipients in a line of the log."""


class Backoff:
    """The pauses of one undertaking.

    What a person must mend is said once and tried again slowly. All else is tried again with growing pauses;
    each mail that is taken makes them short again.

    Args:
        clock: in seconds; only differences count.
        goes_on: whether whoever asks tries until all is done, so that it can be promised.
    """

    def __init__(self, clock: Callable[[], float], *, goes_on: bool = True) -> None:
        self._clock = clock
        self._goes_on = goes_on
        self._failures = 0
        self._first_pause = FIRST_PAUSE_SECONDS
        self._not_before = -float("inf")
        self._held: dict[str, float] = {}
        self._deferrals: Counter[str] = Counter()
        self._said: set[str] = set()

    def is_over(self) -> bool:
        """Whether it may be tried now."""
        return self.seconds_left() <= 0

    def seconds_left(self) -> float:
        """Until it may be tried."""
        return self._not_before - self._clock()

    @property
    def most_alike(self) -> float:
        """As `ExactlyOnceDelivery.deliver` takes it: few after a mail that was taken, then more."""
        is_paced = self._first_pause == PACED_PAUSE_SECONDS
        return ALIKE_AFTER_A_MAIL * 2.0 ** min(self._failures, DOUBLINGS) if is_paced else math.inf

    def due(self, recipients: Iterable[str]) -> list[str]:
        """Those of `recipients` who may be tried now. Whoever was deferred comes after those who were not."""
        now = self._clock()
        due = [r for r in recipients if self._held.get(r, now) <= now]
        return sorted(due, key=self._deferrals.__getitem__)

    def succeeded(self) -> None:
        """The next failure is a first one."""
        self._failures = 0
        self._first_pause = FIRST_PAUSE_SECONDS
        self._said.clear()

    def ran(self, what: str, run: QueueRun) -> None:
        """Say what a run met, and wait for whoever has to be tried again.

        Args:
            what: the mail, for the log.
            run: what became of it.
        """
        if run.taken:
            self._failures, self._first_pause = 0, PACED_PAUSE_SECONDS
        self._deferrals.update(list(run.deferred))
        held = {r: error for r, error in run.deferred.items() if isinstance(error, AccountRefused)}
        for recipient in held:
            self._held[recipient] = self._clock() + LONGEST_PAUSE_SECONDS
        delayed = [error for r, error in run.deferred.items() if r not in held]
        if run.stop is not None:
            self.failed(what, run.stop)
        elif delayed:
            self.failed(what, delayed[0])
        elif not held:
            self.succeeded()
        for error in distinct(held.values()):
            who = [r for r, other in held.items() if signature(str(other)) == signature(str(error))]
            self._say_once(f"{what} waits for {_named(who)}", error)

    def failed(self, what: str, error: DeliveryDelayed | MailNotPossible) -> None:
        """Say so, and wait."""
        if isinstance(error, MailServerRefuses):
            self._not_before = self._clock() + LONGEST_PAUSE_SECONDS
            self._say_once(f"{what} waits", error)
            return
        pause = growing(self._first_pause, self._failures, LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._not_before = self._clock() + pause
        # A provider that wants a second between two mails is no trouble.
        level = logging.INFO if pause < FIRST_PAUSE_SECONDS else logging.ERROR
        promise = f"; trying again in {pause:.4g} s" if self._goes_on else ""
        log.log(level, "%s waits: %s%s", what, str(error), promise)

    def _say_once(self, what: str, error: Exception) -> None:
        """Say what a person must mend, unless it was said; the numbers in it differ each time."""
        text = str(error)  # not the error in the record: its traceback holds the whole mail
        said = signature(text)
        if said not in self._said:
            promise = f"; trying again every {LONGEST_PAUSE_SECONDS:.0f} s" if self._goes_on else ""
            log.critical("%s: %s; this needs a person%s", what, text, promise)
        self._said.add(said)


def _named(recipients: Sequence[str]) -> str:
    """The first ones, and how many others there are."""
    others = len(recipients) - NAMED
    return ", ".join(recipients[:NAMED]) + (f" and {others} more" if others > 0 else "")
