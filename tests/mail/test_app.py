"""The commands of the e-mailer, from the store to what stands in a folder or an inbox."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from replay.inbox import Inbox
from southbound.common.errors import MailNotPossible
from southbound.config.settings import DashboardSettings, EmailSettings, Settings
from southbound.mail import app
from southbound.mail.app import mail_days, mail_once, preview
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import EndOfTest

THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)


@pytest.fixture
def two_days(store: HoldingsStore, recorded: Mapping[date, DailyHoldings]) -> HoldingsStore:
    store.put(recorded[THURSDAY])
    store.put(recorded[FRIDAY])
    return store


def parts(mail: EmailMessage) -> list[tuple[str, object]]:
    return [(part.get_content_type(), part.get_content()) for part in mail.walk() if not part.is_multipart()]


def headers(mail: EmailMessage) -> dict[str, str]:
    # The boundary is made anew each time, and the date is that of the sending.
    return {name: str(value) for name, value in mail.items() if name not in {"Date", "Content-Type"}}


def test_a_preview_is_exactly_what_is_sent(
    two_days: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, tmp_path: Path
) -> None:
    settings = Settings(
        email=replace(email_settings, watchlist=(700,), recipients=("ada@example.org",)),
        dashboard=DashboardSettings(url="https://southbound.example.org"),
    )
    preview(two_days, settings, None, tmp_path)
    mail_once(two_days, settings, None)

    [file] = tmp_path.glob("*.eml")
    previewed = message_from_bytes(file.read_bytes(), policy=policy.default)
    [sent] = inbox.mails
    assert parts(previewed) == parts(sent.message)
    received = headers(sent.message)
    assert headers(previewed) == {name: received[name] for name in headers(previewed)}
    assert received.keys() - headers(previewed).keys() <= {"X-Peer", "X-MailFrom", "X-RcptTo"}


def test_a_preview_sends_nothing_and_needs_no_account(
    two_days: HoldingsStore, inbox: Inbox, tmp_path: Path
) -> None:
    preview(two_days, Settings(), THURSDAY, tmp_path / "made")

    names = {file.name for file in (tmp_path / "made").iterdir()}
    assert {"southbound-2026-02-26.eml", "southbound-2026-02-26.html"} <= names
    assert inbox.mails == []


def test_a_preview_that_cannot_be_written_says_so(two_days: HoldingsStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(MailNotPossible, match="the preview cannot be written"):
        preview(two_days, Settings(), None, tmp_path / "file")


def test_without_an_account_it_says_once_what_is_missing_and_waits(
    two_days: HoldingsStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def end(_seconds: float) -> None:
        raise EndOfTest

    monkeypatch.setattr(time, "sleep", end)

    with pytest.raises(EndOfTest):
        mail_days(two_days, Settings())

    assert "no mail is sent: SMTP_SERVER and EMAIL_SENDER and EMAIL_RECIPIENTS not set" in caplog.text


@pytest.mark.parametrize(("alerts", "looks"), [((), 1), (("ops@example.org",), 2)])
def test_alerts_are_looked_for_if_somebody_wants_them(
    alerts: tuple[str, ...],
    looks: int,
    two_days: HoldingsStore,
    email_settings: EmailSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[object] = []
    monkeypatch.setattr(app, "keep_looking", lambda _store, looks: kept.extend(looks))

    mail_days(two_days, Settings(email=replace(email_settings, alerts=alerts)))

    assert len(kept) == looks
