"""Reads what is stored beside the holdings: all of it once, and after that only what was written since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np

from southbound.common.collector import collector_paused
from southbound.market import trading_calendar
from southbound.market.adjustments.events import TEMPORARY_CODES
from southbound.market.companions import Companions
from southbound.market.history import History
from southbound.market.origin import Origin
from southbound.store.market_figures import PRICES, SHORT_POSITIONS, TURNOVER, FigureKind, MarketFigures

SETTLES_WITHIN = 10
"""Sessions before the oldest holdings whose prices matter, and after the newest ones."""

WRITTEN_OF_LATE = 45
"""Sessions that are looked at first: a source is caught up with for a month."""

Written = Mapping[date, Origin]


@dataclass(frozen=True, slots=True, eq=False)
class CompanionsRead:
    """What is stored beside the holdings, and from where and when each day of it is.

    Attributes:
        companions: the figures; what is damaged is left out.
        prices, turnover, short: of each stored day.
        is_whole: whether prices of all years were looked at, and not only the newest ones.
    """

    companions: Companions = field(default_factory=Companions)
    prices: Written = field(default_factory=dict)
    turnover: Written = field(default_factory=dict)
    short: Written = field(default_factory=dict)
    is_whole: bool = True


def read_companions(
    store: MarketFigures,
    history: History,
    before: CompanionsRead,
    written: int | None = None,
    newest: int | None = None,
) -> CompanionsRead:
    """Read what was written since.

    Of the last days all codes are kept, since a stock is traded before its holding stands on the list; of
    older ones those that are on some list, and temporary codes.

    Args:
        store: where it is.
        history: the days of holdings; what is far from all of them is not read.
        before: what was read before.
        written: how many days were written since; None if that is not known.
        newest: of so many sessions the prices are enough for now, if there are any; None for those of all.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    if not history.dates:
        return CompanionsRead()
    first = trading_calendar.before(history.dates[0], SETTLES_WITHIN)
    last = trading_calendar.after(history.dates[-1], SETTLES_WITHIN)
    recent = max(first, trading_calendar.before(last, WRITTEN_OF_LATE))
    if written is not None:
        read, found = _since(store, (recent, recent, recent, last), history, before)
        if found == written:
            return replace(read, is_whole=before.is_whole)
    if newest is not None and (since := trading_calendar.before(last, newest)) > first:
        read, _ = _since(store, (since, first, recent, last), history, before)
        if read.companions.prices.dates:
            return replace(read, is_whole=False)
        before = read
    # A folder may bring prices of any year.
    return _since(store, (first, first, recent, last), history, before)[0]


def _since(
    store: MarketFigures, days: tuple[date, date, date, date], history: History, before: CompanionsRead
) -> tuple[CompanionsRead, int]:
    """What is stored of some days, and how many of them were written since.

    Args:
        store: where it is.
        days: the first of prices and of all else, from when on all codes are kept, and the last.
        history: the days of holdings.
        before: what was read before.
    """
    priced_since, first, recent, last = days
    sessions = trading_calendar.between(first, last)
    of_prices = _Changed(store, PRICES, trading_calendar.between(priced_since, last), before.prices)
    of_turnover = _Changed(store, TURNOVER, sessions, before.turnover)
    of_short = _Changed(store, SHORT_POSITIONS, sessions, before.short)
    known = before.companions
    prices = known.prices
    if of_prices.gone or of_prices.written:
        kept = np.union1d(history.codes, np.array(TEMPORARY_CODES))
        prices = prices.without([*of_prices.gone, *of_prices.written])
        with collector_paused():
            prices = prices.grown(of_prices.read(until=recent), kept)
            prices = prices.grown(of_prices.read(since=recent))
    companions = Companions(prices, _grown(known.official, of_turnover), _grown(known.short, of_short))
    read = CompanionsRead(companions, of_prices.now, of_turnover.now, of_short.now)
    return read, sum(len(each.written) for each in (of_prices, of_turnover, of_short))


class _Changed:
    """What became of one kind of figures on some days.

    Attributes:
        now: where all its days are from.
        written: the days that were stored, or stored anew.
        gone: those that are no longer stored.
    """

    def __init__(
        self, store: MarketFigures, kind: FigureKind[Any], sessions: Sequence[date], before: Written
    ) -> None:
        self._store, self._kind = store, kind
        found = store.origins(kind, sessions)
        self.written = [day for day, origin in found.items() if before.get(day) != origin]
        self.gone = [day for day in sessions if day in before and day not in found]
        left = {day: origin for day, origin in before.items() if day not in set(self.gone)}
        self.now: Written = MappingProxyType({**left, **found})

    def read(self, since: date = date.min, until: date = date.max) -> Iterator[Any]:
        """The figures of `written` that are whole, of days before `until`; one after the other."""
        days = [day for day in self.written if since <= day < until]
        return self._store.each(self._kind, days) if days else iter(())


def _grown(known: Mapping[date, Any], changed: _Changed) -> Mapping[date, Any]:
    if not changed.written and not changed.gone:
        return known
    left = {day: each for day, each in known.items() if day not in {*changed.gone, *changed.written}}
    return MappingProxyType({**left, **{each.day: each for each in changed.read()}})
