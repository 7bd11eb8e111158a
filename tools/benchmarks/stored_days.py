"""Any number of days and stocks: the recorded ones, to and fro, under the sessions of ten years."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain, cycle, islice
from pathlib import Path
from typing import TypeVar

from replay.figures import Day, Row, recorded_days
from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.running import embedded_store
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore

T = TypeVar("T")

NEWEST = date(2026, 2, 27)

FIRST_FREE = 10_000
"""No recorded stock has this code or one above it."""


@cache
def recorded(stocks: int | None = None) -> tuple[Day, ...]:
    """The 38 recorded days, the newest first.

    Args:
        stocks: how many on all days together, 884 or more; None for the 884 recorded ones. The others are
            copies of them, which do the same under other codes.
    """
    days = tuple(figures for _, figures in sorted(recorded_days().items(), reverse=True))
    return days if stocks is None else tuple(_widened(day, stocks, _codes(days)) for day in days)


def stored_days(count: int, stocks: int | None = None) -> Iterator[DailyHoldings]:
    """So many days, the newest first, which is `NEWEST`."""
    holdings = [as_holdings(day) for day in recorded(stocks)]
    for day, figures in zip(_sessions(count), _to_and_fro(holdings), strict=False):
        yield replace(figures, day=day)


def coming_days(stocks: int | None = None) -> Iterator[DailyHoldings]:
    """Days to be published after `NEWEST`, each other than the one before it."""
    holdings = [as_holdings(day) for day in recorded(stocks)]
    day = NEWEST
    for figures in islice(_to_and_fro(holdings), 1, None):
        day = trading_calendar.after(day)
        yield replace(figures, day=day)


def with_new_stock(holdings: DailyHoldings, code: int) -> DailyHoldings:
    """The same day with one stock more, the last of the list."""
    return DailyHoldings.of(
        holdings.day,
        [*holdings.codes.tolist(), code],
        [*holdings.names, f"NEW ON THE LIST {code:05}"],
        [*holdings.shares.tolist(), 100_000],
        [*holdings.percents.tolist(), 0.25],
    )


@contextmanager
def empty_store(folder: Path) -> Iterator[HoldingsStore]:
    """A store of its own that holds nothing."""
    [port] = free_ports(0)
    server = embedded_store.serving(port, folder)
    server.start()
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{port}/0"))
    try:
        yield store
    finally:
        store.client.close()
        server.stop()


@contextmanager
def filled_store(folder: Path, count: int, stocks: int | None = None) -> Iterator[HoldingsStore]:
    """A store with so many days, the last of them `NEWEST`."""
    with empty_store(folder / f"store-{count}-{stocks}") as store:
        fill(store, count, stocks)
        yield store


def fill(store: HoldingsStore, count: int, stocks: int | None = None) -> None:
    """Store so many days as the scraper does, but publish none."""
    texts = [as_holdings(day).to_json() for day in recorded(stocks)]
    with store.client.pipeline(transaction=False) as write:
        for day, text in zip(_sessions(count), _to_and_fro(texts), strict=False):
            write.set(keys.day(day), text)
            write.zadd(keys.DATES, {keys.day(day): keys.score(day)})
            write.incr(keys.VERSION)
        write.execute()


def address(store: HoldingsStore) -> str:
    """Where the store is, for another process."""
    known = store.client.connection_pool.connection_kwargs
    return f"redis://{known['host']}:{known['port']}/0"


def as_holdings(day: Day) -> DailyHoldings:
    """A day of the replay site as the scraper reads it."""
    return DailyHoldings.of(
        day.date,
        [row.code for row in day.rows],
        [row.name for row in day.rows],
        [row.shares for row in day.rows],
        [float(row.percent) if row.percent else None for row in day.rows],
    )


def _sessions(count: int) -> list[date]:
    """`NEWEST` and the sessions before it."""
    return [NEWEST, *(trading_calendar.before(NEWEST, back) for back in range(1, count))]


def _to_and_fro(recording: Sequence[T]) -> Iterator[T]:
    """For ever, with no jump where the recording begins again."""
    return cycle([*recording, *recording[-2:0:-1]])


def _codes(days: tuple[Day, ...]) -> list[int]:
    return sorted({row.code for day in days for row in day.rows})


def _widened(day: Day, stocks: int, codes: list[int]) -> Day:
    rows = {row.code: row for row in day.rows}
    originals = islice(cycle(codes), stocks - len(codes))
    copies = (
        Row(code, f"{row.name} {code}", row.shares, row.percent)
        for code, original in enumerate(originals, FIRST_FREE)
        if (row := rows.get(original)) is not None
    )
    return Day(day.date, tuple(chain(day.rows, copies)))
