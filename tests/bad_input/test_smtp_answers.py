"""What a mail server says: a mail is sent, or there is an error that says whose it is, in a bounded time."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage

import pytest

from replay.inbox import Inbox
from southbound.common.errors import (
    DeliveryDelayed,
    DeliveryError,
    DeliveryRefused,
    MailServerAway,
    MailServerRefuses,
)
from southbound.config.settings import EmailSettings
from southbound.mail.delivery import conversation
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.store.delivery_log import LEASE_SECONDS
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.memory import MEGABYTE, watched
from tests.mail.conftest import Protected

ADA = "ada@example.org"
OURS_MB = 20

GREETING, HELLO, SENDER, RECIPIENT, GO_ON, TAKEN = (
    b"220 hello\r\n",
    b"250 hello\r\n",
    b"250 sender\r\n",
    b"250 recipient\r\n",
    b"354 go on\r\n",
    b"250 taken\r\n",
)
WHOLE = [GREETING, HELLO, SENDER, RECIPIENT, GO_ON, TAKEN]

Outcome = tuple[type[DeliveryError], str]
TOO_LONG = (MailServerAway, "a line of more than 8,193 bytes")
TOO_MUCH = (MailServerAway, "an answer of more than 65,536 bytes")


def at(step: int, said: bytes) -> list[bytes]:
    """The whole conversation, with another answer at one step."""
    return [*WHOLE[:step], said]


# `given`: what the server says at each step; it hangs up when it has nothing more to say.
ANSWERS: list[Case[Sequence[bytes], Outcome]] = [
    Case(Attack.MISSING, "the greeting", [], (MailServerAway, "cannot be reached")),
    Case(
        Attack.MISSING,
        "the code",
        at(3, b"all right\r\n"),
        (DeliveryDelayed, "refuses the recipient: -1 right"),
    ),
    Case(Attack.MISSING, "the last answer", WHOLE[:5], (MailServerAway, "was lost")),
    Case(Attack.EMPTY, "a line", at(2, b"\r\n"), (MailServerAway, "refuses the sender: -1")),
    Case(Attack.EMPTY, "a text", at(3, b"550\r\n"), (DeliveryRefused, "refuses the recipient: 550")),
    Case(Attack.HUGE, "a line of a megabyte", at(3, b"250 " + b"x" * MEGABYTE + b"\r\n"), TOO_LONG),
    Case(Attack.HUGE, "10,000 lines", at(1, b"250-x.example.org\r\n" * 10_000 + HELLO), TOO_MUCH),
    Case(Attack.HUGE, "a line of 60 kB", at(3, b"550 " + b"x" * 60_000 + b"\r\n"), TOO_LONG),
    Case(
        Attack.HUGE,
        "a refusal of 8 kB",
        at(3, b"550 " + b"x" * 8_000 + b"\r\n"),
        (DeliveryRefused, "550 xxx"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "code 999",
        at(3, b"999 no such code\r\n"),
        (DeliveryDelayed, "recipient: 999 no such"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "code 999 to a sender",
        at(2, b"999 no\r\n"),
        (MailServerAway, "the sender: 999 no"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "250 instead of 354",
        at(4, TAKEN),
        (DeliveryDelayed, "refuses the message: 250 taken"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "354 instead of 250",
        at(5, GO_ON),
        (DeliveryDelayed, "refuses the message: 354 go on"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a refusal of every greeting",
        [*at(1, b"502 no\r\n"), b"550 no\r\n"],
        (MailServerRefuses, "refuses the greeting: 550 no"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "HTTP",
        [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
        (MailServerAway, "does not want us now: -1"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "answers before it is asked",
        [GREETING + HELLO + SENDER + RECIPIENT + GO_ON + TAKEN],
        (MailServerAway, "it answers before it is asked"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "two answers to one command",
        at(3, RECIPIENT + GO_ON),
        (MailServerAway, "it answers before it is asked"),
    ),
    Case(
        Attack.MARKUP,
        "in a refusal",
        at(3, b"550 <script>alert(1)</script>\r\n"),
        (DeliveryRefused, "550 <script>alert(1)</script>"),
    ),
    Case(Attack.FORMULA, "in a refusal", at(3, b"550 =1+1\r\n"), (DeliveryRefused, "recipient: 550 =1+1")),
    Case(
        Attack.CONTROL,
        "line breaks in a refusal",
        at(3, b"550-a\r\n550-2026 CRITICAL b\r\n550 c\r\n"),
        (DeliveryRefused, "recipient: 550 a 2026 CRITICAL b c"),
    ),
    Case(
        Attack.CONTROL,
        "escapes in a refusal",
        at(3, b"550 \x1b[2J\x00\xe2\x80\xaea\r\n"),
        (DeliveryRefused, "recipient: 550 [2J a"),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "in a refusal",
        at(3, b"450 \xff\xfe\r\n"),
        (DeliveryDelayed, "recipient: 450 \ufffd\ufffd"),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "instead of a greeting",
        [b"\x16\x03\x01\xff\xff\r\n"],
        (MailServerAway, "does not want us now: -1"),
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "a size that it takes",
        [GREETING, b"250-hello\r\n250 SIZE 99999999999999999999\r\n", b"552 too large\r\n"],
        (MailServerRefuses, "refuses the sender: 552 too large"),
    ),
]

FLOODS: list[Case[Sequence[bytes], str]] = [
    Case(
        Attack.HUNDRED_MEGABYTES,
        "without a line's end",
        [GREETING, b"x" * MEGABYTE],
        "a line of more than 8,193 bytes",
    ),
    Case(
        Attack.HUNDRED_MEGABYTES,
        "of lines that go on",
        [GREETING, b"250-x\r\n" * 100_000],
        "an answer of more than 65,536 bytes",
    ),
]

# Not tried, a JSON bomb: nothing that a mail server says is read as JSON


@contextmanager
def saying(said: Sequence[bytes], times: int = 1) -> Iterator[int]:
    """The port of a server that says these things, each after a line that it hears but the first.

    Args:
        said: at each step.
        times: how often it says the last thing.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def converse() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                try:
                    for number, words in enumerate(said):
                        if number and not heard(lines, data=said[number - 1] == GO_ON):
                            return
                        for _ in range(times if number == len(said) - 1 else 1):
                            connection.sendall(words)
                except OSError:
                    return  # whoever asked has had enough

        thread = threading.Thread(target=converse)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(30)
        assert not thread.is_alive()


def heard(lines: Iterator[bytes], *, data: bool) -> bool:
    """Whether a command came, or a whole message."""
    return any(not data or line == b".\r\n" for line in lines)


def post(email_settings: EmailSettings, port: int) -> SmtpTransport:
    return SmtpTransport(replace(email_settings, smtp_port=port))


def test_the_server_that_the_table_is_made_of_takes_a_mail(
    mail: EmailMessage, email_settings: EmailSettings
) -> None:
    with saying([*WHOLE, b"221 bye\r\n"]) as port:
        post(email_settings, port).send(mail, ADA)


@each(ANSWERS)
def test_an_answer_that_is_none_is_an_error_in_one_short_line(
    case: Case[Sequence[bytes], Outcome], mail: EmailMessage, email_settings: EmailSettings
) -> None:
    error, words = case.then

    with saying(case.given) as port, pytest.raises(DeliveryError, match=re.escape(words)) as caught:
        post(email_settings, port).send(mail, ADA)

    assert type(caught.value) is error
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


@each(FLOODS)
def test_a_server_that_goes_on_and_on_is_not_listened_to(
    case: Case[Sequence[bytes], str], mail: EmailMessage, email_settings: EmailSettings
) -> None:
    with (
        saying(case.given, times=100) as port,
        watched() as peak,
        pytest.raises(MailServerAway, match=case.then),
    ):
        post(email_settings, port).send(mail, ADA)

    assert peak.ours < OURS_MB


def test_a_server_that_drips_is_not_waited_for_for_ever(
    mail: EmailMessage, email_settings: EmailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "LONGEST_SECONDS", 0.5)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    connection.sendall(b"220 ")
                    while not over.wait(0.02):
                        connection.sendall(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(MailServerAway, match=r"it takes too long|timed out"):
            post(email_settings, listening.getsockname()[1]).send(mail, ADA)
        took = time.monotonic() - began
        over.set()
        thread.join(30)

    assert 0.5 <= took < 15  # well before the 20 s that each answer alone may take


def test_a_server_that_does_not_listen_is_not_talked_to_for_ever(
    mail: EmailMessage, email_settings: EmailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "LONGEST_SECONDS", 2.0)
    mail.set_content("x" * 6_000_000, cte="base64")
    reached, over = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        def stop_listening() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                for words in WHOLE[:5]:
                    connection.sendall(words)
                    if words is not GO_ON:
                        lines.readline()
                reached.set()
                over.wait(10)

        thread = threading.Thread(target=stop_listening)
        thread.start()
        began = time.monotonic()
        with pytest.raises(MailServerAway, match="was lost"):
            post(email_settings, listening.getsockname()[1]).send(mail, ADA)
        took = time.monotonic() - began
        over.set()
        thread.join(30)

    assert reached.is_set()
    assert took < 15


@pytest.mark.usefixtures("trusted")
def test_what_is_said_before_the_protection_begins_is_not_believed_after_it(
    mail: EmailMessage, email_settings: EmailSettings
) -> None:
    offers = b"250-hello\r\n250 STARTTLS\r\n"
    injected = b"220 go ahead\r\n250-hello\r\n250 AUTH PLAIN\r\n235 logged in\r\n"

    account = replace(email_settings, smtp_security="starttls", smtp_username="ada", smtp_password="sesame")

    with (
        saying([GREETING, offers, injected]) as port,
        pytest.raises(MailServerAway, match="before it is asked"),
    ):
        post(account, port).send(mail, ADA)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("challenge", ["334 %%%x", "334", "334 \ufffd", "334 " + "A" * 1_000])
def test_a_login_that_is_asked_for_in_a_way_of_its_own_is_the_servers_fault(
    challenge: str, mail: EmailMessage, protected: Protected
) -> None:
    inbox, settings = protected("tls")
    inbox.login_answer = challenge

    with pytest.raises(MailServerAway) as caught:
        SmtpTransport(settings).send(mail, ADA)

    assert "sesame" not in str(caught.value)
    assert inbox.mails == []


def test_a_conversation_ends_before_another_may_send_the_mail() -> None:
    assert conversation.LONGEST_SECONDS < LEASE_SECONDS


def test_a_farewell_that_does_not_come_is_not_waited_for(
    mail: EmailMessage, email_settings: EmailSettings, inbox: Inbox
) -> None:
    assert inbox.mails == []
    began = time.monotonic()

    with saying(WHOLE) as port:
        post(email_settings, port).send(mail, ADA)

    assert time.monotonic() - began < 15
