"""What every answer carries beside its figures: of which dates they are, where from, and in which units."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from southbound.market.settlement import trades_shown
from southbound.queries.market_view import MarketView

Date = date
"""For classes with a field of that name."""

SOURCE = "HKEXnews, Stock Connect (Southbound) Shareholding: holdings in CCASS"

OFFICIAL = "HKEX, Stock Connect daily statistics: official turnover"
"""Of what the exchange itself says of a trading day."""

PRICED = "HKEX, daily quotations, or files put beside them: closing prices and turnover, unadjusted"
"""Of what is in HK$."""

UNITS = {
    "shares": "shares or units",
    "percent": "% of the issued shares or units, as the page gives it",
    "trade_dates": "the Hong Kong sessions whose trades the figures show for the first time",
}
"""Of the fields that most answers have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which days the answer was computed from.

    Attributes:
        first, last: the oldest and the newest stored date.
        stored: how many dates are stored and whole.
        damaged: the stored dates that cannot be read, and are left out.
        vanished: the dates that were stored and are gone.
        is_current: false while the store is away: these are the last figures before that.
    """

    first: date
    last: date
    stored: int
    damaged: tuple[date, ...]
    vanished: tuple[date, ...]
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What every answer carries.

    Attributes:
        data_version: the store's count of its writes: figures of one version are the same.
        source: who published the figures.
        units: of the fields, by name.
    """

    data_version: int
    source: str
    units: Mapping[str, str]
    coverage: Coverage


def common(market_view: MarketView, *sources: str, is_current: bool, **units: str) -> dict[str, Any]:
    """The fields of `Answer`, for the constructor of one; the figures have one date at least.

    Args:
        market_view: what it is computed from.
        sources: of its figures, beside the page.
        is_current: see `Coverage`.
        units: of the fields, beside `UNITS`.
    """
    figures, dates = market_view.figures, market_view.history.dates
    return {
        "data_version": figures.data_version.version,
        "source": "; ".join([SOURCE, *sources]),
        "units": {**UNITS, **units},
        "coverage": Coverage(
            first=dates[0],
            last=dates[-1],
            stored=len(dates),
            damaged=figures.damaged,
            vanished=figures.vanished,
            is_current=is_current,
        ),
    }


def trade_dates(market_view: MarketView) -> Mapping[date, tuple[date, ...]]:
    """The trade dates of each stored date, looked up once for all who ask."""
    return market_view.once(
        "api trade dates", lambda: {day: trades_shown(day).sessions for day in market_view.history.dates}
    )


def known(value: float) -> float | None:
    """A figure; null where there is none."""
    return None if math.isnan(value) else float(value)


def count(value: float) -> int | float | None:
    """Shares, as a whole number where they are one; null where there are none."""
    if math.isnan(value):
        return None
    return int(value) if value == int(value) else float(value)
