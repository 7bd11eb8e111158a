"""What stocks are screened by: the columns of the table of all stocks, by the keys that an address has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

import numpy as np

from southbound.common.language import Language, spoken
from southbound.market.kinds import KIND_NAMES, StockKind
from southbound.market.metrics import METRICS, MONEY, POINTS, Metric
from southbound.market.windows import WINDOWS
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, ngettext, pgettext

DATES = "d"
"""Behind a metric's key, in place of a window: between the two dates of the reader's own choice."""

UNITS_IN_WORDS = (POINTS, MONEY)

KINDS = tuple(StockKind)
"""A kind's figure in its column is its place here."""


@dataclass(frozen=True, slots=True)
class ScreenColumn:
    """One column: a figure for each stock, NaN where there is none.

    Attributes:
        key: in addresses.
        heading: short.
        label: what it is, within a sentence.
        written: a figure as the page writes it.
        signed: whether a figure above 0 is a rise, and one below 0 a fall.
        is_bar: whether it is a part of the whole, in percent.
    """

    key: str
    heading: str
    label: str
    written: Callable[[float], str]
    signed: bool = False
    is_bar: bool = False


def change_key(metric: Metric, window: int | None) -> str:
    """`pp5`; None is the two dates of the reader's own choice."""
    return f"{metric.key}{DATES if window is None else window}"


def _count(value: float) -> str:
    """Sessions with their direction; nothing is a dash."""
    if np.isnan(value) or not value:
        return formatting.NONE
    return f"{'+' if value > 0 else formatting.MINUS}{abs(value):.0f}"


def _sessions(value: float) -> str:
    if np.isnan(value) or not value:
        return formatting.NONE
    return ngettext("1 session", "{count} sessions", round(value))


def crossed(level: float) -> str:
    """The level that was risen to, or, below 0, that was fallen below."""
    if np.isnan(level) or not level:
        return formatting.NONE
    percent = f"{abs(level):.0f}%"
    if level > 0:
        return pgettext("crossed", "above {percent}", percent=percent)
    return pgettext("crossed", "below {percent}", percent=percent)


def _decimals(value: float, places: int, suffix: str = "") -> str:
    return formatting.NONE if np.isnan(value) else f"{value:,.{places}f}{suffix}"


def _score(value: float) -> str:
    sign = formatting.MINUS if value < 0 else "+"
    return formatting.NONE if np.isnan(value) else f"{sign}{abs(value):,.1f}"


def _money(value: float) -> str:
    if spoken().is_chinese and not np.isnan(value):
        return formatting.shares_in_short(value)
    return formatting.money(value)


def _day(value: float) -> str:
    return formatting.NONE if np.isnan(value) else date.fromordinal(int(value)).isoformat()


def _kind(value: float) -> str:
    return gettext(KIND_NAMES[KINDS[int(value)]])


def _shares(value: float) -> str:
    return formatting.NONE if np.isnan(value) else formatting.shares(value)


def _change(metric: Metric, window: int | None) -> ScreenColumn:
    name, label = gettext(metric.name), gettext(metric.label)
    over = formatting.window(window)
    return ScreenColumn(
        change_key(metric, window),
        gettext("{metric}, dates", metric=name)
        if window is None
        else gettext("{metric}, {window}", metric=name, window=over),
        gettext("change in {metric} over {window}", metric=label, window=over),
        partial(formatting.change, under_heading(metric)),
        signed=True,
    )


def under_heading(metric: Metric) -> Metric:
    """As its figures are written in a column: the Chinese units that are words stand in its heading alone."""
    return (
        replace(metric, prefix="", suffix="") if spoken().is_chinese and metric in UNITS_IN_WORDS else metric
    )


def screen_columns() -> Mapping[str, ScreenColumn]:
    """All of them by their keys, in the order in which they are offered, in the reader's language."""
    return _columns(tuple(METRICS.values()), spoken())


@cache
def _columns(metrics: tuple[Metric, ...], _language: Language) -> Mapping[str, ScreenColumn]:
    rows = [
        ScreenColumn(
            "stake",
            gettext("Stake"),
            gettext("stake in % of the issued shares"),
            formatting.percent,
            is_bar=True,
        ),
        *(_change(metric, window) for metric in metrics for window in (*WINDOWS, None)),
        ScreenColumn("shares", pgettext("held", "Shares"), gettext("shares or units held"), _shares),
        ScreenColumn(
            "streak",
            gettext("Streak"),
            gettext("sessions in a row in which the holding rose or fell"),
            _count,
            signed=True,
        ),
        ScreenColumn(
            "z",
            gettext("Z-score"),
            gettext("usual deviations that the day's change is from the usual one"),
            _score,
            signed=True,
        ),
        ScreenColumn(
            "high", gettext("New high"), gettext("sessions over which the stake is the highest"), _sessions
        ),
        ScreenColumn(
            "low", gettext("New low"), gettext("sessions over which the stake is the lowest"), _sessions
        ),
        ScreenColumn(
            "crossed",
            gettext("Crossed"),
            gettext("level that the stake crossed on the day"),
            crossed,
            signed=True,
        ),
        ScreenColumn("kind", gettext("Kind"), gettext("share, ETF, REIT or other"), _kind),
        ScreenColumn(
            "first", gettext("First seen"), gettext("first stored date with the stock on the list"), _day
        ),
        ScreenColumn(
            "added", gettext("Added"), gettext("sessions within which the stock came to the list"), _sessions
        ),
        ScreenColumn(
            "value",
            pgettext("in HK$", "Value"),
            gettext("HK$ at the close of the day or the last one before"),
            _money,
        ),
        ScreenColumn(
            "bought",
            gettext("Bought"),
            gettext("HK$ bought net on the day"),
            partial(formatting.change, under_heading(MONEY)),
            signed=True,
        ),
        ScreenColumn(
            "short",
            gettext("Short, %"),
            gettext("reported short position in % of the issued shares"),
            partial(_decimals, places=2, suffix="%"),
        ),
        ScreenColumn(
            "cover",
            gettext("Short, days"),
            gettext("days of trading that would cover it"),
            partial(_decimals, places=1),
        ),
    ]
    return {row.key: row for row in rows}
