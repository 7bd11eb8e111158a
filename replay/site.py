"""The site: which day it is there, what is published, what is wrong, and so which page it shows."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from threading import RLock
from typing import Literal

from starlette.applications import Starlette

from replay.answering import application
from replay.archive import Archive
from replay.calendar import ONE_DAY, Listing, a_year_before, date_in_field, list_for
from replay.faults import Fault, Switches
from replay.figures import Day
from replay.journal import Journal, Request, smallest_gap
from replay.official_site import OfficialSite
from replay.page import View, page
from replay.wording import INVALID_DATE, Generation, Language


class ReplaySite:
    """The state of the page; it may be changed from any thread while it is being served.

    Args:
        today: what the page calls today.
        invented: how many made-up sessions follow the recorded ones, the last of which is 2026-02-27.
        seed: of the made-up days.
        generation: of the form.
        latency: seconds before each answer.

    Attributes:
        archive: the figures.
        official: the files of the exchange and the regulator, beside the page and on its day.
        switches: the faults.
        journal: the requests.
        hold_back: whether the newest session before today is not published yet (the night has not passed).
        plain_get: what a page that nobody searched shows; it is not known which of the two the real one does.
            Either the newest session, or what yesterday would give: on a Monday that is Saturday's label.
    """

    def __init__(
        self,
        *,
        today: date = date(2026, 2, 28),
        invented: int = 0,
        seed: int = 1,
        generation: Generation = "current",
        latency: float = 0.0,
    ) -> None:
        self.archive = Archive(seed, invented)
        self.official = OfficialSite(self.archive, seed, self._day_there)
        self.switches = Switches(Fault)
        self.journal = Journal()
        self.generation: Generation = generation
        self.latency = latency
        self.hold_back = False
        self.plain_get: Literal["newest", "yesterday"] = "newest"
        self._lock = RLock()
        self.today = today

    @property
    def today(self) -> date:
        """What the page calls today. Published is every session before it, but for `hold_back`."""
        return self._today

    @today.setter
    def today(self, today: date) -> None:
        first = self.archive.sessions[0]
        if today <= first:
            raise ValueError(f"today: got {today}, want a day after {first}, the first with figures")
        self._today = today

    def _day_there(self) -> date:
        return self._today

    def move_on(self) -> date:
        """Let the next session appear, and return it; today becomes the day after it.

        A session that was held back is the next one: it appears, and today stays.

        Raises:
            LookupError: there are no figures beyond today; ask for more invented sessions.
        """
        with self._lock:
            published = len(self.published())
            if published == len(self.archive.sessions):
                raise LookupError(f"move_on: no session has figures after {self.archive.sessions[-1]}")
            appeared = self.archive.sessions[published]
            self.hold_back = False
            self.today = max(self.today, appeared + ONE_DAY)
            return appeared

    def published(self) -> tuple[date, ...]:
        """Every session before today that can be out, ascending, however old."""
        with self._lock:
            end = bisect_left(self.archive.sessions, self.today)
            return self.archive.sessions[: max(end - 1, 0) if self.hold_back else end]

    def days_offered(self, first: date, last: date) -> list[date]:
        """The sessions from `first` to `last`, both included, that the page gives figures for today."""
        oldest = max(first, a_year_before(self.today))
        return [day for day in self.published() if oldest <= day <= last]

    def truth(self, day: date) -> Day:
        """The figures of a session as last restated, published or not. Raises LookupError for other days."""
        return self.archive.truth(day)

    def restate(self, day: Day) -> None:
        """From now on show these figures for their date. Raises LookupError where there were none."""
        self.archive.restate(day)

    def switch_on(self, fault: Fault, times: int | None = None) -> None:
        """Spoil the next `times` answers, or all of them. Raises ValueError for less than one."""
        self.switches.switch_on(fault, times)

    def clear(self, fault: Fault | None = None) -> None:
        """Switch off one fault, or all, those of the files too; an answer that hangs for it is given."""
        self.switches.clear(fault)
        if fault is None:
            self.official.clear()

    @property
    def requests(self) -> Sequence[Request]:
        """Every request for a page that was answered or given up, in the order in which that happened."""
        return self.journal.requests

    @property
    def most_at_once(self) -> int:
        """The most requests that were being answered at one time."""
        return self.journal.most_at_once

    @property
    def smallest_gap(self) -> float | None:
        """Seconds between one request and the next, the least of them; see `journal.smallest_gap`."""
        return smallest_gap(self.requests)

    @cached_property
    def app(self) -> Starlette:
        """The pages and their control, to be served or to be mounted beside others."""
        return application(self)

    def page(self, language: Language, searched: str | None, faults: Collection[Fault] = ()) -> bytes:
        """The page for what stood in the date field when the button was pressed, or None: it was not."""
        with self._lock:
            generation, today = self.generation, self.today
            listing = self._newest() if searched is None else self._found(searched, faults)
        unlisted = listing is None or Fault.NO_PANEL in faults
        view = View(
            language,
            generation,
            today,
            echoed=searched if searched is not None else f"{listing.label if listing else today:%Y/%m/%d}",
            label=None if listing is None or unlisted else listing.label,
            alert=INVALID_DATE if listing is None or Fault.ALERT in faults else "",
            banner=Fault.BANNER in faults,
        )
        if listing is None or unlisted:
            return page(view)
        return page(view, self.archive.markup(listing.session, language, generation, faults))

    def _newest(self) -> Listing | None:
        published = self.published()
        if not published:
            return None
        yesterday = list_for(self.today - ONE_DAY)
        shown = self.plain_get == "yesterday" and yesterday.session == published[-1]
        return yesterday if shown else Listing(published[-1], published[-1])

    def _found(self, searched: str, faults: Collection[Fault]) -> Listing | None:
        """The list for a date in the field; None where the page answers with its alert."""
        asked = date_in_field(searched)
        published = self.published()
        if asked is None or not published or asked < max(a_year_before(self.today), published[0]):
            return None
        listing = list_for(asked)
        if asked < self.today and listing.session <= published[-1]:
            return listing
        # One client saw the previous day's list where others saw the alert.
        return Listing(published[-1], published[-1]) if Fault.PREVIOUS_DAY in faults else None
