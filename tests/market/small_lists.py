"""Small lists of two days, to be compared."""

from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.changes import Changes
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.price_history import PriceHistory
from southbound.market.windows import Pair
from tests.money_by_hand import Closes

TRADED = date(2026, 2, 25)
OLD, NEW = date(2026, 2, 26), date(2026, 2, 27)
PRICES = PriceHistory.of([Closes(TRADED, dict.fromkeys(range(1, 16), 2.0))])


def holdings(day: date, stakes: Mapping[int, tuple[int, float | None]]) -> DailyHoldings:
    shares, percents = zip(*stakes.values(), strict=True)
    return DailyHoldings.of(day, list(stakes), [f"N{code}" for code in stakes], shares, percents)


Small = dict[int, tuple[int, float | None]]
small = st.dictionaries(
    st.integers(1, 15),
    st.tuples(
        st.integers(1, 4) | st.integers(1, 2**50),
        st.none() | st.integers(0, 300).map(lambda hundredths: hundredths / 100),
    ),
    min_size=1,
)


def changes_of(old: Small, new: Small, events: tuple[AdjustmentEvent, ...] | None = ()) -> Changes:
    """Without adjustment events, unless they are to be looked for; each share cost HK$ 2."""
    return compare(History.of([holdings(OLD, old), holdings(NEW, new)]), Pair(OLD, NEW, 1), events, PRICES)
