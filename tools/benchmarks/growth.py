"""How the figures grow with the days stored and with the stocks on the list."""

import logging
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from replay.page import page_of
from southbound.hkexnews.page_parser import read_page
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.history import History
from southbound.queries.figures_cache import FiguresCache
from southbound.store.companions_reading import CompanionsRead, read_companions
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks import pages
from tools.benchmarks.changes import change_figures, figures_of
from tools.benchmarks.clock import medians, seconds
from tools.benchmarks.figures import MEGABYTE
from tools.benchmarks.history import one_more, read_all
from tools.benchmarks.money import write_prices
from tools.benchmarks.orders import Growth
from tools.benchmarks.store import held_bytes, write_seconds
from tools.benchmarks.stored_days import coming_days, empty_store, filled_store, recorded
from tools.benchmarks.visitors import Visitor

log = logging.getLogger(__name__)

DAYS, STOCKS = (60, 250, 1000, 2500), (900, 9000)

SESSIONS = 60
"""Stored while stocks are counted: ten years of ten times the stocks would not fit into a small machine."""

RUNS = 3
DATES = 7

READ, MORE, PAIR = "history read", "one more day", "change figures of one pair"
PRICED = "prices read"
EVENTS, ARRAYS, STORE = "adjustment events of all days", "arrays of the history", "memory of the store"
DRAWN, PARSED, WRITTEN = (
    "a page of another date drawn",
    "a page of the site read",
    "a day written and published",
)
MEGABYTES = {ARRAYS, STORE}


@dataclass(frozen=True, slots=True)
class _Size:
    days: int
    stocks: int | None = None


def measure(*, smoke: bool) -> Iterator[Growth]:
    """The growth of each figure. `smoke` has two small sizes alone."""
    sizes = {days: _Size(days) for days in ((10, 20) if smoke else DAYS)}
    yield from _over("days", sizes, 1 if smoke else RUNS)
    sizes = {
        stocks: _Size(10 if smoke else SESSIONS, stocks) for stocks in ((900, 1800) if smoke else STOCKS)
    }
    yield from _over("stocks", sizes, 1 if smoke else RUNS)


def _over(over: str, sizes: Mapping[int, _Size], runs: int) -> Iterator[Growth]:
    measured: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for number, size in sizes.items():
        log.info("growth: %s %s", f"{number:,}", over)
        for name, value in _figures(size, runs):
            measured[name][number] = value
    for name, values in measured.items():
        yield Growth(name=name, over=over, values=values, unit="MB" if name in MEGABYTES else "s")


def _figures(size: _Size, runs: int) -> Iterator[tuple[str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with empty_store(folder / "empty") as store:
            yield STORE, held_bytes(store, size.days, size.stocks)[0] / MEGABYTE
        with filled_store(folder, size.days, size.stocks) as store:
            write_prices(store, store.dates())
            [read] = medians(partial(read_all, store), runs=runs)
            yield READ, read
            history = read_all(store)
            [priced] = medians(
                partial(read_companions, store.market_figures, history, CompanionsRead()), runs=runs
            )
            yield PRICED, priced
            yield from _reckoned(history, runs)
            if size.stocks is None:
                yield DRAWN, _drawn(store, folder, 1 if runs == 1 else DATES)
            else:
                yield WRITTEN, write_seconds(store, DATES, size.stocks)[0]
                yield PARSED, _parsed(size.stocks, runs)
            yield MORE, _one_more(store, size.stocks)


def _reckoned(history: History, runs: int) -> Iterator[tuple[str, float]]:
    figures = figures_of(history)
    events, pair = medians(partial(adjustment_events, history), partial(change_figures, figures), runs=runs)
    yield EVENTS, events
    yield PAIR, pair
    yield ARRAYS, (history.shares.nbytes + history.percents.nbytes) / MEGABYTE


def _drawn(store: HoldingsStore, folder: Path, dates: int) -> float:
    """The median seconds in which the server draws a page that asks for a date nobody has asked for."""
    took = []
    with pages.dashboard(store, folder) as server, closing(Visitor(server.address)) as first:
        first.rerun()
        for day in islice(reversed(store.dates()), 1, 1 + dates):
            with closing(Visitor(server.address)) as visitor:
                query = urlencode({"date": day.isoformat()})
                took.append(seconds(partial(visitor.rerun, query)))
    return median(took)


def _parsed(stocks: int, runs: int) -> float:
    source = page_of(recorded(stocks)[0]).decode()
    [took] = medians(partial(read_page, source), runs=runs)
    return took


def _one_more(store: HoldingsStore, stocks: int | None) -> float:
    last = store.dates()[-1]
    coming = (holdings for holdings in coming_days(stocks) if holdings.day > last)
    return median(ours for ours, _ in one_more(FiguresCache(store), store, islice(coming, DATES)))
