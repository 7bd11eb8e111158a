"""A mail server that is slow with one mail: whatever else is to be told is told meanwhile."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.config.settings import RedisSettings, variables
from southbound.mail.delivery.smtp_transport import TIMEOUT_SECONDS
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.alert_log import IncidentState
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from tests.conftest import ROOT, becomes_true

ADA, OPS = "ada@example.org", "ops@example.org"
FRIDAY = date(2026, 2, 27)


class SlowToAda(Inbox):
    """Says nothing to her mail until the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.over = False
        self.asked = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        while address == ADA and not self.over:
            self.asked = True
            await asyncio.sleep(0.02)
        return await super().handle_RCPT(server, session, envelope, address, options)


@pytest.fixture
def slow() -> Iterator[SlowToAda]:
    inbox = SlowToAda()
    with LocalServer(inbox.app):
        yield inbox
        inbox.over = True


def test_a_slow_mail_server_keeps_no_alert_from_the_operator(
    store: HoldingsStore,
    recorded: Mapping[date, DailyHoldings],
    redis_settings: RedisSettings,
    slow: SlowToAda,
    tmp_path: Path,
) -> None:
    store.put(recorded[FRIDAY])
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    environment = inherited | {
        "REDIS_URL": redis_settings.url,
        "SMTP_SERVER": "127.0.0.1",
        "SMTP_PORT": str(slow.smtp_port),
        "SMTP_SECURITY": "none",
        "EMAIL_SENDER": "southbound@example.org",
        "EMAIL_RECIPIENTS": ADA,
        "EMAIL_ALERTS": OPS,
    }
    told = IncidentState(1, "the list is in quarantine", "It is in quarantine.", told=True)
    Quarantine(store.client).quarantine(date(2026, 2, 26), "12 rows", None)
    store.client.hset(keys.ALERTS, "in quarantine: 2026-02-26", told.as_text())
    command = [sys.executable, str(ROOT / "email_automation.py")]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment)
    try:
        assert becomes_true(lambda: slow.asked)

        assert becomes_true(lambda: slow.mails, TIMEOUT_SECONDS / 2)

        [mail] = slow.mails
        assert mail.recipients == (OPS,)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
