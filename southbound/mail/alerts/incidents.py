"""What may go wrong, in the operator's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from southbound.market.trading_calendar import HONG_KONG
from southbound.presentation import formatting
from southbound.store.quarantine import Quarantined
from southbound.store.scraper_status import ScraperStatus, State

SITE_FAILS, SITE_CHANGED = "the site fails", "the site changed"
SILENT, NO_NEW_DAY = "the scraper is silent", "no new day"
QUARANTINE = "in quarantine: "

SETTLES_SECONDS: Mapping[str, float] = {SITE_FAILS: 600.0}
"""How long an incident must stand before it is reported. A failing site is tried again first."""

SETTLES_USUALLY_SECONDS = 60.0
"""A machine that was asleep sees the scraper silent for a moment."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that the operator should know.

    Attributes:
        name: the same as long as it stands.
        headline: for the subject.
        sentence: what happened, and what can be done.
    """

    name: str
    headline: str
    sentence: str

    @property
    def settles_seconds(self) -> float:
        """How long it must stand before it is reported."""
        return SETTLES_SECONDS.get(self.name, SETTLES_USUALLY_SECONDS)


def in_quarantine(held: Quarantined) -> Incident:
    """A list that did not pass validation."""
    return Incident(
        f"{QUARANTINE}{held.day}",
        f"the list of {formatting.day(held.day)} is in quarantine",
        f"The list of {formatting.day(held.day)} did not pass the gate: {held.reason}. It is read again by "
        "itself. If the site is right, lower the threshold in config.ini.",
    )


def silent(status: ScraperStatus, heartbeat: datetime) -> Incident:
    """No sign of life since `heartbeat`."""
    what = "was stopped" if status.state is State.STOPPED else "was last heard of"
    return Incident(
        SILENT,
        "the scraper is silent",
        f"The scraper {what} at {at(heartbeat)}. No new day will come until it runs again: see scraper.log.",
    )


def site_fails(status: ScraperStatus) -> Incident:
    """No usable answer."""
    return Incident(
        SITE_FAILS,
        "HKEXnews cannot be read",
        "The scraper cannot read HKEXnews: the site refuses us or is away, or Chromium fails. "
        f"It says: {status.last_error or 'nothing'}. It goes on trying, ever more slowly.",
    )


def site_changed(status: ScraperStatus) -> Incident:
    """The page is not the one that we know."""
    return Incident(
        SITE_CHANGED,
        "the HKEXnews page has changed",
        f"The page is not as it was: {status.last_error}. Nothing wrong is stored, and nothing new either: "
        "southbound/hkexnews/page_parser.py must follow. The scraper tries again every few minutes.",
    )


def no_new_day(due: date, dates: Sequence[date]) -> Incident:
    """The list of a session is late."""
    newest = f"The newest stored day is {formatting.day(dates[-1])}." if dates else "No day is stored."
    return Incident(
        NO_NEW_DAY,
        f"no list of {formatting.day(due)} yet",
        f"The list of {formatting.day(due)} should have been there by noon. {newest} "
        "A day on which a typhoon closed the market has none.",
    )


def at(moment: datetime) -> str:
    """A moment as the operator reads it."""
    local = moment.astimezone(HONG_KONG)
    return f"{local:%H:%M} on {formatting.day(local.date())} (Hong Kong time)"
