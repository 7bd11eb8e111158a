"""One cycle of the scraper: what the store lacks is asked for.

Level-triggered: every cycle compares what the store holds with the sessions that the site can have. So it
does not matter where the last cycle, or the last run, was cut off.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any, TypeVar

from southbound.archive.keeper import ArchiveKeeper
from southbound.common.errors import BrowserError, SiteError, StoreUnavailable
from southbound.common.outage import OutageLog
from southbound.common.retry import store_attempts
from southbound.config.settings import ScraperSettings
from southbound.market import trading_calendar
from southbound.market.missing_sessions import SITE_KEEPS, MissingSession, missing_sessions
from southbound.scraping import progress
from southbound.scraping.chinese_names import NameReader
from southbound.scraping.fetcher import Fetcher
from southbound.scraping.ingestion import Ingestion
from southbound.scraping.restoring import Restorer
from southbound.scraping.schedule import Schedule, missing, out_from
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import Circuit, State, StatusBoard

T = TypeVar("T")

log = logging.getLogger(__name__)

WAITING = "the scraper waits for it, and keeps what it has read"

CHROMIUM_LIVES_SECONDS = 86_400.0
"""Then a new one is started, since whatever a browser leaks adds up over months."""


class Cycle:
    """The cycles of one scraper. Each raises SiteError and BrowserError when the site is to be left alone.

    Args:
        fetcher: to the site.
        store: where the days go.
        board: where the state is shown.
        settings: the pauses, the window and the thresholds of validation.
        sleep: how to wait for the store.

    Attributes:
        outage: of the store, as it is reported in the log.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        store: HoldingsStore,
        board: StatusBoard,
        settings: ScraperSettings,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.outage = OutageLog(log)
        self._fetcher = fetcher
        self._store = store
        self._board = board
        self._settings = settings
        self._sleep = sleep
        self._schedule = Schedule()
        self._quarantine = store.quarantine
        self._ingestion = Ingestion(store, self._schedule, settings)
        self._names = NameReader(fetcher, store, board, settings.recheck_seconds)
        self._restorer: Restorer | None = None
        self._damaged: set[date] = set()
        self._recheck_at = float("inf")
        self._asks_site = True

    def ask_nobody(self) -> None:
        """From now on the site is left alone: its pages come from elsewhere."""
        self._asks_site = False
        self._board.note(asks_site=False)

    def restore_from(self, archive: ArchiveKeeper) -> None:
        """Fill the store from an archive, each time before the site is asked."""
        self._restorer = Restorer(archive, self._store, self._ingestion, self._board)

    def backfill(self) -> None:
        """Load the page for the newest day, and ask for the sessions of the window that are not stored."""
        self._patiently(self._names.recall)
        self._show(State.STARTING, done=0, total=0)
        self._patiently(self._store.mend)
        self._patiently(self._store.mend_dates)
        self._restore()
        stored = self._patiently(self._store.dates)
        self._patiently(lambda: self._ingestion.recall(stored))
        if not self._asks_site:
            self._board.say(state=State.WAITING)
            return
        page = self._fetcher.newest()
        self._patiently(lambda: self._ingestion.take_newest(page))
        self._recheck_at = time.monotonic() + self._settings.recheck_seconds
        self._damaged = self._find_damaged(page.site_today)
        self._fill(self._wanted())
        self._read_names()

    def look(self) -> None:
        """Ask for what is missing, or else for the next session, if it can be there.

        While a session is not published its answer costs 7 kB, and tells the site's day.
        """
        self._patiently(self._store.mend)
        self._patiently(self._notice_vanished)
        self._restore()
        if not self._asks_site:
            self._board.say(state=State.WAITING)
            return
        stored = self._patiently(self._store.dates)
        clock = self._fetcher.clock
        if not stored or clock is None:
            self.backfill()
            return
        site = self._fetcher.site
        if site.age_seconds() > CHROMIUM_LIVES_SECONDS:
            log.info("Chromium has run for a day: a new one is started")
            site.restart()
        if time.monotonic() >= self._recheck_at:
            self._recheck(stored[-1])
        upcoming = trading_calendar.after(max(stored[-1], clock.today - timedelta(days=1)))
        if wanted := self._wanted():
            self._fill(wanted)
        elif clock.may_be_out(upcoming, datetime.now(UTC)):
            self._poll(upcoming)
        else:
            self._board.say(state=State.WAITING, next_session=upcoming, next_try=out_from(upcoming))
        self._read_names()

    def lacking(self) -> tuple[MissingSession, ...]:
        """The sessions that the site may have and the store has not, newest first."""
        failed = {day: trouble for day, trouble in self._schedule.lacking().items() if trouble}
        notes = replace(self._quarantine.notes(self._quarantine.quarantined()), failed=failed)
        return missing_sessions(self._schedule.lacking(), self._store.dates(), notes)

    def _poll(self, day: date) -> None:
        """Ask for the next session, and for those that its answer shows to be missing."""
        self._show(State.POLLING, next_session=day)
        page = self._fetcher.ask(day)
        behind = [missed for missed in self._wanted() if missed != day]
        if behind:
            # Said before the day is stored: it is not the newest, and nobody should take it for that.
            self._board.say(state=State.BACKFILLING, done=0, total=len(behind))
        self._patiently(lambda: self._ingestion.take(day, page))
        self._show_quarantine()
        if behind:
            self._fill(behind)

    def _recheck(self, newest: date) -> None:
        """Read the newest stored day again: the site may have restated it."""
        page = self._fetcher.ask(newest)
        self._patiently(lambda: self._ingestion.take(newest, page))
        self._show_quarantine()
        self._recheck_at = time.monotonic() + self._settings.recheck_seconds

    def _fill(self, days: Sequence[date]) -> None:
        """Ask for these days. One that cannot be read does not keep the others from being asked for."""
        with progress.bar(days) as shown:
            for done, day in enumerate(shown):
                self._show(State.BACKFILLING, done=done, total=len(days))
                self._fetch(day)
        self._show_quarantine()
        self._board.say(state=State.POLLING, done=len(days), total=len(days))

    def _fetch(self, day: date) -> None:
        try:
            page = self._fetcher.ask(day)
        except (SiteError, BrowserError) as error:
            self._schedule.put_off(day, self._settings.retry_seconds, str(error))
            if self._board.status.breaker is not Circuit.CLOSED:
                raise
        else:
            self._patiently(lambda: self._ingestion.take(day, page))
            self._damaged.discard(day)

    def _wanted(self) -> list[date]:
        """The sessions of the window that the site can have and that are to be asked for now, newest first.

        They are not stored, or damaged, or a later list of theirs is in quarantine; and they are not put off.
        """
        if self._fetcher.clock is None:
            return []
        today = self._fetcher.clock.today
        stored = set(self._patiently(self._store.dates)) - self._damaged - self._ingestion.quarantined
        first, last = self._first(today), today - timedelta(days=1)
        vanished = self._patiently(self._quarantine.vanished)
        # However short the backfill's window is.
        older = [day for day in vanished if today - SITE_KEEPS <= day < first and day not in stored]
        return self._schedule.due(chain(missing(stored, first, last), sorted(older, reverse=True)))

    def _restore(self) -> None:
        if self._restorer is not None:
            self._patiently(self._restorer.look)

    def _notice_vanished(self) -> None:
        """Take the days whose keys are gone out of the set of dates: then they are asked for like others."""
        if gone := self._store.vanished():
            log.error(
                "gone from the store: %s; asked for again, as far as HKEXnews still has them",
                ", ".join(map(str, gone)),
            )
            self._store.mend_dates()

    def _find_damaged(self, today: date) -> set[date]:
        """The stored days of the window that cannot be read: they are asked for again."""

        def read() -> set[date]:
            days = {day for day in self._store.dates() if day >= self._first(today)}
            return days - {holdings.day for holdings in self._store.get_many(days)[0]}

        return self._patiently(read)

    def _first(self, today: date) -> date:
        return today - timedelta(days=self._settings.backfill_days)

    def _read_names(self) -> None:
        dates = self._patiently(self._store.dates)
        if self._settings.chinese_names and dates:
            self._patiently(lambda: self._names.look(dates[-1]))

    def _show(self, state: State, **changes: Any) -> None:
        """Show what is being done. A site that was failing goes on to fail until it has answered."""
        failing = self._board.status.state is State.FAILING
        self._board.say(**changes, **({} if failing else {"state": state}))

    def _show_quarantine(self) -> None:
        held = tuple(sorted(self._ingestion.quarantined))
        if held != self._board.status.quarantined:
            self._board.say(quarantined=held)

    def _patiently(self, command: Callable[[], T]) -> T:
        """A command to the store, which may be away for a while: what was read is not read again for that."""
        answer = store_attempts(self._sleep, self._wait_for_store)(command)
        self.outage.is_over()
        return answer

    def _wait_for_store(self, error: StoreUnavailable) -> None:
        self._board.touch()
        self.outage.goes_on(error, WAITING)
