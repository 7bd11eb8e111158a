"""The parts that all open pages of this process share; the one place that builds them."""

import threading
from dataclasses import dataclass, field
from functools import cache

from southbound.config import settings
from southbound.config.settings import DashboardSettings
from southbound.queries.desk import Desk
from southbound.queries.feed import Feed
from southbound.queries.ledger import Ledger
from southbound.queries.shelf import Shelf
from southbound.store.sign_outs import SignOuts
from southbound.store.store import HoldingsStore


@dataclass(frozen=True, slots=True)
class Process:
    """Built once, on first use.

    Attributes:
        settings: who may read.
        turn: held by the page that draws its charts. A published day draws all pages at once. In turn, each
            of them shows the new date before any charts, and the first ones need not wait until all are done.
            Whoever holds it waits for nothing else.
    """

    feed: Feed
    shelf: Shelf
    desk: Desk
    ledger: Ledger
    settings: DashboardSettings
    sign_outs: SignOuts
    store: HoldingsStore
    turn: threading.Lock = field(default_factory=threading.Lock)


@cache
def process() -> Process:
    """The parts, with the feed started.

    Raises:
        SettingsError: the configuration is wrong.
    """
    configured = settings.load()
    store = HoldingsStore.at(configured.redis)
    parts = Process(
        Feed(store),
        Shelf(store),
        Desk(store),
        Ledger(store),
        configured.dashboard,
        SignOuts(store.client),
        store,
    )
    parts.feed.start()
    return parts
