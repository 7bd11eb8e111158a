"""Streaks, extremes, scores and crossings, held against counting in plain lists."""

import math
import statistics
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.indicators import EXTREME_WINDOWS, LEVELS
from southbound.market.signals import Signal, signals
from tests import by_hand

NEWEST = date(2026, 2, 27)
DAYS = by_hand.days()
SHUT = {date(2026, 1, 6), date(2026, 2, 16), date(2026, 2, 24), date(2026, 2, 25)}
CHANGED = {2160, 2918, 2979, 3939}

Cell = tuple[int, float | None] | None
"""Shares and percent; None where the stock is not on the list."""


@pytest.fixture(scope="session")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


def signal_of(cells: Sequence[Cell], others: int = 1, dates: Sequence[date] | None = None) -> Signal | None:
    """The signal of stock 5 on the last day, among others that rise every day.

    Those days show trades each, but for streaks and scores of more than 50 sessions.
    """
    days = dates or trading_calendar.between(date(2024, 1, 2), date(2025, 12, 23))[-len(cells) :]
    history = History.of(
        DailyHoldings.of(
            day,
            [*([5] if cell else []), *range(100, 100 + others)],
            [*(["N5"] if cell else []), *["OTHER"] * others],
            [*([cell[0]] if cell else []), *[10**6 + 100 * place] * others],
            [*([cell[1]] if cell else []), *[1.0] * others],
        )
        for place, (day, cell) in enumerate(zip(days, cells, strict=True))
    )
    return signals(history, days[-1], adjustment_events(history)).of(5)


def the(signal: Signal | None) -> Signal:
    assert signal is not None
    return signal


def streak(shares: Sequence[int]) -> int:
    """Of holdings that differ by a percent or so, on the same stake."""
    return the(signal_of([(10_000 + 100 * held, 1.0) for held in shares])).streak


def streak_by_hand(code: int, day: date) -> int:
    """A stock's streak in the recorded days."""
    count = 0
    for position in range(DAYS.index(day), 0, -1):
        old, new = by_hand.record()[DAYS[position - 1]], by_hand.record()[DAYS[position]]
        if code not in old or code not in new:
            break
        change = new[code][0] - old[code][0]
        if DAYS[position] in SHUT:
            continue
        if change == 0 or (count and (change > 0) != (count > 0)):
            break
        count += 1 if change > 0 else -1
    return count


@pytest.mark.parametrize("day", [*DAYS[:4], *DAYS[10::3], *DAYS[-4:]], ids=str)
def test_the_streaks_of_a_recorded_day(history: History, day: date) -> None:
    found = signals(history, day, adjustment_events(history))

    listed = set(by_hand.record()[day]) - CHANGED
    assert set(found.codes.tolist()) >= listed
    counted = dict(zip(found.codes.tolist(), found.streaks.tolist(), strict=True))
    assert {code: counted[code] for code in listed} == {code: streak_by_hand(code, day) for code in listed}


@pytest.mark.parametrize("day", DAYS[21:], ids=str)
def test_the_extremes_and_crossings_of_a_recorded_day(history: History, day: date) -> None:
    """Of stocks whose issued shares stood: then it is the page's own percentages that count."""
    found = signals(history, day, adjustment_events(history))
    moved = CHANGED | {code for _, code in by_hand.new_bases()}
    position = DAYS.index(day)
    window = [by_hand.record()[past] for past in DAYS[position - 20 : position]]

    for place, code in enumerate(found.codes.tolist()):
        now = by_hand.record()[day].get(code, (0, None))[1]
        if code in moved or now is None:
            continue
        past = [stakes[code][1] for stakes in window if code in stakes]
        known = [stake for stake in past if stake is not None]
        enough = bool(known) and code in window[0]
        assert found.highs[place] == (20 if enough and now > max(known) else 0)
        assert found.lows[place] == (20 if enough and now < min(known) else 0)
        before = past[-1] if past and code in window[-1] else None
        assert found.crossings[place] == crossed_by_hand(before, now)


def crossed_by_hand(before: Decimal | None, now: Decimal) -> int:
    if before is None:
        return 0
    up = [level for level in LEVELS if before < level <= now]
    down = [level for level in LEVELS if now < level <= before]
    return max(up) if up else -min(down) if down else 0


def test_the_scores_of_a_recorded_day(history: History) -> None:
    found = signals(history, NEWEST, adjustment_events(history))
    open_days = [position for position in range(1, len(DAYS)) if DAYS[position] not in SHUT]

    for code in (700, 5, 2800, 2828, 9988, 3690, 1398):
        held = [by_hand.record()[day][code][0] for day in DAYS]
        changes = [held[position] / held[position - 1] - 1 for position in open_days]
        expected = (changes[-1] - statistics.fmean(changes[:-1])) / statistics.stdev(changes[:-1])
        signal = found.of(code)
        assert signal is not None
        assert signal.z_score == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shares", "count"),
    [
        ([10], 0),
        ([10, 11], 1),
        ([10, 9], -1),
        ([10, 10], 0),
        ([10, 11, 12, 13], 3),
        ([10, 11, 12, 11], -1),
        ([10, 11, 11, 12], 1),
        ([10, 11, 12, 12], 0),
        ([12, 11, 10, 9], -3),
    ],
)
def test_a_streak_is_what_the_holding_did_until_it_did_another_thing(shares: list[int], count: int) -> None:
    assert streak(shares) == count


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
@settings(deadline=None)
def test_a_streak_of_any_figures(shares: list[int]) -> None:
    signs = [int(np.sign(new - old)) for old, new in pairwise(shares)]
    run = 0
    while run < len(signs) and signs[-1 - run] == signs[-1] != 0:
        run += 1

    assert streak(shares) == run * (signs[-1] if signs else 0)


def test_a_day_on_which_nothing_moved_neither_ends_nor_lengthens_a_streak() -> None:
    days = trading_calendar.between(date(2026, 2, 2), date(2026, 2, 13))
    figures = [100, 101, 102, 102, 102, 103]
    history = History.of(
        DailyHoldings.of(day, [5, 6], ["A", "B"], [shares, shares * 7], [1.0, 1.0])
        for day, shares in zip(days, figures, strict=False)
    )

    counts = [the(signals(history, day, ()).of(5)).streak for day in history.dates]
    assert counts == [0, 1, 2, 2, 2, 3]


STORED = trading_calendar.between(date(2025, 12, 18), date(2026, 3, 5))
NO_TRADES = SHUT | {date(2025, 12, 24), date(2025, 12, 31)}


@given(
    steps=st.lists(st.sampled_from([-1, -1, 0, 1, 1, 1]), min_size=len(STORED) - 1, max_size=len(STORED) - 1),
    missing=st.sets(st.sampled_from(STORED[:-2]), max_size=12),
    others_move=st.booleans(),
)
@settings(deadline=None)
def test_days_that_show_no_trades_neither_end_nor_lengthen_any_streak(
    *, steps: list[int], missing: set[date], others_move: bool
) -> None:
    held = dict(zip(STORED, 10_000 + 10 * np.cumsum([0, *steps]), strict=True))
    stored = [day for day in STORED if day not in missing]
    history = History.of(
        DailyHoldings.of(
            day,
            [5, 100, 101],
            ["A", "B", "C"],
            [int(held[day]), *[10**6 + 100 * place * others_move] * 2],
            [1.0] * 3,
        )
        for place, day in enumerate(stored)
    )
    count = 0
    for old, new in reversed(list(pairwise(stored))):
        change = int(np.sign(held[new] - held[old]))
        # A day whose session before is not stored shows that one's trades too.
        between = trading_calendar.between(old, new)[1:]
        if set(between) <= NO_TRADES or (change == 0 and not others_move):
            continue
        if change == 0 or change == -np.sign(count):
            break
        count += change

    assert the(signals(history, stored[-1], ()).of(5)).streak == count


def test_a_missing_session_is_not_counted() -> None:
    days = trading_calendar.between(date(2026, 2, 2), date(2026, 2, 13))
    stored = [days[0], days[1], days[5], days[6]]

    assert the(signal_of([(100 + place, 1.0) for place in range(4)], dates=stored)).streak == 3


def test_whoever_comes_back_to_the_list_begins_anew() -> None:
    assert the(signal_of([(10, 1.0), (11, 1.0), None, (12, 1.0), (13, 1.0)])).streak == 1


def test_a_split_and_a_suspect_are_no_rises() -> None:
    bought: list[Cell] = [(1_000_000, 4.0), (1_001_000, 4.0)]
    assert the(signal_of([*bought, (5_006_000, 4.0)])).streak == 2
    assert the(signal_of([*bought, (5_004_000, 4.0)])).streak == -1
    assert the(signal_of([*bought, (5_005_000, 20.02)])).streak == 0
    assert the(signal_of([*bought, (5_005_000, 20.02), (5_006_000, 20.02)])).streak == 1


@pytest.mark.parametrize("window", EXTREME_WINDOWS)
def test_a_high_needs_as_much_history_as_it_is_over(window: int) -> None:
    rising = [(10**6 + 100 * place, 1 + place / 100) for place in range(window + 1)]
    shorter = max((other for other in EXTREME_WINDOWS if other < window), default=0)

    assert the(signal_of(rising)).high == window
    assert the(signal_of(rising[1:])).high == shorter
    assert the(signal_of([None, *rising[1:]])).high == shorter
    falling = [(shares, 5 - percent) for shares, percent in rising]
    assert (the(signal_of(falling)).low, the(signal_of(falling)).high) == (window, 0)


def test_an_equal_stake_is_no_new_high() -> None:
    flat: list[Cell] = [(10**6, 1.0)] * 21

    assert the(signal_of(flat)).high == the(signal_of(flat)).low == 0
    assert the(signal_of([*flat, (10**6, None)])).high == 0
    assert the(signal_of([*flat[:-3], (10**6, None), *flat[-2:], (1_010_000, 1.01)])).high == 20


@pytest.mark.parametrize(
    ("before", "now", "crossed"),
    [
        (4.99, 5.0, 5),
        (5.0, 4.99, -5),
        (5.0, 5.01, 0),
        (4.98, 4.99, 0),
        (9.9, 10.2, 10),
        (31.0, 28.0, -30),
    ],
)
def test_a_level_is_crossed_when_the_stake_reaches_or_leaves_it(
    before: float, now: float, crossed: int
) -> None:
    held = [(int(stake * 10**6), stake) for stake in (before, now)]

    assert the(signal_of(held)).crossed == crossed


def test_several_levels_at_once_are_told_by_the_last_of_them() -> None:
    assert the(signal_of([(4_000_000, 4.0), (12_300_000, 12.3)])).crossed == 10
    assert the(signal_of([(35_100_000, 35.1), (8_000_000, 8.0)])).crossed == -10


def test_a_new_base_makes_neither_a_high_nor_a_crossing() -> None:
    steady: list[Cell] = [(4_900_000, 4.9)] * 21

    rebased = the(signal_of([*steady, (4_900_000, 5.6)]))
    assert (rebased.high, rebased.crossed) == (0, 0)
    bought = the(signal_of([*steady, (4_900_000, 5.6), (4_950_000, 5.66)]))
    assert (bought.high, bought.crossed) == (20, 0)


def test_a_score_needs_twenty_changes_that_differ() -> None:
    wavering: list[Cell] = [(10**6 + 1000 * (place % 2), 1.0) for place in range(21)]

    assert math.isnan(the(signal_of(wavering)).z_score)
    assert the(signal_of([*wavering, (1_100_000, 1.1)])).z_score > 50
    assert math.isnan(the(signal_of([*[(10**6, 1.0)] * 25, (1_100_000, 1.1)])).z_score)


def test_who_is_not_on_the_list_has_no_signal(history: History) -> None:
    found = signals(history, NEWEST, adjustment_events(history))

    assert found.of(2160) is found.of(1_000_000) is None
    assert signal_of([(10, 1.0), None]) is None
    with pytest.raises(ValueError, match="is not among"):
        signals(history, date(2026, 2, 28), ())
