"""Process 4, for as long as an assistant wants it: the one place that builds its parts."""

from southbound.api.parts import Parts
from southbound.assistant.server import serve
from southbound.config.settings import Settings
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.store_watcher import StoreWatcher
from southbound.store.holdings_store import HoldingsStore


def run(settings: Settings) -> None:
    """Answer until the assistant closes our input."""
    parts = built(settings)
    parts.store_watcher.start()
    try:
        serve(lambda: parts)
    finally:
        parts.store_watcher.stop()


def built(settings: Settings) -> Parts:
    """The parts, as a dashboard of these settings has them; the store watcher is to be started."""
    store = HoldingsStore.for_reading(settings.redis)
    return Parts(
        StoreWatcher(store),
        FiguresCache(store, store.stock_names, store.market_figures, settings.stocks.categories),
        DataQuality(store),
        store,
        settings,
    )
