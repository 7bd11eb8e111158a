"""SMTP: one message to one recipient, and what the server's answer means."""

import logging
import smtplib
import ssl
from email.message import EmailMessage

from southbound.errors import DeliveryDelayed, DeliveryRefused, MailServerAway
from southbound.settings import EmailSettings

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30.0


class Post:
    """The mail server of the settings. A connection for each message: one a day needs no pool.

    Over a connection that is not protected it does not log in: the password would be read on the way.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._logs_in = bool(settings.smtp_username) and settings.smtp_security != "none"
        if settings.smtp_username and not self._logs_in:
            log.warning("SMTP_SECURITY is none: SMTP_USERNAME and SMTP_PASSWORD are not sent")

    def send(self, mail: EmailMessage, recipient: str) -> None:
        """Hand over a message; when this returns, the server has taken it.

        Raises:
            MailServerAway: no connection, or a wrong password.
            DeliveryDelayed: 4xx: the same message may be taken later.
            DeliveryRefused: 5xx for this recipient or message.
        """
        try:
            with self._connection() as server:
                server.send_message(mail, from_addr=self._settings.sender, to_addrs=[recipient])
        except smtplib.SMTPAuthenticationError as error:
            raise MailServerAway(f"{self._where} refuses the login: {_answer(error)}") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = error.recipients[recipient]
            raise _by_code(
                code, f"{self._where} refuses the recipient: {error.recipients[recipient]}"
            ) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code, f"{self._where} refuses the message: {_answer(error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAway(f"{self._where} cannot be reached: {error}") from error

    @property
    def _where(self) -> str:
        return f"{self._settings.smtp_server}:{self._settings.smtp_port}"

    def _connection(self) -> smtplib.SMTP:
        settings = self._settings
        host, port = settings.smtp_server or "", settings.smtp_port
        if settings.smtp_security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._logs_in:
                server.login(settings.smtp_username or "", settings.smtp_password or "")
        except BaseException:
            server.close()
            raise
        return server


def _by_code(code: int, message: str) -> DeliveryDelayed | DeliveryRefused:
    return DeliveryRefused(message) if code >= 500 else DeliveryDelayed(message)


def _answer(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
