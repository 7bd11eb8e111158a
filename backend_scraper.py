"""Process 1: from the HKEXnews page into Redis."""

import argparse
import sys

from southbound.commandline import check_scraper, end_on_signal, parse, settings_or_exit, status_of
from southbound.hkexnews.browser import SiteBrowser
from southbound.logs import start_logging
from southbound.processes import adopt_orphans, end_adopted
from southbound.scraper import Scraper, fresh_seconds
from southbound.status import State, StatusBoard
from southbound.store import HoldingsStore


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="fill the store, look once for a new day, exit")
    parser.add_argument("--check", action="store_true", help="exit 0 if a scraper is alive and fresh, else 1")
    arguments = parse(parser)
    settings = settings_or_exit()
    if arguments.check:
        return check_scraper(settings)
    start_logging(settings.scraper.log_file)
    end_on_signal()
    adopt_orphans()
    store = HoldingsStore.at(settings.redis)
    board = StatusBoard(store.client, fresh_seconds(settings.scraper))
    site = SiteBrowser(settings.scraper)
    scraper = Scraper(site, store, board, settings.scraper)
    try:
        return status_of(scraper.run_once if arguments.once else scraper.run)
    finally:
        site.stop()
        end_adopted()
        board.say(state=State.STOPPED)


if __name__ == "__main__":
    sys.exit(main())
