"""What becomes of an answer: it is stored, held in quarantine, or noted that there is no list."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from southbound.common.errors import BadHoldings, DamagedDay, NotOffered, OtherDate
from southbound.common.remark import remark, remark_of
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.page_parser import Page
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings, Ints
from southbound.market.origin import Origin
from southbound.scraping.schedule import Schedule
from southbound.scraping.validation import ListValidation, neighbours
from southbound.store.holdings_store import HoldingsStore

log = logging.getLogger(__name__)


class Ingestion:
    """Takes one answer after the other. Every method raises StoreUnavailable and StoreRefused.

    Args:
        store: where good days go.
        schedule: learns which sessions to leave out, for how long, and why.
        settings: validation's thresholds and the two pauses.
    """

    def __init__(self, store: HoldingsStore, schedule: Schedule, settings: ScraperSettings) -> None:
        self._store = store
        self._schedule = schedule
        self._quarantine = store.quarantine
        self._validation = ListValidation(
            settings.min_rows, settings.min_rows_percent, settings.min_common_percent
        )
        self._settings = settings
        self._lists: dict[date, Ints] = {}
        self.quarantined: set[date] = set()

    def recall(self, stored: Collection[date]) -> None:
        """Learn from the store what was noted before this process began.

        A day in quarantine is asked for again at once. A session without a list keeps its pause.
        """
        self._quarantine.index()
        self.quarantined = {held.day for held in self._quarantine.quarantined()}
        for day, asked in self._quarantine.no_list().items():
            age = (datetime.now(UTC) - asked).total_seconds()
            # A negative age is a clock that was wrong: the pause is not known, so the site is asked.
            if day not in stored and 0 <= age < self._settings.recheck_seconds:
                pause = self._settings.recheck_seconds - age
                self._schedule.put_off(day, pause, expected=False)

    def take(self, day: date, page: Page) -> None:
        """Take the answer to the request for a session."""
        with self._store.turn:
            self._take(day, page)

    def _take(self, day: date, page: Page) -> None:
        try:
            holdings = page.answer_for(day)
        except (NotOffered, OtherDate) as outcome:
            self._unlisted(day, page.site_today, outcome)
        except BadHoldings as error:
            self._hold_back(day, remark_of(error), None)
        else:
            self._judge(holdings)

    def take_newest(self, page: Page) -> None:
        """Take the list that a page shows without being asked. A weekend's label is no session."""
        if page.heading is not None and trading_calendar.is_session(page.heading):
            self.take(page.heading, page)

    def objection(self, holdings: DailyHoldings, stored: Sequence[date]) -> str | None:
        """Why a list must not be stored beside the stored dates, oldest first; None if it may be."""
        if not trading_calendar.is_session(holdings.day):
            return remark("no Hong Kong session")
        return self._validation.objection(holdings, self._around(holdings.day, stored))

    def stored(self, holdings: DailyHoldings) -> None:
        """A list was stored: others are measured by it, and it is not missing any more."""
        self._lists[holdings.day] = holdings.codes
        self.quarantined.discard(holdings.day)
        self._schedule.settled(holdings.day)

    def _judge(self, holdings: DailyHoldings) -> None:
        day = holdings.day
        if objection := self.objection(holdings, self._store.dates()):
            self._hold_back(day, objection, holdings)
            return
        held = self._held(day)
        if held is not None and held.rows() == holdings.rows():
            if day in self.quarantined:
                self._quarantine.release(day)
            log.info("%s is as it is stored", day)
        else:
            self._store.put(holdings, Origin(read_at=datetime.now(UTC)))
            log.info("%s %s: %d stocks", "stored" if held is None else "restated", day, len(holdings))
        self.stored(holdings)

    def _hold_back(self, day: date, reason: str, holdings: DailyHoldings | None) -> None:
        log.error("%s goes into quarantine: %s", day, reason)
        self._quarantine.quarantine(day, reason, holdings)
        self.quarantined.add(day)
        self._schedule.put_off(day, self._settings.retry_seconds)

    def _unlisted(self, day: date, site_today: date, outcome: Exception) -> None:
        if day in self.quarantined:
            self._schedule.put_off(day, self._settings.retry_seconds)
        # The newest session may only be late; one before it will hardly come any more.
        if day >= trading_calendar.before(site_today) or day in self._store.dates():
            return
        log.info("%s is left out: %s", day, outcome)
        self._quarantine.note_no_list(day)
        self._schedule.put_off(day, self._settings.recheck_seconds, expected=False)

    def _around(self, day: date, stored: Sequence[date]) -> Mapping[date, Ints]:
        """The stocks of the stored days around a day. Only those are kept in memory."""
        days = neighbours(stored, day)
        unknown = [other for other in days if other not in self._lists]
        read, _damaged = self._store.get_many(unknown)
        known = self._lists | {holdings.day: holdings.codes for holdings in read}
        self._lists = {other: known[other] for other in days if other in known}
        return dict(self._lists)

    def _held(self, day: date) -> DailyHoldings | None:
        """The day as it is stored; None if it is not, or not readable: then any list is better."""
        try:
            return self._store.get(day)
        except DamagedDay:
            return None
