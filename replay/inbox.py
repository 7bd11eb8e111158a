"""A mail server for the demo and the tests: it takes every mail, and shows it in the browser."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5"><title>Inbox</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:720px;margin:2rem auto;padding:0 1rem}}
li{{margin:.5rem 0}}small{{opacity:.7}}</style><h1>Inbox</h1>{body}</html>"""


OF_A_MAIL = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""What a page may load: pictures of this server, and styles of its own."""


class _CarefulHeaders:
    """Tells browsers with every answer what they may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", OF_A_MAIL)
                headers["X-Frame-Options"] = "SAMEORIGIN"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, sending)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was taken: the envelope's recipients, the message, and whether the sender was told."""

    arrived: datetime
    recipients: tuple[str, ...]
    source: bytes
    answered: bool = True

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.source, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - that is what this policy makes
        return message


class _Conversation(SMTP):
    """One that a token of OAuth fits into (RFC 4954, 4)."""

    line_length_limit = 12_290


class _Mute(asyncio.Protocol):
    """Says nothing, or cuts the connection."""

    def __init__(self, *, cuts: bool) -> None:
        self._cuts = cuts

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._cuts and isinstance(transport, asyncio.Transport):
            transport.abort()


class Inbox:
    """The mails, the SMTP server that takes them, and the web pages that show them.

    The SMTP server lives as long as `app` is served, on 127.0.0.1; `smtp_port` is known from then on.

    Args:
        certificate: what the server shows; None if it speaks in the clear alone.
        starts_with_tls: whether it speaks TLS from the first byte, instead of waiting for STARTTLS.
        takes_utf8: whether it takes mailboxes beyond ASCII (RFC 6531).
        mechanisms: how one can log in, of those that aiosmtpd or a subclass speaks.

    Attributes:
        logins: the user and password of each login. Every one is taken.
        login_answer: what the server answers to a login instead ("535 …").
        sender_answer: what it answers to every sender instead of taking it ("530 …").
        recipient_answers: what it answers to these recipients instead of taking them ("550 …").
        message_answer: what it answers to every message instead of taking it ("451 …").
        farewell: what it answers to QUIT ("221 …").
        hangs_up: whether it cuts the connection after the final dot, without an answer: `before` it takes the
            message, or `after`; then nobody but the server knows that it did.
        greets: whether it greets who connects; None if it cuts the connection at once.
        refused: each recipient that it answered a 5xx.
        on_taken: called with each mail, before it is answered.
    """

    def __init__(
        self,
        certificate: ssl.SSLContext | None = None,
        *,
        starts_with_tls: bool = False,
        takes_utf8: bool = True,
        mechanisms: Collection[str] = ("LOGIN", "PLAIN"),
    ) -> None:
        self.smtp_port = 0
        self.mails: list[Mail] = []
        self._certificate = certificate
        self._starts_with_tls = starts_with_tls
        self._takes_utf8 = takes_utf8
        self._mechanisms = frozenset(mechanisms)
        self.as_usual()
        self.app = Starlette(
            routes=[
                Route("/", self._list),
                Route("/mails/{number:int}", self._show),
                Route("/mails/{number:int}/pictures/{cid}", self._picture),
            ],
            middleware=[
                Middleware(
                    TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1"], www_redirect=False
                ),
                Middleware(_CarefulHeaders),
            ],
            lifespan=self._serving_smtp,
        )

    def as_usual(self) -> None:
        """Empty, and taking everything again."""
        self.mails.clear()
        self.logins: list[tuple[str, str]] = []
        self.login_answer: str | None = None
        self.sender_answer: str | None = None
        self.recipient_answers: dict[str, str] = {}
        self.message_answer: str | None = None
        self.farewell = "221 Bye"
        self.hangs_up: Literal["before", "after"] | None = None
        self.greets: bool | None = True
        self.refused: list[str] = []
        self.on_taken: Callable[[Mail], None] = lambda _mail: None

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, or answer as told."""
        if self.sender_answer is not None:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 taken"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Say goodbye as told."""
        return self.farewell

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or answer as told."""
        if address in self.recipient_answers:
            if self.recipient_answers[address].startswith("5"):
                self.refused.append(address)
            return self.recipient_answers[address]
        envelope.rcpt_tos.append(address)
        return "250 taken"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail, or answer as told."""
        if self.message_answer is not None:
            return self.message_answer
        hangs_up = self.hangs_up
        if hangs_up != "before":
            content = envelope.content
            source = content if isinstance(content, bytes) else (content or "").encode()
            now, to = datetime.now().astimezone(), tuple(envelope.rcpt_tos)
            self.mails.append(Mail(now, to, source, answered=hangs_up is None))
            self.on_taken(self.mails[-1])
        if hangs_up is not None and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 taken"

    @asynccontextmanager
    async def _serving_smtp(self, _app: Starlette) -> AsyncIterator[None]:
        server = await asyncio.get_running_loop().create_server(
            self._conversation,
            "127.0.0.1",
            0,
            ssl=self._certificate if self._starts_with_tls else None,
        )
        self.smtp_port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    def _conversation(self) -> asyncio.BaseProtocol:
        """What speaks to the next client."""
        if self.greets is not True:
            return _Mute(cuts=self.greets is None)
        return _Conversation(
            self,
            hostname="inbox.example.org",  # else it would look its own up each time
            enable_SMTPUTF8=self._takes_utf8,
            authenticator=self._log_in,
            auth_exclude_mechanism={"LOGIN", "PLAIN"} - self._mechanisms,
            auth_require_tls=False,  # so that a test sees whether a password goes out in the clear
            tls_context=None if self._starts_with_tls else self._certificate,
        )

    def _log_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        if self.login_answer is not None:
            return AuthResult(success=False, handled=False, message=self.login_answer)
        assert isinstance(given, LoginPassword)  # noqa: S101 - of the two mechanisms that are offered
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=True)

    async def _list(self, _request: Request) -> Response:
        lines = [
            f'<li><a href="/mails/{number}">{escape(str(mail.message["Subject"]))}</a><br>'
            f"<small>to {escape(', '.join(mail.recipients))}, {mail.arrived:%H:%M:%S}</small></li>"
            for number, mail in reversed(list(enumerate(self.mails)))
        ]
        body = f"<ul>{''.join(lines)}</ul>" if lines else "<p>No mail yet.</p>"
        return HTMLResponse(PAGE.format(body=body))

    async def _show(self, request: Request) -> Response:
        part = self._mail(request).message.get_body(("html", "plain"))
        page = "" if part is None else str(part.get_content())
        number = request.path_params["number"]
        page = page.replace('src="cid:', f'src="/mails/{number}/pictures/')
        # A mail is somebody else's page: no scripts, nothing from outside.
        return HTMLResponse(page, headers={"Content-Security-Policy": f"sandbox; {OF_A_MAIL}"})

    async def _picture(self, request: Request) -> Response:
        wanted = f"<{request.path_params['cid']}>"
        for part in self._mail(request).message.walk():
            if part["Content-ID"] == wanted:
                return Response(part.get_payload(decode=True), media_type=part.get_content_type())
        raise HTTPException(HTTPStatus.NOT_FOUND)

    def _mail(self, request: Request) -> Mail:
        number: int = request.path_params["number"]
        if not 0 <= number < len(self.mails):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self.mails[number]
