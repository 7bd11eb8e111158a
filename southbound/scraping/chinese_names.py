"""Reads the names on the Chinese page: once a week, and when a new stock is on the list."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from southbound.common.errors import BrowserError, SiteChanged, SiteError, SiteUnavailable
from southbound.common.remark import remark
from southbound.hkexnews.page_parser import Page
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import StatusBoard

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)

LEAST_COMMON_PERCENT = 90
"""Of the stocks of the newest day: a Chinese page with fewer is not whole, and would pass for read for a
week."""


class ChinesePage(Protocol):
    """Who is asked: `fetcher.Fetcher`."""

    def chinese_page(self) -> Page: ...


class NameReader:
    """Names are a comfort: when reading them fails, nothing else does.

    Args:
        fetcher: to the site.
        retry_seconds: how long it waits after it failed.
        clock: in seconds; only differences count.
    """

    def __init__(
        self,
        fetcher: ChinesePage,
        store: HoldingsStore,
        board: StatusBoard,
        retry_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._store = store
        self._board = board
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._not_before = -float("inf")
        self._looked_at: date | None = None
        self._tried: set[int] = set()

    def recall(self) -> None:
        """Learn from the store what was read before this process began, before it says anything of itself.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        self._tried = set(self._store.stock_names())
        before = self._store.status()
        self._board.say(names_read=before.names_read if before else None)

    def look(self, newest: date) -> None:
        """Read the names if it is time to. `newest` is the newest stored date.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
            NotTheWriter: another scraper has taken over.
        """
        if self._clock() < self._not_before or not self._is_time(newest):
            return
        codes = self._codes(newest)
        try:
            names = self._names(codes)
        except (SiteError, BrowserError) as error:
            log.warning("the Chinese names are not read: %s", error)
            self._not_before = self._clock() + self._retry_seconds
            self._looked_at = None
            return
        self._store.put_stock_names(names)
        self._tried = codes | names.keys()
        self._board.say(names_read=datetime.now(UTC))
        log.info("read %d Chinese names", len(names))

    def _is_time(self, newest: date) -> bool:
        read = self._board.status.names_read
        if read is None or not timedelta(0) <= datetime.now(UTC) - read < KEPT_FOR:
            return True
        if newest == self._looked_at:
            return False
        self._looked_at = newest
        return not self._codes(newest) <= self._tried

    def _names(self, codes: set[int]) -> dict[int, str]:
        """The names on the Chinese page, which should have those of all `codes`."""
        listed = self._fetcher.chinese_page().listed
        if listed is None:
            raise SiteChanged(remark("the Chinese page has no list"))
        if all(name.isascii() for name in listed.names):
            raise SiteChanged(remark("the Chinese page has no Chinese name"))
        names = dict(zip(listed.codes.tolist(), listed.names, strict=True))
        common = len(codes & names.keys())
        if common * 100 < len(codes) * LEAST_COMMON_PERCENT:
            raise SiteUnavailable(
                remark(
                    "the Chinese page has {common} of the {count} stocks of the newest day",
                    common=common,
                    count=len(codes),
                )
            )
        return names

    def _codes(self, day: date) -> set[int]:
        read, _damaged = self._store.get_many([day])
        return {code for holdings in read for code in holdings.codes.tolist()}
