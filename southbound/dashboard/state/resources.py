"""The parts that all open pages of this process share; the one place that builds them."""

import threading
from dataclasses import dataclass, field
from functools import cache

from southbound.config.settings import Settings, load
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore
from southbound.store.sign_outs import SignOuts


@dataclass(frozen=True, slots=True)
class Resources:
    """Built once, on first use.

    Attributes:
        settings: the configuration of this process.
        turn: held by the page that draws its charts. A published day draws all pages at once. In turn, each
            of them shows the new date before any charts, and the first ones need not wait until all are done.
            Whoever holds it waits for nothing else.
    """

    store_watcher: StoreWatcher
    figures_cache: FiguresCache
    data_quality: DataQuality
    settings: Settings
    sign_outs: SignOuts
    store: HoldingsStore
    turn: threading.Lock = field(default_factory=threading.Lock)


@cache
def configured() -> Settings:
    """The configuration, read once.

    Raises:
        SettingsError: it is wrong.
    """
    return load()


@cache
def process() -> Resources:
    """The parts, with the store watcher started.

    Raises:
        SettingsError: the configuration is wrong.
    """
    settings = configured()
    store = HoldingsStore.for_reading(settings.redis)
    parts = Resources(
        StoreWatcher(store),
        FiguresCache(store, store.stock_names, store.market_figures, settings.stocks.categories),
        DataQuality(store),
        settings,
        HoldingsStore.at(settings.redis).sign_outs(),  # the one thing that a dashboard writes
        store,
    )
    parts.store_watcher.start()
    return parts
