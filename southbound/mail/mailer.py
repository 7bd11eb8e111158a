"""Decides what is to be mailed, and does it: the newest date, once to each recipient.

Level-triggered: at start, on every ring of the store's doorbell and on a slow timer it asks which date is the
newest, whether it is complete, and who has not had it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from southbound import sessions
from southbound.errors import (
    DeliveryDelayed,
    DeliveryRefused,
    MailNotPossible,
    MailServerAway,
    StoreUnavailable,
)
from southbound.history import History
from southbound.mail.delivery import Post
from southbound.mail.ledger import Ledger
from southbound.mail.message import Letter, addressed, letter
from southbound.mail.report import SESSIONS_READ, dates_needed, report
from southbound.pauses import STORE_PAUSE_SECONDS, growing
from southbound.settings import EmailSettings
from southbound.status import ScraperStatus, State, read_status
from southbound.store import HoldingsStore

log = logging.getLogger(__name__)

SLOW_TIMER_SECONDS = 15.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 30.0, 1800.0

UNFINISHED = {State.STARTING, State.BACKFILLING, State.FAILING}
"""While a scraper is in one of these, a session that is missing may still come."""


class Mailer:
    """One e-mailer; others may work on the same store."""

    def __init__(
        self,
        store: HoldingsStore,
        ledger: Ledger,
        post: Post,
        settings: EmailSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._post = post
        self._settings = settings
        self._clock = clock
        self._failures = 0
        self._not_before = -float("inf")
        self._written: tuple[int, Letter] | None = None

    def run(self) -> None:
        """Mail each new day until the process is ended."""
        doorbell = self._store.doorbell()
        try:
            while True:
                try:
                    self.look()
                    doorbell.wait(SLOW_TIMER_SECONDS)
                except StoreUnavailable as error:
                    log.error("%s; trying again in %g s", error, STORE_PAUSE_SECONDS)
                    time.sleep(STORE_PAUSE_SECONDS)
        finally:
            doorbell.close()

    def look(self) -> None:
        """Mail the newest date to whoever has not had it, if it is complete."""
        dates = self._store.dates()
        if not dates or self._clock() < self._not_before:
            return
        day = dates[-1]
        recipients = self._ledger.open_recipients(day, self._settings.recipients)
        if not recipients or not is_complete(dates, read_status(self._store.client), datetime.now(UTC)):
            return
        try:
            self.mail(day, recipients)
            self._failures = 0
        except MailNotPossible as error:
            log.error("no mail of %s: %s", day, error)
        except DeliveryDelayed as error:
            pause = growing(FIRST_PAUSE_SECONDS, self._failures, LONGEST_PAUSE_SECONDS)
            self._failures += 1
            self._not_before = self._clock() + pause
            log.error("the mail of %s waits: %s; trying again in %.0f s", day, error, pause)

    def mail(self, day: date, recipients: Sequence[str]) -> int:
        """Send the mail of a stored date to those of `recipients` who have not had it; how many were taken.

        Raises:
            DeliveryDelayed: some have to be tried again; those who had theirs stay noted.
            MailNotPossible: the date is not stored, or damaged.
        """
        letter = self.letter(day)
        sent = 0
        delay: DeliveryDelayed | None = None
        for recipient in recipients:
            try:
                sent += self._deliver(letter, recipient)
            except MailServerAway:
                raise
            except DeliveryDelayed as error:
                delay = error  # a full mailbox does not keep the others from theirs
        if delay is not None:
            raise delay
        return sent

    def letter(self, day: date) -> Letter:
        """The mail of a stored date, written anew when the store has changed.

        Raises:
            MailNotPossible: the date is not stored, or damaged.
        """
        version = self._store.version()
        if self._written is None or self._written[0] != version or self._written[1].day != day:
            self._written = version, write_letter(self._store, day)
        return self._written[1]

    def _deliver(self, letter: Letter, recipient: str) -> bool:
        sender = self._settings.sender or ""
        mail = addressed(letter, sender, recipient)
        identity = str(mail["Message-ID"])
        if not self._ledger.claim(letter.day, recipient, identity):
            return False
        try:
            self._post.send(mail, recipient)
        except DeliveryDelayed:
            self._ledger.release(letter.day, recipient)
            raise
        except DeliveryRefused as error:
            log.error("%s will not get the mail of %s: %s", recipient, letter.day, error)
            self._ledger.close(letter.day, recipient, "refused", identity)
            return False
        self._ledger.close(letter.day, recipient, "sent", identity)
        log.info("mailed %s to %s", letter.day, recipient)
        return True


def write_letter(store: HoldingsStore, day: date) -> Letter:
    """The mail of a stored date.

    Raises:
        MailNotPossible: the date is not stored, or damaged.
    """
    days, damaged = store.get_many(dates_needed(store.dates(), day))
    if day not in {holdings.day for holdings in days}:
        why = next((str(error) for error in damaged if error.day == day), f"{day} is not in the store")
        raise MailNotPossible(why)
    return letter(report(History.of(days), day))


def is_complete(dates: Sequence[date], status: ScraperStatus | None, now: datetime) -> bool:
    """Whether the newest of `dates` can be mailed: what it is compared with is stored, or will not come.

    A backfill stores the newest day first, and a mail sent then would have nothing to compare it with. A
    scraper that died in its backfill does not hold the mail back.
    """
    filling = status is not None and status.is_fresh(now) and status.state in UNFINISHED
    compared = sessions.between(sessions.before(dates[-1], SESSIONS_READ - 1), dates[-1])
    return not filling or set(compared) <= set(dates)
