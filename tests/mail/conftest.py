"""A real mail server on the loopback, in the clear and behind a certificate of a throw-away authority."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest
import trustme

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.config.settings import EmailSettings
from southbound.mail.content import render
from southbound.mail.content.movers_image import movers_chart


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """The same figures are the same picture, which takes longer than all the rest of a mail."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "movers_chart", cache(movers_chart))
        yield


@pytest.fixture(scope="session")
def inbox_server() -> Iterator[tuple[Inbox, LocalServer]]:
    inbox = Inbox()
    with LocalServer(inbox.app) as server:
        yield inbox, server


@pytest.fixture
def inbox(inbox_server: tuple[Inbox, LocalServer]) -> Inbox:
    """Empty, and taking everything."""
    inbox, _ = inbox_server
    inbox.as_usual()
    return inbox


@pytest.fixture
def email_settings(inbox: Inbox) -> EmailSettings:
    return EmailSettings(
        smtp_server="127.0.0.1",
        smtp_port=inbox.smtp_port,
        smtp_security="none",
        sender="southbound@example.org",
        recipients=("ada@example.org", "bob@example.org"),
    )


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our authority is one of the system's."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


Protected = Callable[..., tuple[Inbox, EmailSettings]]


@pytest.fixture
def protected(authority: trustme.CA, email_settings: EmailSettings) -> Iterator[Protected]:
    """Makes an inbox with a certificate for a host, and the settings that log in there."""
    with ExitStack() as stack:

        def served(security: str, host: str = "127.0.0.1") -> tuple[Inbox, EmailSettings]:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            authority.issue_cert(host).configure_cert(context)
            inbox = Inbox(context, starts_with_tls=security == "tls")
            stack.enter_context(LocalServer(inbox.app))
            return inbox, replace(
                email_settings,
                smtp_port=inbox.smtp_port,
                smtp_security=security,
                smtp_username="ada",
                smtp_password="sesame",
            )

        yield served


@pytest.fixture
def mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Holdings", "southbound@example.org", "ada@example.org"
    mail.set_content("+1")
    return mail
