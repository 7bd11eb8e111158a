"""How fresh the figures are, in a badge of a few words and a sentence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from southbound.common.errors import StoreRefused, Unexpected
from southbound.presentation import formatting
from southbound.queries.store_watcher import StoreSnapshot
from southbound.store.scraper_status import Circuit, ScraperStatus, State


@dataclass(frozen=True, slots=True)
class Badge:
    """A word or two that tell at a glance, and a sentence that tells what to expect."""

    label: str
    colour: Literal["green", "blue", "orange", "red", "gray"]
    sentence: str


def badge(snapshot: StoreSnapshot, now: datetime) -> Badge:
    """What the store and the scraper are doing at the moment `now`."""
    if isinstance(snapshot.trouble, StoreRefused):
        return Badge("store refuses us", "red", "Its user, password or rights must be set in REDIS_URL.")
    if isinstance(snapshot.trouble, Unexpected):
        return Badge(
            "error", "red", "This dashboard has met an error of its own, and tries again every second."
        )
    if snapshot.trouble is not None:
        return Badge("store down", "red", "Trying again every second; the page catches up by itself.")
    if snapshot.status is None:
        return Badge("no scraper yet", "gray", "No scraper has reported to this store.")
    return _alive(snapshot.status) if snapshot.status.is_fresh(now) else _gone(snapshot.status)


def _gone(status: ScraperStatus) -> Badge:
    if status.state is State.STOPPED:
        return Badge(
            f"scraper stopped{_since(status.heartbeat)}", "orange", "No new dates until it is started again."
        )
    return Badge(
        f"scraper silent{_since(status.heartbeat)}", "orange", "New dates may be missing: look at its log."
    )


def _alive(status: ScraperStatus) -> Badge:
    # The site may be left alone in any state; the next try tells when that ends.
    if status.breaker is Circuit.OPEN:
        until = f" until {formatting.moment(status.next_try)}" if status.next_try else ""
        return Badge(f"HKEXnews left alone{until}", "orange", _reason("It failed again and again", status))
    match status.state:
        case State.STARTING:
            shown = Badge("starting", "blue", "The scraper is opening the HKEXnews page.")
        case State.BACKFILLING:
            shown = Badge(
                f"backfilling {status.done} of {status.total}",
                "blue",
                "Each day appears here once it is read.",
            )
        case State.WAITING if status.asks_site:
            shown = Badge(_waiting(status), "green", _looked(status))
        case State.WAITING:
            shown = Badge("reads files", "green", "HKEXnews is not asked: its pages are read from a folder.")
        case State.FAILING:
            label = f"stale{_since(status.last_success)}" if status.last_success else "failing"
            shown = Badge(label, "red", _reason("The scraper tries again by itself", status))
        case _:
            shown = Badge("live", "green", _looked(status))
    return shown


def _waiting(status: ScraperStatus) -> str:
    return f"waiting for {formatting.day(status.next_session)}" if status.next_session else "waiting"


def _looked(status: ScraperStatus) -> str:
    return f"HKEXnews last answered {formatting.moment(status.last_success)}." if status.last_success else ""


def _reason(sentence: str, status: ScraperStatus) -> str:
    return f"{sentence}: {status.last_error}" if status.last_error else f"{sentence}."


def _since(when: datetime | None) -> str:
    return f" since {formatting.moment(when)}" if when else ""
