"""What the archive costs: its size beside the store's, a day more, and the filling of an empty store."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from southbound.archive import figure_kinds
from southbound.archive.folders import LocalFolder
from southbound.archive.keeper import ArchiveKeeper
from southbound.config.settings import ScraperSettings
from southbound.market import trading_calendar
from southbound.market.daily_prices import CURRENCY, DailyPrices, Quote, TradingState
from southbound.scraping.ingestion import Ingestion
from southbound.scraping.restoring import Restorer
from southbound.scraping.schedule import Schedule
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.clock import seconds
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.store import TEN_YEARS, held_bytes
from tools.benchmarks.stored_days import coming_days, empty_store, stored_days

STOCKS, COUNTERS = 900, 2_700

MONTH = timedelta(days=30)

SOURCE, READ = "d260227e.htm, GEM/e_G260227.htm", datetime(2026, 2, 27, 12, tzinfo=UTC)


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` archives a few days alone."""
    count = 50 if smoke else TEN_YEARS
    with tempfile.TemporaryDirectory() as name:
        folder, copy = Path(name, "archive"), LocalFolder(Path(name, "copy"))
        with empty_store(Path(name, "full")) as store:
            memory, _text = held_bytes(store, count, STOCKS)
            keeper = _keeper(store, folder)
            yield Figure(
                name=f"archive: {count:,} days of {STOCKS} stocks written", value=seconds(keeper.look)
            )
            sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
            yield Figure(
                name=f"archive: size of {count:,} days of {STOCKS} stocks",
                value=sum(sizes) / MEGABYTE,
                unit="MB",
                limit=25,
                floor=memory / MEGABYTE,
                floor_name="memory of the store",
            )
            month = max((path for path in folder.rglob("*.parquet")), key=lambda path: path.stat().st_size)
            store.put(next(coming_days(STOCKS)))
            yield Figure(
                name="archive: a day more",
                value=seconds(keeper.look),
                ratio_limit=40,
                floor=seconds(partial(copy.write, "month", month.read_bytes())),
                floor_name="a month's bytes on the disk",
            )
        with empty_store(Path(name, "empty")) as store, empty_store(Path(name, "bare")) as bare:
            keeper = _keeper(store, folder)
            settings = ScraperSettings()
            ingestion = Ingestion(store, Schedule(), settings)
            board = store.status_board(60)
            keeper.start()
            restored = seconds(Restorer(keeper, store, ingestion, board).look)
            keeper.stop()
            yield Figure(
                name=f"archive: an empty store filled with {len(store.dates()):,} days",
                value=restored,
                ratio_limit=20,
                floor=seconds(partial(held_bytes, bare, count, STOCKS)),
                floor_name="SET of the same texts",
            )
        yield from _prices(Path(name))


def _prices(folder: Path) -> Iterator[Figure]:
    """Of one month, as large as the exchange's: counters with figures of their own on each day."""
    with empty_store(folder / "priced") as store:
        store.put(next(stored_days(1)))
        days = trading_calendar.between(store.dates()[-1] - MONTH, store.dates()[-1])
        texts = 0
        for prices in _quoted(days):
            store.market_figures.put(figure_kinds.BESIDE[0][1], prices, SOURCE, READ)
            texts += len(prices.to_json(SOURCE, READ))
        keeper = _keeper(store, folder / "priced archive")
        keeper.look()
        size = sum(path.stat().st_size for path in (folder / "priced archive" / "prices").iterdir())
        yield Figure(
            name=f"archive: size of ten years of prices of {COUNTERS:,} counters",
            value=size / len(days) * TEN_YEARS / MEGABYTE,
            unit="MB",
            floor=texts / len(days) * TEN_YEARS / MEGABYTE,
            floor_name="their texts in the store",
        )


def _quoted(days: Sequence[date]) -> Iterator[DailyPrices]:
    """Closes that go up and down, and what was traded: most of it little, of some very much."""
    chosen = np.random.default_rng(1)
    closes, usual = np.exp(chosen.normal(1, 1.8, COUNTERS)), np.exp(chosen.normal(14, 2.5, COUNTERS))
    for day in days:
        closes *= np.exp(chosen.normal(0, 0.02, COUNTERS))
        shares = (usual * np.exp(chosen.normal(0, 0.8, COUNTERS))).astype(int) // 100 * 100 + 100
        turnover = np.maximum(shares * closes * (1 + chosen.normal(0, 0.003, COUNTERS)), 1).astype(int)
        priced = np.maximum(closes.round(3), 0.001)
        rows = zip(priced.tolist(), shares.tolist(), turnover.tolist(), strict=True)
        yield DailyPrices.of(
            day,
            [
                Quote(code, "", CURRENCY, TradingState.TRADED, None, close, None, None, traded, paid)
                for code, (close, traded, paid) in enumerate(rows, start=1)
            ],
        )


def _keeper(store: HoldingsStore, folder: Path) -> ArchiveKeeper:
    return ArchiveKeeper(store, str(folder), lambda: True)
