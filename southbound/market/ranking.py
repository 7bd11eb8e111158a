"""What stocks are ranked by, and what a ranking holds."""

from dataclasses import dataclass
from enum import StrEnum

from southbound.market.adjustments.events import AdjustmentEvent


class Metric(StrEnum):
    """What movers are ranked by."""

    PERCENT = "pct"
    """Change of the holding, in percent of what was held."""
    SHARES = "shares"
    """Shares or units bought or sold."""
    POINTS = "pp"
    """Change of the stake, in percentage points of the issued shares."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One stock and its change, in the unit of the metric that it was ranked by.

    Attributes:
        old_shares: in the shares of the new date, if they were split or consolidated between the two.
        adjusted_for: the mechanical moves that were taken out of the change.
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
