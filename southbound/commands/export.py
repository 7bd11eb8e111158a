"""The stored holdings as a file: CSV, Parquet or Excel by its ending."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from southbound.archive.month_files import Reading
from southbound.commands.options import parse, status_of
from southbound.common.errors import NotComplete
from southbound.common.logs import start_logging
from southbound.config.settings import Settings
from southbound.frames.writing import IN_MONEY, Listed, write
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.holdings_reader import BEGINNING
from southbound.market.origin import Origin
from southbound.queries.figures import read_figures
from southbound.queries.market_view import MarketView
from southbound.queries.priced_list import priced_list
from southbound.queries.store_watcher import DataVersion
from southbound.running.ending import end_on_signal
from southbound.running.startup import settings_or_exit
from southbound.scraping import progress
from southbound.store.holdings_store import HoldingsStore


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parser.add_argument("file", metavar="FILE", type=Path, help="ends in .csv, .parquet or .xlsx")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD")
    parsed = parse(parser, arguments)
    settings = settings_or_exit()
    start_logging()
    end_on_signal()
    return status_of(lambda: export(settings, parsed.file, parsed.first or date.min, parsed.last or date.max))


def export(settings: Settings, file: Path, first: date, last: date) -> None:
    """Write the stored days from `first` to `last`.

    Raises:
        NotComplete: there is none, or one is damaged; the others are written.
        BadFile: the file cannot be written.
    """
    store = HoldingsStore.at(settings.redis)
    days = [day for day in store.dates() if first <= day <= last]
    if not days:
        raise NotComplete("no day is stored in that time")
    origins = store.origins()
    damaged: list[date] = []
    priced = _priced(store)

    def listed() -> Iterator[Listed]:
        with progress.bar(days, "export") as shown:
            for day in shown:
                read, not_read = store.get_many([day])
                damaged.extend(error.day for error in not_read)
                for holdings in read:
                    reading = Reading(day, holdings, origins.get(day, Origin()))
                    yield Listed(reading, None if priced is None else _in_money(priced, holdings))

    write(listed(), file, in_money=priced is not None)
    if damaged:
        raise NotComplete(f"damaged in the store, and left out: {', '.join(map(str, damaged))}")


def _priced(store: HoldingsStore) -> MarketView | None:
    """All days in HK$; None if no prices are stored."""
    seen = store.changes_since(BEGINNING)
    if not seen.beside:
        return None
    figures = read_figures(store, DataVersion(0, seen.version), None, store.market_figures)
    return MarketView(figures, {}) if figures.companions.prices.dates else None


def _in_money(priced: MarketView, holdings: DailyHoldings) -> Sequence[Sequence[Any]]:
    """The columns in HK$, blank for what was stored since they were read."""
    codes = holdings.codes.tolist()
    if holdings.day not in priced.history.dates:
        return tuple([None] * len(codes) for _ in IN_MONEY)
    found = priced_list(priced, holdings.day)
    columns = (found.closes.tolist(), found.priced_on, found.values.tolist(), found.net_buying.tolist())
    rows = dict(zip(found.codes.tolist(), zip(*columns, strict=True), strict=True))
    blank = (None,) * len(columns)
    return tuple(zip(*(rows.get(code, blank) for code in codes), strict=True))
