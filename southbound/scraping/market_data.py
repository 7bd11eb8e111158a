"""Prices, official turnover and short positions: read in a thread of their own while the holdings rest.

So nothing that a source of theirs does delays the holdings. Their thread begins no request while a list may
be due; it writes under the scraper's lock, and tells the status board without a heartbeat.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from southbound.common.background import BackgroundThread
from southbound.common.errors import NotTheWriter, StoreError, StoreUnavailable
from southbound.common.retry import STORE_PAUSE_SECONDS, store_attempts
from southbound.config.settings import Settings
from southbound.hkexnews.rate_limit import RateLimit
from southbound.scraping.schedule import SiteClock
from southbound.scraping.source_reader import Access, SourceReader
from southbound.scraping.sources import SOURCES
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import StatusBoard

log = logging.getLogger(__name__)

STEP_SECONDS = 0.2
"""How soon the thread sees that it may go on, or must end."""

IDLE_SECONDS = 5.0
"""Between two looks for what is due."""

END_SECONDS = 2.0
"""How long the end waits for a request that hangs; the thread does not keep the process."""


class MarketData:
    """The readers of those sources that are switched on.

    Args:
        readers: one request at a time goes through all of them.
        board: where their outcome is told.
    """

    def __init__(self, readers: Sequence[SourceReader[Any]], board: StatusBoard) -> None:
        self._readers = readers
        self._board = board
        self._site: SiteClock | None = None
        self._resting = threading.Event()
        self._thread = BackgroundThread("market-data", self._step)
        self._trouble = ""

    def start(self) -> None:
        """Begin to read whenever the holdings rest; nothing if no source is on."""
        if self._readers:
            self._thread.start()

    def stop(self) -> None:
        """Begin no further request."""
        self._thread.stop(END_SECONDS)

    def hold(self) -> None:
        """A pass over the holdings begins: no request of ours does."""
        self._resting.clear()

    def release(self, site: SiteClock | None) -> None:
        """The holdings rest; `site` is their site's clock, None if it never told its day."""
        self._site = site
        if site is not None:
            self._resting.set()

    def read_all(self, site: SiteClock | None) -> None:
        """Ask once for all that is due, for a scraper that ends then. A source in trouble is left alone.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
            NotTheWriter: another scraper has taken over.
        """
        if site is None:
            return
        for reader in self._readers:
            while reader.look(site, datetime.now(UTC)):
                self._tell(reader, site)
                self._board.say()
            self._tell(reader, site)
        self._board.say()

    def _step(self) -> None:
        site = self._site
        if not self._resting.wait(STEP_SECONDS) or site is None:
            return
        try:
            asked = [self._look(reader, site) for reader in self._readers]
        except (StoreError, NotTheWriter) as error:
            # The scraper itself says so loudly.
            log.log(logging.DEBUG if self._trouble == str(error) else logging.WARNING, "%s", error)
            self._trouble = str(error)
            self._thread.stopping.wait(STORE_PAUSE_SECONDS)
            return
        self._trouble = ""
        if not any(asked):
            self._thread.stopping.wait(IDLE_SECONDS)

    def _look(self, reader: SourceReader[Any], site: SiteClock) -> bool:
        if not self._resting.is_set() or self._thread.stopping.is_set():
            return False
        asked = reader.look(site, datetime.now(UTC))
        self._tell(reader, site)
        return asked

    def _tell(self, reader: SourceReader[Any], site: SiteClock) -> None:
        self._board.note(**{reader.source.name: reader.status(site, datetime.now(UTC))})


def market_data(
    settings: Settings,
    store: HoldingsStore,
    board: StatusBoard,
    stored: Callable[[str, date], None] = lambda _source, _day: None,
    sleep: Callable[[float], None] = time.sleep,
) -> MarketData:
    """The readers of the sources that are on in the settings.

    Args:
        settings: with the switches and the addresses, and the scraper's pauses.
        store: written under the scraper's lock.
        board: of the scraper.
        stored: is told the name of a source and each of its days that was stored.
        sleep: how to wait for the gap between two requests, and for the store.
    """
    pacing, limit = settings.scraper, RateLimit(settings.scraper.min_gap_seconds, sleep)

    @contextmanager
    def paced(url: str) -> Iterator[Iterator[bytes]]:
        from southbound.scraping.download import download  # noqa: PLC0415 - 3 MB, for those who have a source on

        with limit.request(), download(url, pacing.timeout_seconds) as parts:
            yield parts

    def put(write: Callable[[], None]) -> None:
        store_attempts(sleep, _waited_for)(write)

    readers = []
    for source in SOURCES:
        section = getattr(settings, source.name)
        if section.enabled:
            access = Access(section.url, paced, pacing.interval_seconds, pacing.retry_seconds)
            heard = partial(stored, source.name)
            readers.append(SourceReader(source, access, store.market_figures, put, store.turn, heard))
    return MarketData(readers, board)


def _waited_for(error: StoreUnavailable) -> None:
    log.debug("figures that were read wait for the store: %s", error)
