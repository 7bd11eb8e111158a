"""A delivery from its claim to its note: what is sent once, though anything may fail on the way."""

import logging
from collections.abc import Callable
from email.message import EmailMessage

from southbound.errors import DeliveryDelayed, DeliveryRefused, MailServerAway
from southbound.mail.delivery import Post
from southbound.mail.ledger import Ledger

log = logging.getLogger(__name__)


class Handover:
    """Hands mails over, each as its ledger allows."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._unnoted: Callable[[], None] | None = None

    def note(self) -> None:
        """Write what became of the last mail, if the store could not take that yet."""
        if self._unnoted is not None:
            self._unnoted()
            self._unnoted = None

    def deliver(
        self, ledger: Ledger, written: Callable[[str], EmailMessage], recipients: list[str], subject: str
    ) -> int:
        """Send a mail to those of `recipients` who have not had it; how many were taken.

        Args:
            ledger: of this mail.
            written: the message for a recipient.
            recipients: who is to have it.
            subject: of the mail, for the log.

        Raises:
            DeliveryDelayed: some have to be tried again; those who had theirs stay noted.
            StoreUnavailable: a mail may be sent and not noted, see `note`.
        """
        sent = 0
        delay: DeliveryDelayed | None = None
        for recipient in recipients:
            try:
                sent += self._deliver(ledger, written(recipient), recipient, subject)
            except MailServerAway:
                raise
            except DeliveryDelayed as error:
                delay = error  # a full mailbox does not keep the others from theirs
        if delay is not None:
            raise delay
        return sent

    def _deliver(self, ledger: Ledger, mail: EmailMessage, recipient: str, subject: str) -> bool:
        identity = str(mail["Message-ID"])
        if not ledger.claim(recipient, identity):
            return False
        state = "sent"
        try:
            self._post.send(mail, recipient)
        except DeliveryDelayed:
            ledger.release(recipient)
            raise
        except DeliveryRefused as error:
            log.error("%s will not get the mail of %s: %s", recipient, subject, error)
            state = "refused"
        self._unnoted = lambda: ledger.close(recipient, state, identity)
        self.note()
        if state == "sent":
            log.info("mailed %s to %s", subject, recipient)
        return state == "sent"
