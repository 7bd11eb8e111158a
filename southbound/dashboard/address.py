"""What the reader chose, and how it is written into the page's address. A link opens the same view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from southbound.changes import WINDOWS, Floors, Metric
from southbound.keys import parse_date

DEFAULT_STOCK = 700
"""Tencent: the largest holding by value, and the one that everybody knows."""

ANY_TWO = "dates"
"""In place of a window: two dates of the reader's own choice."""

USUAL_FLOORS = Floors()
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
    MECHANICAL = "mechanical"
    DATA = "data"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
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
    metric: Metric = Metric.PERCENT
    scope: Scope = Scope.TOP10
    floors: Floors = USUAL_FLOORS
    red_up: bool = False
    tab: Tab = Tab.STOCKS
    find: str = ""

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Self:
        """Read an address. Whatever in it makes no sense has its default, but for a stock, which is told."""
        usual, asked = cls(), address.get("stock", "")
        stock = _number(asked) if asked else DEFAULT_STOCK
        metric, scope, show = address.get("metric"), address.get("scope"), address.get("show")
        period, tab = address.get("period"), address.get("tab")
        least, percent = _number(address.get("least", ""), 9), _decimal(address.get("floor", ""))
        return cls(
            stock=stock,
            unknown="" if stock is not None else asked[:LONGEST_TEXT],
            compare=tuple(dict.fromkeys(_numbers(address.get("compare", ""))))[:MOST_COMPARED],
            show=Show(show) if show in set(Show) else usual.show,
            period=Period(period) if period in set(Period) else usual.period,
            zoom=_span(address.get("from", ""), address.get("to", "")),
            averages=tuple(n for n in AVERAGES if n in _numbers(address.get("average", ""))),
            window=_window(address.get("window", "")),
            day=parse_date(address.get("date", "")),
            against=parse_date(address.get("against", "")),
            metric=Metric(metric) if metric in set(Metric) else usual.metric,
            scope=Scope(scope) if scope in set(Scope) else usual.scope,
            floors=Floors(
                USUAL_FLOORS.shares if least is None else least,
                USUAL_FLOORS.percent if percent is None else percent,
            ),
            red_up=address.get("up") == "red",
            tab=Tab(tab) if tab in set(Tab) else usual.tab,
            find=address.get("find", "")[:LONGEST_TEXT],
        )

    def address(self) -> dict[str, str]:
        """The view as query parameters; what is as usual has none, but for the four that name a view."""
        usual = View()
        named = {
            "stock": self.unknown or str(self.stock or ""),
            "window": ANY_TWO if self.window is None else str(self.window),
            "metric": str(self.metric),
            "scope": str(self.scope),
        }
        others = {
            "date": self.day.isoformat() if self.day else "",
            "against": self.against.isoformat() if self.against and self.window is None else "",
            "compare": ",".join(map(str, self.compare)),
            "show": "" if self.show is usual.show else str(self.show),
            "period": "" if self.period is usual.period else str(self.period),
            "from": self.zoom[0].isoformat() if self.zoom else "",
            "to": self.zoom[1].isoformat() if self.zoom else "",
            "average": ",".join(map(str, self.averages)),
            "least": "" if self.floors.shares == USUAL_FLOORS.shares else str(self.floors.shares),
            "floor": "" if self.floors.percent == USUAL_FLOORS.percent else f"{self.floors.percent:g}",
            "up": "red" if self.red_up else "",
            "tab": "" if self.tab is usual.tab else str(self.tab),
            "find": self.find,
        }
        return named | {name: value for name, value in others.items() if value}


PARAMETERS = (
    *("stock", "window", "metric", "scope", "date", "against", "compare"),
    *("show", "period", "from", "to", "average", "least", "floor", "up", "tab", "find"),
)
"""All that `View.address` may write."""


def _window(text: str) -> int | None:
    if text == ANY_TWO:
        return None
    window = _number(text)
    return window if window in WINDOWS else View().window


def _span(first: str, last: str) -> tuple[date, date] | None:
    begin, end = parse_date(first), parse_date(last)
    return (begin, end) if begin and end and begin < end else None


def _number(text: str, digits: int = 5) -> int | None:
    """The number that plain digits write; None if there are none, or more than a stock code has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def _numbers(text: str) -> Iterable[int]:
    return [number for part in text.split(",") if (number := _number(part))]


def _decimal(text: str) -> float | None:
    """A percentage: `0.05`."""
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isdigit() or not text.isascii() or len(text) > 6:
        return None
    return min(float(f"{whole or 0}.{decimals or 0}"), 100.0)
