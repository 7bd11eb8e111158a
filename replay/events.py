"""What happens to single counters in known sessions: split, consolidation, update of the percent base.

Sessions are counted from the first invented one, 0. An event changes nothing else about its counter in a
session in which it acts, so that the figures on both sides can be compared exactly.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from replay.market import Market, multiplied, with_counter, without_counter

LEFT_BEHIND = 10  # one share in so many is still in the temporary counter while both are in the list


class Event(Protocol):
    """Something that a counter goes through, over one or several sessions."""

    @property
    def codes(self) -> frozenset[int]:
        """The counters concerned: none of them may leave the list for another reason meanwhile."""

    def acts_in(self, session: int) -> bool:
        """Whether `applied` would change anything in that session."""

    def applied(self, market: Market, session: int) -> Market:
        """The market after what happens in that session."""


@dataclass(frozen=True, slots=True)
class Split:
    """In `session` one share becomes `factor`, and the percent stays."""

    code: int
    factor: int
    session: int

    @property
    def codes(self) -> frozenset[int]:
        return frozenset({self.code})

    def acts_in(self, session: int) -> bool:
        return session == self.session

    def applied(self, market: Market, session: int) -> Market:
        return multiplied(market, self.code, self.factor) if self.acts_in(session) else market


@dataclass(frozen=True, slots=True)
class NewBase:
    """In `session` the issued shares are updated: the percent is divided by `factor`, the shares stay."""

    code: int
    factor: float
    session: int

    @property
    def codes(self) -> frozenset[int]:
        return frozenset({self.code})

    def acts_in(self, session: int) -> bool:
        return session == self.session

    def applied(self, market: Market, session: int) -> Market:
        if not self.acts_in(session):
            return market
        return replace(market, issued=np.where(market.codes == self.code, self.factor, 1.0) * market.issued)


@dataclass(frozen=True, slots=True)
class Consolidation:
    """`factor` shares become one, by way of a temporary counter, as recorded for 02160 and 02918 in 2026.

    In `session` the old code leaves and `temporary` stands for it alone; `alone` sessions later the old code
    is back and takes most of the stake; `parallel` sessions after that the temporary counter leaves.
    """

    code: int
    temporary: int
    factor: int
    session: int
    alone: int = 10
    parallel: int = 8

    @property
    def back(self) -> int:
        """The session in which the old code is in the list again."""
        return self.session + self.alone

    @property
    def over(self) -> int:
        """The first session without the temporary counter."""
        return self.back + self.parallel

    @property
    def codes(self) -> frozenset[int]:
        return frozenset({self.code, self.temporary})

    def acts_in(self, session: int) -> bool:
        return session in {self.session, self.back, self.over}

    def applied(self, market: Market, session: int) -> Market:
        if session == self.session:
            consolidated = multiplied(market, self.code, 1 / self.factor)
            at = consolidated.codes == self.code
            return replace(consolidated, codes=np.where(at, self.temporary, consolidated.codes))
        if session == self.back:
            return self._reopened(market)
        if session == self.over:
            return self._merged(market)
        return market

    def _reopened(self, market: Market) -> Market:
        at = market.position(self.temporary)
        shares, issued, usual = int(market.shares[at]), float(market.issued[at]), float(market.usual[at])
        left = -(-shares // LEFT_BEHIND)
        behind = replace(
            market,
            shares=np.where(market.codes == self.temporary, left, market.shares),
            usual=np.where(market.codes == self.temporary, usual / LEFT_BEHIND, market.usual),
        )
        return with_counter(behind, self.code, shares - left, issued, usual * (1 - 1 / LEFT_BEHIND))

    def _merged(self, market: Market) -> Market:
        rest = int(market.shares[market.position(self.temporary)])
        merged = np.where(market.codes == self.code, market.shares + rest, market.shares)
        return without_counter(replace(market, shares=merged), self.temporary)
