"""How fast the screener answers: the figures of a day, filtered, sorted, and its rows as they are sent."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from southbound.dashboard.views import screener as view
from southbound.market.history import History
from southbound.presentation.conditions import Sort
from southbound.presentation.typed_conditions import typed_conditions
from southbound.presentation.view_state import ViewState
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from tools.benchmarks.changes import figures_of
from tools.benchmarks.clock import medians
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import NEWEST, stored_days

RUNS = 11
DAYS = 60
ASKED = "china stake>1 pp5>-5 run>=1"
ORDER = Sort("pp5", falling=True)
LIMIT = 0.3
"""Seconds, by the issue that asked for it."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has the recorded stocks alone."""
    for stocks in (884,) if smoke else (900, 9_000):
        figures = figures_of(History.of(stored_days(30 if smoke else DAYS, stocks)))
        known = MarketView(figures, {})
        _answered(known)  # so that the day is known
        runs = 3 if smoke else RUNS
        ours, bare = medians(partial(_answered, known), partial(_sorted, known), runs=runs)
        yield Figure(
            name=f"another filter and order of {stocks:,} stocks",
            value=ours,
            runs=runs,
            floor=bare,
            floor_name="numpy on three columns",
            limit=None if smoke else LIMIT,
        )
        ours, bare = medians(partial(_first, figures), partial(_sorted, known), runs=3)
        yield Figure(
            name=f"the first table of a day of {stocks:,} stocks",
            value=ours,
            runs=3,
            floor=bare,
            floor_name="numpy on three columns",
            limit=None if smoke else LIMIT,
        )


def _first(figures: Figures) -> object:
    """With nothing known of the day: comparisons and signals too."""
    market_view = MarketView(figures, {})
    screen = market_view.screen(NEWEST, None)
    columns = view.usual_columns(ViewState(), screen)
    return view.table_rows(screen, screen.rows((), Sort())[: view.ROWS_AT_FIRST], columns)


def _answered(market_view: MarketView) -> object:
    screen = market_view.screen(NEWEST, None)
    text, conditions = typed_conditions(ASKED)
    found = screen.rows(conditions, ORDER, view.among(market_view, screen, ViewState().kind, text))
    return view.table_rows(screen, found[: view.ROWS_AT_FIRST], view.usual_columns(ViewState(), screen))


def _sorted(market_view: MarketView) -> object:
    screen = market_view.screen(NEWEST, None)
    stakes, points, streaks = (screen.figure(key) for key in ("stake", "pp5", "streak"))
    kept = np.flatnonzero((stakes > 1) & (points > -5) & (np.abs(streaks) >= 1))
    return kept[np.argsort(-points[kept], kind="stable")]
