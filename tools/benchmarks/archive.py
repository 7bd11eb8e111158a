"""What the archive costs: its size beside the store's, a day more, and the filling of an empty store."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from southbound.archive.folders import LocalFolder
from southbound.archive.keeper import ArchiveKeeper
from southbound.config.settings import ScraperSettings
from southbound.scraping.ingestion import Ingestion
from southbound.scraping.restoring import Restorer
from southbound.scraping.schedule import Schedule
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.clock import seconds
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.store import TEN_YEARS, held_bytes
from tools.benchmarks.stored_days import coming_days, empty_store

STOCKS = 900


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
                limit=0.5,
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
                limit=30,
                floor=seconds(partial(held_bytes, bare, count, STOCKS)),
                floor_name="SET of the same texts",
            )


def _keeper(store: HoldingsStore, folder: Path) -> ArchiveKeeper:
    return ArchiveKeeper(store, str(folder), lambda: True)
