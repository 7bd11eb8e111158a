"""What changed between two dates: figures side by side, breadth, additions and removals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.daily_holdings import Bools, Floats, Ints
from southbound.market.windows import Pair


@dataclass(frozen=True, slots=True)
class Stake:
    """One stock on one list.

    Attributes:
        shares: shares or units held.
        percent: of the issued shares, as the page gives it with two decimals; NaN where blank.
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

    As the advances, declines and unchanged issues that the breadth of a market is read from, but of holdings
    in place of prices.

    Attributes:
        rose, fell, unchanged: of the stocks on both lists that are not suspect, those with new - old shares
            above, below, and at 0.
        added, removed: those on one of the lists alone.
        suspect: how many moved, and the page cannot tell whether somebody bought or sold.
    """

    rose: int
    fell: int
    unchanged: int
    added: int
    removed: int
    suspect: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """What was bought of all stocks together, net, in HK$.

    Attributes:
        money: of the stocks that count; NaN if the price of none is known.
        priced: how many stocks moved and have a figure.
        unpriced: how many moved, and the price of a change is not known; they are no part of `money`.
        left_out: how many else are no part of it: suspect ones that moved, and those on one list alone.
    """

    money: float
    priced: int
    unpriced: int
    left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Two lists side by side, made comparable.

    Attributes:
        pair: the two dates.
        codes, names: the N stocks on both lists, by code; a stock under another code now has this one.
        old_shares, new_shares: (N,) shares or units held, both in the shares of the new date.
        old_percents, new_percents: (N,) percent of the issued shares; NaN where blank.
        base_points: (N,) the percentage points that updates of the issued shares alone made, see
            `AdjustmentEvent.points_of_base`; 0 where there was none.
        net_buying: (N,) HK$, see `net_buying`; NaN where a price is not known.
        suspect: (N,) which of them cannot be said to have moved, or have more than the issued shares by the
            page; they are no movers.
        added: on the new list alone. New on the page is not newly eligible.
        removed: on the old list alone. Not on the page is not zero.
        events: all adjustment events between the two dates.
        events_of: the same by the code that the stock has here.
    """

    pair: Pair
    codes: Ints
    names: tuple[str, ...]
    old_shares: Floats
    new_shares: Floats
    old_percents: Floats
    new_percents: Floats
    base_points: Floats
    net_buying: Floats
    suspect: Bools
    added: tuple[Stake, ...]
    removed: tuple[Stake, ...]
    events: tuple[AdjustmentEvent, ...]
    events_of: Mapping[int, tuple[AdjustmentEvent, ...]]

    def breadth(self) -> Breadth:
        """Counted by shares: percentages also change when the issued shares do.

        rose = count(new - old > 0), fell = count(new - old < 0), over the stocks that are not suspect.
        """
        change = (self.new_shares - self.old_shares)[~self.suspect]
        rose, fell = int((change > 0).sum()), int((change < 0).sum())
        unchanged, suspect = len(change) - rose - fell, int(self.suspect.sum())
        return Breadth(rose, fell, unchanged, len(self.added), len(self.removed), suspect)

    def flow(self) -> Flow:
        """The net buying of all stocks that are on both lists and not suspect."""
        moved = self.new_shares != self.old_shares
        known = ~np.isnan(self.net_buying)
        counts = known & ~self.suspect
        priced = counts & (moved | (self.net_buying != 0))
        unpriced = ~known & ~self.suspect
        left_out = int((moved & self.suspect).sum()) + len(self.added) + len(self.removed)
        money = float(self.net_buying[counts].sum()) if priced.any() else float("nan")
        return Flow(money, int(priced.sum()), int(unpriced.sum()), left_out)
