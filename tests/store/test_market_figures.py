"""What is stored beside the holdings, against a real server."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from southbound.common.errors import NotTheWriter
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import DailyPrices, Quote, TradingState
from southbound.market.official_turnover import Channel, ChannelTurnover, OfficialTurnover
from southbound.market.short_positions import ShortPosition, ShortPositions
from southbound.queries.figures import read_figures
from southbound.queries.store_watcher import DataVersion
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES, SHORT_POSITIONS, TURNOVER
from southbound.store.writer_lock import WriterLock

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)
WHEN = datetime(2026, 2, 27, 12, 30, tzinfo=UTC)


def prices(day: date = FRIDAY, close: float = 441.4) -> DailyPrices:
    return DailyPrices.of(
        day, [Quote(700, "TENCENT", "HKD", TradingState.TRADED, close=close, shares_traded=10, turnover=9)]
    )


@pytest.mark.parametrize(
    ("kind", "figures", "key"),
    [
        (PRICES, prices(), "southbound:prices:2026-02-27"),
        (
            TURNOVER,
            OfficialTurnover.of(FRIDAY, [ChannelTurnover(channel, None, None) for channel in Channel]),
            "southbound:turnover:2026-02-27",
        ),
        (
            SHORT_POSITIONS,
            ShortPositions.of(FRIDAY, [ShortPosition(700, "TENCENT", 5, 2_207)]),
            "southbound:short:2026-02-27",
        ),
    ],
    ids=["prices", "turnover", "short positions"],
)
def test_a_day_that_was_stored_is_read_never_expires_and_raises_the_version_without_a_message(
    kind: Any, figures: Any, key: str, store: HoldingsStore
) -> None:
    notifications = store.client.pubsub()  # type: ignore[no-untyped-call]
    notifications.subscribe(store.channel)
    assert notifications.get_message(timeout=5)["type"] == "subscribe"

    store.market_figures.put(kind, figures, "a file", WHEN)

    [read], damaged = store.market_figures.get_many(kind, [THURSDAY, FRIDAY])
    assert read.to_json("", WHEN) == figures.to_json("", WHEN)
    assert damaged == []
    assert store.version() == 1
    assert store.client.ttl(key) == -1
    assert notifications.get_message() is None
    notifications.close()


def test_which_days_there_are_is_told_with_where_each_comes_from(store: HoldingsStore) -> None:
    for day, source in ((WEDNESDAY, 'a "file"\\'), (FRIDAY, "é" * 10_000)):
        store.market_figures.put(PRICES, prices(day), source, WHEN)
    for key, value in ((THURSDAY, "[]"), (date(2026, 2, 24), "\x00")):
        store.client.set(keys.prices(key), value)
    store.client.rpush(keys.prices(date(2026, 2, 23)), "x")

    found = store.market_figures.origins(PRICES, [date(2026, 2, day) for day in range(23, 29)])

    assert list(found) == [WEDNESDAY, FRIDAY]
    assert (found[WEDNESDAY].source, found[WEDNESDAY].read_at) == ('a "file"\\', WHEN)


def test_damaged_figures_cost_themselves_alone_and_are_named(
    store: HoldingsStore,
) -> None:
    for day in (WEDNESDAY, THURSDAY):
        store.market_figures.put(PRICES, prices(day), "a file", WHEN)
    store.client.set(keys.prices(THURSDAY), prices(WEDNESDAY).to_json("another day's", WHEN))
    store.client.setrange(keys.prices(FRIDAY), 9_000_000, "x")

    read, damaged = store.market_figures.get_many(PRICES, [WEDNESDAY, THURSDAY, FRIDAY])

    assert [each.day for each in read] == [WEDNESDAY]
    assert {error.key for error in damaged} == {keys.prices(THURSDAY), keys.prices(FRIDAY)}
    assert any("9,000,001 bytes" in str(error) for error in damaged)


def test_what_stands_there_is_replaced_whatever_it_is(store: HoldingsStore) -> None:
    store.client.rpush(keys.prices(FRIDAY), "a list")
    store.client.rpush(keys.FIGURES_WRITTEN, "a list")

    store.market_figures.put(PRICES, prices(), "a file", WHEN)

    assert len(store.market_figures.get_many(PRICES, [FRIDAY])[0]) == 1
    assert store.client.get(keys.FIGURES_WRITTEN) == "1"


def test_only_the_writer_writes_and_who_has_given_its_lock_back_is_none(store: HoldingsStore) -> None:
    lock = WriterLock(store.client, "first")
    written = store.written_under(lock)
    assert lock.acquire()
    written.market_figures.put(PRICES, prices(THURSDAY), "a file", WHEN)
    lock.release()

    with pytest.raises(NotTheWriter):
        written.market_figures.put(PRICES, prices(), "a file", WHEN)

    assert list(store.market_figures.origins(PRICES, [THURSDAY, FRIDAY])) == [THURSDAY]


def test_a_new_day_of_prices_does_not_make_the_page_read_all_holdings_again(
    store: HoldingsStore, recorded: Mapping[date, DailyHoldings]
) -> None:
    store.put(recorded[THURSDAY])
    before = read_figures(store, DataVersion(0, 1), None)
    store.market_figures.put(PRICES, prices(), "a file", WHEN)

    after = read_figures(store, DataVersion(0, 2), before)

    assert after.history is before.history
    assert (after.seen.version, after.seen.beside) == (2, 1)
