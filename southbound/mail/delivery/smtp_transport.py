"""SMTP: one message to one recipient, and what the server's answer means.

What is said to a connection, a login or a sender is said to all mails. Whom concerns what is said to a
recipient or to a message, `refusals` tells.
"""

import logging
import smtplib
import time
from email.message import EmailMessage

from southbound.common.errors import (
    AccountRefused,
    DeliveryDelayed,
    DeliveryError,
    DeliveryRefused,
    MailServerAway,
    MailServerRefuses,
)
from southbound.common.host_names import ascii_address
from southbound.config.settings import EmailSettings
from southbound.mail.delivery import conversation
from southbound.mail.delivery.conversation import Conversation
from southbound.mail.delivery.mail_server import MailServer
from southbound.mail.delivery.refusals import Reply, Whose, whose

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20.0
"""For each step of a delivery; `conversation` limits all of them together."""

GOODBYE_SECONDS = 2.0
"""Until it is said the delivery log does not know that the mail was taken."""

REFUSED_WITH = {"RCPT": "recipient", "DATA": "message"}
"""What the server was told with a command."""

LOGIN_WANTED = {530, 534, 535, 538}
"""No login, a wrong one or a weak one: said to the login, or to any command after it."""


class SmtpTransport:
    """The mail server of the settings. A connection for each message: one a day needs no pool."""

    def __init__(self, settings: EmailSettings) -> None:
        self._sender = settings.sender or ""
        self._server = MailServer(settings)
        self._where = self._server.where

    def send(self, mail: EmailMessage, recipient: str) -> None:
        """Hand over a message; when this returns, the server has taken it.

        Raises:
            MailServerAway: no connection, or it was lost.
            MailServerRefuses: it does not take our login or sender, or we not its certificate.
            AccountRefused: said to this mail, but of our account or sender.
            DeliveryDelayed: 4xx: the same message may be taken later.
            DeliveryRefused: 5xx for this recipient, or, if it is not clear, for the message.
        """
        sender, to = ascii_address(self._sender), ascii_address(recipient)
        server = self._server.connection(time.monotonic() + conversation.LONGEST_SECONDS, TIMEOUT_SECONDS)
        try:
            server.send_message(mail, from_addr=sender, to_addrs=[to])
        except smtplib.SMTPHeloError as error:
            raise self._server.refused_for_all(error, "greeting") from error
        except smtplib.SMTPSenderRefused as error:
            raise self._server.refused_for_all(error, "sender") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[to]
            raise self._refused(smtplib.SMTPResponseException(code, text), "RCPT") from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error, "DATA") from error
        except smtplib.SMTPNotSupportedError as error:
            kind, whose_address = (
                (DeliveryRefused, "the recipient's")
                if sender.isascii()
                else (MailServerRefuses, "EMAIL_SENDER")
            )
            raise kind(
                f"{self._where} takes no address beyond ASCII, as {whose_address} is before the @: {error}"
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAway(f"{self._where} was lost: {error}") from error
        else:
            _part(server)
        finally:
            server.close()

    def _refused(self, error: smtplib.SMTPResponseException, command: str) -> DeliveryError:
        what = REFUSED_WITH[command]
        if error.smtp_code in LOGIN_WANTED:
            return self._server.refused_for_all(error, what)
        answer = self._server.answer(error)
        reply = Reply(error.smtp_code, answer.partition(" ")[2], command)
        concerned, text = whose(reply), f"{self._where} refuses the {what}: {answer}"
        if concerned is Whose.SERVER:
            return MailServerAway(text)
        if concerned is Whose.ACCOUNT:
            return AccountRefused(text)
        if not reply.is_lasting:
            return DeliveryDelayed(text)
        return DeliveryRefused(text, is_clear=concerned is Whose.RECIPIENT)


def _part(server: Conversation) -> None:
    """Say goodbye. The message is taken: whatever goes wrong now must not have it sent again."""
    server.hurry(GOODBYE_SECONDS)
    try:
        server.quit()
    except (smtplib.SMTPException, OSError) as error:
        log.debug("no goodbye: %s", error)
