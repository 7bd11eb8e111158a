"""Days out of files into the store: saved pages, CSV, Excel, Parquet, JSON, recognised by their columns."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from southbound.commands.options import parse, status_of
from southbound.common.errors import BadFile, NotComplete
from southbound.common.logs import start_logging
from southbound.config.settings import Settings
from southbound.frames.reading import Frames
from southbound.running.ending import end_on_signal
from southbound.running.startup import settings_or_exit
from southbound.scraping import progress
from southbound.scraping.importing import Importer, Outcome, names_in, only_writer
from southbound.store.holdings_store import HoldingsStore


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="say what would be done, store nothing")
    parser.add_argument("--replace", action="store_true", help="also where other figures are stored")
    parsed = parse(parser, arguments)
    settings = settings_or_exit()
    start_logging()
    end_on_signal()
    return status_of(lambda: take(settings, parsed.files, check=parsed.check, replace=parsed.replace))


def _say(line: str, stream: TextIO = sys.stdout) -> None:
    with progress.aside():
        print(line, file=stream)


def take(settings: Settings, files: Sequence[Path], *, check: bool, replace: bool) -> None:
    """Import files, and say what became of each day.

    Raises:
        NotComplete: a file or a day was not taken.
        NotTheWriter: a scraper writes to this store. What is only checked is never written.
    """
    store = HoldingsStore.at(settings.redis)
    store.reach()
    frames = Frames(names_in(store))
    not_taken = 0
    for file in files:
        try:
            frames.add(file)
        except BadFile as error:
            _say(f"{file}: {error}", sys.stderr)
            not_taken += 1
    days = frames.days()
    counts: Counter[Outcome] = Counter()
    with (
        nullcontext(store) if check else only_writer(store) as written,
        progress.bar([each.day for each in days], "import") as shown,
    ):
        importer = Importer(written, settings.scraper, replaces=lambda _stored, _given: replace, check=check)
        for _, taken in zip(shown, importer.take(days), strict=True):
            counts[taken.outcome] += 1
            if taken.why:
                _say(f"{taken.day} {taken.outcome}: {taken.why}", sys.stderr)
    said = ", ".join(f"{outcome} {count}" for outcome, count in sorted(counts.items())) or "no days"
    _say(f"{said}{' (nothing was stored: --check)' if check else ''}")
    if not_taken or counts[Outcome.REFUSED] or counts[Outcome.DIFFERS]:
        raise NotComplete(
            f"not taken: {not_taken} files, {counts[Outcome.REFUSED]} days refused, "
            f"{counts[Outcome.DIFFERS]} that differ"
        )
