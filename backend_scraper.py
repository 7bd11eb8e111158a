"""Process 1: from the HKEXnews page into Redis."""

import argparse
import sys

from southbound.running.commandline import (
    check_scraper,
    end_on_signal,
    logging_or_exit,
    parse,
    settings_or_exit,
    status_of,
)
from southbound.scraping.app import scraper_of


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="fill the store, look once for a new day, exit")
    parser.add_argument("--check", action="store_true", help="exit 0 if a scraper is alive and fresh, else 1")
    arguments = parse(parser)
    settings = settings_or_exit()
    if arguments.check:
        return check_scraper(settings)
    logging_or_exit(settings)
    end_on_signal()
    with scraper_of(settings) as scraper:
        return status_of(scraper.run_once if arguments.once else scraper.run)


if __name__ == "__main__":
    sys.exit(main())
