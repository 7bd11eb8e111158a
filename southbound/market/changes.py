"""What changed between two dates: movers, breadth, additions and removals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.daily_holdings import Bools, Floats, Ints
from southbound.market.ranking import USUAL_FLOORS, Floors, Metric, Mover, Movers
from southbound.market.windows import Pair


@dataclass(frozen=True, slots=True)
class Stake:
    """One stock on one list: shares held, and percent of the issued shares (NaN where blank).

    Attributes:
        first_seen, last_seen: the first and the last stored date with the code on the list.
    """

    code: int
    name: str
    shares: int
    percent: float
    first_seen: date
    last_seen: date


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many stocks did what; a stock with two codes is one.

    Attributes:
        suspect: how many moved, and the page cannot tell whether somebody bought or sold.
    """

    rose: int
    fell: int
    unchanged: int
    added: int
    removed: int
    suspect: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Two lists side by side, made comparable.

    Attributes:
        codes, names, old_shares, new_shares, old_percents, new_percents: the stocks on both lists, by code;
            a stock under another code now has this one, and the old shares are in the shares of the new date.
        base_points: the percentage points that updates of the issued shares alone made.
        suspect: which of them cannot be told to have moved, or have more than the issued shares by the page;
            they are no movers.
        added: on the new list alone. New on the page is not newly eligible.
        removed: on the old list alone. Not on the page is not zero.
        moves: all mechanical moves between the two dates.
        moves_of: the same by the code that the stock has here.
    """

    pair: Pair
    codes: Ints
    names: tuple[str, ...]
    old_shares: Floats
    new_shares: Floats
    old_percents: Floats
    new_percents: Floats
    base_points: Floats
    suspect: Bools
    added: tuple[Stake, ...]
    removed: tuple[Stake, ...]
    moves: tuple[AdjustmentEvent, ...]
    moves_of: Mapping[int, tuple[AdjustmentEvent, ...]]

    def values(self, metric: Metric) -> Floats:
        """The change of each stock on both lists; NaN where a percentage is blank."""
        match metric:
            case Metric.SHARES:
                return self.new_shares - self.old_shares
            case Metric.PERCENT:
                return (self.new_shares - self.old_shares) / self.old_shares * 100
            case Metric.POINTS:
                # The page has two decimals; what a subtraction adds behind them would break ties.
                return np.round(self.new_percents - self.old_percents - self.base_points, 2)

    def movers(self, metric: Metric, count: int, floors: Floors = USUAL_FLOORS) -> Movers:
        """The `count` largest rises and falls. Equal changes stand in the order of their codes.

        The floors are for changes in percent: of shares and of points a tiny stake makes few.
        """
        values = np.where(self.suspect, np.nan, self.values(metric))
        below = np.zeros(len(values), dtype=np.bool_)
        if metric is Metric.PERCENT:
            below = (self.old_shares < floors.shares) | (self.old_percents < floors.percent)
        rising = np.flatnonzero((values > 0) & ~below)
        falling = np.flatnonzero((values < 0) & ~below)
        top = rising[np.argsort(-values[rising], kind="stable")][:count]
        bottom = falling[np.argsort(values[falling], kind="stable")][:count]
        left_out = int((below & (np.abs(values) > 0)).sum())
        return Movers(self._movers(top, values, metric), self._movers(bottom, values, metric), left_out)

    def breadth(self) -> Breadth:
        """Counted by shares: percentages also change when the issued shares do."""
        change = self.values(Metric.SHARES)[~self.suspect]
        rose, fell = int((change > 0).sum()), int((change < 0).sum())
        unchanged, suspect = len(change) - rose - fell, int(self.suspect.sum())
        return Breadth(rose, fell, unchanged, len(self.added), len(self.removed), suspect)

    def _movers(self, chosen: Ints, values: Floats, metric: Metric) -> tuple[Mover, ...]:
        return tuple(
            Mover(
                code=int(self.codes[i]),
                name=self.names[i],
                change=float(values[i]),
                old_shares=int(self.old_shares[i]),
                new_shares=int(self.new_shares[i]),
                old_percent=float(self.old_percents[i]),
                new_percent=float(self.new_percents[i]),
                adjusted_for=tuple(
                    move
                    for move in self.moves_of.get(int(self.codes[i]), ())
                    if metric is Metric.POINTS or move.kind is not Kind.NEW_BASE
                ),
            )
            for i in chosen
        )
