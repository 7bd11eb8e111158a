"""Decides what is to be mailed, and does it: the newest date, once to each recipient.

Level-triggered: whenever it looks, it asks which date is the newest, whether it is complete, and who has not
had it. Older dates are never mailed by themselves.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from southbound import keys, sessions
from southbound.errors import DeliveryDelayed, MailNotPossible
from southbound.mail.delivery import Post
from southbound.mail.handover import Handover
from southbound.mail.ledger import Ledger
from southbound.mail.letters import Letters
from southbound.mail.message import addressed
from southbound.mail.patience import Patience
from southbound.mail.report import SESSIONS_COMPARED
from southbound.settings import EmailSettings
from southbound.status import ScraperStatus, State, read_status
from southbound.store import HoldingsStore

UNFINISHED = {State.STARTING, State.FAILING}
"""While a scraper is in one of these, a session that is missing may still come."""


class Mailer:
    """One e-mailer; others may work on the same store."""

    def __init__(
        self,
        store: HoldingsStore,
        post: Post,
        settings: EmailSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._settings = settings
        self._handover = Handover(post)
        self._clock = clock
        self._edition: tuple[date, int] | None = None
        self._patience = Patience(clock)
        self._letters = Letters(store, settings)

    def look(self) -> None:
        """Mail the newest date to whoever has not had it, if it is complete."""
        self._handover.note()
        dates = self._store.dates()
        if not dates:
            return
        day, edition = dates[-1], (dates[-1], self._store.version())
        if edition != self._edition:
            # Whatever kept yesterday's mail waiting, or a damaged day, need not keep this one.
            self._edition, self._patience = edition, Patience(self._clock)
        recipients = self._open_recipients(day) if self._patience.is_over() else []
        if not recipients or not is_complete(dates, read_status(self._store.client), datetime.now(UTC)):
            return
        try:
            self.mail(day, recipients)
            self._patience.succeeded()
        except (MailNotPossible, DeliveryDelayed) as error:
            self._patience.failed(f"the mail of {day}", error)

    def mail(self, day: date, recipients: Sequence[str]) -> int:
        """Send the mail of a stored date to those of `recipients` who have not had it; how many were taken.

        Raises:
            DeliveryDelayed: some have to be tried again; those who had theirs stay noted.
            MailNotPossible: the date is not stored, or damaged.
        """
        letter, sender = self._letters.letter(day), self._settings.sender or ""
        ledger = Ledger(self._store.client, keys.mail(day))
        return self._handover.deliver(
            ledger, lambda recipient: addressed(letter, sender, recipient), list(recipients), str(day)
        )

    def _open_recipients(self, day: date) -> list[str]:
        return Ledger(self._store.client, keys.mail(day)).open_recipients(self._settings.recipients)


def is_complete(dates: Sequence[date], status: ScraperStatus | None, now: datetime) -> bool:
    """Whether the newest of `dates` can be mailed: what it is compared with is stored, or will not come.

    A backfill stores the newest day first, and a mail sent then would have nothing to compare it with, or
    count a streak too short. A scraper that died in its backfill does not hold the mail back, and one that
    fails only if a session that is compared with is missing.
    """
    if status is None or not status.is_fresh(now):
        return True
    if status.state is State.BACKFILLING:
        return False
    compared = sessions.between(sessions.before(dates[-1], SESSIONS_COMPARED - 1), dates[-1])
    return status.state not in UNFINISHED or set(compared) <= set(dates)
