"""The stakes in every counter after one session, and how an ordinary session moves them.

The proportions are those of the 38 recorded days: a fifth of the stakes stand still in a session, half of the
moves are below a quarter of a percent, one in a hundred is above five percent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from replay.figures import Day

STANDING_STILL = 0.2
TYPICAL_MOVE = 0.0035
LARGEST_MOVE = 0.9
LOT = 100
SMALLEST_STAKE = 200
SMALLEST_PERCENT = 0.004  # what a recorded "0.00" is taken for, so that the issued shares are finite
LARGEST_SHARE_OF_ISSUED = 0.9
BASE_UPDATES = 0.0003  # of all counters in a session


@dataclass(frozen=True, slots=True)
class Market:
    """One session's stakes; every array has one entry for each counter, in no order.

    `issued` is nan where no percent was ever shown. `usual` is the stake that a counter comes back to in the
    long run, so that ten years of moves stay within what can be.
    """

    codes: NDArray[np.int64]
    shares: NDArray[np.int64]
    issued: NDArray[np.float64]
    usual: NDArray[np.float64]

    def position(self, code: int) -> int:
        """Where the counter stands in the arrays. Raises LookupError if it is not in the list."""
        found = np.flatnonzero(self.codes == code)
        if not found.size:
            raise LookupError(f"code: got {code}, want one of the {self.codes.size} counters in the list")
        return int(found[0])


def opening(days: Iterable[Day]) -> Market:
    """The stakes of the last day; the issued shares from the newest percent that each counter showed."""
    issued: dict[int, float] = {}
    for day in days:
        for row in day.rows:
            if row.percent:
                issued[row.code] = row.shares / (max(float(row.percent), SMALLEST_PERCENT) / 100)
    codes = [row.code for row in day.rows]
    shares = np.array([row.shares for row in day.rows], dtype=np.int64)
    return Market(
        np.array(codes, dtype=np.int64),
        shares,
        np.array([issued.get(code, np.nan) for code in codes]),
        shares.astype(np.float64),
    )


def traded(market: Market, rng: np.random.Generator, quiet: Collection[int] = ()) -> Market:
    """The stakes after one session of buying and selling; the counters in `quiet` stay as they are.

    The farther a stake is from its usual one the harder it is pulled back, and a newly added one shoots up
    from next to nothing, as the real ones do.
    """
    size = market.shares.size
    distance = np.log(market.usual / market.shares)
    step = TYPICAL_MOVE * rng.standard_t(2, size) + 0.01 * distance * np.abs(distance)
    change = market.shares * np.expm1(np.clip(step, -LARGEST_MOVE, LARGEST_MOVE))
    still = (rng.random(size) < STANDING_STILL) | np.isin(market.codes, list(quiet))
    lots = np.where(still, 0, np.rint(change / LOT).astype(np.int64))
    grown = np.maximum(market.shares + lots * LOT, SMALLEST_STAKE)
    # fmin: an unknown number of issued shares (nan) is no limit.
    limited = np.fmin(grown, LARGEST_SHARE_OF_ISSUED * market.issued).astype(np.int64)
    return replace(market, shares=np.where(still, market.shares, limited))


def with_new_bases(market: Market, rng: np.random.Generator, quiet: Collection[int] = ()) -> Market:
    """A few counters get their issued shares updated: the percent jumps, the shares do not."""
    updated = (rng.random(market.codes.size) < BASE_UPDATES) & ~np.isin(market.codes, list(quiet))
    if not updated.any():
        return market
    factors = np.where(updated, rng.uniform(0.95, 1.2, market.codes.size), 1.0)
    return replace(market, issued=market.issued * factors)


def with_counter(market: Market, code: int, shares: int, issued: float, usual: float) -> Market:
    """The market with one counter more."""
    return Market(
        np.append(market.codes, np.int64(code)),
        np.append(market.shares, np.int64(shares)),
        np.append(market.issued, issued),
        np.append(market.usual, usual),
    )


def without_counter(market: Market, code: int) -> Market:
    """The market with that counter gone."""
    left = market.codes != code
    return Market(market.codes[left], market.shares[left], market.issued[left], market.usual[left])


def multiplied(market: Market, code: int, factor: float) -> Market:
    """Every share of the counter becomes `factor` shares (below 1: a consolidation); the percent stays."""
    at = market.codes == code
    return replace(
        market,
        shares=np.where(at, np.floor(market.shares * factor).astype(np.int64), market.shares),
        issued=np.where(at, market.issued * factor, market.issued),
        usual=np.where(at, market.usual * factor, market.usual),
    )
