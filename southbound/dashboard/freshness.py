"""How fresh the figures are, in a badge of a few words and a sentence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from southbound import wording
from southbound.dashboard.feed import Sight
from southbound.errors import StoreRefused
from southbound.status import ScraperStatus, State

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@dataclass(frozen=True, slots=True)
class Badge:
    """A word or two that tell at a glance, and a sentence that tells what to expect."""

    label: str
    colour: Literal["green", "blue", "orange", "red", "gray"]
    sentence: str


def badge(sight: Sight, now: datetime) -> Badge:
    """What the store and the scraper are doing at the moment `now`."""
    if isinstance(sight.trouble, StoreRefused):
        return Badge("store refuses us", "red", "Its user, password or rights must be set in REDIS_URL.")
    if sight.trouble is not None:
        return Badge("store down", "red", "Trying again every second; the page catches up by itself.")
    if sight.status is None:
        return Badge("no scraper yet", "gray", "No scraper has reported to this store.")
    return _alive(sight.status) if sight.status.is_fresh(now) else _gone(sight.status)


def _gone(status: ScraperStatus) -> Badge:
    if status.state is State.STOPPED:
        return Badge(
            f"scraper stopped{_since(status.heartbeat)}", "orange", "No new dates until it is started again."
        )
    return Badge(
        f"scraper silent{_since(status.heartbeat)}", "orange", "New dates may be missing: look at its log."
    )


def _alive(status: ScraperStatus) -> Badge:
    match status.state:
        case State.STARTING:
            return Badge("starting", "blue", "The scraper is opening the HKEXnews page.")
        case State.BACKFILLING:
            return Badge(
                f"backfilling {status.done} of {status.total}",
                "blue",
                "Each day appears here once it is read.",
            )
        case State.WAITING:
            return Badge(_waiting(status), "green", _looked(status))
        case State.FAILING:
            return Badge("failing", "red", f"The scraper tries again by itself: {status.last_error}")
        case _:
            return Badge("live", "green", _looked(status))


def _waiting(status: ScraperStatus) -> str:
    return f"waiting for {wording.day(status.next_session)}" if status.next_session else "waiting"


def _looked(status: ScraperStatus) -> str:
    return f"HKEXnews last answered{_at(status.last_success)}." if status.last_success else ""


def _since(moment: datetime | None) -> str:
    return f" since{_at(moment)}" if moment else ""


def _at(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(HONG_KONG)
    return f" {local.day} {local:%b %H:%M} HKT"
