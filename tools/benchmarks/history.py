"""How fast the stored days are read: all of them, and one that is published."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from io import StringIO
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import cast

import pandas as pd

from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import DataVersion
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.clock import RUNS, medians, seconds
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import coming_days, filled_store, with_new_stock

RATIOS = {60: None, 250: None, 2500: 5.0}
"""Days, and how many times as long as their bare texts reading them may take."""

DAYS_ADDED = 7
FIRST_NEW = 50_000
"""No stock has this code or one above it."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a few days alone."""
    runs, added = (1, 2) if smoke else (RUNS, DAYS_ADDED)
    for days, most in {10: None}.items() if smoke else RATIOS.items():
        with tempfile.TemporaryDirectory() as folder, filled_store(Path(folder), days) as store:
            yield from _all(store, days, most, runs)
            yield from _one_more(store, days, added)


def read_all(store: HoldingsStore) -> History:
    """All days, as the dashboard reads them."""
    return History.of(store.get_many(store.dates())[0])


def one_more(
    figures_cache: FiguresCache, store: HoldingsStore, days: Iterable[DailyHoldings]
) -> list[tuple[float, float]]:
    """For each day, stored in turn: the seconds until the dashboard has its figures, and for its text."""
    figures_cache.market_view(DataVersion(0, store.version()))
    took = []
    for holdings in days:
        store.put(holdings)
        data_version = DataVersion(0, store.version())
        bare = seconds(partial(_text, store, holdings))
        took.append((seconds(partial(figures_cache.market_view, data_version)), bare))
    return took


def _all(store: HoldingsStore, days: int, most: float | None, runs: int) -> Iterator[Figure]:
    dates = [keys.day(day) for day in store.dates()]

    def texts() -> list[str]:
        return cast("list[str]", store.client.mget(dates))

    ours, bare = medians(partial(read_all, store), texts, runs=runs)
    yield Figure(
        name=f"history of {days:,} days",
        value=ours,
        runs=runs,
        floor=bare,
        floor_name="MGET alone",
        ratio_limit=most,
    )
    theirs = median(seconds(lambda: _by_pandas(texts())) for _ in range(1 if days > 250 else runs))
    once = ", once" if days > 250 else ""
    yield Figure(
        name=f"history of {days:,} days, beside pandas",
        value=ours,
        runs=runs,
        floor=theirs,
        floor_name=f"read_json a key{once}",
        ratio_limit=1,
    )


def _one_more(store: HoldingsStore, days: int, added: int) -> Iterator[Figure]:
    figures_cache = FiguresCache(store)
    first = seconds(lambda: figures_cache.market_view(DataVersion(0, store.version())))
    yield Figure(name=f"{days:,} days with their adjustment events", value=first)
    coming = coming_days()
    with_new = (with_new_stock(day, code) for day, code in zip(coming, count(FIRST_NEW), strict=False))
    for name, more in {"one more day": coming, "one more day with a new stock": with_new}.items():
        ours, bare = map(median, zip(*one_more(figures_cache, store, islice(more, added)), strict=True))
        yield Figure(
            name=f"{name}, after {days:,}",
            value=ours,
            runs=added,
            floor=bare,
            floor_name="MGET of it and json",
            ratio_limit=40,
        )


def _text(store: HoldingsStore, holdings: DailyHoldings) -> object:
    [text] = cast("list[str]", store.client.mget([keys.day(holdings.day)]))
    return json.loads(text)


def _by_pandas(texts: Iterable[str]) -> list[pd.DataFrame]:
    return [pd.read_json(StringIO(text), orient="split") for text in texts]
