"""What the e-mailer does for each of its commands."""

import logging
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from southbound.common.background import started_again
from southbound.common.errors import MailNotPossible, NotDelivered
from southbound.config.settings import Settings
from southbound.mail.alerts.notifier import Notifier
from southbound.mail.content.builder import MailBuilder
from southbound.mail.content.message import addressed, write_preview
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.backoff import Backoff
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.mail.worker import keep_looking
from southbound.store.commands import Role
from southbound.store.holdings_store import HoldingsStore

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 4.0
"""That a command which is run once waits between two mails."""

NOBODY = "nobody@localhost"
"""Stands in a preview for the addresses that are not set."""


def mail_days(store: HoldingsStore, settings: Settings) -> None:
    """Mail each new day until the process is ended. Without an account it says so once, and waits."""
    if settings.email.missing():
        log.warning("no mail is sent: %s not set (see .env.example)", " and ".join(settings.email.missing()))
        while True:
            time.sleep(3600)
    if settings.email.alerts:
        alerts = Notifier(store, SmtpTransport(settings.email), settings)
        # A thread and connections of its own: a slow mail server, or sixty readers, keep no alert waiting.
        started_again("alerts", lambda: keep_looking(store, [alerts.look]))
    keep_looking(store, [_mailer(store, settings).look])


def mail_once(
    store: HoldingsStore,
    settings: Settings,
    day: date | None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Mail the newest day, or `day`, to whoever has not had it.

    Raises:
        MailNotPossible: no account, or no such day.
        DeliveryDelayed: the server takes no mail now.
        NotDelivered: somebody lacks the mail all the same.
        StoreError: the store is away or does not want us.
    """
    if settings.email.missing():
        raise MailNotPossible(f"{' and '.join(settings.email.missing())} not set (see .env.example)")
    store.require_commands(Role.MAILER)
    day = day or _newest(store)
    mailer = _mailer(store, settings)
    backoff = Backoff(clock, goes_on=False)
    sent = 0
    while True:
        run = mailer.mail(day, backoff.due(settings.email.recipients), backoff.most_alike)
        sent += len(run.taken)
        backoff.ran(f"the mail of {day}", run)
        # Worth waiting for is only a server that has taken some, and wants them one by one.
        if run.trouble is None or not 0 < backoff.seconds_left() <= LONGEST_WAIT_SECONDS:
            break
        sleep(backoff.seconds_left())
    lacking = mailer.lacking(day)
    if run.trouble is not None:
        raise run.trouble
    if lacking:
        raise NotDelivered(f"the mail of {day} did not reach {', '.join(lacking)}")
    log.info("%s: %d mails sent, the others had theirs", day, sent)


def preview(store: HoldingsStore, settings: Settings, day: date | None, folder: Path) -> None:
    """Write the mail of the newest day, or of `day`, into `folder`, as the first recipient has it.

    Raises:
        MailNotPossible: no such day, or the folder cannot be written to.
        StoreError: the store is away or does not want us.
    """
    sender, recipient = settings.email.sender or NOBODY, [*settings.email.recipients, NOBODY][0]
    builder = MailBuilder(store, settings.email, settings.dashboard.url)
    rendered_mail = builder.mail_for(day or _newest(store), recipient)
    try:
        for file in write_preview(rendered_mail, addressed(rendered_mail, sender, recipient), folder):
            log.info("wrote %s", file)
    except OSError as error:
        raise MailNotPossible(f"the preview cannot be written: {error}") from error


def _mailer(store: HoldingsStore, settings: Settings) -> DailyMailer:
    transport, url = SmtpTransport(settings.email), settings.dashboard.url
    return DailyMailer(store, transport, settings.email, dashboard_url=url)


def _newest(store: HoldingsStore) -> date:
    dates = store.dates()
    if not dates:
        raise MailNotPossible("the store is empty: start backend_scraper.py first")
    return dates[-1]
