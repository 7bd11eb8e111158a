"""Where the findings of the newest figures lie, for all open pages."""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime

from southbound.common.errors import StoreError
from southbound.queries.figures_cache import Figures
from southbound.queries.market_view import MarketView
from southbound.store.holdings_store import HoldingsStore

log = logging.getLogger(__name__)


class MarketViews:
    """Holds the findings of one edition: when other figures or other names come, others take their place."""

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._market_view: MarketView | None = None
        self._named: datetime | None = None

    def market_view(self, figures: Figures, names_read: datetime | None = None) -> MarketView:
        """What is known of these figures.

        Args:
            figures: the newest.
            names_read: when the scraper read the Chinese names; they are read again when that changes.
        """
        with self._lock:
            held = self._market_view
            if held is None or self._named != names_read:
                chinese = self._chinese(held.chinese if held is not None else {})
            elif held.figures is not figures:
                chinese = held.chinese
            else:
                return held
            self._market_view, self._named = MarketView(figures, chinese), names_read
            return self._market_view

    def _chinese(self, known: Mapping[int, str]) -> Mapping[int, str]:
        """The names as they are stored; a store that is away leaves those that were read."""
        try:
            return self._store.stock_names()
        except StoreError as trouble:
            log.warning("the Chinese names: %s", trouble)
            return known
