"""The exchange's and the regulator's files as a site has them: what is out, what is wrong, what was asked."""

import gzip
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus
from itertools import pairwise
from threading import Lock

from replay.archive import Archive
from replay.calendar import is_mainland_shut, is_session
from replay.faults import Switches
from replay.file_faults import FILE_STATUS, FileFault, Source
from replay.official import OfficialFiles
from replay.page import maintenance
from replay.quotations import no_trading_page
from replay.spoiling import Answer, error_page

KEPT = timedelta(days=31)
"""How long the daily quotations are there."""
OUT_AFTER = timedelta(days=7)
"""Short positions are published on the Friday after."""
PATHS = {
    Source.QUOTATIONS: "dayquot/(?:d{0:%y%m%d}e|GEM/e_G{0:%y%m%d})\\.htm",
    Source.TURNOVER: "DailyStat/data_tab_daily_{0:%Y%m%d}e\\.js",
    Source.SHORT_POSITIONS: "spr/{0:%Y/%m/%d}/Short_Position_Reporting_Aggregated_Data_{0:%Y%m%d}\\.csv",
}
"""Below the address of the server, as below the real ones."""
HTML, JAVASCRIPT, CSV = "text/html", "application/javascript", "text/csv"


@dataclass(slots=True)
class FileRequest:
    """One request for a file; `began` and `ended` are seconds on the monotonic clock, `sent` counts bytes.

    Attributes:
        agent: what the client says it is.
    """

    source: Source
    path: str
    began: float
    ended: float = 0.0
    agent: str = ""
    status: int | None = None
    sent: int = 0


class OfficialSite:
    """The state of the files; it may be changed from any thread while they are being served.

    Args:
        archive: the holdings that the figures fit.
        seed: of what is made up.
        today: the day there.

    Attributes:
        files: the figures.
        switches: the faults of each source.
        requests: those that were answered or given up, in the order in which that happened.
        most_at_once: the most that were being answered at one time.
        evening: whether the files of today are out; it is before 20:00 where they are not.
        holiday_page: whether a day without trading has a page that says so in place of its quotations; else
            nothing (404).
        shut_file: whether there are statistics of a day on which both channels were shut; else nothing.
        page_for_none: whether a page stands in place of statistics and short positions that are not there,
            with status 200; else nothing.
        mangled: whether a spreadsheet has gone over the short positions.
        typhoons: sessions on which the exchange did not trade after all.
    """

    def __init__(self, archive: Archive, seed: int, today: Callable[[], date]) -> None:
        self.files = OfficialFiles(archive, seed)
        self.switches = {source: Switches(FileFault) for source in Source}
        self.requests: list[FileRequest] = []
        self.most_at_once = 0
        self.evening = False
        self.holiday_page = True
        self.shut_file = True
        self.page_for_none = False
        self.mangled = False
        self.typhoons: set[date] = set()
        self._today = today
        self._at_once = 0
        self._lock = Lock()

    def switch_on(self, source: Source, fault: FileFault, times: int | None = None) -> None:
        """Spoil the next `times` answers of a source, or all of them. Raises ValueError for less than one."""
        self.switches[source].switch_on(fault, times)

    def clear(self, source: Source | None = None, fault: FileFault | None = None) -> None:
        """Switch off a fault, or all, of a source, or of all."""
        for each in Source if source is None else (source,):
            self.switches[each].clear(fault)

    @property
    def smallest_gap(self) -> float | None:
        """Seconds from the end of one request to the beginning of the next; negative when two overlap."""
        ordered = sorted(self.requests, key=lambda request: request.began)
        return min((later.began - earlier.ended for earlier, later in pairwise(ordered)), default=None)

    @contextmanager
    def entry(self, source: Source, path: str, agent: str = "") -> Iterator[FileRequest]:
        """Counts a request as long as it is being answered, then records it."""
        request = FileRequest(source, path, time.perf_counter(), agent=agent)
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield request
        finally:
            request.ended = time.perf_counter()
            with self._lock:
                self._at_once -= 1
                self.requests.append(request)

    def out(self, source: Source) -> Sequence[date]:
        """The days of which a source has a file with figures now, ascending."""
        dates = self.files.weeks() if source is Source.SHORT_POSITIONS else self.files.days.dates
        return [day for day in dates if self._is_out(source, day) and not self._is_shut(source, day)]

    def _is_out(self, source: Source, day: date) -> bool:
        today = self._today()
        since = OUT_AFTER if source is Source.SHORT_POSITIONS else timedelta()
        if source is Source.QUOTATIONS and day < today - KEPT:
            return False
        return day + since < today + timedelta(days=int(self.evening))

    @staticmethod
    def _is_shut(source: Source, day: date) -> bool:
        return source is Source.TURNOVER and is_mainland_shut(day)

    def answer(self, source: Source, path: str, faults: Collection[FileFault]) -> Answer:
        """What stands under a path, spoiled by the faults."""
        for fault, status in FILE_STATUS.items():
            if fault in faults:
                return error_page(status)
        if FileFault.ELSEWHERE in faults:
            return replace(error_page(HTTPStatus.FOUND), headers={"location": "https://example.org/"})
        if FileFault.MAINTENANCE in faults:
            return Answer(HTTPStatus.OK, maintenance())
        answer = self._file(source, path, faults)
        if FileFault.PACKED in faults:
            return replace(answer, body=gzip.compress(answer.body, 1), headers={"content-encoding": "gzip"})
        return answer

    def _file(self, source: Source, path: str, faults: Collection[FileFault]) -> Answer:
        day = _day(source, path)
        if day is None:
            return error_page(HTTPStatus.NOT_FOUND)
        if source is Source.QUOTATIONS:
            return self._quotations(day, faults, gem="GEM" in path)
        return self._small_file(source, day, faults)

    def _quotations(self, day: date, faults: Collection[FileFault], *, gem: bool) -> Answer:
        if day in self.typhoons:
            return Answer(HTTPStatus.OK, no_trading_page(), HTML)
        if day in self.out(Source.QUOTATIONS):
            return Answer(HTTPStatus.OK, self.files.quotations(day, faults, gem=gem), HTML)
        if self.holiday_page and not is_session(day) and self._is_out(Source.QUOTATIONS, day):
            return Answer(HTTPStatus.OK, no_trading_page(), HTML)
        return error_page(HTTPStatus.NOT_FOUND)

    def _small_file(self, source: Source, day: date, faults: Collection[FileFault]) -> Answer:
        if day in self.out(source) or (self.shut_file and self._is_shut_day_out(source, day)):
            if source is Source.TURNOVER:
                return Answer(HTTPStatus.OK, self.files.statistics(day, faults), JAVASCRIPT)
            return Answer(HTTPStatus.OK, self.files.short_positions(day, faults, mangled=self.mangled), CSV)
        if self.page_for_none:
            return Answer(HTTPStatus.OK, maintenance())
        return error_page(HTTPStatus.NOT_FOUND)

    def _is_shut_day_out(self, source: Source, day: date) -> bool:
        return self._is_shut(source, day) and day in self.files.days.dates and self._is_out(source, day)


def _day(source: Source, path: str) -> date | None:
    """The day whose file stands under a path; None if that is no path of the source's."""
    digits = re.search(r"(\d{6,8})e?\.\w+$", path)
    if not digits:
        return None
    text = digits[1] if len(digits[1]) == 8 else f"20{digits[1]}"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if re.fullmatch(PATHS[source].format(day), path) else None
