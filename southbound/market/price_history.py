"""Prices and turnover of many trading days, laid beside the stocks of a history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol, Self

import numpy as np

from southbound.market.daily_holdings import Floats, Ints
from southbound.market.daily_prices import TradingState

DID_NOT_TRADE = frozenset({TradingState.NOT_TRADED, TradingState.SUSPENDED})
"""A halted one may have traded before it was halted: nothing is known of its turnover."""


class PricedDay(Protocol):
    """One trading day, as `DailyPrices` has it: columns of one length, sorted by code, in HK$, unadjusted."""

    @property
    def day(self) -> date:
        """The trading day."""

    @property
    def codes(self) -> Ints:
        """Ascending."""

    @property
    def closes(self) -> Floats:
        """The day's, or the last one before it where nothing traded; NaN where there is none."""

    @property
    def shares_traded(self) -> Floats:
        """NaN where not known."""

    @property
    def turnovers(self) -> Floats:
        """What was paid for them; NaN where not known."""

    @property
    def states(self) -> Sequence[TradingState]:
        """Whether it traded."""


class Prices(NamedTuple):
    """T trading days of S codes, T x S each; NaN where not known. A turnover of 0 is: nothing traded."""

    closes: Floats
    shares_traded: Floats
    turnovers: Floats


class _Day(NamedTuple):
    codes: Ints
    figures: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PriceHistory:
    """All trading days whose prices are known. Never changes: `grown` gives another one.

    A day keeps its own columns, so that one more costs what it is alone: arrays are made when some days of
    some codes are asked for.

    Attributes:
        dates: the trading days, oldest first.
    """

    dates: tuple[date, ...]
    _days: Mapping[date, _Day]

    @classmethod
    def of(cls, days: Iterable[PricedDay] = ()) -> Self:
        """Any number of days, in any order; of two of one date the last counts."""
        return cls((), MappingProxyType({})).grown(days)

    def grown(self, days: Iterable[PricedDay], kept: Ints | None = None) -> Self:
        """With some days more, or read anew; of these only some codes, if `kept` has them."""
        shared = {known.codes.tobytes(): known.codes for known in list(self._days.values())[-1:]}
        read = {day.day: _day(day, shared, kept) for day in days}
        together = {**self._days, **read}
        return type(self)(tuple(sorted(together)), MappingProxyType(together))

    def without(self, gone: Iterable[date]) -> Self:
        """Without some days, those of which nothing is known among them."""
        left = {day: known for day, known in self._days.items() if day not in set(gone)}
        return type(self)(tuple(sorted(left)), MappingProxyType(left))

    def block(self, sessions: Sequence[date], codes: Ints) -> Prices:
        """The prices of T days and S codes, T x S; days and codes that are not known are blank.

        Args:
            sessions: trading days, in any order.
            codes: ascending, like `History.codes`.
        """
        prices = Prices(*(np.full((len(sessions), len(codes)), np.nan) for _ in Prices._fields))
        places: dict[int, tuple[Ints, Ints]] = {}
        for row, session in enumerate(sessions):
            known = self._days.get(session)
            if known is None or not len(known.codes):
                continue
            # Most days share the codes of the day before.
            at = places.get(id(known.codes))
            if at is None:
                own = np.minimum(np.searchsorted(known.codes, codes), len(known.codes) - 1)
                columns = np.flatnonzero(known.codes[own] == codes)
                at = places[id(known.codes)] = columns, own[columns]
            columns, own = at
            for figures, column in zip(prices, known.figures, strict=True):
                figures[row, columns] = column[own]
        return prices


def _day(day: PricedDay, shared: dict[bytes, Ints], kept: Ints | None) -> _Day:
    codes = day.codes
    figures: tuple[Floats, ...] = (day.closes, day.shares_traded, day.turnovers)
    # Few of them: most that are known were traded.
    untold = np.flatnonzero(np.isnan(day.turnovers)).tolist()
    idle = [place for place in untold if day.states[place] in DID_NOT_TRADE]
    if idle:
        figures = day.closes, day.shares_traded.copy(), day.turnovers.copy()
        figures[1][idle] = figures[2][idle] = 0.0
    if kept is not None:
        places = np.flatnonzero(np.isin(codes, kept, assume_unique=True))
        codes, figures = codes[places], tuple(column[places] for column in figures)
    return _Day(shared.setdefault(codes.tobytes(), codes), figures)
