"""Two lists of the history, set side by side."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.adjustments.restatement import Restated, restated
from southbound.market.changes import Changes, Stake
from southbound.market.daily_holdings import WHOLE, Bools, Floats
from southbound.market.history import History
from southbound.market.net_buying import net_buying
from southbound.market.price_history import PriceHistory
from southbound.market.windows import Pair


def compare(
    history: History,
    dates: Pair,
    events: Sequence[AdjustmentEvent] | None = None,
    prices: PriceHistory | None = None,
) -> Changes:
    """Set the lists of two stored dates side by side, comparable.

    Old shares are restated for splits and the like (`restatement.restated`). The base points of a stock are
    the sum of what each update of its issued shares between the dates made, see
    `AdjustmentEvent.points_of_base`. A stock with more than 100 % of the issued shares on one of the dates is
    suspect: its base is late.

    Args:
        history: all days.
        dates: two of them, the older one first.
        events: the adjustment events of all of `history`; they are looked for (in 10 ms with 100 days) if
            they are not given. Later ones count too: they settle what the page showed before.
        prices: for the net buying, which is not known without them.

    Raises:
        ValueError: one of the dates is not in `history`.
    """
    if events is None:
        events = adjustment_events(history)
    old, new = history.row(dates.old), history.row(dates.new)
    figures = restated(history, (old, new), events)
    between = tuple(event for event in events if event.within(dates.old, dates.new))
    base_points, suspect = np.zeros(len(history.codes)), np.zeros(len(history.codes), dtype=np.bool_)
    events_of: defaultdict[int, tuple[AdjustmentEvent, ...]] = defaultdict(tuple)
    for event in between:
        column = figures.column(history, event.code)
        if column is None:
            continue
        base_points[column] += event.points_of_base
        suspect[column] |= event.kind is Kind.SUSPECT
        events_of[int(history.codes[column])] += (event,)
    suspect |= (figures.percents > WHOLE).any(axis=0)
    was, now = ~np.isnan(figures.shares)
    away = _away(history, dates, events, figures)
    both = np.flatnonzero(was & now)
    codes = history.codes[both]
    return Changes(
        pair=dates,
        codes=codes,
        names=tuple(history.names[code] for code in codes.tolist()),
        old_shares=figures.shares[0, both],
        new_shares=figures.shares[1, both],
        old_percents=figures.percents[0, both],
        new_percents=figures.percents[1, both],
        base_points=base_points[both],
        net_buying=_bought(history, range(old, new + 1), events, prices)[both],
        suspect=suspect[both],
        added=_stakes(history, figures.shares[1], figures.percents[1], now & ~was & ~away),
        removed=_stakes(history, figures.shares[0], figures.percents[0], was & ~now & ~away),
        events=between,
        events_of=events_of,
    )


def _bought(
    history: History, rows: Sequence[int], events: Sequence[AdjustmentEvent], prices: PriceHistory | None
) -> Floats:
    if prices is None or not prices.dates:
        return np.full(len(history.codes), np.nan)
    return net_buying(history, rows, events, prices).totals()


def _away(history: History, dates: Pair, events: Sequence[AdjustmentEvent], figures: Restated) -> Bools:
    """The stocks that are off the list on one of the dates by an event: neither added nor removed."""
    away = np.zeros(len(history.codes), dtype=np.bool_)
    for event in events:
        if event.kind in {Kind.NEW_BASE, Kind.SUSPECT}:
            continue
        for part in event.parts:
            if part.since < dates.old < part.day or part.since < dates.new < part.day:
                # Not its temporary code, too: until it begins that may be another stock's.
                codes = [leg.code for leg in part.legs] if event.line is None else [event.line.main]
                for code in codes:
                    away[figures.column(history, code)] = True
    return away


def _stakes(history: History, shares: Floats, percents: Floats, chosen: Bools) -> tuple[Stake, ...]:
    stakes = []
    for column in np.flatnonzero(chosen).tolist():
        code = int(history.codes[column])
        seen = np.flatnonzero(~np.isnan(history.shares[:, column]))
        first, last = history.dates[seen[0]], history.dates[seen[-1]]
        stakes.append(
            Stake(code, history.names[code], int(shares[column]), float(percents[column]), first, last)
        )
    return tuple(stakes)
