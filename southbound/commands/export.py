"""The stored holdings as a file: CSV, Parquet or Excel by its ending."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from southbound.archive.month_files import Reading
from southbound.commands.options import parse, status_of
from southbound.common.errors import NotComplete
from southbound.common.logs import start_logging
from southbound.config.settings import Settings
from southbound.frames.writing import write
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.running.startup import end_on_signal, settings_or_exit
from southbound.scraping import progress
from southbound.store.holdings_store import HoldingsStore

DAYS_AT_ONCE = 50


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

    def readings() -> Iterator[Reading[DailyHoldings]]:
        with progress.bar(days, "export") as shown:
            for day in shown:
                read, not_read = store.get_many([day])
                damaged.extend(error.day for error in not_read)
                yield from (Reading(day, holdings, origins.get(day, Origin())) for holdings in read)

    write(readings(), file)
    if damaged:
        raise NotComplete(f"damaged in the store, and left out: {', '.join(map(str, damaged))}")
