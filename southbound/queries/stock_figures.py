"""One stock in figures: what is held, how it changed, its ranks, and since when it is bought or sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.daily_holdings import Bools, Floats
from southbound.market.lasting_run import lasting_run
from southbound.market.metrics import METRICS
from southbound.market.windows import WINDOWS
from southbound.presentation.screen_columns import change_key
from southbound.queries.screen import Screen
from southbound.queries.trend import Line, Trend


@dataclass(frozen=True, slots=True)
class Ranked:
    """A figure and its place among all that have one: 1 is the largest.

    Attributes:
        value: NaN where it is not known; then there is no rank.
        rank, among: 0 where there is none.
    """

    value: float
    rank: int = 0
    among: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Since when a stock is bought or sold.

    Attributes:
        since: the first day of the run that shows a change.
        sessions: stored days with a change, that one and the last one included.
        shares: bought since then, negative if sold, in the shares of the newest stored day.
        percent: the same in percent of the holding before the run.
        points: change of the stake, as the page gives it, in percentage points; NaN where blank.
        money: HK$ of the days of which it is known; None where that is none of them.
        unpriced: days of the run of which it is not known.
    """

    since: date
    sessions: int
    shares: float
    percent: float
    points: float
    money: float | None
    unpriced: int


@dataclass(frozen=True, slots=True)
class StockFigures:
    """All of it, of one day.

    Attributes:
        code: under which it is on the list of the day.
        shares, stake: held; the rank is by the stake.
        changes: by the keys of metrics and windows (`change_key`).
        first_seen: the first stored date with it on the list, under whichever code.
        run: None if neither buying nor selling counts.
        events: mechanical moves up to the day, the newest first.
    """

    code: int
    shares: float
    stake: Ranked
    changes: Mapping[str, Ranked]
    first_seen: date
    run: Run | None
    events: tuple[AdjustmentEvent, ...]


def stock_figures(  # noqa: PLR0913 - what it is made of
    screen: Screen,
    code: int,
    day: date,
    trend: Trend,
    events: Sequence[AdjustmentEvent],
    *,
    net_buying: Mapping[date, float],
    among: Bools,
) -> StockFigures | None:
    """The figures of a stock.

    Args:
        screen: of the day.
        code: that it has on the list of the day.
        day: a stored day.
        trend: of the stock alone.
        events: those of all its codes.
        net_buying: HK$ by day, as far as it is known.
        among: (S,) the stocks of the screen that it is ranked with.

    Returns:
        None if the code is not on the list of the day.
    """
    at = int(np.searchsorted(screen.codes, code))
    if at == len(screen.codes) or screen.codes[at] != code:
        return None
    windows = (*WINDOWS, *([None] if None in screen.stakes else []))
    keys = [change_key(metric, window) for metric in METRICS.values() for window in windows]
    line = trend.lines[0]
    listed = ~np.isnan(line.shares)
    return StockFigures(
        code=code,
        shares=float(screen.figure("shares")[at]),
        stake=_ranked(screen.figure("stake"), at, among),
        changes={key: _ranked(screen.figure(key), at, among) for key in keys if key in screen.figures},
        first_seen=trend.days[int(listed.argmax())],
        run=_run(trend.days, line, day, net_buying),
        events=tuple(sorted((e for e in events if e.day <= day), key=lambda event: event.day, reverse=True)),
    )


def _ranked(values: Floats, at: int, among: Bools) -> Ranked:
    value = float(values[at])
    if np.isnan(value):
        return Ranked(value)
    counted = values[among & ~np.isnan(values)]
    return Ranked(value, int((counted > value).sum()) + 1, len(counted) + (not among[at]))


def _run(days: Sequence[date], line: Line, day: date, net_buying: Mapping[date, float]) -> Run | None:
    kept = [place for place, each in enumerate(days) if each <= day and not np.isnan(line.shares[place])]
    if not kept or days[kept[-1]] != day:
        return None
    shares, stakes = line.shares[kept], line.percents[kept]
    found = lasting_run(shares)
    if found is None:
        return None
    first = found.first
    priced = [days[place] for place in kept[first + 1 :]]
    money = [net_buying[each] for each in priced if each in net_buying]
    moved = shares[first + 1 :] != shares[first:-1]
    return Run(
        since=priced[0],
        sessions=int(moved.sum()),
        shares=found.change,
        percent=found.change / float(shares[first]) * 100,
        points=round(float(stakes[-1] - stakes[first]), 2),
        money=sum(money) if money else None,
        unpriced=len(priced) - len(money) if money else 0,
    )
