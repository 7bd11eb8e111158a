"""The recorded split, consolidation and bonus issue over every pair of their dates, named and nameless."""

import math
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest

from southbound.mail.content.report import report
from southbound.mail.content.summary import summary
from southbound.market import trading_calendar
from southbound.market.adjustments.corrections import corrections
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import Kind, Step
from southbound.market.comparison import compare
from southbound.market.metrics import PERCENT, POINTS, SHARES
from southbound.market.ranking import NO_FLOORS, rank
from southbound.market.windows import Pair
from tests.market.adjustments.real_actions import Row, history_of, recorded_actions, without_names

Days = dict[date, list[Row]]

SPLIT, CONSOLIDATION, BONUS = "split-1-to-4", "consolidation-20-to-1", "bonus-4.8-for-10"
WHAT = {
    SPLIT: (Kind.SPLIT, Fraction(4), date(2025, 11, 26)),
    CONSOLIDATION: (Kind.CONSOLIDATION, Fraction(1, 20), date(2025, 12, 8)),
    BONUS: (Kind.BONUS, Fraction(148, 100), date(2026, 7, 16)),
}


def in_new_shares(event: str, days: Days, day: date) -> int:
    """What was held on a day under all codes, in the shares after the action."""
    _, factor, multiplied = WHAT[event]
    held = sum(shares for _, _, shares, _ in days[day])
    return held if day >= multiplied else int(held * factor)


@pytest.fixture(params=[lambda days: days, without_names], ids=["with names", "without names"])
def named(request: pytest.FixtureRequest) -> Callable[[Days], Days]:
    as_named: Callable[[Days], Days] = request.param
    return as_named


@pytest.mark.parametrize("event", WHAT)
def test_over_every_pair_of_dates_the_change_is_what_was_traded(
    event: str, named: Callable[[Days], Days]
) -> None:
    days = named(recorded_actions()[event])
    history = history_of(days)
    events = adjustment_events(history)
    _, _, multiplied = WHAT[event]

    for old, new in combinations(history.dates, 2):
        changes = compare(history, Pair(old, new), events)
        assert (changes.added, changes.removed) == ((), ())
        assert changes.breadth().suspect == 0
        assert len(changes.codes) == 2
        [place] = [at for at, code in enumerate(changes.codes.tolist()) if code != 700]
        was, now = (in_new_shares(event, days, day) for day in (old, new))
        if new < multiplied:
            was, now = (sum(shares for _, _, shares, _ in days[day]) for day in (old, new))
        assert (changes.old_shares[place], changes.new_shares[place]) == (was, now)
        assert abs(PERCENT.change(changes)[place]) < 8
        base = 100 * now / changes.new_percents[place]
        points = POINTS.change(changes)[place]
        if not math.isnan(points):
            assert points == pytest.approx(100 * (now - was) / base, abs=0.05)
        top = rank(changes, PERCENT, 9, NO_FLOORS)
        assert all(abs(mover.change) < 8 for mover in (*top.top, *top.bottom))


@pytest.mark.parametrize("event", WHAT)
def test_it_is_one_event_with_its_parts(event: str, named: Callable[[Days], Days]) -> None:
    [found] = adjustment_events(history_of(named(recorded_actions()[event])))

    kind, factor, multiplied = WHAT[event]
    assert (found.kind, found.factor, found.multiplied) == (kind, factor, multiplied)
    assert found.certainty > 0.9


def test_the_split_has_its_odd_session_and_its_counter_that_comes_back() -> None:
    [split] = adjustment_events(history_of(recorded_actions()[SPLIT]))

    assert [(part.step, part.day) for part in split.parts] == [
        (Step.BASE, date(2025, 11, 25)),
        (Step.MOVED, date(2025, 11, 26)),
        (Step.RETURNED, date(2025, 12, 10)),
        (Step.REOPENED, date(2025, 12, 11)),
    ]
    assert split.odd == (date(2025, 11, 25), date(2025, 11, 26))


def test_the_stake_of_the_odd_session_is_computed_from_the_next_base() -> None:
    history = history_of(recorded_actions()[SPLIT])
    first, odd, after = history.dates[:3]
    events = adjustment_events(history)

    def points(old: date, new: date) -> float:
        return float(POINTS.change(compare(history, Pair(old, new), events))[-1])

    assert (points(first, odd), points(odd, after)) == (0.04, -0.04)


@pytest.mark.parametrize("begins", range(10))
def test_days_that_begin_amid_the_split_show_no_addition_where_a_name_tells(begins: int) -> None:
    days = dict(list(recorded_actions()[SPLIT].items())[begins:])
    history = history_of(days)
    events = adjustment_events(history)

    for old, new in combinations(history.dates, 2):
        changes = compare(history, Pair(old, new), events)
        assert (changes.added, changes.removed) == ((), ())
        assert len(changes.codes) == 2


@pytest.mark.parametrize("known", range(2, 13))
def test_what_is_read_day_by_day_is_what_is_read_at_once(known: int) -> None:
    history = history_of(recorded_actions()[SPLIT])
    row = min(known, len(history.dates))

    at_once = adjustment_events(history.before(row))
    assert (
        adjustment_events(history.before(row), adjustment_events(history.before(row - 1)), row - 1) == at_once
    )


def test_the_day_after_the_odd_base_corrects_what_was_said_of_it() -> None:
    history = history_of(recorded_actions()[SPLIT])
    before, now = (adjustment_events(history.before(row)) for row in (2, 3))

    assert [event.kind for event in before] == [Kind.NEW_BASE]
    assert before[0].alternative is Kind.SPLIT
    [corrected] = corrections(before, now)
    assert (corrected.before, corrected.now) == (before[0], now[0])
    assert corrections(now, adjustment_events(history)) == ()


def test_the_next_mail_says_what_is_corrected() -> None:
    history = history_of(recorded_actions()[SPLIT])

    said = [summary(report(history.before(row), history.dates[row - 1])) for row in (2, 3, 4)]

    told = ["\n".join(paragraphs) for paragraphs in said]
    assert ["Corrected since the session before" in text for text in told] == [False, True, False]
    assert "03939 WANGUO GOLD GROUP LIMITED -NEW, issued shares updated on Tue 25 Nov 2025: split." in told[1]


def test_a_session_on_which_neither_code_is_listed_adds_and_removes_nothing() -> None:
    days = dict(recorded_actions()[CONSOLIDATION])
    between = date(2025, 12, 8)
    days[between] = []
    history = history_of(days)
    events = adjustment_events(history)

    for old, new in ((date(2025, 12, 5), between), (between, date(2025, 12, 9))):
        changes = compare(history, Pair(old, new), events)
        assert (changes.added, changes.removed) == ((), ())
        assert changes.codes.tolist() == [700]
    changes = compare(history, Pair(date(2025, 12, 5), date(2025, 12, 9)), events)
    assert SHARES.change(changes).tolist() == [0, 13_281_900 - 266_470_000 // 20]


BYD, QUIET_BYD = 1211, "BYD COMPANY LIMITED"


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        ([(100_000_000, 9.1), (306_000_000, 9.28), (306_500_000, 9.3)], [Step.SHARES]),
        ([(100_000_000, 9.1), (306_000_000, 27.86), (306_500_000, 9.3)], [Step.SHARES, Step.BASE]),
        ([(100_000_000, 9.1), (100_100_000, 3.03), (306_000_000, 9.28)], [Step.BASE, Step.SHARES]),
        ([(100_000_000, 9.1), (306_000_000, None), (306_500_000, 9.3)], [Step.SHARES, Step.BASE]),
        ([(100_000_000, 9.1), (100_100_000, None), (306_000_000, 9.28)], [Step.SHARES]),
    ],
    ids=["at once", "base late", "base before", "blank on the day", "blank before"],
)
def test_three_shares_of_one_under_the_same_code_are_told_whenever_the_base_follows(
    shown: list[tuple[int, float | None]], parts: list[Step]
) -> None:
    """Eight bonus shares and twelve of capitalisation for ten, as of a large company in 2025."""
    days = trading_calendar.between(date(2025, 7, 28), date(2025, 8, 1))
    history = history_of(
        {
            day: [(BYD, QUIET_BYD, shares, percent)]
            for day, (shares, percent) in zip(days, shown, strict=False)
        }
    )
    [event] = adjustment_events(history)

    assert event.factor == Fraction(3)
    assert [part.step for part in event.parts] == parts
    for old, new in combinations(history.dates, 2):
        changes = compare(history, Pair(old, new), [event])
        assert abs(PERCENT.change(changes)[-1]) < 2.5
        points = POINTS.change(changes)[-1]
        assert math.isnan(points) or abs(points) < 0.25


@pytest.mark.parametrize("cents", [110, 120, 130, 150, 200, 220])
@pytest.mark.parametrize("traded", [-0.02, 0.0, 0.03])
def test_a_bonus_issue_is_told_while_it_is_traded(cents: int, traded: float) -> None:
    days = trading_calendar.between(date(2025, 7, 28), date(2025, 7, 29))
    held, issued, factor = 200_000_000, 2_500_000_000, Fraction(cents, 100)
    now = int(held * factor * Fraction(1 + traded))
    percents = [math.floor(1e4 * held / issued) / 100, math.floor(1e4 * now / (issued * factor)) / 100]
    history = history_of(
        {
            day: [(5, "BONUS", shares, percent)]
            for day, shares, percent in zip(days, (held, now), percents, strict=True)
        }
    )

    [event] = adjustment_events(history)

    assert event.factor == factor
    assert event.kind is (Kind.SPLIT if factor == 2 else Kind.BONUS)
