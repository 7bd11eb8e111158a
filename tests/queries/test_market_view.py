"""What is asked of the figures is computed once, and only the answers asked for longest ago are forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.restatement import restated
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.signals import signals
from southbound.market.windows import Pair
from southbound.queries.figures import Figures
from southbound.queries.market_view import MOST_REMEMBERED, SPARK_DAYS, MarketView
from southbound.queries.store_watcher import DataVersion

OLD, NEW = date(2026, 2, 20), date(2026, 2, 27)


@pytest.fixture
def figures(recorded: dict[date, DailyHoldings]) -> Figures:
    history = History.of(recorded.values())
    return Figures(DataVersion(0, 1), history, (), adjustment_events(history))


def test_a_question_is_answered_once(figures: Figures) -> None:
    market_view = MarketView(figures, {})
    first = market_view.changes(Pair(OLD, NEW))
    assert market_view.changes(Pair(OLD, NEW)) is first
    assert market_view.changes(Pair(OLD, date(2026, 2, 26))) is not first


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
    with pytest.raises(ValueError, match="is not among"):
        market_view.once("row", lambda: figures.history.row(date(2000, 1, 3)))
    assert market_view.once("row", lambda: figures.history.row(NEW)) == 37


@pytest.mark.parametrize("day", [date(2026, 1, 6), date(2026, 2, 13), date(2026, 2, 25), NEW])
def test_leaving_out_events_that_do_not_matter_changes_nothing(figures: Figures, day: date) -> None:
    market_view, history = MarketView(figures, {}), figures.history
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
    shown, row = market_view.screen(day, None), history.row(day)
    restated_days = restated(history, range(max(0, row + 1 - SPARK_DAYS), row + 1), figures.events)
    everything = restated_days.shares[:, history.columns(shown.codes)]
    assert np.array_equal(shown.sparks, everything, equal_nan=True)
    assert (market_view.signals(day).streaks == signals(history, day, figures.events).streaks).all()
