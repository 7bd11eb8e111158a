"""Hong Kong trading sessions: the days that have holdings, and the only unit that windows are counted in.

From exchange_calendars (XHKG, and XSHG for the mainland), as recorded from one release of it. Another release
that is installed is asked itself: that costs each process 0.9 s and the 45 MB of pandas. Its default range
depends on the day it is asked; ours does not, so that recorded figures and figures years from now are read
alike. Typhoon closures that are announced on the day are known to it only after its next release.
`southbound.market.settlement` says what settles when. Pure.
"""

import warnings
from datetime import date
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from southbound.market import recorded_sessions

HONG_KONG = ZoneInfo("Asia/Hong_Kong")

FIRST, LAST = date(2014, 1, 1), date(2040, 12, 31)
"""Of the dates that figures may have. Southbound trading began in November 2014."""

BEGIN, END = date(2012, 1, 1), date(2042, 12, 31)
"""Of the calendar: what is counted from any of those dates is in it. Past its own holiday table it computes
lunar dates."""

_MAKING = Lock()
"""Held by the thread that makes the calendar: what is silenced meanwhile is so in the whole process."""

Days = npt.NDArray[np.datetime64]


class Calendar(NamedTuple):
    """Days from `BEGIN` to `END`, each array ascending.

    Attributes:
        sessions: of Hong Kong, half-days among them.
        settlement_days: all of them but the half-days, which are the eves of Christmas, New Year and Lunar
            New Year, with trading in the morning alone.
        mainland: the sessions of Shanghai; Shenzhen has the same. Holidays are set there a year ahead.
        mainland_end: the last day for which they are recorded. Nothing is known of the days after it.
    """

    sessions: Days
    settlement_days: Days
    mainland: Days
    mainland_end: date


@cache
def calendar() -> Calendar:
    """The calendar, made once."""
    with _MAKING:
        return _calendar()


@cache
def _calendar() -> Calendar:
    is_recorded = version("exchange_calendars") == recorded_sessions.RELEASE
    return recorded_calendar() if is_recorded else computed_calendar()


def recorded_calendar() -> Calendar:
    """The calendar from the days that are recorded here."""
    mainland_end = date.fromisoformat(recorded_sessions.MAINLAND_END)
    sessions = np.setdiff1d(weekdays(END), _days(recorded_sessions.CLOSED))
    settlement_days = np.setdiff1d(sessions, _days(recorded_sessions.HALF_DAYS))
    mainland = np.setdiff1d(weekdays(mainland_end), _days(recorded_sessions.MAINLAND_CLOSED))
    return Calendar(sessions, settlement_days, mainland, mainland_end)


def weekdays(end: date) -> Days:
    """Mondays to Fridays from `BEGIN` to `end`."""
    days: Days = np.arange(np.datetime64(BEGIN), np.datetime64(end) + np.timedelta64(1))
    return days[np.is_busday(days)]


def _days(by_year: dict[int, str]) -> Days:
    written = [f"{year}-{day[:2]}-{day[2:]}" for year, days in by_year.items() for day in days.split()]
    return np.array(written, "datetime64[D]")


def computed_calendar() -> Calendar:
    """The calendar as the installed release of exchange_calendars has it: 0.2 s, and 0.7 s to import it."""
    from exchange_calendars import get_calendar  # noqa: PLC0415
    from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar  # noqa: PLC0415

    mainland_end = min(END, XSHGExchangeCalendar.bound_max().date())
    with warnings.catch_warnings():
        # exchange_calendars 4.13 still calls names that pandas 3.1 deprecates; nothing here can mend that.
        warnings.simplefilter("ignore", DeprecationWarning)
        hong_kong = get_calendar("XHKG", start=BEGIN.isoformat(), end=END.isoformat())
        shanghai = get_calendar("XSHG", start=BEGIN.isoformat(), end=mainland_end.isoformat())
    days = (hong_kong.sessions, hong_kong.early_closes, shanghai.sessions)
    sessions, half_days, mainland = (np.asarray(index.values, dtype="datetime64[D]") for index in days)
    return Calendar(sessions, np.setdiff1d(sessions, half_days), mainland, mainland_end)


def _position(day: date) -> int:
    """How many sessions there are before `day`.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    if not BEGIN <= day <= END:
        raise ValueError(f"{day} is outside the calendar: want a date from {BEGIN} to {END}")
    return int(np.searchsorted(calendar().sessions, np.datetime64(day)))


def _session(position: int) -> date:
    if not 0 <= position < len(calendar().sessions):
        raise ValueError(f"the calendar has no such session: it reaches from {BEGIN} to {END}")
    day: date = calendar().sessions[position].item()
    return day


def parse_date(text: str) -> date | None:
    """A date that figures may have, exactly as keys, messages and addresses write it, else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # fromisoformat also takes 20260213 and 2026-W07-5.
    return day if day.isoformat() == text and FIRST <= day <= LAST else None


def is_session(day: date) -> bool:
    """Whether Hong Kong trades on `day`. False before `FIRST` and after `LAST`: no figures are from there."""
    return FIRST <= day <= LAST and _is_traded_on(day)


def _is_traded_on(day: date) -> bool:
    position = _position(day)
    return position < len(calendar().sessions) and bool(calendar().sessions[position] == np.datetime64(day))


def between(first: date, last: date) -> list[date]:
    """The sessions from `first` to `last`, both included, oldest first.

    Raises:
        ValueError: the calendar does not reach that far, as below.
    """
    begin, end = _position(first), _position(last) + _is_traded_on(last)
    days: list[date] = calendar().sessions[begin:end].tolist()
    return days


def before(day: date, count: int = 1) -> date:
    """The `count`-th session before `day`, which need not be one itself.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    return _session(_position(day) - count)


def after(day: date, count: int = 1) -> date:
    """The `count`-th session after `day`.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    return _session(_position(day) + _is_traded_on(day) + count - 1)
