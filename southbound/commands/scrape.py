"""Process 1: from the HKEXnews page into Redis."""

import argparse
from collections.abc import Sequence

from southbound.commands.check import check_scraper
from southbound.commands.options import parse, status_of
from southbound.running.ending import end_on_signal
from southbound.running.startup import logging_or_exit, settings_or_exit
from southbound.system.memory import keep_little


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parser.add_argument("--once", action="store_true", help="fill the store, look once for a new day, exit")
    parser.add_argument("--check", action="store_true", help="exit 0 if a scraper is alive and fresh, else 1")
    parsed = parse(parser, arguments)
    settings = settings_or_exit()
    if parsed.check:
        return check_scraper(settings)
    logging_or_exit(settings)
    end_on_signal()
    keep_little()  # before what it tells is loaded
    # Half a second, and nothing that a check, or a wrong option or setting, would wait for.
    from southbound.scraping.app import scraper_of  # noqa: PLC0415

    with scraper_of(settings) as scraper:
        return status_of(scraper.run_once if parsed.once else scraper.run)
