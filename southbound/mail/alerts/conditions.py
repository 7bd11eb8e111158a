"""What is wrong, and what is no longer, by what the store says.

Three answers for each kind of incident: it stands, it is over, or nothing is known: a scraper that has just
been started does not know yet whether the site still fails.

The days of the site's own clock count. Only the time of day is the local clock's, and the local day where it
was the site's at its last answer: recorded days are months old.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from southbound.common.errors import SiteChanged
from southbound.mail.alerts.incidents import (
    NO_NEW_DAY,
    QUARANTINE,
    SILENT,
    SITE_CHANGED,
    SITE_FAILS,
    Incident,
    in_quarantine,
    no_new_day,
    silent,
    site_changed,
    site_fails,
)
from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG
from southbound.store.quarantine import Quarantined
from southbound.store.scraper_status import ScraperStatus, State

SILENT_SECONDS = 900.0
DUE = time(12)
"""In Hong Kong, on the day after a session: its list appears between 01:00 and 08:30."""

MIDNIGHT = timedelta(minutes=30)
"""By so much one of two clocks that agree may already, or still, show another day."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What stands, and the names of what is over; of any other incident nothing is known now."""

    standing: tuple[Incident, ...]
    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store says at a moment.

    Attributes:
        status: of the scraper; None if there never was one.
        dates: the stored ones, oldest first.
        quarantined: the days in quarantine.
        without_list: the sessions that the site has no list for.
        remembered: the names of incidents that stood before.
        polls: whether a scraper is meant to run all the time.
    """

    status: ScraperStatus | None
    dates: Sequence[date]
    quarantined: Sequence[Quarantined]
    without_list: Collection[date] = ()
    remembered: Iterable[str] = ()
    polls: bool = True


def judge(seen: Seen, now: datetime) -> Judgement:
    """Which incidents there are at the moment `now`, which has a zone."""
    standing = [in_quarantine(held) for held in seen.quarantined]
    held = {incident.name for incident in standing}
    over = {name for name in seen.remembered if name.startswith(QUARANTINE) and name not in held}
    status = seen.status
    if status is None:
        return Judgement(tuple(standing), frozenset(over))
    if seen.polls and status.heartbeat is not None:
        if (now - status.heartbeat).total_seconds() >= SILENT_SECONDS:
            standing.append(silent(status, status.heartbeat))
        else:
            over.add(SILENT)
    if status.is_fresh(now):
        if status.state is State.FAILING:
            changed = status.trouble == SiteChanged.__name__
            standing.append(site_changed(status) if changed else site_fails(status))
        elif status.last_success is not None and not status.last_error:
            over |= {SITE_FAILS, SITE_CHANGED}
        due = _due(status, now, seen.without_list)
        if due is not None and (not seen.dates or seen.dates[-1] < due):
            standing.append(no_new_day(due, seen.dates))
        elif due is not None:
            over.add(NO_NEW_DAY)
    return Judgement(tuple(standing), frozenset(over))


def _due(status: ScraperStatus, now: datetime, without_list: Collection[date]) -> date | None:
    """The newest session whose list should be there; None if the site's clock is not known."""
    if status.site_today is None or status.last_success is None:
        return None
    there = now.astimezone(HONG_KONG)
    answered = status.last_success.astimezone(HONG_KONG)
    if not (answered - MIDNIGHT).date() <= status.site_today <= (answered + MIDNIGHT).date():
        there = datetime.combine(status.site_today, there.time(), HONG_KONG)
    last_over = there.date() if there.time() >= DUE else there.date() - timedelta(days=1)
    try:
        due = trading_calendar.before(last_over)
        while due in without_list:
            due = trading_calendar.before(due)
    except ValueError:
        return None  # a day that no calendar reaches
    return due
