"""The figures of a trend: some stocks over all sessions, made comparable."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from southbound.market.adjustments.code_aliases import Events, all_of, codes_of
from southbound.market.adjustments.events import TEMPORARY_CODES, AdjustmentEvent, Kind
from southbound.market.adjustments.restatement import Restated, restated
from southbound.market.daily_holdings import Floats
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.stock_prices import stock_prices
from southbound.market.valuation import OLDEST_CLOSE
from southbound.presentation import time_axis
from southbound.presentation.view_state import Period

LEAST_SHOWN = 5
"""Sessions: nobody looks closer."""


class Look(StrEnum):
    """At another part of a trend, by hand: half as much of it, twice as much, or half of it further on."""

    EARLIER = auto()
    CLOSER = auto()
    WIDER = auto()
    LATER = auto()


LEAST_CORRELATED = 10
"""Changes that two stocks must have in common before their correlation says anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One stock, a figure for each session of the trend; NaN where there is none.

    Attributes:
        shares: in the shares of the newest day.
        percents: as the page gave them.
        closes: the close of the session itself, in HK$, of a share as it was traded then.
        prices: the same in the shares of the newest day.
        values: of the holding, in HK$, at that close or the last one before.
        events: what happened to it besides buying and selling.
        restated: whether earlier shares are not those that the page showed.
    """

    code: int
    name: str
    shares: Floats
    percents: Floats
    closes: Floats
    prices: Floats
    values: Floats
    events: tuple[AdjustmentEvent, ...]
    restated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Some stocks over the same sessions, missing ones too; oldest first."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]

    def shown(
        self, period: Period, zoom: tuple[date, date] | None = None, compared: date | None = None
    ) -> slice:
        """The sessions of a part that was zoomed into; else of a period up to the last one.

        The period is longer where an earlier date is compared with.
        """
        if zoom is not None:
            part = slice(bisect_left(self.days, zoom[0]), bisect_right(self.days, zoom[1]))
            if part.start < part.stop:
                return part
        if period.days is None:
            return slice(0, len(self.days))
        since = self.days[-1] - timedelta(days=period.days)
        since = min(since, compared or since)
        return slice(bisect_left(self.days, since), len(self.days))

    def looked(self, part: slice, look: Look) -> tuple[date, date] | None:
        """The first and the last session of another part than one that is shown; None if there is none.

        Closer is the later half of it, wider reaches further back, and on as far as sessions are lacking.
        """
        start, stop = part.start, part.stop
        count, most = stop - start, len(self.days)
        match look:
            case Look.CLOSER:
                start = stop - max(min(count, LEAST_SHOWN), count // 2)
            case Look.WIDER:
                start = max(0, stop - 2 * count)
                stop = min(most, start + 2 * count)
            case Look.EARLIER:
                start = max(0, start - max(1, count // 2))
                stop = start + count
            case Look.LATER:
                stop = min(most, stop + max(1, count // 2))
                start = stop - count
        if (start, stop) == (part.start, part.stop) or stop - start < 2:
            return None
        return self.days[start], self.days[stop - 1]


def trend(
    history: History, events: Events, codes: Sequence[int], prices: PriceHistory | None = None
) -> Trend:
    """The trend of stocks that are in `history`, which has one day at least.

    Shares before a split or consolidation are restated, and figures under a temporary code are the stock's.
    """
    days = tuple(time_axis.sessions_shown(history.dates))
    places = np.searchsorted(np.array(days, dtype="datetime64[D]"), np.array(history.dates, "datetime64[D]"))
    lines = []
    for code in codes:
        connected = codes_of(code, events)
        part = history.of_stocks(connected)
        figures = restated(part, range(len(part.dates)), all_of(events, connected))
        column = figures.columns.get(code, part.columns(np.array([code]))[0].item())
        shares, percents = np.full(len(days), np.nan), np.full(len(days), np.nan)
        shares[places], percents[places] = figures.shares[:, column], figures.percents[:, column]
        own = all_of(events, [other for other in connected if other == code or other not in TEMPORARY_CODES])
        changed = any(event.kind is not Kind.NEW_BASE and event.kind is not Kind.SUSPECT for event in own)
        in_money = _in_money(part, figures, all_of(events, connected), prices, (days, column, shares))
        name = history.names[code]
        lines.append(Line(code, name, shares, percents, *in_money, tuple(own), changed))
    return Trend(days, tuple(lines))


def _in_money(
    part: History,
    figures: Restated,
    events: Sequence[AdjustmentEvent],
    prices: PriceHistory | None,
    stock: tuple[Sequence[date], int, Floats],
) -> tuple[Floats, Floats, Floats]:
    """(T,) closes, the same in the shares of the newest day, and values of the holding; NaN where not known.

    Args:
        part: all days of the stock's codes.
        figures: of `part`.
        events: of these codes.
        prices: all that are known.
        stock: the T sessions of the trend, the stock's column, and its shares in those of the newest day.
    """
    days, column, shares = stock
    if prices is None or not prices.dates:
        unknown = np.full(len(days), np.nan)
        return unknown, unknown, unknown
    known = stock_prices(part, figures.columns, events, prices, days, until=days[-1])
    closes = known.prices.closes[:, column]
    at = np.arange(len(days))
    newest = np.maximum.accumulate(np.where(np.isnan(closes), -1, at))
    places = np.where(at - newest <= OLDEST_CLOSE, newest, -1)
    worth = np.where(places >= 0, shares * closes[places], np.nan)
    later = closes.copy()
    for one in known.turned.get(column, ()):
        later *= [one.price_in_later_shares(day, days[-1]) for day in days]
        worth *= [
            one.value_of_held_shares(days[place], day) / (one.factor if day < one.held <= days[-1] else 1)
            for day, place in zip(days, places.tolist(), strict=True)
        ]
    return closes, later, worth


def average(values: Floats, count: int) -> Floats:
    """The simple moving average: the mean of the last `count` known figures, a missing session passed over.

    Args:
        values: (T,) figures, oldest first; NaN where not known.
        count: of figures.

    Returns:
        (T,) in the unit of `values`; NaN where there are not as many yet, or the session has none.
    """
    listed = ~np.isnan(values)
    means = np.full(len(values), np.nan)
    known = values[listed]
    if len(known) >= count:
        means[np.flatnonzero(listed)[count - 1 :]] = sliding_window_view(known, count).mean(axis=1)
    return means


def rebased(values: Sequence[Floats]) -> list[Floats]:
    """Each line in percent of its figure on the first session that all have one on: line / line[first] x 100.

    Without such a session each line is in percent of its own first figure.

    Args:
        values: the lines, (T,) figures each, oldest first; NaN where not known.

    Returns:
        The same in percent; 100 on the first session.
    """
    listed = ~np.isnan(np.array(values))
    common = np.flatnonzero(listed.all(axis=0))
    result = []
    for line, has in zip(values, listed, strict=True):
        own = common if common.size else np.flatnonzero(has)
        result.append(line / line[own[0]] * 100 if own.size else line)
    return result


def correlation(lines: Sequence[Floats]) -> tuple[Floats, int]:
    """How the daily changes of holdings go together, and in how many sessions that was seen.

    Pearson's correlation of the relative changes s[t + 1] / s[t] - 1. A session after a missing one has no
    daily change; one in which none of them moved tells nothing: both are left out.

    Args:
        lines: L holdings, (T,) shares each, oldest first; NaN where not on the list.

    Returns:
        L x L coefficients from -1 to 1, NaN where a holding never moved, and everywhere if there are fewer
        than `LEAST_CORRELATED` sessions; and the number of sessions.
    """
    shares = np.array(lines)
    changes = shares[:, 1:] / shares[:, :-1] - 1
    changes = changes[:, ~np.isnan(changes).any(axis=0) & (changes != 0).any(axis=0)]
    count = changes.shape[1]
    if count < LEAST_CORRELATED:
        return np.full((len(lines), len(lines)), np.nan), count
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.atleast_2d(np.corrcoef(changes)), count
