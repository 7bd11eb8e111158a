"""One trading day of prices and turnover, and what must be true of them. Pure."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import numpy as np

from southbound.common.errors import BadPrices
from southbound.common.remark import remark
from southbound.market.daily_holdings import MOST_SHARES, Bools, Floats, Ints
from southbound.market.stored_figures import (
    FIGURE,
    WHOLE,
    by_code,
    cells,
    codes_of,
    column,
    day_and_members,
    figures_text,
    floats,
    reading_figures,
)
from southbound.market.strict_json import see_each_once

CURRENCY = "HKD"
"""In which every stock of the southbound list is traded."""

DERIVATIVES = (range(10_000, 30_000), range(47_000, 70_000))
"""Codes of warrants, inline warrants and callable bull/bear contracts, by the exchange's allocation plan:
most of the counters of a day, and none that can be on the southbound list."""


class TradingState(StrEnum):
    """What happened to a counter on that day."""

    TRADED = "traded"
    NOT_TRADED = "not traded"  # its close is the last one, and official
    SUSPENDED = "suspended"
    HALTED = "halted"


class Quote(NamedTuple):
    """One counter's day, unadjusted; None is a blank, which is no 0.

    Attributes:
        code: stock code.
        name: short name, in one line.
        currency: three letters, of all prices and the turnover.
        state: whether it traded.
        previous_close: the close of the session before, for nearly all.
        close: that of the day; the last one before it where nothing traded.
        high: highest price of the day.
        low: lowest price of the day.
        shares_traded: whole shares or units.
        turnover: what was paid for them, in whole units of `currency`.
    """

    code: int
    name: str
    currency: str
    state: TradingState
    previous_close: float | None = None
    close: float | None = None
    high: float | None = None
    low: float | None = None
    shares_traded: int | None = None
    turnover: int | None = None


class Difference(NamedTuple):
    """A figure of a counter that two sources have otherwise.

    Attributes:
        day: the trading day.
        code: stock code.
        name: `close` or `turnover`.
        ours: that of the one that was asked.
        other: that of the other one.
    """

    day: date
    code: int
    name: str
    ours: float
    other: float


ALIKE = 1e-4
"""Two figures that differ by no greater part are one, written otherwise: a tick is more."""

_ANY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class DailyPrices:
    """What every counter of a board was worth on one trading day, and what was traded of it. Unadjusted.

    All columns have one length and are sorted by code; the arrays cannot be written to; NaN is a blank.

    Attributes:
        day: the trading day.
        codes: stock codes, positive and unique, ascending.
        names: short names, each in one line; empty in a day that was stored.
        currencies: three letters each.
        states: whether it traded.
        previous_closes: in the counter's currency.
        closes: in the counter's currency.
        highs: in the counter's currency.
        lows: in the counter's currency.
        shares_traded: whole numbers, which float64 holds exactly up to 2**53.
        turnovers: whole numbers in the counter's currency, NaN just where `shares_traded` is.
    """

    day: date
    codes: Ints
    names: tuple[str, ...]
    currencies: tuple[str, ...]
    states: tuple[TradingState, ...]
    previous_closes: Floats
    closes: Floats
    highs: Floats
    lows: Floats
    shares_traded: Floats
    turnovers: Floats

    @classmethod
    def of(cls, day: date, quotes: Iterable[Quote]) -> "DailyPrices":
        """Check and sort the quotes of a day.

        Raises:
            BadPrices: naming the first counter whose figures cannot be true.
        """
        ordered = by_code(quotes, _problem, BadPrices)
        codes = np.array([quote.code for quote in ordered], dtype=np.int64)
        codes.setflags(write=False)
        _, names, currencies, states, *figures = (
            zip(*ordered, strict=True) if ordered else [()] * len(Quote._fields)
        )
        return cls(day, codes, names, currencies, states, *map(floats, figures))

    @classmethod
    def joined(cls, boards: Iterable["DailyPrices"]) -> "DailyPrices":
        """The counters of several boards on one day.

        Raises:
            BadPrices: there are none, they are of different days, or a code stands on two of them.
        """
        parts = list(boards)
        if len({part.day for part in parts}) != 1:
            raise BadPrices(remark("want boards of one day"))
        codes = np.concatenate([part.codes for part in parts])
        order = np.argsort(codes, kind="stable")
        if repeated := codes[order][1:][np.diff(codes[order]) == 0].tolist():
            raise BadPrices(remark("stock code {code} stands on two boards", code=repeated[0]))
        return cls(
            parts[0].day, *(_rearranged([getattr(part, name) for part in parts], order) for name in _COLUMNS)
        )

    @classmethod
    def of_columns(
        cls, day: date, codes: Ints, closes: Floats, shares_traded: Floats, turnovers: Floats
    ) -> "DailyPrices":
        """A day of which no more is known; NaN is a blank, and 0 shares are a counter that did not trade.

        Args:
            day: the trading day.
            codes: ascending, each once.
            closes: in HK$; as all columns, as long as `codes`.
            shares_traded: whole numbers.
            turnovers: whole HK$. Both are blank in the day where one of them is.

        Raises:
            BadPrices: a figure cannot be true.
        """
        idle = shares_traded == 0
        known = ~(np.isnan(shares_traded) | np.isnan(turnovers) | idle)
        for figures, counts in ((closes, ~np.isnan(closes)), (shares_traded, known), (turnovers, known)):
            wrong = counts & ~((figures > 0) & (figures <= MOST_SHARES))
            if wrong.any():
                raise BadPrices(
                    remark(
                        "stock {code}: want prices, shares and turnover above 0 and at most {most}, or "
                        "blanks; got {figures}",
                        code=codes[wrong][0],
                        most=f"{MOST_SHARES:,}",
                        figures=f"{figures[wrong][0]:g}",
                    )
                )
        states = tuple(TradingState.NOT_TRADED if each else TradingState.TRADED for each in idle.tolist())
        blank = np.full(len(codes), np.nan)
        columns = [np.where(known, shares_traded, np.nan), np.where(known, turnovers, np.nan)]
        for array in (codes, closes, blank, *columns):
            array.setflags(write=False)
        texts = ("",) * len(codes), (CURRENCY,) * len(codes)
        return cls(day, codes, *texts, states, blank, closes, blank, blank, *columns)

    def within(self, chosen: Bools) -> "DailyPrices":
        """Some of its counters."""
        places = np.flatnonzero(chosen)
        return DailyPrices(self.day, *(_rearranged([getattr(self, name)], places) for name in _COLUMNS))

    def over(self, other: "DailyPrices") -> "DailyPrices":
        """Its counters, and those of the other one that it lacks. Raises BadPrices for another day."""
        return DailyPrices.joined([self, other.within(~np.isin(other.codes, self.codes))])

    def differences(self, other: "DailyPrices") -> list[Difference]:
        """The closes and turnovers that both have, and not alike, by code."""
        _, ours, theirs = np.intersect1d(self.codes, other.codes, return_indices=True)
        found = []
        for name in ("close", "turnover"):
            mine, its = getattr(self, f"{name}s")[ours], getattr(other, f"{name}s")[theirs]
            for place in np.flatnonzero(np.abs(mine - its) > ALIKE * its).tolist():
                code, figures = int(self.codes[ours][place]), (float(mine[place]), float(its[place]))
                found.append(Difference(self.day, code, name, *figures))
        return sorted(found, key=lambda each: each.code)

    def has_the_same(self, other: "DailyPrices") -> bool:
        """Whether the same would be stored of both."""
        return self.to_json("", _ANY) == other.to_json("", _ANY)

    def __len__(self) -> int:
        return len(self.codes)

    def to_json(self, source: str, read_at: datetime) -> str:
        """The day as it is stored, with where it was read and when (the Redis contract).

        Of the counters those in HK$ that are no derivatives, and of each its code, close, shares traded,
        turnover and state.
        """
        kept = np.fromiter((currency == CURRENCY for currency in self.currencies), np.bool_, len(self))
        for codes in DERIVATIVES:
            kept &= (self.codes < codes.start) | (self.codes >= codes.stop)
        columns = {
            "code": self.codes[kept].tolist(),
            "close": cells(self.closes[kept]),
            "shares_traded": cells(self.shares_traded[kept], whole=True),
            "turnover": cells(self.turnovers[kept], whole=True),
            "state": [state for state, is_kept in zip(self.states, kept.tolist(), strict=True) if is_kept],
        }
        return figures_text(self.day, source, read_at, columns)

    @classmethod
    def from_json(cls, text: str | bytes) -> "DailyPrices":
        """Read a stored day; its names are empty, and blank is what is not stored.

        Raises:
            DamagedFigures: the text is not what `to_json` writes.
        """
        with reading_figures():
            stored = _stored(text)
            codes, states = codes_of(stored.code), tuple(stored.state)
            count = len(codes)
            if len(states) != count:
                raise ValueError(f"state: got {len(states)} cells for {count} codes")
            closes, shares_traded, turnovers = (
                floats(getattr(stored, name), name, count) for name in ("close", "shares_traded", "turnover")
            )
            for figures in (closes, shares_traded, turnovers):
                if ((figures <= 0) | (figures > MOST_SHARES)).any():
                    raise ValueError(f"want figures above 0 and at most {MOST_SHARES:,}, or null")
            untold = np.isnan(shares_traded)
            if (untold != np.isnan(turnovers)).any():
                raise ValueError("shares traded without turnover, or turnover without shares")
            # Few: most counters were traded.
            places = np.flatnonzero(untold).tolist()
            not_told = [states[place] for place in places].count(TradingState.TRADED)
            if states.count(TradingState.TRADED) != count - len(places) + not_told:
                raise ValueError("shares traded of a counter that was not")
            blank = np.full(count, np.nan)
            blank.setflags(write=False)
            texts = ("",) * count, (CURRENCY,) * count
            return cls(
                stored.day, codes, *texts, states, blank, closes, blank, blank, shares_traded, turnovers
            )


class _Stored(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What `to_json` writes."""

    day: date
    source: str
    read_at: str
    code: list[int]
    close: list[float | None]
    shares_traded: list[int | None]
    turnover: list[int | None]
    state: list[TradingState]


_STORED = msgspec.json.Decoder(_Stored)


def _stored(text: str | bytes) -> _Stored:
    """A stored day, each of whose columns has the types that it must have.

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deep.
    """
    if isinstance(text, str):
        with suppress(ValueError, RecursionError):
            stored = _STORED.decode(text)
            see_each_once(text, len(_Stored.__struct_fields__), (stored.source, stored.read_at))
            return stored
    # Of a later version or another hand; or it says what is wrong.
    day, members = day_and_members(text)
    state = column(members, "state", frozenset({str}))
    if unknown := set(state) - _STATES.keys():
        raise ValueError(f"state: got {unknown.pop()!r:.40}")
    return _Stored(
        day,
        "",
        "",
        column(members, "code", frozenset({int})),
        column(members, "close", FIGURE),
        column(members, "shares_traded", WHOLE),
        column(members, "turnover", WHOLE),
        [_STATES[name] for name in state],
    )


_COLUMNS = tuple(name for name in DailyPrices.__dataclass_fields__ if name != "day")
_STATES = {str(state): state for state in TradingState}


def _rearranged(parts: list[Any], order: Ints) -> Any:
    """One column of several boards in another order, as it was: an array or a tuple."""
    if isinstance(parts[0], tuple):
        together = [cell for part in parts for cell in part]
        return tuple(together[place] for place in order.tolist())
    column = np.concatenate(parts)[order]
    column.setflags(write=False)
    return column


def _problem(quote: Quote) -> str:
    """What cannot be true of a quote; empty if nothing."""
    if quote.code < 1:
        return "want a positive stock code"
    if any(figure is not None and not 0 < figure <= MOST_SHARES for figure in quote[4:]):
        return f"want prices, shares and turnover above 0 and at most {MOST_SHARES:,}, or blanks"
    if (quote.shares_traded is None) != (quote.turnover is None):
        return "shares traded without turnover, or turnover without shares"
    if quote.shares_traded is not None and quote.state is not TradingState.TRADED:
        return f"it is {quote.state}, with {quote.shares_traded} shares traded"
    if quote.high is not None and quote.low is not None and quote.low > quote.high:
        return f"its low {quote.low} is above its high {quote.high}"
    return ""
