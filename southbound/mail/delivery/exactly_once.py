"""A delivery from its claim to its note: what is sent once, though anything may fail on the way."""

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage

from southbound.common.errors import (
    AccountRefused,
    DeliveryDelayed,
    DeliveryError,
    DeliveryRefused,
    MailServerAway,
    MailServerRefuses,
)
from southbound.mail.delivery.refusals import is_of_one_alone, signature
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.store.delivery_log import DeliveryLog

log = logging.getLogger(__name__)

REFUSALS_IN_A_ROW = 3
"""So many of them without a mail that is taken, and the others are left for later: it is everybody's."""

ALIKE_AFTER_A_MAIL = 2
"""The same 4xx to so many right after a mail that was taken is of the pace, and not of the recipients."""


@dataclass(frozen=True, slots=True)
class QueueRun:
    """What became of a mail in one go through its recipients.

    Attributes:
        taken: who was sent it.
        deferred: who has to be tried again, and why. `AccountRefused` where a person must act first.
        stop: why the rest was not tried; None if all were.
    """

    taken: tuple[str, ...] = ()
    deferred: Mapping[str, DeliveryDelayed] = field(default_factory=dict)
    stop: DeliveryDelayed | None = None

    @property
    def trouble(self) -> DeliveryDelayed | None:
        """What is to be reported of it; None if nobody has to be tried again."""
        return self.stop or next(iter(self.deferred.values()), None)

    def followed_by(self, other: "QueueRun") -> "QueueRun":
        """Both, as one."""
        return QueueRun(self.taken + other.taken, {**self.deferred, **other.deferred}, other.stop)


class ExactlyOnceDelivery:
    """Hands mails over, each as its delivery log allows."""

    def __init__(self, transport: SmtpTransport) -> None:
        self._transport = transport
        self._unnoted: Callable[[], None] | None = None

    def note(self) -> None:
        """Write what became of the last mail, if the store could not take that yet."""
        if self._unnoted is not None:
            self._unnoted()
            self._unnoted = None

    def deliver(
        self,
        deliveries: DeliveryLog,
        written: Callable[[str], EmailMessage],
        recipients: Iterable[str],
        subject: str,
        most_alike: float = math.inf,
    ) -> QueueRun:
        """Send a mail to those of `recipients` who have not had it.

        A full mailbox, or one that is unknown, keeps nobody else from theirs. What is said of the account
        gives up nobody.

        Args:
            deliveries: of this mail.
            written: the message for a recipient, as it is when it is sent.
            recipients: who is to have it.
            subject: of the mail, for the log.
            most_alike: to how many in a row a server may say the same 4xx before the others are left for
                later. A provider that wants a pause says it to everybody; so does one that greylists, and
                must be asked for everybody once.

        Raises:
            StoreUnavailable: a mail may be sent and not noted, see `note`.
        """
        taken: list[str] = []
        deferred: dict[str, DeliveryDelayed] = {}
        unclear: dict[str, DeliveryRefused] = {}
        identities: dict[str, str] = {}
        in_a_row: list[DeliveryError] = []
        stop: DeliveryDelayed | None = None
        for recipient in recipients:
            mail = written(recipient)
            identities[recipient] = str(mail["Message-ID"])
            try:
                if self._deliver(deliveries, mail, recipient, subject):
                    taken.append(recipient)
                    in_a_row.clear()
                continue
            except MailServerAway as error:
                # Noted too: if it is only this one's server that is so, the others come first the next time.
                stop = deferred[recipient] = error
                break
            except DeliveryDelayed as error:
                deferred[recipient] = error
                refusal: DeliveryError = error
            except DeliveryRefused as error:
                unclear[recipient] = error
                refusal = error
            in_a_row.append(refusal)
            stop = _everybodys(in_a_row, ALIKE_AFTER_A_MAIL if taken else most_alike)
            if stop is not None:
                break
        said = {recipient: signature(str(error)) for recipient, error in unclear.items()}
        sent = len(taken) or (len(deliveries.sent_to()) if unclear else 0)
        for recipient, refused in unclear.items():
            others = [text for other, text in said.items() if other != recipient]
            if is_of_one_alone(said[recipient], others, sent):
                self._give_up(deliveries, recipient, identities[recipient], subject, refused)
            else:
                deferred[recipient] = AccountRefused(str(refused))
        return QueueRun(tuple(taken), deferred, stop)

    def _deliver(self, deliveries: DeliveryLog, mail: EmailMessage, recipient: str, subject: str) -> bool:
        """Whether the mail was taken now."""
        identity = str(mail["Message-ID"])
        if not deliveries.claim(recipient, identity):
            return False
        try:
            self._transport.send(mail, recipient)
        except DeliveryDelayed:
            deliveries.release(recipient)
            raise
        except DeliveryRefused as error:
            if not error.is_clear:
                deliveries.release(recipient)
                raise
            self._close(deliveries, recipient, "refused", identity)
            log.error("%s will not get the mail of %s: %s", recipient, subject, error)
            return False
        self._close(deliveries, recipient, "sent", identity)
        log.info("mailed %s to %s", subject, recipient)
        return True

    def _give_up(
        self, deliveries: DeliveryLog, recipient: str, identity: str, subject: str, error: DeliveryRefused
    ) -> None:
        """Close a delivery that was given back; not if somebody else has taken it up meanwhile."""
        if deliveries.claim(recipient, identity):
            self._close(deliveries, recipient, "refused", identity)
            log.error("%s will not get the mail of %s, which others have: %s", recipient, subject, error)

    def _close(self, deliveries: DeliveryLog, recipient: str, state: str, identity: str) -> None:
        self._unnoted = lambda: deliveries.close(recipient, state, identity)
        self.note()


def _everybodys(in_a_row: list[DeliveryError], most_alike: float) -> DeliveryDelayed | None:
    """Why nobody else is to be tried now, judged by what was said since the last mail that was taken."""
    newest = in_a_row[-1]
    if isinstance(newest, AccountRefused | DeliveryRefused):
        lasting = [error for error in in_a_row if isinstance(error, AccountRefused | DeliveryRefused)]
        return MailServerRefuses(str(newest)) if len(lasting) >= REFUSALS_IN_A_ROW else None
    alike = [error for error in in_a_row if signature(str(error)) == signature(str(newest))]
    return MailServerAway(str(newest)) if len(alike) >= most_alike else None
