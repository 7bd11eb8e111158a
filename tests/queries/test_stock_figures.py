"""One stock in figures, and the signals of a day, held against the recorded file."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest

from southbound.market.adjustments.code_aliases import all_of, codes_of
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.indicators import LEVELS
from southbound.queries.day_signals import LEAST_SCORE, LEAST_STREAK, day_signals
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.stock_figures import StockFigures, stock_figures
from southbound.queries.store_watcher import DataVersion
from tests import by_hand

NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)


@pytest.fixture(scope="module")
def view(recorded: Mapping[date, DailyHoldings]) -> MarketView:
    history = History.of(recorded.values())
    return MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {})


def figures(view: MarketView, code: int, day: date = NEWEST) -> StockFigures | None:
    screen = view.screen(day, None)
    events = all_of(view.events_of, codes_of(code, view.events_of))
    everything = np.ones(len(screen.codes), dtype=np.bool_)
    trend = view.trend((code,))
    return stock_figures(screen, code, day, trend, events, net_buying={}, among=everything)


def the(found: StockFigures | None) -> StockFigures:
    assert found is not None
    return found


def test_holding_stake_and_changes_are_the_recorded_ones_with_their_ranks(view: MarketView) -> None:
    found = the(figures(view, 700))
    shares, stake = by_hand.record()[NEWEST][700]
    stakes = [each for _, each in by_hand.record()[NEWEST].values() if each is not None]
    assert stake is not None
    assert (found.shares, found.stake.value) == (shares, float(stake))
    assert found.stake.rank == 1 + sum(each > stake for each in stakes)
    assert found.stake.among == len(stakes)
    changes = by_hand.changes("shares", FIVE_BEFORE, NEWEST)
    ranked = found.changes["shares5"]
    assert ranked.value == changes[700]
    assert (ranked.rank, ranked.among) == (
        1 + sum(each > changes[700] for each in changes.values()),
        len(changes),
    )


def test_the_run_says_since_when_and_how_much(view: MarketView) -> None:
    run = the(figures(view, 700)).run
    assert run is not None
    before = by_hand.days()[by_hand.days().index(run.since) - 1]
    held = {day: by_hand.record()[day][700][0] for day in by_hand.days()}
    assert run.shares == held[NEWEST] - held[before] > 0
    assert run.percent == pytest.approx(run.shares / held[before] * 100)
    assert run.money is None
    assert held[run.since] > held[before]


def test_a_stock_under_another_code_has_its_moves_and_its_first_day(view: MarketView) -> None:
    found = the(figures(view, 2918))
    assert found.first_seen == by_hand.days()[0]
    assert found.events[0].day == date(2026, 2, 25)


def test_what_is_not_on_the_list_has_no_figures(view: MarketView) -> None:
    assert figures(view, 11) is None
    assert the(figures(view, 11, date(2026, 1, 26))).code == 11


def test_the_signals_of_a_day_are_those_of_each_stock_and_the_crossings_of_the_window(
    view: MarketView,
) -> None:
    screen, signals = view.screen(NEWEST, None), view.signals(NEWEST)
    everything = np.ones(len(screen.codes), dtype=np.bool_)
    found = day_signals(screen, 5, everything)

    assert set(screen.codes[found.highs]) == set(signals.codes[signals.highs > 0])
    assert set(screen.codes[found.lows]) == set(signals.codes[signals.lows > 0])
    assert set(screen.codes[found.rises]) == set(signals.codes[signals.streaks >= LEAST_STREAK])
    assert set(screen.codes[found.falls]) == set(signals.codes[signals.streaks <= -LEAST_STREAK])
    highs = screen.figure("high")[found.highs]
    assert (np.diff(highs) <= 0).all()
    moved = np.abs(screen.figure("pp5")[found.highs])[highs == highs[0]]
    assert (np.diff(moved[~np.isnan(moved)]) <= 0).all()
    scores = np.abs(screen.figure("z")[found.unusual])
    assert (np.diff(scores) <= 0).all()
    assert scores.min() >= LEAST_SCORE
    crossings = {int(screen.codes[crossing.row]): crossing.level for crossing in found.crossings}
    old, new = (by_hand.comparable(FIVE_BEFORE, NEWEST)[at] for at in (0, 1))
    assert crossings
    for code, level in crossings.items():
        before, now = old[code][1], new[code][1]
        assert before is not None
        assert now is not None
        assert abs(level) in LEVELS
        assert before < level <= now if level > 0 else now < -level <= before
    assert [*crossings.values()] == sorted(crossings.values(), reverse=True)
    none = day_signals(screen, 5, ~everything)
    assert (none.crossings, none.highs.size, none.unusual.size) == ((), 0, 0)
