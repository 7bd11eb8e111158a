"""Which sessions to ask for, and when.

The site's day decides which sessions there can be. The local clock decides only when to look, and only while
it agrees with the site: recorded days are months old, and a machine's clock may be wrong.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG


@dataclass(frozen=True, slots=True)
class SiteClock:
    """The site's day as its last answer gave it.

    Attributes:
        today: the day.
        agrees: whether it was the same day in Hong Kong by the local clock.
    """

    today: date
    agrees: bool

    @classmethod
    def seen(cls, today: date, now: datetime) -> "SiteClock":
        """The clock after an answer that came at `now`, a moment with a zone."""
        return cls(today, now.astimezone(HONG_KONG).date() == today)

    def may_be_out(self, session: date, now: datetime) -> bool:
        """Whether the site can have the list of a session: never before the session's day is over there.

        A local clock that does not agree with the site tells nothing, so the site itself is asked.
        """
        if session < self.today or not self.agrees:
            return True
        return now.astimezone(HONG_KONG).date() > session


def out_from(session: date) -> datetime:
    """The first moment at which a list can be there: midnight after its day, in Hong Kong."""
    following = session + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=HONG_KONG)


def missing(stored: Collection[date], first: date, last: date) -> Iterator[date]:
    """The sessions from `first` to `last` that are not stored, newest first."""
    held = set(stored)
    return (day for day in reversed(trading_calendar.between(first, last)) if day not in held)


@dataclass(frozen=True, slots=True)
class PutOff:
    """A session that is not asked for now.

    Attributes:
        until: by the schedule's clock.
        trouble: why the site gave no usable answer; empty if what became of it is noted in the store.
        expected: whether it may still come: not, if the site has no list for it.
    """

    until: float
    trouble: str
    expected: bool


class Schedule:
    """The sessions of the window that are put off. All others that are missing are to be asked for.

    Args:
        clock: in seconds; only differences count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._put_off: dict[date, PutOff] = {}

    def put_off(self, day: date, seconds: float, trouble: str = "", *, expected: bool = True) -> None:
        """Leave a session out for so long."""
        self._put_off[day] = PutOff(self._clock() + seconds, trouble, expected)

    def settled(self, day: date) -> None:
        """The session is stored: it is not missing any more."""
        self._put_off.pop(day, None)

    def due(self, days: Iterable[date]) -> list[date]:
        """Those of `days` that are not put off."""
        now = self._clock()
        return [day for day in days if day not in self._put_off or self._put_off[day].until <= now]

    def lacking(self) -> dict[date, str]:
        """The sessions that may still come, newest first, each with what kept it from being read."""
        open_ones = sorted(self._put_off.items(), reverse=True)
        return {day: put_off.trouble for day, put_off in open_ones if put_off.expected}
