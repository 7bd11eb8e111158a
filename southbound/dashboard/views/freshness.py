"""How fresh the figures are, in a badge of a few words and a sentence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from southbound.common.errors import StoreRefused, Unexpected
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, translated
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
        return Badge(
            gettext("store refuses us"),
            "red",
            gettext("Its user, password or rights must be set in REDIS_URL."),
        )
    if isinstance(snapshot.trouble, Unexpected):
        return Badge(
            gettext("error"),
            "red",
            gettext("This dashboard has met an error of its own, and tries again every second."),
        )
    if snapshot.trouble is not None:
        return Badge(
            gettext("store down"),
            "red",
            gettext("Trying again every second; the page catches up by itself."),
        )
    if snapshot.status is None:
        return Badge(gettext("no scraper yet"), "gray", gettext("No scraper has reported to this store."))
    return _alive(snapshot.status) if snapshot.status.is_fresh(now) else _gone(snapshot.status)


def _gone(status: ScraperStatus) -> Badge:
    heard = formatting.moment(status.heartbeat) if status.heartbeat else ""
    if status.state is State.STOPPED:
        label = (
            gettext("scraper stopped since {moment}", moment=heard) if heard else gettext("scraper stopped")
        )
        return Badge(label, "orange", gettext("No new dates until it is started again."))
    label = gettext("scraper silent since {moment}", moment=heard) if heard else gettext("scraper silent")
    return Badge(label, "orange", gettext("New dates may be missing: look at its log."))


def _alive(status: ScraperStatus) -> Badge:
    # The site may be left alone in any state; the next try tells when that ends.
    if status.breaker is Circuit.OPEN:
        label = (
            gettext("HKEXnews left alone until {moment}", moment=formatting.moment(status.next_try))
            if status.next_try
            else gettext("HKEXnews left alone")
        )
        return Badge(label, "orange", _left_alone(status.last_error))
    match status.state:
        case State.STARTING:
            shown = Badge(gettext("starting"), "blue", gettext("The scraper is opening the HKEXnews page."))
        case State.BACKFILLING:
            shown = Badge(
                gettext("backfilling {done} of {total}", done=status.done, total=status.total),
                "blue",
                gettext("Each day appears here once it is read."),
            )
        case State.WAITING if status.asks_site:
            shown = Badge(_waiting(status), "green", _looked(status))
        case State.WAITING:
            shown = Badge(
                gettext("reads files"),
                "green",
                gettext("HKEXnews is not asked: its pages are read from a folder."),
            )
        case State.FAILING:
            label = (
                gettext("stale since {moment}", moment=formatting.moment(status.last_success))
                if status.last_success
                else gettext("failing")
            )
            shown = Badge(label, "red", _tries(status.last_error))
        case _:
            shown = Badge(gettext("live"), "green", _looked(status))
    return shown


def _waiting(status: ScraperStatus) -> str:
    if status.next_session is None:
        return gettext("waiting")
    return gettext("waiting for {day}", day=formatting.day(status.next_session))


def _looked(status: ScraperStatus) -> str:
    if status.last_success is None:
        return ""
    return gettext("HKEXnews last answered {moment}.", moment=formatting.moment(status.last_success))


def _left_alone(trouble: str) -> str:
    if not trouble:
        return gettext("It failed again and again.")
    return gettext("It failed again and again: {trouble}", trouble=translated(trouble))


def _tries(trouble: str) -> str:
    if not trouble:
        return gettext("The scraper tries again by itself.")
    return gettext("The scraper tries again by itself: {trouble}", trouble=translated(trouble))
