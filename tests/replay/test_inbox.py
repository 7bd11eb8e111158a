"""The mail server of the demo: it takes mails, answers as told, and shows them in the browser."""

import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage, Message
from typing import Literal
from urllib.error import HTTPError

import pytest

from replay.inbox import Inbox, Mail
from replay.serving import LocalServer

PNG = b"\x89PNG\r\n\x1a\n not much of a picture"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Inbox, str]]:
    inbox = Inbox()
    with LocalServer(inbox.app) as server:
        yield inbox, server.address


@pytest.fixture
def mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "騰訊 <b>up</b>", "a@example.org", "b@example.org"
    mail.set_content("plain")
    mail.add_alternative('<p>騰訊</p><img src="cid:chart@here">', subtype="html")
    page = mail.get_body(("html",))
    assert isinstance(page, EmailMessage)
    page.add_related(PNG, "image", "png", cid="<chart@here>")
    return mail


def send(inbox: Inbox, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=5) as server:
        server.send_message(mail)


def fetch(address: str) -> tuple[str, bytes]:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.headers.get_content_type(), answer.read()


def test_a_mail_is_listed_and_shown_with_its_pictures(served: tuple[Inbox, str], mail: EmailMessage) -> None:
    inbox, address = served
    inbox.as_usual()

    send(inbox, mail)

    _, listing = fetch(address)
    _, page = fetch(f"{address}/mails/0")
    picture = fetch(f"{address}/mails/0/pictures/chart@here")
    assert "騰訊 &lt;b&gt;up&lt;/b&gt;" in listing.decode()
    assert 'src="/mails/0/pictures/chart@here"' in page.decode()
    assert picture == ("image/png", PNG)


def test_an_empty_inbox_says_so(served: tuple[Inbox, str]) -> None:
    inbox, address = served
    inbox.as_usual()

    assert b"No mail yet." in fetch(address)[1]


@pytest.mark.parametrize("path", ["mails/7", "mails/0/pictures/other@here"])
def test_what_is_not_there_is_not_found(path: str, served: tuple[Inbox, str], mail: EmailMessage) -> None:
    inbox, address = served
    inbox.as_usual()
    send(inbox, mail)

    with pytest.raises(HTTPError) as error:
        fetch(f"{address}/{path}")
    error.value.close()

    assert error.value.code == 404


def test_it_answers_as_told(served: tuple[Inbox, str], mail: EmailMessage) -> None:
    inbox, _ = served
    inbox.as_usual()
    inbox.recipient_answers["b@example.org"] = "550 no such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(inbox, mail)
    inbox.recipient_answers.clear()

    inbox.message_answer = "451 later"
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        send(inbox, mail)
    inbox.message_answer = None

    assert inbox.mails == []


@pytest.mark.parametrize(("hangs_up", "taken"), [("before", []), ("after", [False])])
def test_it_hangs_up_after_the_final_dot_as_told(
    hangs_up: Literal["before", "after"], taken: list[bool], served: tuple[Inbox, str], mail: EmailMessage
) -> None:
    inbox, _ = served
    inbox.as_usual()
    inbox.hangs_up = hangs_up

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(inbox, mail)

    assert [mail.answered for mail in inbox.mails] == taken
    inbox.hangs_up = None
    send(inbox, mail)
    assert [mail.answered for mail in inbox.mails] == [*taken, True]


def test_it_is_away_or_says_nothing_as_told(served: tuple[Inbox, str], mail: EmailMessage) -> None:
    inbox, _ = served
    inbox.as_usual()

    inbox.greets = None
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(inbox, mail)
    inbox.greets = False
    with (
        pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"),
        smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=0.3),
    ):
        pass
    inbox.greets = True
    send(inbox, mail)

    assert len(inbox.mails) == 1


def test_it_notes_whom_it_refused_for_good_and_tells_of_each_mail_that_it_takes(
    served: tuple[Inbox, str], mail: EmailMessage
) -> None:
    inbox, _ = served
    inbox.as_usual()
    taken: list[Mail] = []
    inbox.on_taken = taken.append
    for answer in ("452 full", "550 no such user"):
        inbox.recipient_answers["b@example.org"] = answer
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(inbox, mail)
    inbox.recipient_answers.clear()

    send(inbox, mail)

    assert inbox.refused == ["b@example.org"]
    assert taken == inbox.mails


@pytest.mark.parametrize("path", ["/", "/mails/0", "/mails/0/pictures/chart@here", "/none"])
def test_other_names_get_nothing_and_a_browser_is_told_what_it_may_do(
    served: tuple[Inbox, str], mail: EmailMessage, path: str
) -> None:
    inbox, address = served
    inbox.as_usual()
    send(inbox, mail)

    def headers(host: str | None = None) -> tuple[int, Message]:
        request = urllib.request.Request(f"{address}{path}", headers={"Host": host} if host else {})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.headers
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers

    assert headers("evil.example")[0] == headers("127.0.0.1.evil.example")[0] == 400
    status, said = headers()
    assert status == (404 if path == "/none" else 200)
    policy = said["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.startswith("sandbox;") == (path == "/mails/0")
    assert said["X-Frame-Options"] == "SAMEORIGIN"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Referrer-Policy"] == "no-referrer"
    assert said["Cache-Control"] == "no-store"
