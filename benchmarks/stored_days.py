"""Stores with any number of days: the recorded ones, to and fro, under the sessions of ten years."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from replay.demo import free_ports
from replay.figures import Day, recorded_days
from southbound import embedded_store, keys, sessions
from southbound.holdings import DailyHoldings
from southbound.settings import RedisSettings
from southbound.store import HoldingsStore

NEWEST = date(2026, 2, 27)


@contextmanager
def filled_store(folder: Path, count: int) -> Iterator[HoldingsStore]:
    """A store with so many days, the last of them `NEWEST`."""
    [port] = free_ports(0)
    server = embedded_store.serving(port, folder / f"store-{count}")
    server.start()
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{port}/0"))
    try:
        _fill(store, count)
        yield store
    finally:
        store.client.close()
        server.stop()


def coming_days() -> Iterator[DailyHoldings]:
    """Days to be published after `NEWEST`, each other than the one before it."""
    recorded = [figures for _, figures in sorted(recorded_days().items())]
    day = NEWEST
    for figures in cycle(recorded[-2::-1] + recorded[1:]):
        day = sessions.after(day)
        yield _holdings(day, figures)


def _fill(store: HoldingsStore, count: int) -> None:
    recorded = [figures for _, figures in sorted(recorded_days().items(), reverse=True)]
    texts = [_holdings(figures.date, figures).to_json() for figures in recorded]
    days = [NEWEST, *(sessions.before(NEWEST, back) for back in range(1, count))]
    # To and fro, so that there is no jump where the recording begins again.
    there_and_back = islice(cycle(texts + texts[-2:0:-1]), count)
    with store.client.pipeline(transaction=False) as write:
        for day, text in zip(days, there_and_back, strict=True):
            write.set(keys.day(day), text)
            write.zadd(keys.DATES, {keys.day(day): keys.score(day)})
            write.incr(keys.VERSION)
        write.execute()


def _holdings(day: date, figures: Day) -> DailyHoldings:
    return DailyHoldings.of(
        day,
        [row.code for row in figures.rows],
        [row.name for row in figures.rows],
        [row.shares for row in figures.rows],
        [float(row.percent) if row.percent else None for row in figures.rows],
    )
