"""What answers are made from: the parts that the pages of this process have."""

from dataclasses import dataclass

from southbound.common.errors import SouthboundError
from southbound.config.settings import Settings
from southbound.queries.current import current_view
from southbound.queries.data_quality import DataQuality
from southbound.queries.figures_cache import FiguresCache
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import StoreSnapshot, StoreWatcher
from southbound.store.holdings_store import HoldingsStore


@dataclass(frozen=True, slots=True)
class Parts:
    """Those of a process, shared with its pages."""

    store_watcher: StoreWatcher
    figures_cache: FiguresCache
    data_quality: DataQuality
    store: HoldingsStore
    settings: Settings

    def now(self) -> tuple[StoreSnapshot, MarketView | None, SouthboundError | None]:
        """The store as it was seen last, its figures, and why there are none, or none newer. May wait."""
        snapshot = self.store_watcher.snapshot()
        market_view, trouble = current_view(self.store_watcher, self.figures_cache, snapshot)
        return snapshot, market_view, trouble or snapshot.trouble
