"""OAuth 2.0 for a mail server: a token for our own account, by the client's credentials (RFC 6749, 4.4).

Microsoft 365 takes no passwords over SMTP. A program is registered there, and gets a token that is good for
an hour; the mail server takes it by SASL's XOAUTH2. The token stands in memory alone.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from southbound.common.errors import MailServerAway, MailServerRefuses
from southbound.common.text import one_line
from southbound.config.settings import EmailSettings

LONGEST_SECONDS = 30.0
"""For a token, from the connection to the last byte."""

MOST_BYTES, LONGEST_TOKEN = 65_536, 16_384
"""Of an answer, and of the token in it; one of Microsoft's has some 2,000."""

USUAL_SECONDS = 300.0
"""How long a token is used that does not say how long it is good."""

MARGIN_SECONDS = 300.0
"""A token is renewed so long before it runs out; a shorter one after four fifths of its time."""

LONGEST_COMMAND = 512
"""Bytes of a line (RFC 5321, 4.5.3.1.4)."""

LONGEST_ANSWER = 300
"""Characters of an answer or an error that are reported."""

PASSES = {"temporarily_unavailable", "server_error", "slow_down"}
"""Error codes that say so themselves (RFC 6749, 4.1.2.1; RFC 8628, 3.5)."""

MENDED_BY: Mapping[str, str] = {
    "invalid_client": "SMTP_OAUTH2_CLIENT_ID or SMTP_OAUTH2_CLIENT_SECRET is wrong, or has run out",
    "unauthorized_client": "the client may not get a token by its own credentials",
    "unsupported_grant_type": "the provider does not know the flow of client credentials",
    "invalid_scope": "SMTP_OAUTH2_SCOPE is wrong",
}
"""What a person has to look at (RFC 6749, 5.2)."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, and until when it is to be used, by the clock of whoever asked for it."""

    text: str = field(repr=False)
    until: float


class ClientCredentials:
    """Gets tokens, and keeps the newest.

    Args:
        settings: with the token endpoint, the client and its secret.
        clock: in seconds; only differences count.
    """

    def __init__(self, settings: EmailSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._token: Token | None = None
        self._where = urlsplit(settings.smtp_oauth2_token_url).netloc

    def token(self) -> str:
        """One that is good.

        Raises:
            MailServerAway: the provider cannot be reached, or is in trouble.
            MailServerRefuses: it does not take our client, or is no provider of tokens.
        """
        if self._token is None or self._clock() >= self._token.until:
            self._token = self._ask()
        return self._token.text

    def forget(self) -> None:
        """The token was refused: get another one the next time."""
        self._token = None

    def secrets(self) -> list[str]:
        """What no message may hold."""
        return [self._settings.smtp_oauth2_client_secret, *([self._token.text] if self._token else [])]

    def _ask(self) -> Token:
        asked_at = self._clock()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.smtp_oauth2_client_id,
            "client_secret": self._settings.smtp_oauth2_client_secret,
        }
        if self._settings.smtp_oauth2_scope:
            form["scope"] = self._settings.smtp_oauth2_scope
        import httpx2  # noqa: PLC0415 - 3 MB, for those who log in so

        try:
            status, body = asyncio.run(_post(self._settings.smtp_oauth2_token_url, form))
        except TimeoutError as error:
            text = f"the token endpoint {self._where} gave no answer within {LONGEST_SECONDS:.0f} s"
            raise MailServerAway(text) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise self._unreachable(error) from error
        answer = _object(body)
        if status != HTTPStatus.OK:
            raise self._refused(status, answer)
        seconds = _seconds(answer.get("expires_in"))
        token = answer.get("access_token")
        is_bearer = str(answer.get("token_type", "bearer")).lower() == "bearer"
        if not is_bearer or not _is_token(token):
            raise MailServerRefuses(f"the token endpoint {self._where} answers without a bearer token")
        return Token(token, asked_at + seconds - min(MARGIN_SECONDS, seconds / 5))

    def _unreachable(self, error: Exception) -> MailServerAway:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                why = cause.verify_message
                return MailServerRefuses(
                    f"the certificate of the token endpoint {self._where} is not trusted: {why}"
                )
            cause = cause.__cause__ or cause.__context__
        why = one_line(str(error) or type(error).__name__, LONGEST_ANSWER)
        return MailServerAway(f"the token endpoint {self._where} cannot be reached: {why}")

    def _refused(self, status: int, answer: Mapping[str, Any]) -> MailServerAway:
        code = answer.get("error")
        passes = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.REQUEST_TIMEOUT,
        }
        if not isinstance(code, str):
            kind = MailServerAway if passes else MailServerRefuses
            return kind(f"the token endpoint {self._where} gives no token: HTTP {status}")
        said = f"{code}: {answer.get('error_description', '')}".rstrip(": ")
        for secret in filter(None, self.secrets()):
            said = said.replace(secret, "***")
        text = f"the token endpoint {self._where} gives no token: {one_line(said, LONGEST_ANSWER)}"
        if passes or code in PASSES:
            return MailServerAway(text)
        return MailServerRefuses(f"{text}; {MENDED_BY[code]}" if code in MENDED_BY else text)


class XOAuth2:
    """What `smtplib.SMTP.auth` says: user and token, and nothing to the error that may follow.

    As Google and Microsoft document it: the server tells the reason as a challenge, and refuses after the
    answer. A token that does not fit into the command's line waits for the server to ask (RFC 4954, 4).
    """

    def __init__(self, user: str, token: str) -> None:
        self._response = f"user={user}\x01auth=Bearer {token}\x01\x01"
        self._said = False

    @property
    def fits_into_the_command(self) -> bool:
        """With its base64 and the command's own words."""
        return len("AUTH XOAUTH2 \r\n") + 4 * (len(self._response) + 2) // 3 <= LONGEST_COMMAND

    def __call__(self, _challenge: bytes | None = None, /) -> str:
        said, self._said = self._said, True
        return "" if said else self._response


async def _post(url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    """The status and the body of an answer.

    Raises:
        TimeoutError: it was not whole in time.
        httpx2.HTTPError, httpx2.InvalidURL, OSError: there was none, or it is far too long.
    """
    import httpx2  # noqa: PLC0415 - see above

    # The system's authorities, or those of SSL_CERT_FILE, as for the mail server.
    trust = ssl.create_default_context()
    async with (
        asyncio.timeout(LONGEST_SECONDS),
        # Never elsewhere: the secret goes to the address that is configured.
        httpx2.AsyncClient(verify=trust, timeout=LONGEST_SECONDS, follow_redirects=False) as client,
        client.stream("POST", url, data=form, headers={"Accept": "application/json"}) as response,
    ):
        body = b""
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise OSError(f"an answer of more than {MOST_BYTES:,} bytes")
        return response.status_code, body


def _object(body: bytes) -> Mapping[str, Any]:
    """A JSON object; empty if it is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(given: object) -> float:
    """How long a token is good; some providers write it as a text."""
    try:
        seconds = float(given) if isinstance(given, int | float | str) else USUAL_SECONDS
    except (ValueError, OverflowError):
        return USUAL_SECONDS
    return seconds if 0 < seconds < float("inf") else USUAL_SECONDS


def _is_token(given: object) -> TypeGuard[str]:
    """Whether it can stand in a line of SMTP (RFC 6750, 2.1)."""
    return (
        isinstance(given, str) and 0 < len(given) <= LONGEST_TOKEN and given.isascii() and given.isprintable()
    )
