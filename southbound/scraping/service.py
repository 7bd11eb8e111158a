"""The scraper's loop: as the only writer of its store, one cycle after the other."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from southbound.archive.keeper import ArchiveKeeper
from southbound.common.errors import (
    BrowserError,
    NotComplete,
    NotTheWriter,
    SiteError,
    StoreRefused,
    StoreUnavailable,
)
from southbound.common.retry import REFUSED_PAUSE_SECONDS, STORE_PAUSE_SECONDS
from southbound.config.settings import ScraperSettings
from southbound.market.trading_calendar import HONG_KONG
from southbound.scraping.circuit_breaker import CircuitBreaker
from southbound.scraping.cycle import WAITING, Cycle
from southbound.scraping.fetcher import Fetcher, Site
from southbound.scraping.folder_reader import FolderThread
from southbound.scraping.folders import Folders
from southbound.scraping.market_data import MarketData
from southbound.scraping.schedule import SiteClock
from southbound.store.commands import Role
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State, StatusBoard
from southbound.store.writer_lease import STANDBY_LOOKS_EVERY_SECONDS

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
ARCHIVE_SECONDS = 60.0


class Scraper:
    """One reader of one site, one writer of one store.

    Args:
        site: who is asked.
        store: where the days go.
        board: where the state is shown.
        settings: the pauses, the window and the thresholds of validation.
        sleep: how to wait.
    """

    def __init__(
        self,
        site: Site,
        store: HoldingsStore,
        board: StatusBoard,
        settings: ScraperSettings,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = site
        self._board = board
        self._settings = settings
        self._sleep = sleep
        self._lease = store.writer_lease(lambda: board.silent_seconds() < board.status.fresh_seconds)
        self._store = store.written_under(self._lease.lock)
        self._breaker = CircuitBreaker(settings.interval_seconds, settings.retry_seconds)
        self._fetcher = Fetcher(site, board, self._breaker, self._lease.check, sleep)
        self._market_data = MarketData([], board)
        self._folders = FolderThread()
        self._asks_site = True
        self._archive: ArchiveKeeper | None = None
        self.cycle = Cycle(self._fetcher, self._store, board, settings, sleep)
        self._is_examined = False
        self._warned = ""

    def keep_archive(self, address: str) -> None:
        """Archive what is stored, and fill the store from there; before it runs. See `folder_at`."""
        self._archive = ArchiveKeeper(self._store, address, lambda: self._lease.held)
        self._archive.start()
        self.cycle.restore_from(self._archive)

    def read_beside(self, market_data: Callable[[HoldingsStore, StatusBoard], MarketData]) -> None:
        """Read other sources, too, while the holdings rest.

        Args:
            market_data: makes their readers, of the store as this scraper writes it.
        """
        self._market_data = market_data(self._store, self._board)

    def watch(self, make: Callable[[HoldingsStore, StatusBoard], Folders]) -> Folders:
        """Read what is put into folders, too.

        Args:
            make: makes their readers, of the store as this scraper writes it.
        """
        folders = make(self._store, self._board)
        self._folders = FolderThread(folders.readers, lambda: self._lease.held)
        return folders

    def ask_nobody(self) -> None:
        """Leave HKEXnews alone, for those who may not ask it: its pages are put into a folder."""
        self._asks_site = False
        self.cycle.ask_nobody()

    def run(self) -> None:
        """Backfill, then look for new days until the process is ended.

        With polling switched off it returns after the backfill, unless HKEXnews is not asked at all. While
        another scraper is the writer it stands by.
        """
        step = self.cycle.backfill
        self._market_data.start()
        ends = self._asks_site and not self._settings.enabled
        if not ends:
            self._folders.start()
        while True:
            self._market_data.hold()
            try:
                self._examine()
                self._lease.check()
                if not self._lease.held:
                    self._stand_by()
                    step = self.cycle.backfill
                if not self._breaker.seconds_left():
                    step()
                    step = self.cycle.look
                    self.cycle.outage.is_over()
                    if ends:
                        self._folders.read_all(self._board.say)
                        self._finish_archive()
                        self._market_data.read_all(self._clock())
                        return
            except (SiteError, BrowserError) as error:
                log.debug("this round ends: %s", error)
            except NotTheWriter as error:
                log.warning("%s", error)
                self._lease.release()
                self._site.stop()
                continue
            except (StoreUnavailable, StoreRefused) as error:
                self.cycle.outage.goes_on(error, WAITING)
                self._is_examined = False  # it may be another store when it is back
                # A store that refuses us needs a person; and the cycle may ask the site again, so not more
                # often than ever.
                refused = isinstance(error, StoreRefused)
                self._rest(
                    max(REFUSED_PAUSE_SECONDS, self._settings.interval_seconds)
                    if refused
                    else STORE_PAUSE_SECONDS
                )
                continue
            self._market_data.release(self._clock())
            pause = self._breaker.seconds_left() or self._settings.interval_seconds
            if self._board.status.next_try is None:
                self._board.say(next_try=datetime.now(UTC) + timedelta(seconds=pause))
            self._rest(pause)

    def run_once(self) -> None:
        """Backfill, and look once for a new day.

        Raises:
            NotComplete: a session that the site may have is not stored; or, where it is not asked, a file was
                not taken.
            SouthboundError: what else kept the store from being complete.
        """
        self._examine()  # a store that is not there is reported at once, not after some tries
        self._lease.take_soon(self._sleep)
        self.cycle.backfill()
        self.cycle.look()
        not_taken = self._folders.read_all(self._board.say)
        self._finish_archive()
        self._market_data.read_all(self._clock())
        if not_taken and not self._asks_site:
            told = ", ".join(f"{outcome.name} ({outcome.told})" for outcome in not_taken)
            raise NotComplete(f"not taken: {told}")
        if lacking := self.cycle.lacking():
            reasons = ", ".join(f"{session.day} ({session.reason})" for session in lacking)
            raise NotComplete(f"not stored: {reasons}")

    def close(self) -> None:
        """End the browser, say so, and let another scraper write."""
        self._market_data.stop()
        self._folders.stop()
        self._site.stop()
        if self._archive is not None:
            self._archive.stop()
        if self._lease.held:
            self._board.say(state=State.STOPPED, next_try=None, **self._archived())
        self._lease.release()

    def _examine(self) -> None:
        """See that the store can do what is needed, at the start and after it was away."""
        if self._is_examined:
            return
        self._store.require_commands(Role.SCRAPER)
        warning = self._store.condition().warning
        if warning and warning != self._warned:
            log.warning("%s", warning)
        self._is_examined, self._warned = True, warning

    def _stand_by(self) -> None:
        """Wait until no other scraper writes to this store."""
        said = False
        while not self._lease.take():
            if not said:
                log.warning("standby: %s writes to this store", self._lease.holder())
                said = True
            self._sleep(STANDBY_LOOKS_EVERY_SECONDS)
        if said:
            log.warning("the other scraper is gone: this one takes over")

    def _rest(self, seconds: float) -> None:
        """Wait, with a heartbeat every few seconds."""
        if self._archive is not None:
            self._archive.look_soon()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._sleep(min(left, HEARTBEAT_SECONDS))
            self._site.pause()  # by now the archive has what was stored, too
            if self._lease.held:
                self._board.say(**self._archived())
                if self._board.status.state is State.WAITING:
                    self._site.rest()
                self._tell_of_the_store()

    def _clock(self) -> SiteClock | None:
        """By which day it is: the site's, or where that is not asked, our own."""
        if self._asks_site:
            return self._fetcher.clock
        return SiteClock(datetime.now(HONG_KONG).date(), agrees=True)

    def _archived(self) -> dict[str, Any]:
        """What the archive has, as fields of the status."""
        return {} if self._archive is None else self._archive.state.fields()

    def _finish_archive(self) -> None:
        """Before this process ends: what it has stored is archived, if that can be done in a while."""
        if self._archive is not None:
            self._archive.await_look(ARCHIVE_SECONDS)

    def _tell_of_the_store(self) -> None:
        """A store that cannot be written to is reported in the log even while there is no day to store."""
        if isinstance(self._board.trouble, StoreUnavailable):
            self.cycle.outage.goes_on(self._board.trouble, WAITING)
        elif self._board.trouble is None:
            self.cycle.outage.is_over()


def fresh_seconds(settings: ScraperSettings) -> float:
    """After how long a silence a scraper is taken for dead.

    A slow start of Chromium and a slow request, or a slow request and a pause before the next.
    """
    return settings.timeout_seconds + max(60.0, settings.chrome_start_seconds)
