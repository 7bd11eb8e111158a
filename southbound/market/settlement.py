"""Which trades a shareholding date shows for the first time: those of no session, of one or of two. Pure.

Holdings in CCASS are settled ones, and a trade settles on the second settlement day after its session (T+2,
by the rules of CCASS). Half-days are sessions but no settlement days. So a half-day shows no trades, and the
second settlement day after it shows two sessions'. `tests/market/test_settlement.py` holds it against the
exchange's own net buying.

When the mainland's exchanges are shut, Hong Kong trades and settles, but nobody trades southbound. Until
24 April 2023 southbound trading was also shut on some days before long holidays: those are not known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from southbound.market import trading_calendar
from southbound.market.daily_holdings import Bools

SETTLEMENT_DAYS = 2
"""After the session of the trade."""


@dataclass(frozen=True, slots=True)
class Trades:
    """The Hong Kong sessions whose trades settled between two shareholding dates, oldest first.

    Attributes:
        sessions: all but those in `shut`.
        shut: on these the mainland was shut, so that they brought no southbound trades. Past the recorded end
            of the mainland's calendar a session is in `sessions`, since nothing is known of it.
        half_day: whether nothing settled since there was no session between the two dates but a half-day.
    """

    sessions: tuple[date, ...]
    shut: tuple[date, ...] = ()
    half_day: bool = False


def trades_shown(day: date, since: date | None = None) -> Trades:
    """The trades that the holdings of `day` show, and those of the earlier date `since` do not yet.

    Args:
        day: a shareholding date.
        since: the session before it, if it is not given.

    Returns:
        The sessions whose second settlement day is after `since` and not after `day`.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    [trades] = trades_between([trading_calendar.before(day) if since is None else since, day])
    return trades


def trades_between(days: Sequence[date]) -> list[Trades]:
    """The trades that each date but the first shows, and the date before it does not: `trades_shown` of many.

    Args:
        days: T shareholding dates, ascending.

    Returns:
        T - 1 of them.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    settled = _settled(np.array(days, "datetime64[D]")).tolist()
    sessions, is_shut = trading_calendar.calendar().sessions, _shut()
    found = []
    for (since, day), (first, end) in zip(pairwise(days), pairwise(settled), strict=True):
        shut, new = is_shut[first:end], sessions[first:end]
        half_day = first == end and any(session != since for session in trading_calendar.between(since, day))
        found.append(Trades(tuple(new[~shut].tolist()), tuple(new[shut].tolist()), half_day))
    return found


def last_settled(day: date) -> date:
    """The last session whose trades the holdings of a date show; southbound trading may have been shut on it.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    [count] = _settled(np.array([day], "datetime64[D]")).tolist()
    last: date = trading_calendar.calendar().sessions[count - 1].item()
    return last


def southbound_sessions(first: date, last: date) -> list[date]:
    """The sessions from `first` to `last` on which the mainland is not known to be shut, oldest first.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    sessions = np.array(trading_calendar.between(first, last), "datetime64[D]")
    at = np.searchsorted(trading_calendar.calendar().sessions, sessions)
    days: list[date] = sessions[~_shut()[at]].tolist()
    return days


def any_trades(days: Sequence[date]) -> Bools:
    """Whether each date but the first shows trades that the date before it does not: `trades_shown` for many.

    Args:
        days: T shareholding dates, ascending.

    Returns:
        (T - 1,) whether a session on which southbound trading was open settled between a date and the next.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    open_before = np.concatenate([[0], np.cumsum(~_shut())])
    shown: Bools = np.diff(open_before[_settled(np.array(days, "datetime64[D]"))]) > 0
    return shown


def _settled(days: trading_calendar.Days) -> npt.NDArray[np.intp]:
    """How many sessions' trades have settled by each of the days."""
    calendar = trading_calendar.calendar()
    past = np.searchsorted(calendar.settlement_days, days, side="right")
    outside = days[(past < SETTLEMENT_DAYS) | (days > np.datetime64(trading_calendar.END))]
    if outside.size:
        reach = f"from {trading_calendar.BEGIN} to {trading_calendar.END}"
        raise ValueError(f"{outside[0]} is outside the calendar, which reaches {reach}")
    # What was traded before the last settlement day but one had its second settlement day.
    settled: npt.NDArray[np.intp] = np.searchsorted(
        calendar.sessions, calendar.settlement_days[past - SETTLEMENT_DAYS]
    )
    return settled


@cache
def _shut() -> Bools:
    """For each session of Hong Kong, whether the mainland is known to be shut."""
    calendar = trading_calendar.calendar()
    recorded = calendar.sessions <= np.datetime64(calendar.mainland_end)
    shut: Bools = ~np.isin(calendar.sessions, calendar.mainland) & recorded
    shut.setflags(write=False)
    return shut
