"""From which trading day a stock is priced in new shares, which is not when its holding is counted in them.

A trade of the ex date settles on the second settlement day after it, and so long the page lists old shares:
03939 traded in new shares from 24 November 2025, and its holding was four times as many on the 26th. Prices
are asked whether that was so: a split, or a consolidation, shows in them. Pure.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market import trading_calendar
from southbound.market.adjustments import split_ratios
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.daily_holdings import Floats
from southbound.market.settlement import trades_shown

LOOKED_BACK, LOOKED_AHEAD = 10, 5
"""Sessions before the holding is multiplied in which the ex date is looked for; and after it, since the price
of the ex date itself may not be known."""

AS_OF_A_SPLIT = 0.1
"""A day's change of a price beside that by a split, as a logarithm: of a half to a tenth up or down."""

_MANY = np.log(split_ratios.WHOLE)

_SHOWS_IN_PRICES = frozenset({Kind.SPLIT, Kind.CONSOLIDATION})


@dataclass(frozen=True, slots=True)
class NewShares:
    """When a stock's figures turn from old shares to new ones.

    Attributes:
        code: the stock's, as its event has it.
        factor: how many new shares became of an old one; NaN where nobody can tell yet.
        held: the first shareholding date in new shares; `date.max` where it has not come.
        old_until, new_from: prices of trading days before the one are of old shares, those from the other on
            of new ones. Of the days between it is not known, and they are the same where it is. Both are None
            for a bonus issue or rights: its shares are credited weeks after the ex date, and what is traded
            meanwhile is counted one for one.
    """

    code: int
    factor: float
    held: date
    old_until: date | None
    new_from: date | None

    def may_turn_on(self, traded: date) -> bool:
        """Whether the price of a trading day may be the first of new shares."""
        return (
            self.old_until is not None
            and self.new_from is not None
            and self.old_until <= traded <= self.new_from
        )

    def price_in_held_shares(self, traded: date, held: date) -> float:
        """What to multiply a price by, for shares that are bought with it and settle until a date.

        NaN where a price is of new shares and the holding of old ones: the page cannot count both alike.
        """
        if self.old_until is None or self.new_from is None:
            return 1.0
        if held < self.held:
            return 1.0 if traded < self.old_until else np.nan
        if traded < self.old_until:
            return 1 / self.factor
        return 1.0 if traded >= self.new_from else np.nan

    def value_of_held_shares(self, priced: date, held: date) -> float:
        """What to multiply a price by, for the value of a holding on a date, which is not before it.

        Old shares are worth as many new ones as they become; bonus shares are worth nothing until they come.
        """
        if self.old_until is None or self.new_from is None:
            return 1 / self.factor if priced < self.held <= held else 1.0
        if self.old_until <= priced < self.new_from:
            return np.nan
        if held < self.held:
            return 1.0 if priced < self.old_until else self.factor
        return 1 / self.factor if priced < self.old_until else 1.0

    def price_in_later_shares(self, priced: date, later: date) -> float:
        """What to multiply a price by, to set it beside one of a later day."""
        if self.old_until is None or self.new_from is None or np.isnan(self.factor):
            return 1.0
        if later < self.old_until or priced >= self.new_from:
            return 1.0
        return 1 / self.factor if priced < self.old_until and later >= self.new_from else np.nan


def new_shares(event: AdjustmentEvent, sessions: Sequence[date], closes: Floats) -> NewShares | None:
    """When a stock's figures turned to new shares; None if they did not.

    By the rule that is the first trading day that settles on the first date in new shares. Where closes show
    the ratio on another day near, it is that day; where they are known until after it and show it nowhere, it
    is not known, as with prices that somebody has adjusted.

    Args:
        event: of the stock.
        sessions: T trading days, ascending.
        closes: (T,) of the stock; NaN where not known.
    """
    if event.multiplied is None or event.factor is None:
        return None
    factor, held = float(event.factor), event.multiplied
    if event.kind not in _SHOWS_IN_PRICES:
        return NewShares(event.code, factor, held, None, None)
    first, last = trading_calendar.before(held, LOOKED_BACK), trading_calendar.after(held, LOOKED_AHEAD)
    near = slice(bisect_left(sessions, first), bisect_right(sessions, last))
    settled = trades_shown(held, event.principal.since)
    by_rule = sorted((*settled.sessions, *settled.shut)) or [held]
    seen = _fits(factor, sessions[near], closes[near])
    fitting = [day for day in by_rule if seen.get(day, 0.0) < 0] or [
        day for day, fit in seen.items() if fit < 0
    ]
    if fitting:
        ex_date = min(fitting, key=seen.__getitem__)
        return NewShares(event.code, factor, held, ex_date, ex_date)
    if any(day >= by_rule[-1] for day in seen):
        return NewShares(event.code, factor, held, first, trading_calendar.after(held))
    return NewShares(event.code, factor, held, by_rule[0], by_rule[-1])


def not_told_yet(sessions: Sequence[date], closes: Floats, shown: date) -> dict[int, date]:
    """When a close became what a split makes of it, on a day whose trades no holding shows yet; by column.

    Whether the next holding is multiplied, or the stock rose or fell, is known when it comes.

    Args:
        sessions: T trading days, ascending.
        closes: T x S of S stocks; NaN where not known.
        shown: the last trading day whose trades the newest holding shows.
    """
    found: dict[int, date] = {}
    for row in range(max(1, bisect_right(sessions, shown)), len(sessions)):
        ratios = np.abs(np.log(closes[row] / closes[row - 1]))
        far = np.abs(ratios[:, None] - _MANY).min(axis=1)
        for column in np.flatnonzero(far <= AS_OF_A_SPLIT).tolist():
            found.setdefault(column, sessions[row])
    return found


def _fits(factor: float, sessions: Sequence[date], closes: Floats) -> dict[date, float]:
    """For each day with a close and one before it: below 0 if their ratio is rather 1 / factor than 1."""
    known = np.flatnonzero(~np.isnan(closes))
    if len(known) < 2:
        return {}
    logarithms, jump = np.diff(np.log(closes[known])), np.log(factor)
    fits = np.abs(logarithms + jump) - np.abs(logarithms)
    days = [sessions[place] for place in known[1:].tolist()]
    return dict(zip(days, fits.tolist(), strict=True))
