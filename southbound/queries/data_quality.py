"""What is noted beside the days: which were restated, which are in quarantine, and which are missing."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter

from cachetools import TTLCache, cachedmethod

from southbound.market import trading_calendar
from southbound.market.missing_sessions import MissingSession, SessionNotes, missing_sessions
from southbound.store.folder_status import FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantined
from southbound.store.revisions import Revision
from southbound.store.scraper_status import ScraperStatus, SourceStatus

KEPT_SECONDS = 2.0
"""How long what was read serves all pages."""

MOST_REVISIONS = 20


@dataclass(frozen=True, slots=True)
class Notes:
    """What is noted of the store.

    Attributes:
        revisions: the newest first.
        quarantined: the days in quarantine.
        sessions: what is noted of the sessions that are not stored.
        warning: what the store may cost, see `Condition.warning`.
    """

    revisions: tuple[Revision, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    sessions: SessionNotes = field(default_factory=SessionNotes)
    warning: str = ""


class DataQuality:
    """Reads the notes, at most every `KEPT_SECONDS`."""

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._remembered = TTLCache[object, Notes](1, KEPT_SECONDS)
        self._asked = threading.Condition()

    @cachedmethod(attrgetter("_remembered"), condition=attrgetter("_asked"))
    def notes(self) -> Notes:
        """The notes.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        quarantined = tuple(self._store.quarantine.quarantined())
        return Notes(
            self._store.revisions.newest(MOST_REVISIONS),
            quarantined,
            self._store.quarantine.notes(quarantined),
            self._store.condition().warning,
        )


SOURCES = ("prices", "turnover", "short_positions")
"""What is read beside the holdings, by the names that the status has."""


def sources(status: ScraperStatus | None) -> tuple[tuple[str, SourceStatus], ...]:
    """The sources that are switched on, by name, and what the scraper says of each."""
    told = ((name, getattr(status, name, None)) for name in SOURCES)
    return tuple((name, source) for name, source in told if source is not None)


FOLDERS = ("price_files", "import_files")
"""What people put files into, by the names that the status has."""


def folders(status: ScraperStatus | None) -> tuple[tuple[str, FolderStatus], ...]:
    """The folders that there are, by name, and what the scraper says of each."""
    told = ((name, getattr(status, name, None)) for name in FOLDERS)
    return tuple((name, folder) for name, folder in told if folder is not None)


def missing(
    stored: Sequence[date], damaged: Collection[date], notes: SessionNotes, status: ScraperStatus | None
) -> tuple[MissingSession, ...]:
    """The sessions since the first stored one that are not there, newest first, and why.

    Args:
        stored: the days that are whole, oldest first; not empty.
        damaged: the stored ones that are not.
        notes: what is noted beside them.
        status: what the scraper says of itself.
    """
    # The list of the site's own day cannot be out.
    until = max([stored[-1], *notes.quarantined, *damaged])
    if status is not None and status.site_today is not None:
        until = max(until, trading_calendar.before(status.site_today))
    sessions = trading_calendar.between(min([stored[0], *notes.vanished]), until)
    return missing_sessions(reversed(sessions), stored, replace(notes, damaged=damaged))
