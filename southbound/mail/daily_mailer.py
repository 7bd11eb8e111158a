"""Decides what is to be mailed, and does it: the newest date, once to each recipient.

Level-triggered: whenever it looks, it asks which date is the newest, whether it is complete, and who has not
had it. Older dates are never mailed by themselves.
"""

import math
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from southbound.common.errors import MailNotPossible
from southbound.config.settings import EmailSettings
from southbound.mail.content.builder import MailBuilder
from southbound.mail.content.message import addressed
from southbound.mail.content.report import SESSIONS_COMPARED
from southbound.mail.delivery.backoff import Backoff
from southbound.mail.delivery.exactly_once import ExactlyOnceDelivery, QueueRun
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.market import trading_calendar
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ScraperStatus, State

UNFINISHED = {State.STARTING, State.FAILING}
"""While a scraper is in one of these, a session that is missing may still come."""


class DailyMailer:
    """One e-mailer; others may work on the same store."""

    def __init__(
        self,
        store: HoldingsStore,
        transport: SmtpTransport,
        settings: EmailSettings,
        clock: Callable[[], float] = time.monotonic,
        dashboard_url: str | None = None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._delivery = ExactlyOnceDelivery(transport)
        self._clock = clock
        self._day: date | None = None
        self._damaged_version: int | None = None
        self._backoff = Backoff(clock)
        self._builder = MailBuilder(store, settings, dashboard_url)

    def look(self) -> float:
        """Mail the newest date to whoever has not had it, if it is complete.

        Returns:
            In how many seconds to look again, if no notification comes before.
        """
        self._delivery.note()
        dates = self._store.dates()
        if not dates:
            return math.inf
        day = dates[-1]
        if day != self._day or self._damaged_version not in {None, self._store.version()}:
            # Whatever kept yesterday's mail waiting, or a damaged day, need not keep this one.
            self._day, self._damaged_version, self._backoff = day, None, Backoff(self._clock)
        if self._backoff.is_over():
            recipients = self._backoff.due(self._open_recipients(day))
            if recipients and is_complete(dates, self._store.status(), datetime.now(UTC)):
                self._mail_patiently(day, recipients)
        left = self._backoff.seconds_left()
        return left if left > 0 else math.inf

    def mail(self, day: date, recipients: Sequence[str], most_alike: float = math.inf) -> QueueRun:
        """Send the mail of a stored date to those of `recipients` who have not had it.

        Each has it as it is when it is sent: what was missing may have come since the one before.

        Args:
            day: the date.
            recipients: who is to have it.
            most_alike: see `ExactlyOnceDelivery.deliver`.

        Raises:
            MailNotPossible: the date is not stored, or damaged.
        """
        sender = self._settings.sender or ""
        deliveries = self._store.delivery_log(day)
        return self._delivery.deliver(
            deliveries,
            lambda recipient: addressed(self._builder.mail_for(day, recipient), sender, recipient),
            recipients,
            str(day),
            most_alike,
        )

    def lacking(self, day: date) -> list[str]:
        """Those who were not sent the mail of a date, whether or not it is tried again."""
        sent = set(self._store.delivery_log(day).sent_to())
        return [recipient for recipient in self._settings.recipients if recipient not in sent]

    def _mail_patiently(self, day: date, recipients: Sequence[str]) -> None:
        version = self._store.version()
        try:
            run = self.mail(day, recipients, self._backoff.most_alike)
        except MailNotPossible as error:
            self._damaged_version = version
            self._backoff.failed(f"the mail of {day}", error)
        else:
            self._backoff.ran(f"the mail of {day}", run)

    def _open_recipients(self, day: date) -> list[str]:
        return self._store.delivery_log(day).open_recipients(self._settings.recipients)


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
    compared = trading_calendar.between(trading_calendar.before(dates[-1], SESSIONS_COMPARED - 1), dates[-1])
    return status.state not in UNFINISHED or set(compared) <= set(dates)
