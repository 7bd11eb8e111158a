"""Hong Kong days: sessions, public holidays, and the page's rule for which date comes back."""

import warnings
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import exchange_calendars
import holidays
from exchange_calendars import ExchangeCalendar
from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar

LAST = date(2040, 12, 31)
SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as the page labels it: the heading's date, and the session whose figures stand below it."""

    label: date
    session: date


@cache
def sessions() -> tuple[date, ...]:
    """Every session of the Hong Kong exchange from 2014 to 2040, half-days among them.

    The exchange's calendar is announced to the end of 2027; beyond that it is extrapolated.
    """
    return tuple(stamp.date() for stamp in _calendar("XHKG", LAST).sessions)


@cache
def half_days() -> frozenset[date]:
    """Sessions without an afternoon, on which nothing settles."""
    return frozenset(stamp.date() for stamp in _calendar("XHKG", LAST).early_closes)


@cache
def settling() -> dict[date, tuple[date, ...]]:
    """For each session, those whose trades settle on it: it is their second settlement day (T+2)."""
    settled: dict[date, tuple[date, ...]] = dict.fromkeys(sessions(), ())
    due: tuple[date, ...] = ()
    waiting: tuple[date, ...] = ()
    for session in sessions():
        if session in half_days():
            waiting += (session,)
        else:
            settled[session] = due
            due, waiting = waiting, (session,)
    return settled


@cache
def is_mainland_shut(day: date) -> bool:
    """Whether the mainland's exchanges are shut on a session of Hong Kong, so that nobody trades southbound.

    Past the year to which that is recorded, in the weeks of Labour Day and of the national day alone.
    """
    recorded_to = XSHGExchangeCalendar.bound_max().date()
    if day <= recorded_to:
        return not _calendar("XSHG", recorded_to).is_session(day.isoformat())
    return (day.month == 10 and day.day <= 7) or (day.month == 5 and day.day <= 3)


def sessions_after(day: date, count: int) -> tuple[date, ...]:
    """The `count` sessions that follow `day`.

    Raises:
        ValueError: the calendar ends (in 2040) before that many.
    """
    start = bisect_right(sessions(), day)
    following = sessions()[start : start + count]
    if len(following) < count:
        raise ValueError(f"sessions after {day}: got {count}, want at most {len(following)} (to 2040)")
    return following


def session_at_or_before(day: date) -> date:
    """The session that was the newest at the end of `day`.

    Raises:
        ValueError: `day` lies before the calendar's first session.
    """
    position = bisect_right(sessions(), day)
    if not position:
        raise ValueError(f"day: got {day}, want {sessions()[0]} or later")
    return sessions()[position - 1]


def is_session(day: date) -> bool:
    """Whether the exchange trades on that day."""
    position = bisect_left(sessions(), day)
    return position < len(sessions()) and sessions()[position] == day


def is_holiday(day: date) -> bool:
    """Whether the page treats the day as a public holiday.

    On a weekday the exchange decides, since it knows the typhoon days too. On a Saturday, when it never
    trades, the general holidays of the territory do (the Saturday after Good Friday is one).
    """
    if day.weekday() < SATURDAY:
        return not is_session(day)
    return day.weekday() == SATURDAY and day in _general_holidays()


def list_for(asked: date) -> Listing:
    """Which list the page gives for a day that it has figures for.

    A business day gives itself. A Saturday gives its own label with the figures of the session before it. A
    Sunday or a public holiday gives what the preceding day that is neither would give, so a Sunday shows a
    Saturday's label.
    """
    label = asked
    while label.weekday() == SUNDAY or is_holiday(label):
        label -= ONE_DAY
    return Listing(label, session_at_or_before(label))


def a_year_before(today: date) -> date:
    """The oldest day that the page accepts: twelve months back, the 28th for a 29th of February."""
    try:
        return today.replace(year=today.year - 1)
    except ValueError:
        return today.replace(year=today.year - 1, day=28)


def date_in_field(text: str) -> date | None:
    """The date that a field's text says, YYYY/MM/DD; None if it says none."""
    try:
        year, month, day = map(int, text.split("/"))
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _calendar(exchange: str, last: date) -> ExchangeCalendar:
    with warnings.catch_warnings():
        # exchange_calendars 4.13 still calls names that pandas 3.1 deprecates; nothing here can mend that.
        warnings.simplefilter("ignore", DeprecationWarning)
        return exchange_calendars.get_calendar(exchange, start="2014-01-01", end=last.isoformat())


@cache
def _general_holidays() -> holidays.HolidayBase:
    years = range(sessions()[0].year, sessions()[-1].year + 1)
    return holidays.country_holidays("HK", categories=("public", "optional"), years=years)
