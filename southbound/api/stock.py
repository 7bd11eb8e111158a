"""`/stocks/{code}`: one stock over its days."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from southbound.api.answer import PRICED, Answer, Date, common, count, known, trade_dates
from southbound.market.adjustments.code_aliases import codes_of
from southbound.presentation import formatting
from southbound.queries.market_view import MarketView


@dataclass(frozen=True, slots=True)
class StockDay:
    """One stock on one date.

    Attributes:
        code: that it is listed under.
        shares, percent: as the page gave them.
        adjusted_shares: the holding in the shares of the newest date.
        close: of the session itself, in HK$, of a share as it was traded then; null without a price.
        adjusted_close: the same in the shares of the newest date, as `adjusted_shares` counts them.
        value: of the holding, in HK$, at that close or the last one before.
        net_buying: in HK$, since the stored date before; null where a price is not known, or nobody can tell
            whether somebody traded.
        marks: what happened beside buying and selling: `split`, `new base`, ….
    """

    date: Date
    trade_dates: tuple[Date, ...]
    code: str
    shares: int | float | None
    percent: float | None
    adjusted_shares: int | float | None
    close: float | None
    adjusted_close: float | None
    value: float | None
    net_buying: float | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockHistory(Answer):
    """One stock on all stored dates of a period that have it on the list; oldest first."""

    code: str
    name: str
    chinese_name: str | None
    other_codes: tuple[str, ...]
    days: tuple[StockDay, ...]


def stock(
    market_view: MarketView, code: int, since: Date | None, until: Date | None, *, is_current: bool
) -> StockHistory:
    """The days of a stock that was on a list once, from one date to another, both included."""
    history, found = market_view.history, market_view.trend((code,))
    [line] = found.lines
    codes = codes_of(code, market_view.events_of)
    marks: defaultdict[Date, list[str]] = defaultdict(list)
    for event in line.events:
        marks[event.day].append(str(event.kind))
    first = 0 if since is None else bisect_left(found.days, since)
    end = len(found.days) if until is None else bisect_right(found.days, until)
    shown, bought = trade_dates(market_view), market_view.net_buying(code)
    places = first + np.flatnonzero(~np.isnan(line.shares[first:end]))
    row_of = {day: row for row, day in enumerate(history.dates)}
    rows = np.array([row_of[found.days[place]] for place in places.tolist()], dtype=np.int64)
    columns = np.array([column for each in codes if (column := history.column(each)) is not None])
    own = history.shares[rows[:, None], columns]
    under = (~np.isnan(own)).argmax(axis=1)
    # As lists: one figure after the other out of an array takes three times as long.
    listed = [formatting.code(number) for number in history.codes[columns].tolist()]
    figures = zip(
        places.tolist(),
        under.tolist(),
        own[np.arange(len(own)), under].tolist(),
        *(
            column[places].tolist()
            for column in (line.percents, line.shares, line.closes, line.prices, line.values)
        ),
        strict=True,
    )
    days = [
        StockDay(
            day := found.days[place],
            shown[day],
            listed[column],
            count(shares),
            known(percent),
            count(adjusted),
            known(close),
            known(price),
            known(value),
            bought.get(day),
            tuple(marks.get(day, ())),
        )
        for place, column, shares, percent, adjusted, close, price, value in figures
    ]
    return StockHistory(
        **common(
            market_view,
            *([PRICED] if market_view.companions.prices.dates else []),
            is_current=is_current,
            adjusted_shares="shares or units of the newest date",
            close="HK$ a share",
            adjusted_close="HK$ a share of the newest date",
            value="HK$",
            net_buying="HK$",
        ),
        code=formatting.code(code),
        name=line.name,
        chinese_name=market_view.chinese.get(code),
        other_codes=tuple(map(formatting.code, codes[1:])),
        days=tuple(days),
    )
