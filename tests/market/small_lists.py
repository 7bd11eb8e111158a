"""Small lists of two days, to be compared."""

from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.changes import Changes
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.windows import Pair

OLD, NEW = date(2026, 2, 26), date(2026, 2, 27)


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
    """Without adjustment events, unless they are to be looked for."""
    return compare(History.of([holdings(OLD, old), holdings(NEW, new)]), Pair(OLD, NEW, 1), events)
