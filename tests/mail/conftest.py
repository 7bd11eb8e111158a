"""A real mail server on the loopback."""

from collections.abc import Iterator

import pytest

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.settings import EmailSettings


@pytest.fixture(scope="session")
def inbox_server() -> Iterator[tuple[Inbox, LocalServer]]:
    inbox = Inbox()
    with LocalServer(inbox.app) as server:
        yield inbox, server


@pytest.fixture
def inbox(inbox_server: tuple[Inbox, LocalServer]) -> Inbox:
    """Empty, and taking everything."""
    inbox, _ = inbox_server
    inbox.mails.clear()
    inbox.recipient_answers.clear()
    inbox.message_answer = None
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
