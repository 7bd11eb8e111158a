"""The mail server of the settings: reached, trusted, and logged in to, or an error that says what hinders."""

import logging
import smtplib
import socket
import ssl

from southbound.common.errors import MailServerAway, MailServerRefuses
from southbound.common.text import one_line
from southbound.config.settings import EmailSettings
from southbound.mail.delivery.conversation import Conversation, TlsConversation
from southbound.mail.delivery.oauth2 import LONGEST_ANSWER, ClientCredentials, XOAuth2
from southbound.mail.delivery.refusals import Reply, Whose, whose

log = logging.getLogger(__name__)

SUBMISSIONS, BEGIN_IN_THE_CLEAR = 465, {25, 587, 2525, 2587}
"""Ports whose protection is known; other ports are anybody's."""

NO_TLS = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}
"""What OpenSSL says of a server that speaks in the clear; which of them depends on its version."""

PASSWORDS = {"CRAM-MD5", "PLAIN", "LOGIN"}
"""The mechanisms that take one, of those that smtplib speaks."""


class MailServer:
    """Connections to it.

    Over one that is not protected it does not log in: the password would be read on the way. Certificates are
    verified against the system's authorities, or those of SSL_CERT_FILE.

    Attributes:
        where: host and port.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._logs_in = bool(settings.smtp_username) and settings.smtp_security != "none"
        self._credentials = ClientCredentials(settings) if settings.logs_in_by_token else None
        self.where = f"{settings.smtp_server}:{settings.smtp_port}"
        self._hint = unfit(settings.smtp_port, settings.smtp_security)
        self._own_name: str | None = None
        if settings.smtp_username and not self._logs_in:
            log.warning("SMTP_SECURITY is none: SMTP_USERNAME and SMTP_PASSWORD are not sent")

    def connection(self, end: float, step_seconds: float) -> Conversation:
        """A connection as it is configured: protected, and logged in.

        Args:
            end: when it ends at the latest, by the monotonic clock.
            step_seconds: for each step.

        Raises:
            MailServerAway: there is none, or it was lost.
            MailServerRefuses: it does not take our login, or we not its certificate.
        """
        try:
            return self._opened(end, step_seconds)
        except _TokenRefused:
            # It may have been revoked, or the server's clock may be ahead.
            return self._opened(end, step_seconds)

    def refused_for_all(self, error: smtplib.SMTPResponseException, what: str) -> MailServerAway:
        """What is said to a greeting, a login or a sender: everybody's."""
        answer = self.answer(error)
        reply = Reply(error.smtp_code, answer.partition(" ")[2], "MAIL")
        needs_a_person = reply.is_lasting or whose(reply) is Whose.ACCOUNT
        kind = MailServerRefuses if needs_a_person else MailServerAway
        return kind(f"{self.where} refuses the {what}: {answer}")

    def answer(self, error: smtplib.SMTPResponseException) -> str:
        """What the server says, without what we logged in with: it may repeat that."""
        text = error.smtp_error
        said = text.decode(errors="replace") if isinstance(text, bytes) else text
        hidden = [self._settings.smtp_password, self._settings.smtp_username]
        hidden += self._credentials.secrets() if self._credentials is not None else []
        for secret in filter(None, hidden):
            said = said.replace(secret, "***")
        return one_line(f"{error.smtp_code} {said}", LONGEST_ANSWER)

    def _opened(self, end: float, step_seconds: float) -> Conversation:
        if self._credentials is not None:
            self._credentials.token()  # before the server waits for it
        try:
            server = self._greeted(end, step_seconds)
        except smtplib.SMTPResponseException as error:
            raise MailServerAway(f"{self.where} does not want us now: {self.answer(error)}") from error
        except ssl.SSLCertVerificationError as error:
            raise self._untrusted(error) from error
        except (smtplib.SMTPException, OSError) as error:
            if isinstance(error, ssl.SSLError) and error.reason in NO_TLS:
                hint = self._hint or "; it begins without TLS, so want SMTP_SECURITY=starttls"
                raise MailServerRefuses(f"{self.where} cannot be reached: {error}{hint}") from error
            # A server that begins with TLS waits for us to begin, as we wait for its greeting.
            is_silent = isinstance(error, smtplib.SMTPServerDisconnected) and "timed out" in str(error)
            waits = is_silent and self._settings.smtp_security != "tls"
            hint = self._hint or ("; if it begins with TLS, want SMTP_SECURITY=tls" if waits else "")
            raise MailServerAway(f"{self.where} cannot be reached: {error}{hint}") from error
        try:
            self._protect_and_log_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greeted(self, end: float, step_seconds: float) -> Conversation:
        host, port = self._settings.smtp_server or "", self._settings.smtp_port
        if self._own_name is None:
            self._own_name = _own_name()
        if self._settings.smtp_security == "tls":
            context = ssl.create_default_context()
            return TlsConversation(
                host, port, own_name=self._own_name, timeout=step_seconds, end=end, context=context
            )
        return Conversation(host, port, own_name=self._own_name, timeout=step_seconds, end=end)

    def _protect_and_log_in(self, server: Conversation) -> None:
        try:
            if self._settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._credentials is not None:
                self._log_in_by_token(server, self._credentials)
            elif self._logs_in:
                server.ehlo_or_helo_if_needed()
                self._check_that_passwords_are_taken(_mechanisms(server))
                server.login(self._settings.smtp_username or "", self._settings.smtp_password or "")
        except smtplib.SMTPNotSupportedError as error:
            raise MailServerRefuses(f"{self.where} does not offer what is configured: {error}") from error
        except smtplib.SMTPResponseException as error:
            raise self.refused_for_all(error, "login") from error
        except ssl.SSLCertVerificationError as error:
            raise self._untrusted(error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAway(f"{self.where} was lost: {error}") from error
        except UnicodeEncodeError:
            # Not chained: it shows the password.
            what = "SMTP_USERNAME or EMAIL_SENDER" if self._credentials else "SMTP_USERNAME and SMTP_PASSWORD"
            raise MailServerRefuses(f"{what} must be ASCII") from None
        except ValueError as error:
            raise MailServerAway(f"{self.where} asks for the login in a way of its own: {error}") from error

    def _log_in_by_token(self, server: Conversation, credentials: ClientCredentials) -> None:
        server.ehlo_or_helo_if_needed()
        offered = _mechanisms(server)
        if "XOAUTH2" not in offered:
            what = f"it offers {' and '.join(offered)}" if offered else "it offers no login"
            raise MailServerRefuses(
                f"{self.where} does not offer XOAUTH2, which SMTP_OAUTH2_… is for: {what}"
            )
        user = self._settings.smtp_username or self._settings.sender or ""
        try:
            said = XOAuth2(user, credentials.token())
            server.auth("XOAUTH2", said, initial_response_ok=said.fits_into_the_command)
        except smtplib.SMTPAuthenticationError as error:
            refusal = self.refused_for_all(error, "login")
            credentials.forget()
            raise (
                _TokenRefused(str(refusal)) if isinstance(refusal, MailServerRefuses) else refusal
            ) from error

    def _check_that_passwords_are_taken(self, offered: list[str]) -> None:
        if offered and not PASSWORDS & set(offered):
            way_out = (
                ": set SMTP_OAUTH2_TOKEN_URL, SMTP_OAUTH2_CLIENT_ID and SMTP_OAUTH2_CLIENT_SECRET"
                if "XOAUTH2" in offered
                else ""
            )
            raise MailServerRefuses(
                f"{self.where} takes no password, but {' or '.join(offered)} alone{way_out}"
            )

    def _untrusted(self, error: ssl.SSLCertVerificationError) -> MailServerRefuses:
        return MailServerRefuses(f"the certificate of {self.where} is not trusted: {error.verify_message}")


class _TokenRefused(MailServerRefuses):
    """Another token may be taken."""


def _mechanisms(server: Conversation) -> list[str]:
    """How a server lets itself be logged in to (RFC 4954, 3)."""
    return sorted(set(server.esmtp_features.get("auth", "").upper().split()))


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
