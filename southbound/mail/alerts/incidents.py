"""What may go wrong: codes and values, as they are remembered in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from southbound.common.remark import Remark
from southbound.mail.alerts import wording
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
        values: what its words are filled in with, as texts; see `wording`.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def settles_seconds(self) -> float:
        """How long it must stand before it is reported."""
        return SETTLES_SECONDS.get(self.name, SETTLES_USUALLY_SECONDS)

    @property
    def headline(self) -> str:
        """For the subject."""
        return wording.words(self.name, self.values).headline

    @property
    def sentence(self) -> str:
        """What happened, and what can be done."""
        return wording.words(self.name, self.values).sentence


def in_quarantine(held: Quarantined) -> Incident:
    """A list that did not pass validation."""
    return Incident(f"{QUARANTINE}{held.day}", {"day": str(held.day), **_told("reason", held.reason)})


def _told(name: str, said: str) -> dict[str, str]:
    return {name: said} | ({"remark": said.as_json()} if isinstance(said, Remark) else {})


def silent(status: ScraperStatus, heartbeat: datetime) -> Incident:
    """No sign of life since `heartbeat`."""
    stopped = "yes" if status.state is State.STOPPED else ""
    return Incident(SILENT, {"heartbeat": heartbeat.isoformat(), "stopped": stopped})


def site_fails(status: ScraperStatus) -> Incident:
    """No usable answer."""
    return Incident(SITE_FAILS, _told("said", status.last_error))


def site_changed(status: ScraperStatus) -> Incident:
    """The page is not the one that we know."""
    return Incident(SITE_CHANGED, _told("said", status.last_error))


def no_new_day(due: date, dates: Sequence[date]) -> Incident:
    """The list of a session is late."""
    return Incident(NO_NEW_DAY, {"day": str(due), "newest": str(dates[-1]) if dates else ""})
