"""The newest figures and what was found out from them, for all open pages."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from southbound.common.errors import StoreError
from southbound.market.holdings_reader import HoldingsReader
from southbound.market.kinds import StockKinds
from southbound.market.valuation import OLDEST_CLOSE
from southbound.queries.figures import Figures, read_figures
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion
from southbound.store.companions_reading import read_companions
from southbound.store.market_figures import MarketFigures

log = logging.getLogger(__name__)

READ_FIRST = 132 + OLDEST_CLOSE + 25
"""Sessions whose prices are read first, where not all are asked for: half a year, what a close in it may be
older, and what is looked at around both for ex dates and settlement."""


class FiguresCache:
    """Holds one market view: when other figures or other names come, another one takes its place.

    The last one stays while the store is away.
    """

    def __init__(
        self,
        store: HoldingsReader,
        read_names: Callable[[], Mapping[int, str]] = dict[int, str],
        market_figures: MarketFigures | None = None,
        categories: Mapping[int, str] | None = None,
    ) -> None:
        self._store = store
        self._kinds = StockKinds.of_categories(categories or {})
        self._read_names = read_names
        self._market_figures = market_figures
        self._lock = threading.Lock()
        self._completing = threading.Lock()
        self._market_view: MarketView | None = None
        self._names_read: datetime | None = None

    def market_view(
        self, data_version: DataVersion, names_read: datetime | None = None, *, whole: bool = True
    ) -> tuple[MarketView, StoreError | None]:
        """The figures of a version; or the last ones before it, and why they are not newer.

        All pages ask at the same moment when a day is published: one reads, the others wait for it.

        Args:
            data_version: the newest that was seen.
            names_read: when the scraper read the Chinese names; they are read again when that changes.
            whole: whether prices of all years are asked for; else those of the newest `READ_FIRST` sessions
                are enough, and nobody waits for whoever reads the others.

        Raises:
            StoreUnavailable, StoreRefused: and nothing was ever read.
        """
        if not whole:
            return self._newest(data_version, names_read, READ_FIRST)
        with self._completing:
            market_view, trouble = self._newest(data_version, names_read, None)
            while not market_view.figures.is_whole and trouble is None:
                market_view, trouble = self._completed(market_view)
            return market_view, trouble

    def _completed(self, held: MarketView) -> tuple[MarketView, StoreError | None]:
        """With the prices that are not read yet; or what has come meanwhile, that may lack them, too."""
        if self._market_figures is None:  # then there are none
            return held, None
        try:
            beside = read_companions(self._market_figures, held.history, held.figures.beside)
        except StoreError as trouble:
            return held, trouble
        with self._lock:
            if self._market_view is held:
                self._market_view = MarketView(
                    replace(held.figures, beside=beside), held.chinese, self._kinds
                )
            return self._market_view or held, None

    def _newest(
        self, data_version: DataVersion, names_read: datetime | None, newest: int | None
    ) -> tuple[MarketView, StoreError | None]:
        with self._lock:
            held = self._market_view
            before = held.figures if held is not None else None
            figures, trouble = self._figures(data_version, before, newest)
            chinese = held.chinese if held is not None else {}
            if held is None or self._names_read != names_read:
                chinese, self._names_read = self._chinese(chinese), names_read
            if held is None or held.figures is not figures or held.chinese != chinese:
                held = self._market_view = MarketView(figures, chinese, self._kinds)
            return held, trouble

    def _figures(
        self, data_version: DataVersion, before: Figures | None, newest: int | None
    ) -> tuple[Figures, StoreError | None]:
        if before is not None and before.data_version >= data_version:
            return before, None
        try:
            return read_figures(self._store, data_version, before, self._market_figures, newest), None
        except StoreError as trouble:
            if before is None:
                raise
            return before, trouble

    def _chinese(self, before: Mapping[int, str]) -> Mapping[int, str]:
        """The names as they are stored; a store that is away leaves those that were read."""
        try:
            return self._read_names()
        except StoreError as trouble:
            log.warning("the Chinese names: %s", trouble)
            return before
