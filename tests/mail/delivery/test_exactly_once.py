"""What becomes of a mail at servers that refuse: nobody is given up for what is said of the account."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from replay.inbox import Inbox, Mail
from replay.serving import LocalServer
from southbound.common.errors import DeliveryDelayed, NotDelivered
from southbound.config.settings import EmailSettings, Settings
from southbound.mail.app import mail_once
from southbound.mail.content.builder import MailBuilder
from southbound.mail.content.message import RenderedMail
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore

ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"
DAYS = date(2026, 2, 26), date(2026, 2, 27)
OF_THE_ACCOUNT = [
    "550 5.7.1 this sender may not send",
    "550 5.4.5 Daily user sending quota exceeded. {number} - gsmtp",
    "454 Throttling failure: Daily message quota exceeded.",
    "554 5.7.1 <{recipient}>: Relay access denied",
    "550 relay not permitted",
    "554 Message rejected: Email address is not verified. The following identities failed: {recipient}",
    "550 rejected",
    "554 5.7.1 Message rejected as spam",
]


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def short_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a mail is of no concern here, and takes half a second to write."""
    letter = lambda _self, day, *_choices: RenderedMail(day, "Holdings", "+1", "<p>+1</p>", {})  # noqa: E731
    monkeypatch.setattr(MailBuilder, "mail", letter)


@pytest.fixture
def store(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    for day in DAYS:
        store.put(recorded[day])
    return store


def mailed(inbox: Inbox) -> list[str]:
    return [mail.recipients[0] for mail in inbox.mails]


def states(store: HoldingsStore) -> dict[str, str]:
    entries = DeliveryLog(store.client, keys.mail(DAYS[-1])).entries()
    return {recipient: entry.state for recipient, entry in entries.items()}


def look_for(seconds: float, mailer: DailyMailer, clock: Clock) -> None:
    """As the loop does, without a notification."""
    end = clock.now + seconds
    while clock.now < end:
        wanted = mailer.look()
        clock.now += min(wanted, 60.0)


class Refusing(dict[str, str]):
    """An answer for every recipient, with another number and the address in it each time."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer, self.numbers = answer, itertools.count()
        self.asked: list[str] = []

    def __contains__(self, recipient: object) -> bool:
        self.asked.append(str(recipient))
        return True

    def __getitem__(self, recipient: str) -> str:
        return self.answer.format(recipient=recipient, number=f"d9443c01-{next(self.numbers)}")


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", OF_THE_ACCOUNT)
def test_what_is_said_of_the_account_gives_up_nobody_and_is_reported_once(
    answer: str,
    command: str,
    store: HoldingsStore,
    email_settings: EmailSettings,
    inbox: Inbox,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings, clock)
    refusing = Refusing(answer)
    if command == "RCPT":
        inbox.recipient_answers = refusing
    else:
        inbox.message_answer = answer.format(recipient=ADA, number=1)

    look_for(3700, mailer, clock)

    assert states(store) == {}
    [line] = [line.getMessage() for line in caplog.records if line.levelname in {"ERROR", "CRITICAL"}]
    assert line.startswith("the mail of 2026-02-27 waits")
    assert answer.partition("{")[0].rstrip("<") in line
    assert "needs a person; trying again every 1800 s" in line
    if command == "RCPT":
        assert len(refusing.asked) == 2 * 3

    inbox.recipient_answers, inbox.message_answer = {}, None
    look_for(1830, mailer, clock)
    assert sorted(mailed(inbox)) == [ADA, BOB]


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 no such user", "552 5.2.2 mailbox full", "550 rejected", "554 5.7.1 spam"]
)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_said_to_one_while_others_are_taken_gives_up_that_one(
    answer: str, *, first: bool, store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    settings = replace(email_settings, recipients=(ADA, BOB, EVE) if first else (BOB, EVE, ADA))
    inbox.recipient_answers = {ADA: answer}

    DailyMailer(store, SmtpTransport(settings), settings).look()

    assert states(store) == {ADA: "refused", BOB: "sent", EVE: "sent"}


def test_a_lone_recipient_is_given_up_only_for_what_is_clearly_its_own(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    settings = replace(email_settings, recipients=(ADA,))
    inbox.recipient_answers = {ADA: "550 rejected"}
    DailyMailer(store, SmtpTransport(settings), settings).look()
    assert states(store) == {}

    inbox.recipient_answers = {ADA: "550 user unknown"}
    DailyMailer(store, SmtpTransport(settings), settings).look()
    assert states(store) == {ADA: "refused"}


def test_relaying_that_is_denied_to_the_first_ones_keeps_nobody_else_from_theirs(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, clock: Clock
) -> None:
    outside = tuple(f"reader{number}@elsewhere.example.com" for number in range(5))
    settings = replace(email_settings, recipients=(*outside, ADA, BOB))
    inbox.recipient_answers = dict.fromkeys(outside, "554 5.7.1 Relay access denied")
    mailer = DailyMailer(store, SmtpTransport(settings), settings, clock)

    look_for(2 * 1830, mailer, clock)

    assert sorted(mailed(inbox)) == [ADA, BOB]
    assert states(store) == {ADA: "sent", BOB: "sent"}


@pytest.mark.parametrize(
    "answer", ["421 4.7.0 IP not in whitelist for RCPT domain", "450 4.1.8 Sender address rejected"]
)
def test_a_recipient_at_whom_the_server_ends_each_conversation_keeps_nobody_else_from_theirs(
    answer: str, store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, clock: Clock
) -> None:
    inbox.recipient_answers = {ADA: answer}
    settings = replace(email_settings, recipients=(ADA, BOB, EVE))

    look_for(61, DailyMailer(store, SmtpTransport(settings), settings, clock), clock)

    assert mailed(inbox) == [BOB, EVE]


def test_an_account_that_is_refused_is_not_tried_with_every_recipient(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, clock: Clock
) -> None:
    settings = replace(
        email_settings, recipients=tuple(f"reader{number}@example.org" for number in range(20))
    )
    refusing = Refusing("550 5.4.5 Daily user sending quota exceeded")
    inbox.recipient_answers = refusing
    mailer = DailyMailer(store, SmtpTransport(settings), settings, clock)

    look_for(1700, mailer, clock)

    assert len(refusing.asked) == 3


class OneASecond(Inbox):
    """Takes one mail in each second of a clock, and answers what comes too soon with the same words."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.command, self.answer = "", ""
        self.last = -1.0
        self.on_taken = self._taken

    def _taken(self, _mail: Mail) -> None:
        self.last = self._clock()

    def _too_soon(self, command: str) -> str | None:
        return self.answer if command == self.command and self._clock() < self.last + 1 else None

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return self._too_soon("MAIL") or await super().handle_MAIL(*given)

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        return self._too_soon("RCPT") or await super().handle_RCPT(*given)

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        return self._too_soon("DATA") or await super().handle_DATA(*given)


@pytest.mark.parametrize(
    ("command", "answer", "recipients"),
    [
        ("RCPT", "454 4.7.0 one mail a second", 60),
        ("MAIL", "454 throttled", 12),
        ("MAIL", "421 4.7.0 closing", 12),
        ("RCPT", "451 try again later", 60),
        ("DATA", "451 4.7.1 not so fast", 12),
        ("DATA", "452 busy", 12),
    ],
)
def test_a_provider_that_takes_one_mail_a_second_takes_sixty_within_two_minutes(
    command: str,
    answer: str,
    recipients: int,
    store: HoldingsStore,
    email_settings: EmailSettings,
    clock: Clock,
) -> None:
    inbox = OneASecond(clock)
    readers = tuple(f"reader{number}@example.org" for number in range(recipients))
    with LocalServer(inbox.app):
        inbox.command, inbox.answer = command, answer
        settings = replace(email_settings, smtp_port=inbox.smtp_port, recipients=readers)
        mailer = DailyMailer(store, SmtpTransport(settings), settings, clock)
        mailer.look()
        assert len(inbox.mails) == 1

        look_for(2 * recipients, mailer, clock)

    assert sorted(mailed(inbox)) == sorted(readers)


def test_greylisting_is_answered_by_asking_for_everybody_once(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, clock: Clock
) -> None:
    readers = tuple(f"reader{number}@example.org" for number in range(10))
    settings = replace(email_settings, recipients=readers)
    refusing = Refusing("450 4.2.0 <{recipient}>: Recipient address rejected: Greylisted for 300 seconds")
    inbox.recipient_answers = refusing

    DailyMailer(store, SmtpTransport(settings), settings, clock).look()

    assert refusing.asked == list(readers)


def test_once_ends_well_only_if_nobody_lacks_the_mail(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    inbox.recipient_answers = {ADA: "550 5.1.1 no such user"}
    with pytest.raises(NotDelivered, match=r"the mail of 2026-02-27 did not reach ada@example\.org$"):
        mail_once(store, Settings(email=email_settings), None)
    assert mailed(inbox) == [BOB]

    inbox.recipient_answers = {}
    with pytest.raises(NotDelivered, match="ada"):
        mail_once(store, Settings(email=email_settings), None)
    mail_once(store, Settings(email=replace(email_settings, recipients=(BOB,))), None)
    assert mailed(inbox) == [BOB]


@pytest.mark.parametrize("answer", ["550 5.7.1 Relaying denied", "450 4.2.2 mailbox full", "421 closing"])
def test_once_names_what_keeps_a_mail_from_somebody(
    answer: str,
    store: HoldingsStore,
    email_settings: EmailSettings,
    inbox: Inbox,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    inbox.recipient_answers = {BOB: answer}

    with pytest.raises(DeliveryDelayed, match=answer):
        mail_once(store, Settings(email=email_settings), None, clock, clock.sleep)

    assert mailed(inbox) == [ADA]
    assert "trying again" not in caplog.text


def test_once_waits_for_a_provider_that_takes_one_mail_at_a_time(
    store: HoldingsStore, email_settings: EmailSettings, clock: Clock
) -> None:
    inbox = OneASecond(clock)
    with LocalServer(inbox.app):
        inbox.command, inbox.answer = "RCPT", "454 one mail a second"
        settings = replace(email_settings, smtp_port=inbox.smtp_port, recipients=(ADA, BOB, EVE))

        mail_once(store, Settings(email=settings), None, clock, clock.sleep)

    assert sorted(mailed(inbox)) == [ADA, BOB, EVE]


def test_whoever_was_refused_for_the_account_has_the_mail_as_soon_as_another_takes_it_up(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    inbox.recipient_answers = {ADA: "550 5.7.1 Relaying denied"}
    DailyMailer(store, SmtpTransport(email_settings), email_settings).look()
    inbox.recipient_answers = {}

    DailyMailer(store, SmtpTransport(email_settings), email_settings).look()

    assert mailed(inbox) == [BOB, ADA]
