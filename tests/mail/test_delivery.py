"""A real SMTP conversation, and what each answer means."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from replay.inbox import Inbox
from southbound.errors import DeliveryDelayed, DeliveryRefused, MailServerAway
from southbound.mail.delivery import Post
from southbound.settings import EmailSettings

ADA = "ada@example.org"


@pytest.fixture
def mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Holdings", "southbound@example.org", ADA
    mail.set_content("騰訊 +1")
    return mail


def test_a_mail_is_taken_for_its_recipient_alone(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    Post(email_settings).send(mail, ADA)

    [taken] = inbox.mails
    assert taken.recipients == (ADA,)
    assert taken.message.get_content().strip() == "騰訊 +1"


@pytest.mark.parametrize(
    ("answer", "error"), [("550 no such user", DeliveryRefused), ("450 mailbox busy", DeliveryDelayed)]
)
def test_a_refused_recipient_is_final_or_not_by_its_code(
    answer: str, error: type[Exception], mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.recipient_answers[ADA] = answer

    with pytest.raises(error, match=answer[4:]):
        Post(email_settings).send(mail, ADA)

    assert inbox.mails == []


@pytest.mark.parametrize(
    ("answer", "error"), [("554 spam", DeliveryRefused), ("451 try later", DeliveryDelayed)]
)
def test_a_refused_message_is_final_or_not_by_its_code(
    answer: str, error: type[Exception], mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.message_answer = answer

    with pytest.raises(error, match=answer[4:]):
        Post(email_settings).send(mail, ADA)


def test_nobody_listening_is_a_delay(
    mail: EmailMessage, email_settings: EmailSettings, free_port: int
) -> None:
    with pytest.raises(MailServerAway, match=f"127.0.0.1:{free_port} cannot be reached"):
        Post(replace(email_settings, smtp_port=free_port)).send(mail, ADA)


def test_a_cut_connection_is_a_delay(
    mail: EmailMessage, email_settings: EmailSettings, hanging_up: int
) -> None:
    with pytest.raises(MailServerAway):
        Post(replace(email_settings, smtp_port=hanging_up)).send(mail, ADA)


def test_no_password_goes_out_in_the_clear(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(email_settings, smtp_username="ada", smtp_password="sesame")

    Post(settings).send(mail, ADA)

    # The inbox knows no AUTH: had it been asked to, the mail would not have been sent.
    assert len(inbox.mails) == 1
    assert "SMTP_USERNAME and SMTP_PASSWORD are not sent" in caplog.text
    assert "sesame" not in caplog.text


def test_no_mail_goes_out_in_the_clear_where_starttls_is_wanted(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    with pytest.raises(MailServerAway, match="STARTTLS"):
        Post(replace(email_settings, smtp_security="starttls")).send(mail, ADA)

    assert inbox.mails == []


@pytest.fixture
def hanging_up() -> Iterator[int]:
    """The port of a server that hangs up after its greeting."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"220 hello\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)
        assert not thread.is_alive()
