"""Our net buying beside the exchange's own, for the same trading days; and what no holding shows yet. Pure.

The exchange publishes what was bought and sold through both channels on the evening of the day itself (Stock
Connect daily statistics); the holdings show it two settlement days later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.events import AdjustmentEvent, Kind, is_fund
from southbound.market.daily_holdings import WHOLE, Bools
from southbound.market.history import History
from southbound.market.net_buying import NetBuying
from southbound.market.settlement import Trades, last_settled


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One shareholding date: all stocks together, and what the exchange says of the trading days it shows.

    Attributes:
        day: the shareholding date.
        trades: the trading days that it shows and the stored date before does not.
        ours: HK$, of all stocks that count; NaN if none has a price.
        official: HK$, buying less selling in both channels on all these days; NaN if one is not known.
        unpriced: stocks that moved, and the price of whose change is not known.
        left_out: suspect ones, and those that came on the list or left it.
        funds: HK$ of exchange-traded funds within `ours`: their units are also made and redeemed, which no
            turnover shows.
    """

    day: date
    trades: Trades
    ours: float
    official: float
    unpriced: int
    left_out: int
    funds: float

    @property
    def gap(self) -> float:
        """HK$ by which ours is above the official figure; NaN if one of them is not known."""
        return self.ours - self.official


def reconciliation(
    history: History,
    bought: NetBuying,
    events: Sequence[AdjustmentEvent],
    official: Mapping[date, float],
) -> tuple[Reconciled, ...]:
    """Each date of some stored ones but the first, oldest first.

    Args:
        history: all days.
        bought: the net buying of some of them.
        events: the adjustment events of all of `history`.
        official: net buying of both channels in HK$, by trading day.
    """
    funds = np.array([is_fund(code) for code in history.codes.tolist()], dtype=np.bool_)
    untold = [event for event in events if event.kind is Kind.SUSPECT]
    result = []
    for at, (day, trades) in enumerate(zip(bought.days[1:], bought.trades, strict=True)):
        since, changes, money = bought.days[at], bought.changes[at], bought.money[at]
        suspect = _suspect(history, day, since, untold)
        known = ~np.isnan(money) & ~suspect
        moved = ~np.isnan(changes) & (changes != 0)
        nothing_known = not (known & moved).any() and bool((moved & ~suspect).any())
        result.append(
            Reconciled(
                day,
                trades,
                float("nan") if nothing_known else float(money[known].sum()),
                sum(official.get(session, float("nan")) for session in trades.sessions)
                if trades.sessions
                else float("nan"),
                int((moved & ~known & ~suspect).sum()),
                int((moved & suspect).sum()) + bought.came[at] + bought.left[at],
                float(money[known & funds].sum()),
            )
        )
    return tuple(result)


def on_the_way(official: Mapping[date, float], newest: date) -> tuple[date, ...]:
    """The trading days whose turnover is known and whose trades no holding shows yet, oldest first.

    Args:
        official: by trading day.
        newest: the newest stored shareholding date.
    """
    shown = last_settled(newest)
    return tuple(sorted(session for session in official if session > shown))


def _suspect(history: History, day: date, since: date, untold: Sequence[AdjustmentEvent]) -> Bools:
    suspect: Bools = history.percents[history.row(day)] > WHOLE
    for event in untold:
        if event.within(since, day) and (column := history.column(event.code)) is not None:
            suspect[column] = True
    return suspect
