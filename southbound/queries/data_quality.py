"""What is noted beside the days: which were restated, which are in quarantine, and which have no list."""

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from southbound.market import trading_calendar
from southbound.presentation import formatting
from southbound.store.holdings_store import HoldingsStore
from southbound.store.quarantine import Quarantined
from southbound.store.revisions import Revision
from southbound.store.scraper_status import ScraperStatus

KEPT_SECONDS = 2.0
"""How long what was read serves all pages."""

MOST_REVISIONS = 20


@dataclass(frozen=True, slots=True)
class Notes:
    """What is noted of the store.

    Attributes:
        revisions: the newest first.
        quarantined: the days in quarantine.
        no_list: when each session without a list was asked for.
        vanished: when it was noticed that a stored day was gone.
        warning: what the store may cost, see `Condition.warning`.
    """

    revisions: tuple[Revision, ...]
    quarantined: tuple[Quarantined, ...]
    no_list: Mapping[date, datetime]
    vanished: Mapping[date, datetime] = field(default_factory=dict)
    warning: str = ""


class DataQuality:
    """Reads the notes, at most every `KEPT_SECONDS`."""

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._notes = Notes((), (), {})

    def notes(self) -> Notes:
        """The notes.

        Raises:
            StoreUnavailable, StoreRefused: the store's part.
        """
        with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                quarantine = self._store.quarantine
                self._notes = Notes(
                    self._store.revisions.newest(MOST_REVISIONS),
                    tuple(quarantine.quarantined()),
                    quarantine.no_list(),
                    quarantine.vanished(),
                    self._store.condition().warning,
                )
                self._read_at = time.monotonic()
            return self._notes


def missing(
    stored: Sequence[date], damaged: Collection[date], notes: Notes, status: ScraperStatus | None
) -> dict[date, str]:
    """The sessions since the first stored one that are not there, newest first, and why.

    Args:
        stored: the days that are whole, oldest first; not empty.
        damaged: the stored ones that are not.
        notes: what is noted beside them.
        status: what the scraper says of itself.
    """
    quarantined = {note.day: note.reason for note in notes.quarantined}
    # The list of the site's own day cannot be out.
    until = max([stored[-1], *quarantined, *damaged])
    if status is not None and status.site_today is not None:
        until = max(until, trading_calendar.before(status.site_today))
    held = set(stored)
    return {
        day: _reason(day, damaged, quarantined, notes)
        for day in reversed(trading_calendar.between(min([stored[0], *notes.vanished]), until))
        if day not in held
    }


def _reason(day: date, damaged: Collection[date], quarantined: Mapping[date, str], notes: Notes) -> str:
    if day in damaged:
        return "What is stored is damaged; the scraper's next start reads it again."
    if day in quarantined:
        return f"In quarantine: {quarantined[day]}"
    gone = (
        f"It was stored and is gone, noticed {formatting.moment(notes.vanished[day])}. "
        if day in notes.vanished
        else ""
    )
    if day in notes.no_list:
        return f"{gone}HKEXnews has no list for it, asked {formatting.moment(notes.no_list[day])}."
    return f"{gone}It is asked for again." if gone else "Not read yet."
