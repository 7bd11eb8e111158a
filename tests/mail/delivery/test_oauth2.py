"""A mail server that takes tokens alone, and a provider that gives them."""

import base64
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.common.errors import MailServerAway, MailServerRefuses
from southbound.config.settings import EmailSettings
from southbound.mail.delivery import oauth2
from southbound.mail.delivery.oauth2 import ClientCredentials
from southbound.mail.delivery.smtp_transport import SmtpTransport
from tests.mail.token_endpoint import CLIENT_ID, CLIENT_SECRET, SCOPE, TokenEndpoint

ADA = "ada@example.org"


class TokensAlone(Inbox):
    """As Microsoft 365: it offers XOAUTH2 and nothing else.

    Attributes:
        revoked: the tokens that it does not take.
        users: who logged in.
        challenges: whether it says why it refuses, before it does.
        at_once: how many said their token with the command.
    """

    def __init__(self, certificate: ssl.SSLContext, endpoint: TokenEndpoint) -> None:
        super().__init__(certificate, mechanisms=("XOAUTH2",))
        self._endpoint = endpoint

    def as_usual(self) -> None:
        super().as_usual()
        self.revoked: set[str] = set()
        self.users: list[str] = []
        self.challenges = False
        self.at_once = 0

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        if len(arguments) == 1:
            await server.push("334 ")
            arguments = [*arguments, (await server._reader.readline()).decode()]
        else:
            self.at_once += 1
        said = base64.b64decode(arguments[1]).decode()
        user, token, *rest = said.split("\x01")
        assert (user[:5], token[:12], rest) == ("user=", "auth=Bearer ", ["", ""])
        if token[12:] in set(self._endpoint.issued) - self.revoked:
            self.users.append(user[5:])
            return AuthResult(success=True)
        if self.challenges:
            await server.push("334 " + base64.b64encode(b'{"status":"401"}').decode())
            assert await server._reader.readline() == b"\r\n"
        refusal = f"535 5.7.3 Authentication unsuccessful {token[12:20]}"
        return AuthResult(success=False, handled=False, message=refusal)


@pytest.fixture(scope="module")
def servers(authority: trustme.CA) -> Iterator[tuple[TokenEndpoint, str, TokensAlone]]:
    endpoint = TokenEndpoint()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    inbox = TokensAlone(context, endpoint)
    with LocalServer(endpoint.app) as server, LocalServer(inbox.app):
        yield endpoint, f"{server.address}/tenant/oauth2/v2.0/token", inbox


@pytest.fixture
def endpoint(servers: tuple[TokenEndpoint, str, TokensAlone]) -> TokenEndpoint:
    servers[0].as_usual()
    return servers[0]


@pytest.fixture
def provider(servers: tuple[TokenEndpoint, str, TokensAlone]) -> str:
    return servers[1]


@pytest.fixture
def microsoft(servers: tuple[TokenEndpoint, str, TokensAlone], endpoint: TokenEndpoint) -> TokensAlone:
    assert endpoint.issued == []
    servers[2].as_usual()
    return servers[2]


@pytest.fixture
def settings(
    email_settings: EmailSettings, microsoft: TokensAlone, provider: str, trusted: None
) -> EmailSettings:
    assert trusted is None
    return replace(
        email_settings,
        smtp_port=microsoft.smtp_port,
        smtp_security="starttls",
        smtp_oauth2_token_url=provider,
        smtp_oauth2_client_id=CLIENT_ID,
        smtp_oauth2_client_secret=CLIENT_SECRET,
        smtp_oauth2_scope=SCOPE,
    )


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_logs_in_by_a_token_of_its_own_and_asks_for_one_alone(
    settings: EmailSettings, mail: EmailMessage, microsoft: TokensAlone, endpoint: TokenEndpoint
) -> None:
    post = SmtpTransport(settings)
    for _ in range(3):
        post.send(mail, ADA)

    assert len(microsoft.mails) == 3
    assert microsoft.users == ["southbound@example.org"] * 3
    assert endpoint.asked == [
        {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scope": SCOPE,
        }
    ]


def test_a_short_token_is_said_with_the_command(
    settings: EmailSettings, mail: EmailMessage, microsoft: TokensAlone, endpoint: TokenEndpoint
) -> None:
    endpoint.padding = 0

    SmtpTransport(settings).send(mail, ADA)

    assert (len(microsoft.mails), microsoft.at_once) == (1, 1)


def test_the_mailbox_may_be_another_than_the_sender(
    settings: EmailSettings, mail: EmailMessage, microsoft: TokensAlone
) -> None:
    SmtpTransport(replace(settings, smtp_username="mailbox@example.org")).send(mail, ADA)

    assert microsoft.users == ["mailbox@example.org"]


@pytest.mark.parametrize("challenges", [False, True], ids=["refuses at once", "says why first"])
def test_a_token_that_is_refused_is_renewed_once(
    settings: EmailSettings,
    mail: EmailMessage,
    microsoft: TokensAlone,
    endpoint: TokenEndpoint,
    *,
    challenges: bool,
) -> None:
    microsoft.challenges = challenges
    post = SmtpTransport(settings)
    post.send(mail, ADA)
    microsoft.revoked.update(endpoint.issued)

    post.send(mail, ADA)

    assert len(microsoft.mails) == 2
    assert len(endpoint.asked) == 2


def test_an_account_whose_tokens_are_all_refused_needs_a_person(
    settings: EmailSettings,
    mail: EmailMessage,
    microsoft: TokensAlone,
    endpoint: TokenEndpoint,
    caplog: pytest.LogCaptureFixture,
) -> None:
    microsoft.revoked.update(f"token-{number}." + "x" * 2000 for number in range(9))

    with pytest.raises(
        MailServerRefuses, match=r"refuses the login: 535 5\.7\.3 Authentication unsuccessful"
    ) as caught:
        SmtpTransport(settings).send(mail, ADA)

    assert len(endpoint.asked) == 2
    assert microsoft.mails == []
    assert CLIENT_SECRET not in str(caught.value) + caplog.text
    assert endpoint.issued[0] not in str(caught.value) + caplog.text


@pytest.mark.parametrize(
    ("lasts", "used_for"),
    [(3599, 3299), ("3599", 3299), (100, 80), (None, 240), ("soon", 240), (-1, 240), (1e400, 240)],
)
def test_a_token_is_renewed_before_it_runs_out(
    lasts: object, used_for: float, settings: EmailSettings, endpoint: TokenEndpoint
) -> None:
    endpoint.lasts = lasts
    if lasts == 1e400:
        text = '{"access_token": "a", "token_type": "Bearer", "expires_in": 1e400}'
        endpoint.answer = Response(text, media_type="application/json")
    clock = Clock()
    credentials = ClientCredentials(settings, clock)
    credentials.token()

    clock.now += used_for - 1
    credentials.token()
    assert len(endpoint.asked) == 1
    clock.now += 2
    credentials.token()
    assert len(endpoint.asked) == 2


def test_without_the_settings_for_it_one_line_says_what_lacks(
    settings: EmailSettings, mail: EmailMessage, microsoft: TokensAlone
) -> None:
    by_password = replace(
        settings,
        smtp_oauth2_token_url="",
        smtp_oauth2_client_id="",
        smtp_oauth2_client_secret="",
        smtp_username="ada",
        smtp_password="sesame",
    )

    with pytest.raises(MailServerRefuses) as caught:
        SmtpTransport(by_password).send(mail, ADA)

    assert str(caught.value) == (
        f"127.0.0.1:{microsoft.smtp_port} takes no password, but XOAUTH2 alone: set SMTP_OAUTH2_TOKEN_URL, "
        "SMTP_OAUTH2_CLIENT_ID and SMTP_OAUTH2_CLIENT_SECRET"
    )


def test_a_server_that_takes_passwords_alone_is_named(
    settings: EmailSettings, mail: EmailMessage, authority: trustme.CA
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    inbox = Inbox(context)
    with (
        LocalServer(inbox.app),
        pytest.raises(MailServerRefuses, match=r"does not offer XOAUTH2, .*: it offers LOGIN and PLAIN$"),
    ):
        SmtpTransport(replace(settings, smtp_port=inbox.smtp_port)).send(mail, ADA)


NO_TOKEN = "the token endpoint {where} gives no token: "
REFUSED: list[tuple[Response, type[Exception], str]] = [
    (
        JSONResponse({"error": "unauthorized_client", "error_description": "AADSTS700016: not found"}, 400),
        MailServerRefuses,
        (
            f"{NO_TOKEN}unauthorized_client: AADSTS700016: not found; "
            "the client may not get a token by its own credentials"
        ),
    ),
    (
        JSONResponse({"error": "invalid_request", "error_description": f"not {CLIENT_SECRET}\r\nnow"}, 400),
        MailServerRefuses,
        NO_TOKEN + "invalid_request: not *** now",
    ),
    (
        JSONResponse({"error": "temporarily_unavailable"}, 400),
        MailServerAway,
        NO_TOKEN + "temporarily_unavailable",
    ),
    (JSONResponse({"error": ["odd"]}, 400), MailServerRefuses, NO_TOKEN + "HTTP 400"),
    (PlainTextResponse("no such page", 404), MailServerRefuses, NO_TOKEN + "HTTP 404"),
    (PlainTextResponse("bad gateway", 502), MailServerAway, NO_TOKEN + "HTTP 502"),
    (PlainTextResponse("slowly", 429), MailServerAway, NO_TOKEN + "HTTP 429"),
    (RedirectResponse("https://elsewhere.example.org/", 307), MailServerRefuses, NO_TOKEN + "HTTP 307"),
    (
        PlainTextResponse("<html>"),
        MailServerRefuses,
        "the token endpoint {where} answers without a bearer token",
    ),
    (
        PlainTextResponse("[" * 50_000),
        MailServerRefuses,
        "the token endpoint {where} answers without a bearer token",
    ),
    (JSONResponse([]), MailServerRefuses, "the token endpoint {where} answers without a bearer token"),
    (
        JSONResponse({"access_token": "a\r\nRSET", "token_type": "Bearer"}),
        MailServerRefuses,
        "the token endpoint {where} answers without a bearer token",
    ),
    (
        JSONResponse({"access_token": "a", "token_type": "mac"}),
        MailServerRefuses,
        "the token endpoint {where} answers without a bearer token",
    ),
    (
        PlainTextResponse("x" * 200_000),
        MailServerAway,
        "the token endpoint {where} cannot be reached: an answer of more than 65,536 bytes",
    ),
]


@pytest.mark.parametrize(("answer", "error", "line"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_provider_that_gives_no_token_is_named_with_what_it_says(
    answer: Response,
    error: type[Exception],
    line: str,
    settings: EmailSettings,
    mail: EmailMessage,
    microsoft: TokensAlone,
    endpoint: TokenEndpoint,
    provider: str,
) -> None:
    endpoint.answer = answer

    with pytest.raises(MailServerAway) as caught:
        SmtpTransport(settings).send(mail, ADA)

    assert type(caught.value) is error
    assert str(caught.value) == line.format(where=provider.split("/")[2])
    assert microsoft.mails == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"smtp_oauth2_client_secret": "wrong"}, "SMTP_OAUTH2_CLIENT_SECRET is wrong, or has run out"),
        ({"smtp_oauth2_scope": ""}, "SMTP_OAUTH2_SCOPE is wrong"),
    ],
)
def test_a_setting_that_the_provider_refuses_is_named(
    changes: dict[str, Any], line: str, settings: EmailSettings, mail: EmailMessage
) -> None:
    with pytest.raises(MailServerRefuses, match=line):
        SmtpTransport(replace(settings, **changes)).send(mail, ADA)


def test_a_provider_that_is_away_or_slow_is_waited_for_in_time(
    settings: EmailSettings,
    mail: EmailMessage,
    endpoint: TokenEndpoint,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = replace(settings, smtp_oauth2_token_url=f"http://127.0.0.1:{free_port}/token")
    with pytest.raises(MailServerAway, match=f"the token endpoint 127.0.0.1:{free_port} cannot be reached: "):
        SmtpTransport(away).send(mail, ADA)

    monkeypatch.setattr(oauth2, "LONGEST_SECONDS", 0.3)
    endpoint.delay = 1.0
    with pytest.raises(MailServerAway) as caught:
        SmtpTransport(settings).send(mail, ADA)
    assert not isinstance(caught.value, MailServerRefuses)


def test_a_provider_whose_certificate_is_not_trusted_is_told_nothing(
    settings: EmailSettings, mail: EmailMessage, microsoft: TokensAlone
) -> None:
    elsewhere = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    elsewhere.issue_cert("127.0.0.1").configure_cert(context)
    speaks_tls = Inbox(context, starts_with_tls=True)
    with LocalServer(speaks_tls.app):
        url = f"https://127.0.0.1:{speaks_tls.smtp_port}/token"
        with pytest.raises(
            MailServerRefuses, match=r"^the certificate of the token endpoint 127.* is not trusted: "
        ):
            SmtpTransport(replace(settings, smtp_oauth2_token_url=url)).send(mail, ADA)
    assert microsoft.mails == []


def test_neither_secret_nor_token_is_ever_shown(settings: EmailSettings, endpoint: TokenEndpoint) -> None:
    credentials = ClientCredentials(settings)
    token = credentials.token()

    shown = repr(settings) + repr(credentials._token) + repr(credentials)

    assert token == endpoint.issued[-1]
    assert CLIENT_SECRET not in shown
    assert token not in shown
