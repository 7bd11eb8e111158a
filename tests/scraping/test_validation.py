"""What validation lets through: every real day, and no list that is not whole."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from southbound.config.settings import ScraperSettings
from southbound.market.daily_holdings import DailyHoldings, Ints
from southbound.scraping.validation import NEAR, NEIGHBOURS, ListValidation, neighbours
from tests.scraping.made_up import listed

SETTINGS = ScraperSettings()
GATE = ListValidation(SETTINGS.min_rows, SETTINGS.min_rows_percent, SETTINGS.min_common_percent)
THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
FOUND = set(range(1, 1001))

Lists = st.sets(st.integers(1, 60), min_size=1)
Percents = st.integers(0, 100)


def stored(codes: Collection[int]) -> dict[date, Ints]:
    """What validation knows of a store that holds the same stocks on each of the five days before Friday."""
    return {FRIDAY - timedelta(days): listed(FRIDAY, codes).codes for days in range(1, 6)}


def objection(holdings: DailyHoldings, store: Mapping[date, DailyHoldings]) -> str | None:
    """What validation says of a list when the store holds these days."""
    around = neighbours(sorted(store), holdings.day)
    return GATE.objection(holdings, {day: store[day].codes for day in around})


def test_every_recorded_day_passes_among_all_the_others(recorded: Mapping[date, DailyHoldings]) -> None:
    assert {day: objection(holdings, recorded) for day, holdings in recorded.items()} == dict.fromkeys(
        recorded
    )


@pytest.mark.parametrize("backwards", [True, False], ids=["newest first", "oldest first"])
def test_the_recorded_days_pass_one_after_the_other(
    recorded: Mapping[date, DailyHoldings], *, backwards: bool
) -> None:
    store: dict[date, DailyHoldings] = {}

    for day in sorted(recorded, reverse=backwards):
        assert objection(recorded[day], store) is None
        store[day] = recorded[day]


def test_a_day_without_a_single_change_passes(recorded: Mapping[date, DailyHoldings]) -> None:
    before = recorded[THURSDAY]
    unchanged = DailyHoldings(FRIDAY, before.codes, before.names, before.shares, before.percents)

    assert objection(unchanged, {THURSDAY: before}) is None


@pytest.mark.parametrize("backwards", [False, True], ids=["additions", "removals"])
def test_36_at_once_pass(recorded: Mapping[date, DailyHoldings], *, backwards: bool) -> None:
    many = set(recorded[THURSDAY].codes.tolist())
    few = many - set(sorted(many)[::24][:36])
    assert len(many) - len(few) == 36
    before, after = (many, few) if backwards else (few, many)

    assert GATE.objection(listed(FRIDAY, after), stored(before)) is None


def test_funds_that_move_27_fold_pass(recorded: Mapping[date, DailyHoldings]) -> None:
    before = recorded[THURSDAY]
    moved = DailyHoldings(FRIDAY, before.codes, before.names, before.shares * 27, before.percents)

    assert objection(moved, {THURSDAY: before}) is None


@pytest.mark.parametrize("days_stored", [0, 1, 37])
def test_40_rows_fail(recorded: Mapping[date, DailyHoldings], days_stored: int) -> None:
    store = {day: recorded[day] for day in sorted(recorded)[:days_stored]}

    assert (
        objection(listed(FRIDAY, recorded[FRIDAY].codes.tolist()[:40]), store) == "40 rows, want at least 300"
    )


def test_half_a_list_fails(recorded: Mapping[date, DailyHoldings]) -> None:
    half = listed(FRIDAY, recorded[FRIDAY].codes.tolist()[::2])

    assert objection(half, recorded) == "439 rows, want at least 80 % of the usual 877"


def test_a_list_of_other_stocks_fails(recorded: Mapping[date, DailyHoldings]) -> None:
    others = listed(FRIDAY, [code + 100_000 for code in recorded[FRIDAY].codes.tolist()])

    assert objection(others, recorded) == "0 of the 878 stocks of 2026-02-26, want at least 90 %"


def test_a_first_day_is_judged_by_the_number_of_its_rows_alone() -> None:
    assert GATE.objection(listed(FRIDAY, range(1, 301)), {}) is None
    assert GATE.objection(listed(FRIDAY, range(1, 300)), {}) == "299 rows, want at least 300"


@pytest.mark.parametrize(
    ("rows", "said"), [(800, None), (799, "799 rows, want at least 80 % of the usual 1000")]
)
def test_the_rows_are_measured_by_those_of_the_days_around(rows: int, said: str | None) -> None:
    gate = ListValidation(min_rows=1, min_rows_percent=80, min_common_percent=0)

    assert gate.objection(listed(FRIDAY, range(1, rows + 1)), stored(FOUND)) == said


@pytest.mark.parametrize(
    ("common", "said"), [(900, None), (899, "899 of the 1000 stocks of 2026-02-26, want at least 90 %")]
)
def test_the_stocks_are_measured_by_those_of_the_closest_day(common: int, said: str | None) -> None:
    gate = ListValidation(min_rows=1, min_rows_percent=0, min_common_percent=90)
    codes = [code + 1000 - common for code in FOUND]
    around = stored(range(5001, 6001)) | {THURSDAY: listed(FRIDAY, FOUND).codes}

    assert gate.objection(listed(FRIDAY, codes), around) == said


@pytest.mark.parametrize("odd", [range(1, 301), range(1, 2001)], ids=["short", "long"])
def test_one_odd_day_in_the_store_keeps_no_whole_list_out_and_lets_no_half_in(odd: range) -> None:
    around = stored(FOUND) | {FRIDAY - timedelta(3): listed(FRIDAY, odd).codes}

    assert GATE.objection(listed(FRIDAY, FOUND), around) is None
    assert GATE.objection(listed(FRIDAY, range(1, 501)), around) == (
        "500 rows, want at least 80 % of the usual 1000"
    )


def test_a_list_is_measured_by_the_five_closest_days_on_either_side_but_not_by_itself() -> None:
    days = [FRIDAY + timedelta(offset) for offset in (-9, -4, -2, 0, 1, 3, 20)]

    assert neighbours(days, FRIDAY) == [FRIDAY + timedelta(offset) for offset in (1, -2, 3, -4, -9)]
    assert neighbours([], FRIDAY) == neighbours([FRIDAY], FRIDAY) == []


def test_a_store_whose_newest_day_is_a_year_old_takes_another_list() -> None:
    year_old = FRIDAY - timedelta(days=365)

    assert objection(listed(FRIDAY, range(5001, 5401)), {year_old: listed(year_old, FOUND)}) is None
    assert neighbours([FRIDAY - NEAR, FRIDAY + NEAR + timedelta(1)], FRIDAY) == [FRIDAY - NEAR]


@given(codes=Lists, rows_percent=Percents, common_percent=Percents)
@settings(deadline=None)
def test_a_list_like_all_its_neighbours_always_passes(
    codes: set[int], rows_percent: int, common_percent: int
) -> None:
    gate = ListValidation(len(codes), rows_percent, common_percent)

    assert gate.objection(listed(FRIDAY, codes), stored(codes)) is None


@given(
    codes=Lists,
    more=Lists,
    around=st.dictionaries(st.dates(date(2026, 1, 1), THURSDAY), Lists, max_size=NEIGHBOURS),
    gate=st.builds(ListValidation, st.integers(1, 60), Percents, Percents),
)
@settings(deadline=None)
def test_more_stocks_never_make_a_list_worse(
    codes: set[int], more: set[int], around: Mapping[date, set[int]], gate: ListValidation
) -> None:
    known = {day: np.array(sorted(held), dtype=np.int64) for day, held in around.items()}

    if gate.objection(listed(FRIDAY, codes), known) is None:
        assert gate.objection(listed(FRIDAY, codes | more), known) is None
