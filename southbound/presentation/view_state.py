"""What the reader chose: a switch is a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from southbound.common.language import Language, usual_language
from southbound.market.kinds import KindChoice
from southbound.market.metrics import METRICS, POINTS, Metric
from southbound.market.ranking import USUAL_FLOORS, Floors
from southbound.market.windows import WINDOWS
from southbound.presentation import address_texts as texts
from southbound.presentation.conditions import (
    CODE_ORDER,
    Condition,
    Sort,
    read_columns,
    read_conditions,
    read_sort,
    written_conditions,
    written_sort,
)
from southbound.presentation.formatting import red_is_up
from southbound.presentation.messages import gettext_noop
from southbound.presentation.switches import Switch

DEFAULT_STOCK = 700
"""Tencent: the largest holding by value, and the one that everybody knows."""

ANY_TWO = "dates"
"""In place of a window: two dates of the reader's own choice."""

LENGTHS = (5, 10, 20)
AVERAGES = (5, 20)
"""Of how many sessions."""

MOST_COMPARED = 4
"""Beside the stock itself: more lines than five look alike."""

MOST_WATCHED = 100
"""Stocks on a reader's list: an address with more of them is cut off by some programs that pass it on."""

RISES, FALLS, BOTH = "Rises", "Falls", "Both"
"""The two ends of a ranking, and both of them, as a switch has them."""


class Scope(StrEnum):
    """Which end of the ranking is shown, or both, and how many stocks of each."""

    TOP5 = "top5"
    TOP10 = "top10"
    TOP20 = "top20"
    BOTTOM5 = "bottom5"
    BOTTOM10 = "bottom10"
    BOTTOM20 = "bottom20"
    BOTH5 = "both5"
    BOTH10 = "both10"
    BOTH20 = "both20"

    @classmethod
    def of(cls, end: str, length: int) -> "Scope":
        """`RISES`, `FALLS` or `BOTH`, and how many stocks of each."""
        return cls(f"{_END_IN_ADDRESS[end]}{length}")

    @property
    def end(self) -> str:
        """`RISES`, `FALLS` or `BOTH`."""
        return next(end for end, text in _END_IN_ADDRESS.items() if self.startswith(text))

    @property
    def rises(self) -> bool:
        """Whether the largest rises are shown."""
        return self.end != FALLS

    @property
    def falls(self) -> bool:
        """Whether the largest falls are shown."""
        return self.end != RISES

    @property
    def length(self) -> int:
        """How many stocks of each end."""
        return int(self.removeprefix(_END_IN_ADDRESS[self.end]))


_END_IN_ADDRESS = {RISES: "top", FALLS: "bottom", BOTH: "both"}


class Show(StrEnum):
    """Which figures a trend is drawn of."""

    BOTH = "both"
    SHARES = "shares"
    STAKE = "stake"
    PRICE = "price"
    VALUE = "value"


class Period(StrEnum):
    """How far back a trend reaches: in the address, on a button, within a sentence, and in calendar days."""

    MONTH = "1m", gettext_noop("1M"), gettext_noop("1 month"), 31
    QUARTER = "3m", gettext_noop("3M"), gettext_noop("3 months"), 92
    HALF = "6m", gettext_noop("6M"), gettext_noop("6 months"), 183
    YEAR = "1y", gettext_noop("1Y"), gettext_noop("1 year"), 366
    ALL = "all", gettext_noop("All"), gettext_noop("all sessions"), None

    button: str
    label: str
    days: int | None

    def __new__(cls, key: str, button: str, label: str, days: int | None) -> Self:
        period = str.__new__(cls, key)
        period._value_ = key
        period.button, period.label, period.days = button, label, days
        return period


class Tab(StrEnum):
    """What is shown below the charts."""

    STOCKS = "stocks"
    WATCHLIST = "watchlist"
    SIGNALS = "signals"
    STOCK = "stock"
    OWNERSHIP = "ownership"
    LIST = "list"
    ADJUSTMENTS = "mechanical"
    DATA = "data"
    MAIL = "mail"


def _window(text: str) -> int | None:
    return None if text == ANY_TWO else WINDOWS[WINDOWS.index(texts.number(text))]


def _compared(text: str) -> tuple[int, ...]:
    return _each_once(text)[:MOST_COMPARED]


def _watched(text: str) -> tuple[int, ...]:
    return _each_once(text)[:MOST_WATCHED]


def _each_once(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(texts.numbers(text)))


def _averages(counts: Iterable[int]) -> tuple[int, ...]:
    """Those that there are, in their order."""
    return tuple(count for count in AVERAGES if count in set(counts))


def _any_two_dates(view: "ViewState") -> bool:
    return view.window is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """What the reader chose. A field is a row of the table of switches, in the order of the address.

    Attributes:
        stock: the code that the trend is drawn for; None if what was asked for is no code.
        unknown: what was asked for then.
        window: in sessions, one of `WINDOWS`; None for `day` and `against`.
        day: the shareholding date; None is the newest, and stays so when a newer one comes.
        against: the date that it is compared with where there is no window; None is the oldest.
        asked_day, asked_against: what was asked for instead of these two, if that is no stored date.
        kind: which kinds of securities are ranked and listed.
        watch: codes that the reader follows.
        compare: codes that the stock is compared with.
        rebase: whether stocks that are compared begin at 100; else they keep their levels.
        zoom: the first and the last session of the part of the period that is shown; None for all of it.
        averages: moving averages, of how many sessions.
        least, floor: the floors, in shares and in percent of the issued shares.
        up: whether red are the rises, as in East Asia; None as readers of the language expect it.
        find: what the table of all stocks is searched for.
        where: what the stocks in it have to meet.
        only_watched: whether only stocks on the watchlist are in it.
        sort: their order.
        columns: those that are shown; none: the usual ones.
        language: of the page; None is the reader's usual one.
    """

    stock: int | None = Switch[int | None](
        "stock", DEFAULT_STOCK, texts.code, lambda code: str(code or ""), always=True, keys=""
    ).field()
    unknown: str = Switch("stock", "", texts.no_code, keys="").field()
    window: int | None = Switch[int | None](
        "window",
        5,
        _window,
        lambda count: str(count or ANY_TWO),
        always=True,
        held=lambda count: count or ANY_TWO,
        chosen=lambda option: None if option == ANY_TWO else option,
    ).field()
    metric: Metric = Switch(
        "metric",
        POINTS,
        METRICS.__getitem__,
        lambda metric: metric.key,
        always=True,
        held=lambda metric: metric.key,
        chosen=METRICS.__getitem__,
    ).field()
    scope: Scope = Switch(
        "scope",
        Scope.TOP10,
        Scope,
        always=True,
        keys="end length",
        held=lambda scope: (scope.end, scope.length),
        chosen=Scope.of,
    ).field()
    day: date | None = Switch("date", None, texts.day, keys="").field()
    asked_day: str = Switch("date", "", texts.no_day, keys="").field()
    against: date | None = Switch("against", None, texts.day, only_if=_any_two_dates, keys="").field()
    asked_against: str = Switch("against", "", texts.no_day, only_if=_any_two_dates, keys="").field()
    kind: KindChoice = Switch("kind", KindChoice.SHARES, KindChoice).field()
    watch: tuple[int, ...] = Switch[tuple[int, ...]]("watch", (), _watched, texts.listed, keys="").field()
    compare: tuple[int, ...] = Switch[tuple[int, ...]](
        "compare", (), _compared, texts.listed, keys=""
    ).field()
    rebase: bool = Switch("rebase", False, lambda text: text == "100", lambda _: "100").field()
    show: Show = Switch("show", Show.BOTH, Show).field()
    period: Period = Switch("period", Period.HALF, Period).field()
    zoom: tuple[date, date] | None = Switch(
        "from to", None, texts.span, lambda days: map(str, days or ()), keys="zoom"
    ).field()
    averages: tuple[int, ...] = Switch[tuple[int, ...]](
        "average",
        (),
        lambda text: _averages(texts.numbers(text)),
        texts.listed,
        held=list,
        chosen=_averages,
    ).field()
    least: int = Switch("least", USUAL_FLOORS.shares, lambda text: texts.number(text, 9)).field()
    floor: float = Switch("floor", USUAL_FLOORS.percent, texts.percentage, "{:g}".format).field()
    up: bool | None = Switch[bool | None](
        "up",
        None,
        {"red": True, "green": False}.__getitem__,
        lambda red: "red" if red else "green",
        keys="red_up",
        held=lambda red: red_is_up() if red is None else red,
        chosen=lambda red: None if red == red_is_up() else red,
    ).field()
    tab: Tab = Switch("tab", Tab.STOCKS, Tab).field()
    find: str = Switch("find", "", texts.plain).field()
    where: tuple[Condition, ...] = Switch[tuple[Condition, ...]](
        "where", (), read_conditions, written_conditions
    ).field()
    only_watched: bool = Switch(
        "only", False, lambda text: text == "watchlist", lambda _: "watchlist", keys="only_watched"
    ).field()
    sort: Sort = Switch("sort", CODE_ORDER, read_sort, written_sort).field()
    columns: tuple[str, ...] = Switch[tuple[str, ...]]("columns", (), read_columns, ",".join).field()
    language: Language | None = Switch[Language | None](
        "lang",
        None,
        Language,
        str,
        keys="language",
        held=lambda language: language or usual_language(),
        chosen=lambda language: None if language == usual_language() else language,
    ).field()

    @property
    def red_up(self) -> bool:
        """Whether red are the rises."""
        return red_is_up() if self.up is None else self.up

    @property
    def floors(self) -> Floors:
        """What a stock must have had to be ranked."""
        return Floors(self.least, self.floor)
