"""`/holdings/{date}`, `/stocks` and `/signals/{date}`: a row for each stock."""

from dataclasses import dataclass

import numpy as np

from southbound.api.answer import Answer, Date, common, known
from southbound.market.adjustments.code_aliases import codes_of
from southbound.market.settlement import trades_shown
from southbound.presentation import formatting, phrases
from southbound.queries.market_view import MarketView


@dataclass(frozen=True, slots=True)
class Holding:
    """One stock on one list."""

    code: str
    name: str
    chinese_name: str | None
    shares: int
    percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings(Answer):
    """The list of a date, by code."""

    date: Date
    trade_dates: tuple[Date, ...]
    holdings: tuple[Holding, ...]


def holdings(market_view: MarketView, day: Date, *, is_current: bool) -> Holdings:
    """The list of a stored date, as the page gave it."""
    history, row = market_view.history, market_view.history.row(day)
    columns = np.flatnonzero(~np.isnan(history.shares[row]))
    return Holdings(
        **common(market_view, is_current=is_current),
        date=day,
        trade_dates=trades_shown(day).sessions,
        holdings=tuple(
            Holding(
                formatting.code(code),
                history.name_on(row, column),
                market_view.chinese.get(code),
                int(history.shares[row, column]),
                known(history.percents[row, column]),
            )
            for code, column in zip(history.codes[columns].tolist(), columns.tolist(), strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class Stock:
    """One code that is, or was, on the list.

    Attributes:
        kind: `share`, `etf`, `reit` or `other`.
        first_seen, last_seen: the first and the last stored date with this code on the list.
        other_codes: further codes of the same stock.
    """

    code: str
    name: str
    chinese_name: str | None
    kind: str
    first_seen: Date
    last_seen: Date
    other_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocks(Answer):
    """Every code that was ever on a stored list, ascending."""

    stocks: tuple[Stock, ...]


def stocks(market_view: MarketView, *, is_current: bool) -> Stocks:
    """All codes."""
    history = market_view.history
    listed = ~np.isnan(history.shares)
    first, last = listed.argmax(axis=0).tolist(), listed[::-1].argmax(axis=0).tolist()
    return Stocks(
        **common(market_view, is_current=is_current),
        stocks=tuple(
            Stock(
                formatting.code(code),
                history.names[code],
                market_view.chinese.get(code),
                str(market_view.kinds.of(code, history.names[code])),
                history.dates[first[column]],
                history.dates[-1 - last[column]],
                tuple(map(formatting.code, codes_of(code, market_view.events_of)[1:])),
            )
            for column, code in enumerate(history.codes.tolist())
        ),
    )


@dataclass(frozen=True, slots=True)
class StockSignal:
    """What a day means for one stock.

    Attributes:
        streak: sessions in a row in which the holding rose, or fell if below 0.
        high, low: over how many sessions the stake is the highest or lowest; 0 if it is not.
        z_score: how many of its usual deviations the change is from its usual change.
        crossed: the percent level that the stake rose to, or fell below if below 0; 0 if none.
        says: whatever of it is worth telling, in words.
    """

    code: str
    name: str
    streak: int
    high: int
    low: int
    z_score: float | None
    crossed: int
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySignals(Answer):
    """The signals of a date, by code."""

    date: Date
    trade_dates: tuple[Date, ...]
    signals: tuple[StockSignal, ...]


def signals(market_view: MarketView, day: Date, *, is_current: bool) -> DaySignals:
    """The signals of a stored date."""
    found = market_view.signals(day)
    rows = []
    for code in found.codes.tolist():
        signal = found.of(code)
        if signal is not None:
            rows.append(
                StockSignal(
                    formatting.code(code),
                    market_view.history.names[code],
                    signal.streak,
                    signal.high,
                    signal.low,
                    known(signal.z_score),
                    signal.crossed,
                    phrases.signal(signal),
                )
            )
    return DaySignals(
        **common(
            market_view,
            is_current=is_current,
            streak="sessions in a row",
            high="sessions",
            low="sessions",
            z_score="usual deviations",
            crossed="% of the issued shares",
        ),
        date=day,
        trade_dates=trades_shown(day).sessions,
        signals=tuple(rows),
    )
