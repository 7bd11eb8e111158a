"""Hong Kong trading sessions: the days that have holdings, and the only unit that windows are counted in.

From exchange_calendars (XHKG). Its default range depends on the day it is asked; ours does not, so that
recorded figures and figures years from now are read alike. Typhoon closures that are announced on the day
are known to it only after its next release.
"""

import warnings
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

HONG_KONG = ZoneInfo("Asia/Hong_Kong")

FIRST, LAST = date(2014, 1, 1), date(2040, 12, 31)
"""Of the dates that figures may have. Southbound trading began in November 2014."""

BEGIN, END = date(2012, 1, 1), date(2042, 12, 31)
"""Of the calendar: what is counted from any of those dates is in it. Past its own holiday table it computes
lunar dates."""

SETTLEMENT_SESSIONS = 2
"""Trades settle on the second session after them (T+2), and the page shows settled holdings."""


@cache
def _calendar() -> npt.NDArray[np.datetime64]:
    # Takes 0.7 s to import: whoever asks for no session does not wait for it.
    from exchange_calendars import get_calendar  # noqa: PLC0415

    with warnings.catch_warnings():
        # exchange_calendars 4.13 still calls names that pandas 3.1 deprecates; nothing here can mend that.
        warnings.simplefilter("ignore", DeprecationWarning)
        sessions = get_calendar("XHKG", start=BEGIN.isoformat(), end=END.isoformat()).sessions
    return np.asarray(sessions.values, dtype="datetime64[D]")


def _position(day: date) -> int:
    """How many sessions there are before `day`.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    if not BEGIN <= day <= END:
        raise ValueError(f"{day} is outside the calendar: want a date from {BEGIN} to {END}")
    return int(np.searchsorted(_calendar(), np.datetime64(day)))


def _session(position: int) -> date:
    if not 0 <= position < len(_calendar()):
        raise ValueError(f"the calendar has no such session: it reaches from {BEGIN} to {END}")
    day: date = _calendar()[position].item()
    return day


def is_session(day: date) -> bool:
    """Whether Hong Kong trades on `day`. False before `FIRST` and after `LAST`: no figures are from there."""
    return FIRST <= day <= LAST and _is_traded_on(day)


def _is_traded_on(day: date) -> bool:
    position = _position(day)
    return position < len(_calendar()) and bool(_calendar()[position] == np.datetime64(day))


def between(first: date, last: date) -> list[date]:
    """The sessions from `first` to `last`, both included, oldest first."""
    begin, end = _position(first), _position(last) + _is_traded_on(last)
    days: list[date] = _calendar()[begin:end].tolist()
    return days


def before(day: date, count: int = 1) -> date:
    """The `count`-th session before `day`, which need not be one itself."""
    return _session(_position(day) - count)


def after(day: date) -> date:
    """The first session after `day`."""
    return _session(_position(day) + _is_traded_on(day))


def trade_date(shareholding_date: date) -> date:
    """The session whose trades the holdings of `shareholding_date` show for the first time."""
    return before(shareholding_date, SETTLEMENT_SESSIONS)
