"""The movers: which stocks changed most between two dates, by a metric."""

from dataclasses import dataclass

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.changes import Changes
from southbound.market.daily_holdings import Floats, Ints
from southbound.market.metrics import Metric


@dataclass(frozen=True, slots=True)
class Mover:
    """One stock and its change, in the unit of the metric that it was ranked by.

    Attributes:
        old_shares: in the shares of the new date, if they were split or consolidated between the two.
        adjusted_for: the adjustment events that were taken out of the change.
    """

    code: int
    name: str
    change: float
    old_shares: int
    new_shares: int
    old_percent: float
    new_percent: float
    adjusted_for: tuple[AdjustmentEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Floors:
    """What a stock must have had for its change in percent to be ranked.

    Below 0.05 % of the issued shares the page's percentage is uncertain by a third, and a few lots more or
    less are a large change: of the recorded holdings that rose by a half or fell by a third in a day 6 of 44
    are of such stakes, mostly a few hundred units of a fund. 39 of 877 stocks are below the floors.

    Attributes:
        shares: held on the old date.
        percent: of the issued shares on the old date; one that is blank is no reason to leave a stock out.
    """

    shares: int = 10_000
    percent: float = 0.05


USUAL_FLOORS, NO_FLOORS = Floors(), Floors(0, 0.0)


@dataclass(frozen=True, slots=True)
class Movers:
    """The largest rises, the largest first, and the largest falls, likewise.

    Attributes:
        below_floor: how many others moved, and were left out since their base is tiny.
    """

    top: tuple[Mover, ...]
    bottom: tuple[Mover, ...]
    below_floor: int = 0


def rank(changes: Changes, metric: Metric, count: int, floors: Floors = USUAL_FLOORS) -> Movers:
    """The `count` largest rises and falls. Equal changes stand in the order of their codes.

    Only a change above 0 is a rise, and only one below 0 a fall. Suspect stocks have no rank. The floors are
    for metrics that have some: of shares and of points a tiny stake makes few.

    Args:
        changes: of two dates.
        metric: what changes are ranked in; the changes of the movers are in its unit.
        count: of rises, and of falls, at most.
        floors: what a stock must have had on the old date.
    """
    values = np.where(changes.suspect, np.nan, metric.change(changes))
    below = np.zeros(len(values), dtype=np.bool_)
    if metric.has_floors:
        below = (changes.old_shares < floors.shares) | (changes.old_percents < floors.percent)
    rising = np.flatnonzero((values > 0) & ~below)
    falling = np.flatnonzero((values < 0) & ~below)
    top = rising[np.argsort(-values[rising], kind="stable")][:count]
    bottom = falling[np.argsort(values[falling], kind="stable")][:count]
    left_out = int((below & (np.abs(values) > 0)).sum())
    return Movers(_movers(changes, top, values, metric), _movers(changes, bottom, values, metric), left_out)


def _movers(changes: Changes, chosen: Ints, values: Floats, metric: Metric) -> tuple[Mover, ...]:
    return tuple(
        Mover(
            code=int(changes.codes[i]),
            name=changes.names[i],
            change=float(values[i]),
            old_shares=int(changes.old_shares[i]),
            new_shares=int(changes.new_shares[i]),
            old_percent=float(changes.old_percents[i]),
            new_percent=float(changes.new_percents[i]),
            adjusted_for=tuple(
                event
                for event in changes.events_of.get(int(changes.codes[i]), ())
                if metric.counts_new_base or event.kind is not Kind.NEW_BASE
            ),
        )
        for i in chosen
    )
