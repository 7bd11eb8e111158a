"""What the reader chose, and how it is written into the page's address. A link opens the same view."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from southbound.changes import WINDOWS, Metric
from southbound.keys import parse_date

DEFAULT_STOCK = 700
"""Tencent: the largest holding by value, and the one that everybody knows."""


class Scope(StrEnum):
    """Which end of the ranking is shown, and how much of it."""

    TOP5 = "top5"
    TOP10 = "top10"
    BOTTOM5 = "bottom5"
    BOTTOM10 = "bottom10"

    @property
    def rises(self) -> bool:
        """True for the largest rises, False for the largest falls."""
        return self in {Scope.TOP5, Scope.TOP10}

    @property
    def length(self) -> int:
        """How many stocks."""
        return 5 if self in {Scope.TOP5, Scope.BOTTOM5} else 10


@dataclass(frozen=True, slots=True)
class View:
    """What the reader chose.

    Attributes:
        stock: the code that the trend is drawn for.
        window: in sessions, one of `WINDOWS`.
        day: the shareholding date; None is the newest, and stays so when a newer one comes.
    """

    stock: int = DEFAULT_STOCK
    window: int = 5
    metric: Metric = Metric.PERCENT
    scope: Scope = Scope.TOP10
    day: date | None = None

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Self:
        """Read an address. Whatever in it makes no sense has its default."""
        stock, window = _number(address.get("stock", "")), _number(address.get("window", ""))
        metric, scope = address.get("metric"), address.get("scope")
        return cls(
            stock=stock or DEFAULT_STOCK,
            window=window if window in WINDOWS else cls().window,
            metric=Metric(metric) if metric in set(Metric) else cls().metric,
            scope=Scope(scope) if scope in set(Scope) else cls().scope,
            day=parse_date(address.get("date", "")),
        )

    def address(self) -> dict[str, str]:
        """The view as query parameters; the newest date has none."""
        shown = {
            "stock": str(self.stock),
            "window": str(self.window),
            "metric": str(self.metric),
            "scope": str(self.scope),
        }
        return shown if self.day is None else shown | {"date": self.day.isoformat()}


def _number(text: str) -> int:
    """The number that plain digits write; 0 if there are none, or more than a stock code has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
