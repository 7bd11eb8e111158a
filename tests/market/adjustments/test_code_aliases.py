"""The codes that a stock has had: for good, for two weeks, and one after the other."""

from datetime import date
from fractions import Fraction

import pytest

from southbound.market.adjustments.code_aliases import by_code, code_on, codes_of
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, CodeLine, Kind, Leg, Part, Step
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History

FIRST, SECOND, THIRD, FOURTH, FIFTH = (date(2026, 2, day) for day in (2, 3, 4, 5, 6))


def legs(*codes: int) -> tuple[Leg, ...]:
    return tuple(Leg(code, 1, 1, 1.0, 1.0) for code in codes)


def split(day: date, code: int) -> AdjustmentEvent:
    return AdjustmentEvent(Kind.SPLIT, (Part(Step.SHARES, day, day, legs(code)),), Fraction(2))


def for_good(day: date, old: int, new: int) -> AdjustmentEvent:
    line = CodeLine(new, old, None, day, temporary=False)
    return AdjustmentEvent(Kind.CODE_CHANGE, (Part(Step.MOVED, day, day, legs(old, new)),), line=line)


def temporarily(first: date, last: date | None, code: int, temporary: int) -> AdjustmentEvent:
    line = CodeLine(code, temporary, first, last)
    return AdjustmentEvent(
        Kind.CODE_CHANGE, (Part(Step.MOVED, first, first, legs(code, temporary)),), line=line
    )


def test_a_stock_without_such_events_has_one_code() -> None:
    events = by_code([split(SECOND, 5), for_good(THIRD, 7, 9)])

    assert codes_of(5, events) == codes_of(5, {}) == (5,)
    assert [code_on(FIRST, 5, events, listed) for listed in ({5, 7}, {7})] == [5, None]


@pytest.mark.parametrize("code", [1, 2, 3])
def test_codes_that_follow_each_other_are_one_stock(code: int) -> None:
    events = by_code([for_good(SECOND, 1, 2), for_good(FOURTH, 2, 3)])

    assert sorted(codes_of(code, events)) == [1, 2, 3]
    assert codes_of(code, events)[0] == code
    assert [code_on(FIRST, code, events, {1}), code_on(THIRD, code, events, {2})] == [1, 2]
    assert [code_on(FIFTH, code, events, listed) for listed in ({3}, {9})] == [3, None]


@pytest.mark.parametrize("code", [1, 2918])
def test_a_temporary_code_is_its_stock_s_while_it_lasts(code: int) -> None:
    events = by_code([temporarily(SECOND, FOURTH, 1, 2918)])

    assert sorted(codes_of(code, events)) == [1, 2918]
    assert code_on(FIRST, code, events, {1}) == 1
    assert code_on(THIRD, code, events, {2918}) == 2918
    assert code_on(FOURTH, code, events, {1}) == 1


def test_a_temporary_code_that_another_company_used_before_is_not_the_same_stock() -> None:
    events = by_code(
        [
            temporarily(SECOND, THIRD, 1, 2918),
            temporarily(FIFTH, None, 7, 2918),
        ]
    )

    assert [codes_of(code, events) for code in (1, 7, 2918)] == [(1, 2918), (7, 2918), (2918, 7)]
    assert code_on(FIFTH, 1, events, {2918}) is None
    assert code_on(FIFTH, 7, events, {2918}) == 2918
    assert code_on(FOURTH, 2918, events, {1, 7}) == 7


def test_the_recorded_stock_has_either_code(recorded: dict[date, DailyHoldings]) -> None:
    events = by_code(adjustment_events(History.of(recorded.values())))

    for code in (2160, 2918):
        assert sorted(codes_of(code, events)) == [2160, 2918]
        for day, listed in ((date(2026, 2, 24), 2160), (date(2026, 2, 25), 2918)):
            assert code_on(day, code, events, set(recorded[day].codes.tolist())) == listed
