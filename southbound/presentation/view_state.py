"""What the reader chose."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from southbound.market.metrics import PERCENT, Metric
from southbound.market.ranking import USUAL_FLOORS, Floors

DEFAULT_STOCK = 700
"""Tencent: the largest holding by value, and the one that everybody knows."""

ANY_TWO = "dates"
"""In place of a window: two dates of the reader's own choice."""

LENGTHS = (5, 10, 20)
AVERAGES = (5, 20)
"""Of how many sessions."""

MOST_COMPARED = 4
"""Beside the stock itself: more lines than five cannot be told apart."""

LONGEST_TEXT = 40
"""Of what an address may search for."""


class Scope(StrEnum):
    """Which end of the ranking is shown, and how much of it."""

    TOP5 = "top5"
    TOP10 = "top10"
    TOP20 = "top20"
    BOTTOM5 = "bottom5"
    BOTTOM10 = "bottom10"
    BOTTOM20 = "bottom20"

    @classmethod
    def of(cls, length: int, *, rises: bool) -> "Scope":
        return cls(f"{'top' if rises else 'bottom'}{length}")

    @property
    def rises(self) -> bool:
        """True for the largest rises, False for the largest falls."""
        return self.startswith("top")

    @property
    def length(self) -> int:
        """How many stocks."""
        return int(self.removeprefix("top").removeprefix("bottom"))


class Show(StrEnum):
    """Which figures a trend is drawn of."""

    BOTH = "both"
    SHARES = "shares"
    STAKE = "stake"


class Period(StrEnum):
    """How far back a trend reaches."""

    MONTH = "1m"
    QUARTER = "3m"
    HALF = "6m"
    YEAR = "1y"
    ALL = "all"


class Tab(StrEnum):
    """What is shown below the charts."""

    STOCKS = "stocks"
    LIST = "list"
    ADJUSTMENTS = "mechanical"
    DATA = "data"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """What the reader chose.

    Attributes:
        stock: the code that the trend is drawn for; None if what was asked for is no code.
        unknown: what was asked for then.
        compare: codes that it is compared with.
        zoom: the first and the last session of the part of the period that is shown; None for all of it.
        averages: moving averages, of how many sessions.
        window: in sessions, one of `WINDOWS`; None for `day` and `against`.
        day: the shareholding date; None is the newest, and stays so when a newer one comes.
        against: the date that it is compared with where there is no window; None is the oldest.
        asked_day, asked_against: what was asked for instead of these two, if that is no stored date.
        red_up: whether red are the rises, as in East Asia.
        find: what the table of all stocks is searched for.
    """

    stock: int | None = DEFAULT_STOCK
    unknown: str = ""
    compare: tuple[int, ...] = ()
    show: Show = Show.BOTH
    period: Period = Period.HALF
    zoom: tuple[date, date] | None = None
    averages: tuple[int, ...] = ()
    window: int | None = 5
    day: date | None = None
    against: date | None = None
    asked_day: str = ""
    asked_against: str = ""
    metric: Metric = PERCENT
    scope: Scope = Scope.TOP10
    floors: Floors = USUAL_FLOORS
    red_up: bool = False
    tab: Tab = Tab.STOCKS
    find: str = ""
