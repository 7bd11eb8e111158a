"""A real SMTP conversation, and what each answer means."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from unittest.mock import Mock

import pytest

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.common.errors import DeliveryDelayed, DeliveryRefused, MailServerAway, MailServerRefuses
from southbound.config.settings import EmailSettings
from southbound.mail.content.message import envelope
from southbound.mail.delivery import smtp_transport
from southbound.mail.delivery.smtp_transport import SmtpTransport
from tests.mail.conftest import Protected

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
    SmtpTransport(email_settings).send(mail, ADA)

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
        SmtpTransport(email_settings).send(mail, ADA)

    assert inbox.mails == []


@pytest.mark.parametrize(
    ("answer", "error"), [("554 spam", DeliveryRefused), ("451 try later", DeliveryDelayed)]
)
def test_a_refused_message_is_final_or_not_by_its_code(
    answer: str, error: type[Exception], mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.message_answer = answer

    with pytest.raises(error, match=answer[4:]):
        SmtpTransport(email_settings).send(mail, ADA)


def test_nobody_listening_is_a_delay(
    mail: EmailMessage, email_settings: EmailSettings, free_port: int
) -> None:
    with pytest.raises(MailServerAway, match=f"127.0.0.1:{free_port} cannot be reached"):
        SmtpTransport(replace(email_settings, smtp_port=free_port)).send(mail, ADA)


def test_a_server_that_says_goodbye_badly_has_taken_the_mail(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.farewell = "421 going down"

    SmtpTransport(email_settings).send(mail, ADA)

    assert len(inbox.mails) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "530 authentication required",
        "535 bad login",
        "550 not your address",
        "452 4.5.3 daily quota exceeded",
        "454 Throttling failure: Daily message quota exceeded.",
    ],
)
def test_what_is_refused_to_the_sender_closes_no_recipient(
    answer: str, mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.sender_answer = answer

    with pytest.raises(MailServerRefuses, match=f"refuses the sender: {answer}"):
        SmtpTransport(email_settings).send(mail, ADA)


@pytest.mark.parametrize("answer", ["451 later", "454 temporary failure", "421 closing"])
def test_a_sender_that_has_to_wait_keeps_everybody_waiting(
    answer: str, mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.sender_answer = answer

    with pytest.raises(MailServerAway, match=answer) as caught:
        SmtpTransport(email_settings).send(mail, ADA)

    assert not isinstance(caught.value, MailServerRefuses)


@pytest.mark.parametrize(
    ("answer", "error"), [("530 log in first", MailServerRefuses), ("421 closing", MailServerAway)]
)
def test_an_answer_about_the_login_or_the_connection_is_not_about_the_recipient(
    answer: str, error: type[Exception], mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    inbox.recipient_answers[ADA] = answer

    with pytest.raises(error, match=answer):
        SmtpTransport(email_settings).send(mail, ADA)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
def test_over_a_trusted_connection_it_logs_in(
    security: str, mail: EmailMessage, protected: Protected
) -> None:
    inbox, settings = protected(security)

    SmtpTransport(settings).send(mail, ADA)

    assert [taken.recipients for taken in inbox.mails] == [(ADA,)]
    assert inbox.logins == [("ada", "sesame")]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_is_refused(
    security: str, mail: EmailMessage, protected: Protected
) -> None:
    inbox, settings = protected(security)
    where = f"127.0.0.1:{inbox.smtp_port}"

    with pytest.raises(MailServerRefuses, match=f"^the certificate of {where} is not trusted: .*issuer"):
        SmtpTransport(settings).send(mail, ADA)

    assert (inbox.mails, inbox.logins) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_host_is_refused(
    security: str, mail: EmailMessage, protected: Protected
) -> None:
    inbox, settings = protected(security, "elsewhere.example.org")

    with pytest.raises(MailServerRefuses, match="is not trusted: IP address mismatch"):
        SmtpTransport(settings).send(mail, ADA)

    assert (inbox.mails, inbox.logins) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
def test_a_refused_login_needs_a_person_unless_the_server_says_that_it_passes(
    security: str, mail: EmailMessage, protected: Protected
) -> None:
    inbox, settings = protected(security)
    post = SmtpTransport(settings)

    inbox.login_answer = "535 5.7.8 wrong password"
    with pytest.raises(MailServerRefuses, match=r"refuses the login: 535 5\.7\.8 wrong password") as caught:
        post.send(mail, ADA)
    inbox.login_answer = "454 4.7.0 temporary failure"
    with pytest.raises(MailServerAway, match="454") as passing:
        post.send(mail, ADA)

    assert "sesame" not in str(caught.value)
    assert not isinstance(passing.value, MailServerRefuses)
    assert inbox.mails == []


@pytest.mark.usefixtures("trusted")
def test_a_password_that_smtp_cannot_carry_is_not_shown(mail: EmailMessage, protected: Protected) -> None:
    _, settings = protected("tls")

    with pytest.raises(MailServerRefuses, match="must be ASCII") as caught:
        SmtpTransport(replace(settings, smtp_password="sésame")).send(mail, ADA)

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "said",
    [
        [b"220 hello\r\n"],
        [b"554 not you\r\n"],
        [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"],
        [],
    ],
    ids=["after the greeting", "instead of a greeting", "in DATA", "at once"],
)
def test_a_connection_that_is_cut_is_a_delay(
    said: list[bytes], mail: EmailMessage, email_settings: EmailSettings
) -> None:
    with hanging_up(said) as port, pytest.raises(MailServerAway) as caught:
        SmtpTransport(replace(email_settings, smtp_port=port)).send(mail, ADA)

    assert not isinstance(caught.value, MailServerRefuses)


@pytest.mark.parametrize(
    ("sender", "recipient", "error"),
    [
        ("southbound@example.org", "ådå@example.org", DeliveryRefused),
        ("søuthbound@example.org", ADA, MailServerRefuses),
    ],
)
def test_an_address_that_a_server_cannot_write_down_is_refused_to_whom_it_concerns(
    sender: str, recipient: str, error: type[Exception], mail: EmailMessage, email_settings: EmailSettings
) -> None:
    with (
        hanging_up([b"220 hello\r\n", b"250 no extensions\r\n"]) as port,
        pytest.raises(error, match="takes no address beyond ASCII"),
    ):
        SmtpTransport(replace(email_settings, smtp_port=port, sender=sender)).send(mail, recipient)


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    mail: EmailMessage, email_settings: EmailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_transport, "TIMEOUT_SECONDS", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(MailServerAway, match="timed out"),
    ):
        SmtpTransport(replace(email_settings, smtp_port=silent.getsockname()[1])).send(mail, ADA)


def test_no_password_goes_out_in_the_clear(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(email_settings, smtp_username="ada", smtp_password="sesame")

    SmtpTransport(settings).send(mail, ADA)

    assert (len(inbox.mails), inbox.logins) == (1, [])
    assert "SMTP_USERNAME and SMTP_PASSWORD are not sent" in caplog.text
    assert "sesame" not in caplog.text


def test_no_mail_goes_out_in_the_clear_where_starttls_is_wanted(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    with pytest.raises(MailServerRefuses, match="STARTTLS"):
        SmtpTransport(replace(email_settings, smtp_security="starttls")).send(mail, ADA)

    assert inbox.mails == []


def test_the_name_it_introduces_itself_by_is_the_machines_own(
    mail: EmailMessage, email_settings: EmailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda *_: "machine.example.org")
    heard: list[bytes] = []
    with hanging_up([b"220 hello\r\n"], heard) as port, pytest.raises(MailServerAway):
        SmtpTransport(replace(email_settings, smtp_port=port)).send(mail, ADA)

    assert heard[0] == b"ehlo machine.example.org\r\n"


@pytest.mark.parametrize(
    "name",
    [
        UnicodeError("label empty or too long"),
        OSError("no name"),
        "Müllers-MacBook.local",
        "my_machine.local",
        "",
        "x" * 300,
        "a\r\nRSET",
        "\udcff.local",
    ],
    ids=repr,
)
def test_what_this_machine_is_called_keeps_no_mail_from_going(
    name: str | Exception,
    mail: EmailMessage,
    inbox: Inbox,
    email_settings: EmailSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getfqdn", Mock(side_effect=[name]))

    SmtpTransport(email_settings).send(mail, ADA)

    assert len(inbox.mails) == 1


def test_a_domain_beyond_ascii_is_written_in_ascii_for_a_server_that_knows_no_other(
    email_settings: EmailSettings,
) -> None:
    inbox = Inbox(takes_utf8=False)
    with LocalServer(inbox.app):
        settings = replace(email_settings, smtp_port=inbox.smtp_port, sender="southbound@bücher.example")
        SmtpTransport(settings).send(envelope("+1", settings.sender or "", "ada@例え.jp", "x"), "ada@例え.jp")

        [taken] = inbox.mails
        assert taken.recipients == ("ada@xn--r8jz45g.jp",)
        assert taken.message["To"] == "ada@xn--r8jz45g.jp"
        assert taken.message["From"].addresses[0].addr_spec == "southbound@xn--bcher-kva.example"
        assert taken.source.partition(b"\r\n\r\n")[0].isascii()


@pytest.mark.parametrize(
    ("port", "security", "hint"),
    [
        (465, "starttls", "port 465 begins with TLS, so want SMTP_SECURITY=tls, or SMTP_PORT=587"),
        (465, "none", "port 465 begins with TLS, so want SMTP_SECURITY=tls, or SMTP_PORT=587"),
        (587, "tls", "port 587 begins without TLS, so want SMTP_SECURITY=starttls, or SMTP_PORT=465"),
        (25, "tls", "port 25 begins without TLS, so want SMTP_SECURITY=starttls, or SMTP_PORT=465"),
        (2525, "tls", "port 2525 begins without TLS, so want SMTP_SECURITY=starttls, or SMTP_PORT=465"),
        (587, "starttls", None),
        (465, "tls", None),
        (8025, "tls", None),
    ],
)
def test_a_port_that_does_not_fit_the_protection_is_named_in_the_error(
    port: int,
    security: str,
    hint: str | None,
    mail: EmailMessage,
    email_settings: EmailSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "create_connection", Mock(side_effect=ConnectionRefusedError("refused")))

    with pytest.raises(MailServerAway) as caught:
        SmtpTransport(replace(email_settings, smtp_port=port, smtp_security=security)).send(mail, ADA)

    assert str(caught.value) == f"127.0.0.1:{port} cannot be reached: refused" + (f"; {hint}" if hint else "")


def test_a_server_that_begins_in_the_clear_where_tls_is_wanted_is_named(
    mail: EmailMessage, inbox: Inbox, email_settings: EmailSettings
) -> None:
    assert inbox.mails == []
    with pytest.raises(MailServerRefuses, match=r"it begins without TLS, so want SMTP_SECURITY=starttls$"):
        SmtpTransport(replace(email_settings, smtp_security="tls")).send(mail, ADA)


def test_a_server_that_waits_for_tls_where_it_should_greet_is_named(
    mail: EmailMessage, protected: Protected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_transport, "TIMEOUT_SECONDS", 0.5)
    _, settings = protected("tls")

    with pytest.raises(MailServerAway, match=r"if it begins with TLS, want SMTP_SECURITY=tls$"):
        SmtpTransport(replace(settings, smtp_security="starttls")).send(mail, ADA)


@contextmanager
def hanging_up(said: list[bytes], heard: list[bytes] | None = None) -> Iterator[int]:
    """The port of a server that says some lines, one for each that it hears, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def converse() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                for line in said:
                    connection.sendall(line)
                    line_heard = lines.readline()
                    if heard is not None:
                        heard.append(line_heard)

        thread = threading.Thread(target=converse)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)
        assert not thread.is_alive()
