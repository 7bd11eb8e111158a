"""The parts that all open pages of this process share; the one place that builds them."""

from dataclasses import dataclass
from functools import cache

from southbound import settings
from southbound.dashboard.desk import Desk
from southbound.dashboard.feed import Feed
from southbound.dashboard.ledger import Ledger
from southbound.dashboard.shelf import Shelf
from southbound.store import HoldingsStore


@dataclass(frozen=True, slots=True)
class Process:
    """Built once, on first use."""

    feed: Feed
    shelf: Shelf
    desk: Desk
    ledger: Ledger


@cache
def process() -> Process:
    """The parts, with the feed started.

    Raises:
        SettingsError: the configuration is wrong.
    """
    store = HoldingsStore.at(settings.load().redis)
    parts = Process(Feed(store), Shelf(store), Desk(store), Ledger(store))
    parts.feed.start()
    return parts
