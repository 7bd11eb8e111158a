"""The newest date, once to each recipient: never two, never sixty, never none."""

import gc
import threading
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pkgutil import resolve_name
from unittest.mock import Mock

import pytest

from replay.inbox import Inbox
from southbound.common.errors import DeliveryDelayed, MailNotPossible, StoreUnavailable
from southbound.common.language import Language
from southbound.config.recipients import Recipient
from southbound.config.settings import EmailSettings, Settings
from southbound.mail.app import mail_once
from southbound.mail.content import builder
from southbound.mail.daily_mailer import DailyMailer, is_complete
from southbound.mail.delivery.exactly_once import ExactlyOnceDelivery
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.market.daily_holdings import DailyHoldings
from southbound.store import keys
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import ScraperStatus, State, StatusBoard
from southbound.system.apart import apart

Days = Mapping[date, DailyHoldings]
FRIDAY = date(2026, 2, 27)


@pytest.fixture
def full_store(store: HoldingsStore, recorded: Days) -> HoldingsStore:
    """All recorded days but the last, stored newest first as a backfill does."""
    for day in sorted(recorded, reverse=True)[1:]:
        store.put(recorded[day])
    return store


@pytest.fixture
def mailer_of(store: HoldingsStore, email_settings: EmailSettings) -> Callable[[], DailyMailer]:
    return lambda: DailyMailer(store, SmtpTransport(email_settings), email_settings)


def dates_mailed(inbox: Inbox) -> list[str]:
    return [str(mail.message["Subject"])[11:26] for mail in inbox.mails]


@pytest.mark.usefixtures("full_store")
def test_after_a_backfill_each_recipient_has_one_mail_of_the_newest_date(
    mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    mailer_of().look()

    assert [mail.recipients for mail in inbox.mails] == [("ada@example.org",), ("bob@example.org",)]
    assert dates_mailed(inbox) == ["Thu 26 Feb 2026"] * 2
    for mail in inbox.mails:
        assert str(mail.message["To"]) == mail.recipients[0]


@pytest.mark.usefixtures("full_store")
def test_after_a_restart_nothing_is_mailed_again(mailer_of: Callable[[], DailyMailer], inbox: Inbox) -> None:
    mailer_of().look()
    inbox.mails.clear()

    mailer_of().look()

    assert inbox.mails == []


def test_a_day_whose_message_was_lost_is_mailed_all_the_same(
    full_store: HoldingsStore, recorded: Days, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    mailer = mailer_of()
    mailer.look()
    inbox.mails.clear()
    full_store.put(recorded[FRIDAY])

    mailer.look()

    assert dates_mailed(inbox) == ["Fri 27 Feb 2026"] * 2


def test_a_restated_or_older_day_is_no_new_mail(
    full_store: HoldingsStore, recorded: Days, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    mailer = mailer_of()
    mailer.look()
    inbox.mails.clear()
    full_store.put(recorded[date(2026, 2, 26)])
    full_store.put(recorded[date(2026, 1, 5)])

    mailer.look()

    assert inbox.mails == []


@pytest.mark.usefixtures("full_store")
def test_two_mailers_at_once_send_one_mail_to_each(
    mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    both_ready = threading.Barrier(2)

    def look() -> None:
        mailer = mailer_of()
        both_ready.wait(30)
        mailer.look()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(mail.recipients for mail in inbox.mails) == [("ada@example.org",), ("bob@example.org",)]


@pytest.mark.usefixtures("full_store")
def test_a_busy_server_is_asked_again_after_a_pause(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    now = 1000.0
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings, lambda: now)
    inbox.message_answer = "451 try later"
    mailer.look()
    inbox.message_answer = None

    mailer.look()
    assert inbox.mails == []
    now += 31

    mailer.look()
    assert len(inbox.mails) == 2


@pytest.mark.usefixtures("full_store")
def test_a_process_that_dies_while_it_writes_is_told_and_its_mail_goes_out_later_once(
    store: HoldingsStore,
    email_settings: EmailSettings,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    now, dies = 1000.0, iter([True, False, True, False])

    def another_process(function: str, *arguments: object) -> object:
        return apart("tests.system.work:killed") if next(dies) else resolve_name(function)(*arguments)

    bob = Recipient("bob@example.org", Language.TRADITIONAL)
    settings = replace(email_settings, recipients=("ada@example.org", bob))
    mailer = DailyMailer(store, SmtpTransport(settings), settings, lambda: now)
    monkeypatch.setattr(builder, "apart", another_process)

    mailer.look()
    assert inbox.mails == []
    assert "the mail of 2026-02-26 waits: it is not written" in caplog.text
    assert "ended with status -9" in caplog.text
    now += 31
    mailer.look()
    assert [mail.recipients for mail in inbox.mails] == [("ada@example.org",)]
    mailer.look()
    assert len(inbox.mails) == 1
    now += 61
    mailer.look()

    assert [mail.recipients for mail in inbox.mails] == [("ada@example.org",), ("bob@example.org",)]
    assert next(dies, None) is None


@pytest.mark.usefixtures("full_store")
def test_a_mail_that_waited_says_what_holds_when_it_is_sent(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    now = 1000.0
    store.client.delete("2026-02-25")
    store.client.zrem(keys.DATES, "2026-02-25")
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings, lambda: now)
    inbox.message_answer = "451 try later"
    mailer.look()
    inbox.message_answer = None
    Quarantine(store.client).note_no_list(date(2026, 2, 25))
    now += 31

    mailer.look()

    assert len(inbox.mails) == 2
    for mail in inbox.mails:
        body = mail.message.get_body(("plain",))
        assert body is not None
        assert "Wed 25 Feb 2026 (HKEXnews has no list for it)" in body.get_content()


@pytest.mark.usefixtures("full_store")
def test_a_server_that_is_busy_for_hours_is_asked_ever_more_slowly_and_the_mail_arrives(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings, lambda: now)
    inbox.message_answer = "451 try later"
    for _ in range(6 * 240):
        mailer.look()
        now += 15
    asked = [line for line in caplog.records if line.name == "southbound.mail.delivery.backoff"]
    inbox.message_answer = None
    for _ in range(120):
        mailer.look()
        now += 15

    # 30 s, 1 min, 2, 4, 8, 16, and then every half an hour.
    assert len(asked) == 6 + 11
    assert len(inbox.mails) == 2


@pytest.mark.usefixtures("full_store")
def test_a_server_that_is_away_for_an_hour_costs_no_memory_and_no_thread(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, free_port: int
) -> None:
    now = 0.0
    away = replace(email_settings, smtp_port=free_port)
    mailer = DailyMailer(store, SmtpTransport(away), away, lambda: now)

    def look_for_minutes(minutes: int) -> tuple[int, int]:
        nonlocal now
        for _ in range(4 * minutes):
            mailer.look()
            now += 15
        gc.collect()
        return tracemalloc.get_traced_memory()[0], threading.active_count()

    tracemalloc.start()
    try:
        early, threads = look_for_minutes(20)
        late, threads_late = look_for_minutes(40)
    finally:
        tracemalloc.stop()
    assert late - early < 100_000
    assert threads_late <= threads

    mailer._delivery = ExactlyOnceDelivery(SmtpTransport(email_settings))
    look_for_minutes(30)
    assert len(inbox.mails) == 2


@pytest.mark.usefixtures("full_store")
def test_a_refused_login_is_said_once_and_tried_again_slowly(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings, lambda: now)
    inbox.sender_answer = "530 5.7.0 authentication required"
    for _ in range(3 * 240):
        mailer.look()
        now += 15
    inbox.sender_answer = None
    mailer.look()

    [line] = [line for line in caplog.records if "authentication required" in line.getMessage()]
    assert "the mail of 2026-02-26 waits" in line.getMessage()
    assert [mail.recipients for mail in inbox.mails] == [("ada@example.org",), ("bob@example.org",)]


def test_what_keeps_one_mail_waiting_does_not_keep_the_next(
    full_store: HoldingsStore, recorded: Days, email_settings: EmailSettings, inbox: Inbox
) -> None:
    mailer = DailyMailer(full_store, SmtpTransport(email_settings), email_settings, lambda: 0.0)
    inbox.message_answer = "451 try later"
    mailer.look()
    inbox.message_answer = None
    mailer.look()
    assert inbox.mails == []

    full_store.put(recorded[FRIDAY])
    mailer.look()

    assert dates_mailed(inbox) == ["Fri 27 Feb 2026"] * 2


def test_a_note_that_the_store_could_not_take_is_written_at_the_next_look(
    full_store: HoldingsStore,
    email_settings: EmailSettings,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = replace(email_settings, recipients=("ada@example.org",))
    mailer = DailyMailer(full_store, SmtpTransport(settings), settings)
    with monkeypatch.context() as away:
        away.setattr(DeliveryLog, "close", Mock(side_effect=StoreUnavailable("away")))
        with pytest.raises(StoreUnavailable):
            mailer.look()
    deliveries = DeliveryLog(full_store.client, keys.mail(full_store.dates()[-1]))
    assert deliveries.entries()["ada@example.org"].state == "claimed"

    mailer.look()

    assert len(inbox.mails) == 1
    assert deliveries.entries()["ada@example.org"].state == "sent"


@pytest.mark.usefixtures("full_store")
def test_a_recipient_who_has_to_wait_keeps_nobody_else_waiting(
    mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    inbox.recipient_answers["ada@example.org"] = "450 mailbox full"

    mailer_of().look()
    assert [mail.recipients for mail in inbox.mails] == [("bob@example.org",)]

    inbox.recipient_answers.clear()
    mailer_of().look()
    assert [mail.recipients for mail in inbox.mails] == [("bob@example.org",), ("ada@example.org",)]


@pytest.mark.usefixtures("full_store")
def test_a_refused_recipient_ends_that_recipient_alone(
    mailer_of: Callable[[], DailyMailer], inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.recipient_answers["ada@example.org"] = "550 no such user"
    mailer_of().look()
    inbox.recipient_answers.clear()

    mailer_of().look()

    assert [mail.recipients for mail in inbox.mails] == [("bob@example.org",)]
    assert "ada@example.org will not get the mail of 2026-02-26" in caplog.text


def test_a_mailer_killed_before_it_sent_leaves_the_mail_to_the_next(
    full_store: HoldingsStore, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    day = full_store.dates()[-1]
    DeliveryLog(full_store.client, keys.mail(day)).claim("ada@example.org", "<x@example.org>")

    mailer_of().look()
    assert [mail.recipients for mail in inbox.mails] == [("bob@example.org",)]

    entry = full_store.client.hget(keys.mail(day), "ada@example.org")
    full_store.client.hset(keys.mail(day), "ada@example.org", str(entry).replace('"when": 1', '"when": '))
    mailer_of().look()
    assert [mail.recipients for mail in inbox.mails] == [("bob@example.org",), ("ada@example.org",)]


def test_while_the_backfill_runs_the_mail_waits(
    store: HoldingsStore, recorded: Days, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    board = StatusBoard(store.client)
    board.say(state=State.BACKFILLING)
    store.put(recorded[FRIDAY])
    mailer = mailer_of()

    mailer.look()
    assert inbox.mails == []
    board.say(state=State.POLLING)

    mailer.look()
    assert len(inbox.mails) == 2


def test_during_a_whole_backfill_nothing_is_mailed_and_after_it_one_mail(
    store: HoldingsStore, recorded: Days, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    board = StatusBoard(store.client)
    mailer = mailer_of()
    for done, day in enumerate(sorted(recorded, reverse=True)):
        board.say(state=State.BACKFILLING, done=done, total=len(recorded))
        store.put(recorded[day])
        mailer.look()
    assert inbox.mails == []

    board.say(state=State.POLLING)
    mailer.look()
    mailer.look()

    assert dates_mailed(inbox) == ["Fri 27 Feb 2026"] * 2


def test_a_scraper_that_fails_holds_the_mail_back_only_if_a_session_is_missing(
    store: HoldingsStore, recorded: Days, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    StatusBoard(store.client).say(state=State.FAILING)
    newest_first = sorted(recorded, reverse=True)
    for day in newest_first[:5]:
        store.put(recorded[day])
    mailer_of().look()
    assert inbox.mails == []

    store.put(recorded[newest_first[5]])
    mailer_of().look()
    assert len(inbox.mails) == 2


def test_a_damaged_newest_day_is_not_mailed_and_does_not_end_the_mailer(
    full_store: HoldingsStore,
    mailer_of: Callable[[], DailyMailer],
    inbox: Inbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    full_store.client.set(keys.day(full_store.dates()[-1]), "{}")

    mailer_of().look()

    assert inbox.mails == []
    assert "2026-02-26 is damaged" in caplog.text


def test_a_damaged_day_is_mailed_as_soon_as_it_is_mended(
    full_store: HoldingsStore, recorded: Days, mailer_of: Callable[[], DailyMailer], inbox: Inbox
) -> None:
    newest = full_store.dates()[-1]
    full_store.client.set(keys.day(newest), "{}")
    mailer = mailer_of()
    mailer.look()

    full_store.put(recorded[newest])
    mailer.look()

    assert dates_mailed(inbox) == ["Thu 26 Feb 2026"] * 2


@pytest.mark.parametrize("state", [State.STARTING, State.BACKFILLING, State.FAILING])
def test_a_scraper_that_died_in_its_backfill_does_not_hold_the_mail_back(state: State) -> None:
    now = datetime(2026, 2, 28, tzinfo=UTC)
    alive = ScraperStatus(state=state, heartbeat=now - timedelta(seconds=5))
    dead = replace(alive, heartbeat=now - timedelta(minutes=10))

    assert not is_complete([FRIDAY], alive, now)
    assert is_complete([FRIDAY], dead, now)
    assert is_complete([FRIDAY], None, now)


@pytest.mark.usefixtures("full_store")
def test_once_mails_a_day_that_is_asked_for_and_not_twice(
    store: HoldingsStore, email_settings: EmailSettings, inbox: Inbox
) -> None:
    mail_once(store, Settings(email=email_settings), date(2026, 2, 16))
    mail_once(store, Settings(email=email_settings), date(2026, 2, 16))

    assert dates_mailed(inbox) == ["Mon 16 Feb 2026"] * 2
    assert "Not one holding changed" in inbox.mails[0].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_once_says_what_is_missing(store: HoldingsStore, email_settings: EmailSettings) -> None:
    with pytest.raises(MailNotPossible, match="the store is empty"):
        mail_once(store, Settings(email=email_settings), None)
    with pytest.raises(MailNotPossible, match="2026-02-14 is not in the store"):
        mail_once(store, Settings(email=email_settings), date(2026, 2, 14))
    with pytest.raises(MailNotPossible, match="EMAIL_RECIPIENTS not set"):
        mail_once(store, Settings(email=replace(email_settings, recipients=())), None)


@pytest.mark.usefixtures("full_store")
def test_once_reports_a_server_that_is_away(
    store: HoldingsStore, email_settings: EmailSettings, free_port: int
) -> None:
    with pytest.raises(DeliveryDelayed):
        mail_once(store, Settings(email=replace(email_settings, smtp_port=free_port)), None)

    deliveries = DeliveryLog(store.client, keys.mail(store.dates()[-1]))
    assert deliveries.open_recipients(email_settings.recipients) == list(email_settings.recipients)
