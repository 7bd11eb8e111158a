"""How fast the change figures are: of one pair of dates, and the signals of all stocks."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.companions import Companions
from southbound.market.history import History
from southbound.market.metrics import METRICS
from southbound.market.price_history import PriceHistory
from southbound.market.ranking import rank
from southbound.market.windows import Pair, pair
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion
from southbound.store.companions_reading import CompanionsRead
from tools.benchmarks.clock import medians
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import stored_days

RUNS = 31
WINDOW = 5
MOST = 20
"""The most movers that a reader can ask for."""

SESSIONS_SEEN = 251
"""By the signals."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a fortnight of days alone."""
    runs = 3 if smoke else RUNS
    for days in (14,) if smoke else (60, 2500):
        history = History.of(stored_days(days))
        figures = figures_of(history)
        ours, bare = medians(
            partial(change_figures, figures), partial(_bare_pair, history, newest_pair(history)), runs=runs
        )
        yield Figure(
            name=f"all change figures of one pair, {days:,} days stored",
            value=ours,
            runs=runs,
            floor=bare,
            floor_name="numpy on the two rows",
        )
        ours, bare = medians(partial(_signals, figures), partial(_bare_year, history), runs=runs)
        yield Figure(
            name=f"signals of all stocks, {days:,} days stored",
            value=ours,
            runs=runs,
            floor=bare,
            floor_name="numpy on the rows that they see",
        )


def figures_of(history: History, prices: PriceHistory | None = None) -> Figures:
    """As the dashboard holds them."""
    companions = Companions(prices or PriceHistory.of())
    return Figures(DataVersion(0, 1), history, (), adjustment_events(history), CompanionsRead(companions))


def newest_pair(history: History) -> Pair:
    """The newest day and the one that it is compared with first.

    Raises:
        ValueError: too few days.
    """
    found = pair(history.dates, history.dates[-1], WINDOW)
    if found is None:
        raise ValueError(f"want more than {WINDOW} days, got {len(history.dates)}")
    return found


def change_figures(figures: Figures) -> None:
    """What the page computes for one pair: additions and removals, breadth, and the movers by each metric."""
    changes = MarketView(figures, {}).changes(newest_pair(figures.history))
    changes.breadth()
    for metric in METRICS.values():
        rank(changes, metric, MOST)


def _signals(figures: Figures) -> None:
    MarketView(figures, {}).signals(figures.history.dates[-1])


def _bare_year(history: History) -> None:
    """The least that has to be done: the change of each day, and the highest and the lowest stake."""
    shares, percents = history.shares[-SESSIONS_SEEN:], history.percents[-SESSIONS_SEEN:]
    np.divide(shares[1:], shares[:-1])
    np.fmax.reduce(percents)
    np.fmin.reduce(percents)


def _bare_pair(history: History, dates: Pair) -> None:
    """The least that has to be done: one subtraction and one division, and the points."""
    old, new = history.row(dates.old), history.row(dates.new)
    change = history.shares[new] - history.shares[old]
    np.divide(change, history.shares[old])
    np.subtract(history.percents[new], history.percents[old])
