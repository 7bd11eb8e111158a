"""An e-mailer that is killed between any two steps: the next start ends in the right place."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.config.settings import EmailSettings, RedisSettings, variables
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.delivery_log import LEASE_SECONDS, DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT, becomes_true

assert sys.platform != "win32"  # which has neither such signals nor such users

ADA, BOB = "ada@example.org", "bob@example.org"
DAYS = date(2026, 2, 26), date(2026, 2, 27)


class Deadly(Inbox):
    """A mail server that calls `at` at a step: `sender`, `taken` (and not answered yet), `recipient`."""

    def __init__(self) -> None:
        super().__init__()
        self.at: Callable[[str, str], None] = lambda _step, _recipient: None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.at("recipient", address)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(server, session, envelope)
        self.at("taken", envelope.rcpt_tos[0])
        return answer


@pytest.fixture
def deadly() -> Iterator[Deadly]:
    inbox = Deadly()
    with LocalServer(inbox.app):
        yield inbox


@pytest.fixture
def settings(email_settings: EmailSettings, deadly: Deadly) -> EmailSettings:
    return replace(email_settings, smtp_port=deadly.smtp_port)


class Mailing:
    """`email_automation.py --once`, to be killed."""

    def __init__(self, folder: Path, redis: RedisSettings, settings: EmailSettings) -> None:
        inherited = {name: value for name, value in os.environ.items() if name not in variables()}
        environment = inherited | {
            "REDIS_URL": redis.url,
            "SMTP_SERVER": "127.0.0.1",
            "SMTP_PORT": str(settings.smtp_port),
            "SMTP_SECURITY": "none",
            "EMAIL_SENDER": str(settings.sender),
            "EMAIL_RECIPIENTS": ",".join(settings.recipients),
        }
        command = [sys.executable, str(ROOT / "email_automation.py"), "--once"]
        self._process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)

    def is_dead(self, seconds: float = 60.0) -> bool:
        try:
            return self._process.wait(seconds) == -signal.SIGKILL
        finally:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def store(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    for day in DAYS:
        store.put(recorded[day])
    return store


def let_the_lease_run_out(store: HoldingsStore) -> None:
    for recipient, text in store.client.hgetall(keys.mail(DAYS[-1])).items():
        entry = json.loads(text)
        if entry["state"] == "claimed":
            entry["when"] -= LEASE_SECONDS
            store.client.hset(keys.mail(DAYS[-1]), recipient, json.dumps(entry))


def states(store: HoldingsStore) -> dict[str, str]:
    entries = DeliveryLog(store.client, keys.mail(DAYS[-1])).entries()
    return {recipient: entry.state for recipient, entry in entries.items()}


def mailed(inbox: Inbox) -> list[str]:
    return [mail.recipients[0] for mail in inbox.mails]


def somebody_waits(store: HoldingsStore) -> bool:
    """Whether a command waits for the store's writes to go on."""
    return bool(store.client.info("clients")["blocked_clients"])


@pytest.mark.parametrize(
    ("step", "recipient", "noted", "before", "after"),
    [
        ("recipient", ADA, {ADA: "claimed"}, [], [ADA, BOB]),
        ("taken", ADA, {ADA: "claimed"}, [ADA], [ADA, ADA, BOB]),
        ("recipient", BOB, {ADA: "sent", BOB: "claimed"}, [ADA], [ADA, BOB]),
        ("taken", BOB, {ADA: "sent", BOB: "claimed"}, [ADA, BOB], [ADA, BOB, BOB]),
    ],
    ids=["after the claim", "after the final dot", "after the note", "after the last final dot"],
)
def test_killed_while_it_speaks_to_the_mail_server(
    step: str,
    recipient: str,
    noted: dict[str, str],
    before: list[str],
    after: list[str],
    store: HoldingsStore,
    redis_settings: RedisSettings,
    settings: EmailSettings,
    deadly: Deadly,
    tmp_path: Path,
) -> None:
    mailing = Mailing(tmp_path, redis_settings, settings)
    deadly.at = lambda *now: mailing.kill() if now == (step, recipient) else None
    assert mailing.is_dead()
    assert (states(store), mailed(deadly)) == (noted, before)

    deadly.at = lambda *_: None
    let_the_lease_run_out(store)
    DailyMailer(store, SmtpTransport(settings), settings).look()

    assert states(store) == {ADA: "sent", BOB: "sent"}
    assert sorted(mailed(deadly)) == after
    by_recipient = {mail.recipients[0]: mail.message["Message-ID"] for mail in deadly.mails}
    assert all(mail.message["Message-ID"] == by_recipient[mail.recipients[0]] for mail in deadly.mails)


def test_killed_before_the_claim(
    store: HoldingsStore,
    redis_settings: RedisSettings,
    settings: EmailSettings,
    deadly: Deadly,
    tmp_path: Path,
) -> None:
    store.client.client_pause(60_000, all=False)
    mailing = Mailing(tmp_path, redis_settings, settings)
    waited = becomes_true(lambda: somebody_waits(store))
    mailing.kill()
    assert mailing.is_dead()
    store.client.client_unpause()
    assert waited
    assert (states(store), mailed(deadly)) == ({}, [])

    DailyMailer(store, SmtpTransport(settings), settings).look()

    assert (states(store), mailed(deadly)) == ({ADA: "sent", BOB: "sent"}, [ADA, BOB])


def test_killed_between_the_servers_answer_and_the_note(
    store: HoldingsStore,
    redis_settings: RedisSettings,
    settings: EmailSettings,
    deadly: Deadly,
    tmp_path: Path,
) -> None:

    def once_taken(step: str, _recipient: str) -> None:
        if step == "taken":
            store.client.client_pause(60_000, all=False)

    deadly.at = once_taken
    mailing = Mailing(tmp_path, redis_settings, settings)
    waited = becomes_true(lambda: somebody_waits(store))
    mailing.kill()
    assert mailing.is_dead()
    store.client.client_unpause()
    assert waited
    assert (states(store), mailed(deadly)) == ({ADA: "claimed"}, [ADA])

    deadly.at = lambda *_: None
    let_the_lease_run_out(store)
    DailyMailer(store, SmtpTransport(settings), settings).look()

    assert (states(store), sorted(mailed(deadly))) == ({ADA: "sent", BOB: "sent"}, [ADA, ADA, BOB])
    first, again = (mail.message["Message-ID"] for mail in deadly.mails if mail.recipients == (ADA,))
    assert first == again
