"""The scraper as a process: builds its parts, and ends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from southbound.config.settings import Settings
from southbound.hkexnews.client import SiteClient
from southbound.hkexnews.profile_folder import end_orphans
from southbound.hkexnews.rate_limit import RateLimit
from southbound.scraping.folders import Folders
from southbound.scraping.market_data import market_data
from southbound.scraping.service import Scraper, fresh_seconds
from southbound.store.holdings_store import HoldingsStore
from southbound.system.process_tree import adopt_orphans, end_adopted
from southbound.system.without_pandas import without_pandas


@contextmanager
def scraper_of(settings: Settings) -> Iterator[Scraper]:
    """A scraper that leaves no process behind, and ends what one that was killed has left."""
    without_pandas()
    adopt_orphans()
    end_orphans()
    store = HoldingsStore.at(settings.redis)
    board = store.status_board(fresh_seconds(settings.scraper))
    # Its parts that lose their parent are ours, and if they had ended, nobody else would make them disappear.
    site = SiteClient(settings.scraper, RateLimit(settings.scraper.min_gap_seconds), ended=end_adopted)
    scraper = Scraper(site, store, board, settings.scraper)
    if settings.archive.folder:
        scraper.keep_archive(settings.archive.folder)
    if not settings.asks_site:
        scraper.ask_nobody()
    folders = scraper.watch(partial(Folders, settings))
    scraper.read_beside(partial(market_data, settings, stored=folders.heard))
    try:
        yield scraper
    finally:
        scraper.close()
        end_adopted()
