"""Which two dates are compared: a number of sessions apart, or any two."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from southbound.market import trading_calendar
from southbound.market.settlement import Trades, trades_shown

WINDOWS = (1, 5, 20)
"""In sessions, as everything here: "5 days" are five Hong Kong trading days."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two dates that are compared, and the number of sessions that were asked for: None for any two."""

    old: date
    new: date
    window: int | None = None

    @property
    def exact(self) -> bool:
        """False if the right session is not stored and an older one stands in for it."""
        return self.window is None or self.old == trading_calendar.before(self.new, self.window)

    @property
    def trades(self) -> Trades:
        """The trades that make the difference (see `settlement.trades_shown`).

        Raises:
            ValueError: the calendar does not reach that far.
        """
        return trades_shown(self.new, self.old)


def pair(dates: Sequence[date], new: date, window: int) -> Pair | None:
    """The stored date to compare `new` with: `window` sessions before it, else the closest one before that.

    The latest d in `dates` with d <= the `window`-th Hong Kong session before `new`. Sessions, not calendar
    days: a window over Lunar New Year is as long as any other.

    Args:
        dates: the stored ones, ascending.
        new: the newer of the two.
        window: in sessions, positive.

    Returns:
        The two dates; None if nothing that old is stored.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    old = at_or_before(dates, trading_calendar.before(new, window))
    return None if old is None else Pair(old, new, window)


def free_pair(dates: Sequence[date], old: date, new: date) -> Pair | None:
    """Any two dates, in any order; for one that is not stored the closest stored date before it.

    Returns:
        The older and the newer one; None if they are the same then, or nothing that old is stored.
    """
    stored_old, stored_new = (at_or_before(dates, day) for day in sorted((old, new)))
    if stored_old is None or stored_new is None or stored_old == stored_new:
        return None
    return Pair(stored_old, stored_new)


def at_or_before(dates: Sequence[date], day: date) -> date | None:
    """Of dates that ascend the date itself, or the closest one before it; None if there is none."""
    place = bisect_right(dates, day)
    return dates[place - 1] if place else None
