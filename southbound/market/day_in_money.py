"""A shareholding date in HK$: what was bought, what is on its way, what all of it is worth. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.companions import Companions
from southbound.market.history import History
from southbound.market.net_buying import NetBuying, net_buying
from southbound.market.reconciliation import Reconciled, on_the_way, reconciliation
from southbound.market.short_interest import ShortInterest, short_interest
from southbound.market.valuation import Valuation, valuation

RECONCILED_DATES = 60
"""Of the history of the reconciliation."""


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """A shareholding date in HK$.

    Attributes:
        day: the shareholding date.
        valuation: of all holdings.
        reconciled: the last dates up to it, oldest first; empty if nothing is stored before it.
        bought: since the stored date before it, in the columns of the history; None likewise.
        on_the_way: trading days that no holding up to it shows yet, with the official net buying of each; for
            any but the newest date those up to it alone, as they were known on its evening.
        short: what is reported as of the newest day up to it; None if nothing is.
    """

    day: date
    valuation: Valuation
    reconciled: tuple[Reconciled, ...]
    bought: NetBuying | None
    on_the_way: tuple[tuple[date, float], ...]
    short: ShortInterest | None

    @property
    def newest(self) -> Reconciled | None:
        """That of the date itself."""
        return self.reconciled[-1] if self.reconciled else None


def money(history: History, day: date, events: Sequence[AdjustmentEvent], companions: Companions) -> Money:
    """All of it for a stored date.

    Args:
        history: all days.
        day: one of them.
        events: the adjustment events of all of `history`.
        companions: what is published beside the holdings.
    """
    row, prices, official = history.row(day), companions.prices, companions.official_net()
    if row + 1 < len(history.dates):
        official = {session: net for session, net in official.items() if session <= day}
    rows = range(max(0, row - RECONCILED_DATES), row + 1)
    bought = net_buying(history, rows, events, prices) if len(rows) > 1 else None
    reported = companions.short_as_of(day)
    return Money(
        day,
        valuation(history, row, events, prices),
        () if bought is None else reconciliation(history, bought, events, official),
        bought,
        tuple((session, official[session]) for session in on_the_way(official, day)),
        None if reported is None else short_interest(history, events, prices, reported),
    )


def known(reconciled: Reconciled) -> bool:
    """Whether there is a figure to show."""
    return not np.isnan([reconciled.ours, reconciled.official]).all()
