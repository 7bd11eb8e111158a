"""What splits, consolidations and new percent bases do to a market of three counters."""

import numpy as np
import pytest

from replay.events import Consolidation, NewBase, Split
from replay.market import Market


@pytest.fixture
def market() -> Market:
    """Stakes of 10 %, 20 % and 25 %."""
    shares = np.array([1000, 2000, 5007], dtype=np.int64)
    issued = np.array([10_000.0, 10_000.0, 20_028.0])
    return Market(np.array([11, 22, 33], dtype=np.int64), shares, issued, shares.astype(np.float64))


def stake(market: Market, code: int) -> tuple[int, float]:
    at = market.position(code)
    return int(market.shares[at]), round(float(market.shares[at] / market.issued[at]), 6)


def test_a_split_multiplies_the_shares_and_leaves_the_percent(market: Market) -> None:
    after = Split(22, factor=5, session=4).applied(market, 4)
    assert stake(after, 22) == (10_000, 0.2)
    assert stake(after, 11) == stake(market, 11)


def test_a_new_base_changes_the_percent_and_leaves_the_shares(market: Market) -> None:
    after = NewBase(22, factor=1.25, session=0).applied(market, 0)
    assert stake(after, 22) == (2000, 0.16)
    assert stake(after, 33) == stake(market, 33)


def test_a_consolidation_goes_through_the_temporary_counter_and_back(market: Market) -> None:
    event = Consolidation(33, temporary=2931, factor=5, session=1, alone=2, parallel=3)

    alone = event.applied(market, 1)
    assert sorted(alone.codes.tolist()) == [11, 22, 2931]
    assert stake(alone, 2931)[0] == 1001
    assert stake(alone, 2931)[1] == pytest.approx(0.25, abs=0.001)

    both = event.applied(alone, 3)
    assert sorted(both.codes.tolist()) == [11, 22, 33, 2931]
    assert (stake(both, 33)[0], stake(both, 2931)[0]) == (900, 101)

    over = event.applied(both, 6)
    assert sorted(over.codes.tolist()) == [11, 22, 33]
    assert stake(over, 33)[0] == 1001


@pytest.mark.parametrize(
    "event", [Split(22, 5, 4), NewBase(22, 1.25, 4), Consolidation(22, 2931, 5, 4, 3, 3)]
)
def test_an_event_does_nothing_in_the_sessions_in_which_it_does_not_act(
    event: Split | NewBase | Consolidation, market: Market
) -> None:
    idle = [session for session in range(15) if not event.acts_in(session)]
    assert 4 not in idle
    assert all(event.applied(market, session) is market for session in idle)


def test_a_counter_that_is_not_in_the_list_has_no_position(market: Market) -> None:
    with pytest.raises(LookupError, match="got 44, want one of the 3 counters"):
        market.position(44)
