"""SMTP: one message to one recipient, and what the server's answer means.

What is said to a connection, a login or a sender is said to all mails. Whom concerns what is said to a
recipient or to a message, `refusals` tells.
"""

import logging
import smtplib
import socket
import ssl
from email.message import EmailMessage

from southbound.errors import (
    AccountRefused,
    DeliveryDelayed,
    DeliveryError,
    DeliveryRefused,
    MailServerAway,
    MailServerRefuses,
)
from southbound.host_names import ascii_address
from southbound.mail.conversation import Conversation, TlsConversation
from southbound.mail.refusals import Reply, Whose, whose
from southbound.oneline import one_line
from southbound.settings import EmailSettings

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20.0
"""For each step of a delivery; `conversation` limits all of them together."""

GOODBYE_SECONDS = 2.0
"""Until it is said the ledger does not know that the mail was taken."""

LASTING = range(500, 600)
"""Codes that say never (RFC 5321, 4.2.1). What is no code at all may pass."""

SUBMISSIONS, BEGIN_IN_THE_CLEAR = 465, {25, 587, 2525, 2587}
"""Ports whose protection is known; other ports are anybody's."""

NO_TLS = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}
"""What OpenSSL says of a server that speaks in the clear; which of them depends on its version."""

LONGEST_ANSWER = 300
"""Characters of an answer that are told."""

REFUSED_WITH = {"RCPT": "recipient", "DATA": "message"}
"""What the server was told with a command."""

LOGIN_WANTED = {530, 534, 535, 538}
"""No login, a wrong one or a weak one: said to the login, or to any command after it."""


class Post:
    """The mail server of the settings. A connection for each message: one a day needs no pool.

    Over a connection that is not protected it does not log in: the password would be read on the way.
    Certificates are verified against the system's authorities, or those of SSL_CERT_FILE.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._logs_in = bool(settings.smtp_username) and settings.smtp_security != "none"
        self._where = f"{settings.smtp_server}:{settings.smtp_port}"
        self._hint = unfit(settings.smtp_port, settings.smtp_security)
        self._own_name: str | None = None
        if settings.smtp_username and not self._logs_in:
            log.warning("SMTP_SECURITY is none: SMTP_USERNAME and SMTP_PASSWORD are not sent")

    def send(self, mail: EmailMessage, recipient: str) -> None:
        """Hand over a message; when this returns, the server has taken it.

        Raises:
            MailServerAway: no connection, or it was lost.
            MailServerRefuses: it does not take our login or sender, or we not its certificate.
            AccountRefused: said to this mail, but of our account or sender.
            DeliveryDelayed: 4xx: the same message may be taken later.
            DeliveryRefused: 5xx for this recipient, or, if it is not clear, for the message.
        """
        sender, to = ascii_address(self._settings.sender or ""), ascii_address(recipient)
        server = self._connection()
        try:
            server.send_message(mail, from_addr=sender, to_addrs=[to])
        except smtplib.SMTPHeloError as error:
            raise self._refused_for_all(error, "greeting") from error
        except smtplib.SMTPSenderRefused as error:
            raise self._refused_for_all(error, "sender") from error
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

    def _connection(self) -> Conversation:
        """A connection as it is configured: protected, and logged in."""
        try:
            server = self._greeted()
        except smtplib.SMTPResponseException as error:
            raise MailServerAway(f"{self._where} does not want us now: {self._answer(error)}") from error
        except ssl.SSLCertVerificationError as error:
            raise self._untrusted(error) from error
        except (smtplib.SMTPException, OSError) as error:
            if isinstance(error, ssl.SSLError) and error.reason in NO_TLS:
                hint = self._hint or "; it begins without TLS, so want SMTP_SECURITY=starttls"
                raise MailServerRefuses(f"{self._where} cannot be reached: {error}{hint}") from error
            # A server that begins with TLS waits for us to begin, as we wait for its greeting.
            is_silent = isinstance(error, smtplib.SMTPServerDisconnected) and "timed out" in str(error)
            waits = is_silent and self._settings.smtp_security != "tls"
            hint = self._hint or ("; if it begins with TLS, want SMTP_SECURITY=tls" if waits else "")
            raise MailServerAway(f"{self._where} cannot be reached: {error}{hint}") from error
        try:
            self._protect_and_log_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greeted(self) -> Conversation:
        host, port = self._settings.smtp_server or "", self._settings.smtp_port
        if self._own_name is None:
            self._own_name = _own_name()
        if self._settings.smtp_security == "tls":
            context = ssl.create_default_context()
            return TlsConversation(
                host, port, own_name=self._own_name, timeout=TIMEOUT_SECONDS, context=context
            )
        return Conversation(host, port, own_name=self._own_name, timeout=TIMEOUT_SECONDS)

    def _protect_and_log_in(self, server: Conversation) -> None:
        try:
            if self._settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._logs_in:
                server.login(self._settings.smtp_username or "", self._settings.smtp_password or "")
        except smtplib.SMTPNotSupportedError as error:
            raise MailServerRefuses(f"{self._where} does not offer what is configured: {error}") from error
        except smtplib.SMTPResponseException as error:
            raise self._refused_for_all(error, "login") from error
        except ssl.SSLCertVerificationError as error:
            raise self._untrusted(error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAway(f"{self._where} was lost: {error}") from error
        except UnicodeEncodeError:
            # Not chained: it shows the password.
            raise MailServerRefuses("SMTP_USERNAME and SMTP_PASSWORD must be ASCII") from None
        except ValueError as error:
            raise MailServerAway(f"{self._where} asks for the login in a way of its own: {error}") from error

    def _untrusted(self, error: ssl.SSLCertVerificationError) -> MailServerRefuses:
        return MailServerRefuses(f"the certificate of {self._where} is not trusted: {error.verify_message}")

    def _refused_for_all(self, error: smtplib.SMTPResponseException, what: str) -> MailServerAway:
        kind = MailServerRefuses if error.smtp_code in LASTING else MailServerAway
        return kind(f"{self._where} refuses the {what}: {self._answer(error)}")

    def _refused(self, error: smtplib.SMTPResponseException, command: str) -> DeliveryError:
        what = REFUSED_WITH[command]
        if error.smtp_code in LOGIN_WANTED:
            return self._refused_for_all(error, what)
        answer = self._answer(error)
        reply = Reply(error.smtp_code, answer.partition(" ")[2], command)
        concerned, text = whose(reply), f"{self._where} refuses the {what}: {answer}"
        if concerned is Whose.SERVER:
            return MailServerAway(text)
        if concerned is Whose.ACCOUNT:
            return AccountRefused(text)
        if not reply.is_lasting:
            return DeliveryDelayed(text)
        return DeliveryRefused(text, is_clear=concerned is Whose.RECIPIENT)

    def _answer(self, error: smtplib.SMTPResponseException) -> str:
        """What the server says, without what we logged in with: it may repeat that."""
        text = error.smtp_error
        said = text.decode(errors="replace") if isinstance(text, bytes) else text
        for secret in filter(None, (self._settings.smtp_password, self._settings.smtp_username)):
            said = said.replace(secret, "***")
        return one_line(f"{error.smtp_code} {said}", LONGEST_ANSWER)


def unfit(port: int, security: str) -> str:
    """What to say of a connection that fails, if the port is one for another protection (RFC 8314, 7.3)."""
    if port == SUBMISSIONS and security != "tls":
        return f"; port {port} begins with TLS, so want SMTP_SECURITY=tls, or SMTP_PORT=587"
    if port in BEGIN_IN_THE_CLEAR and security == "tls":
        return f"; port {port} begins without TLS, so want SMTP_SECURITY=starttls, or SMTP_PORT=465"
    return ""


def _own_name() -> str:
    """What this machine calls itself; looking that up may take seconds."""
    try:
        return socket.getfqdn()
    except (OSError, UnicodeError) as error:
        log.debug("this machine has no full name: %s", error)
        return ""


def _part(server: Conversation) -> None:
    """Say goodbye. The message is taken: whatever goes wrong now must not have it sent again."""
    server.hurry(GOODBYE_SECONDS)
    try:
        server.quit()
    except (smtplib.SMTPException, OSError) as error:
        log.debug("no goodbye: %s", error)
