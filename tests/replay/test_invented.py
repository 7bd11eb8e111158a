"""The made-up days: repeatable, plausible, and with the events that break naive change figures."""

import time
from datetime import date

import pytest

from replay.calendar import sessions
from replay.figures import Day, recorded_days
from replay.invented import InventedDays

LAST_RECORDED = date(2026, 2, 27)


@pytest.fixture(scope="module")
def days() -> InventedDays:
    return InventedDays(seed=1, sessions=60)


def stakes(day: Day) -> dict[int, tuple[int, str]]:
    return {row.code: (row.shares, row.percent) for row in day.rows}


def test_they_follow_the_last_recorded_day_session_by_session(days: InventedDays) -> None:
    following = [day for day in sessions() if day > LAST_RECORDED]
    assert list(days) == following[:60]
    assert days.dates[0] == date(2026, 3, 2)


def test_the_same_seed_gives_the_same_days_asked_in_any_order(days: InventedDays) -> None:
    backwards = InventedDays(seed=1, sessions=60)
    assert [backwards[day] for day in reversed(days.dates)] == [days[day] for day in reversed(days.dates)]


def test_the_first_days_are_the_same_however_many_follow(days: InventedDays) -> None:
    few = InventedDays(seed=1, sessions=3)
    assert [few[day] for day in few] == [days[day] for day in few]


def test_another_seed_gives_other_days(days: InventedDays) -> None:
    assert InventedDays(seed=2, sessions=1)[days.dates[0]] != days[days.dates[0]]


def test_every_list_is_one_that_the_page_could_show(days: InventedDays) -> None:
    for session in days:
        rows = days[session].rows
        codes = [row.code for row in rows]
        assert codes == sorted(set(codes))
        assert 860 <= len(codes) <= 920
        assert all(row.shares > 0 and row.name for row in rows)
        assert 1 <= sum(row.percent == "" for row in rows) <= 12
        assert all(0 <= float(row.percent) <= 100 for row in rows if row.percent)


def test_most_stakes_move_a_little_and_some_stand_still(days: InventedDays) -> None:
    before, after = stakes(recorded_days()[LAST_RECORDED]), stakes(days[days.dates[0]])
    changes = sorted(abs(after[code][0] / before[code][0] - 1) for code in before.keys() & after.keys())
    assert 0.1 < changes.count(0.0) / len(changes) < 0.35
    assert changes[len(changes) // 2] < 0.01
    assert changes[-1] > 0.05


def moved(days: InventedDays, day: date) -> list[int]:
    before, after = stakes(days[days.dates[days.dates.index(day) - 1]]), stakes(days[day])
    return [code for code in before.keys() & after.keys() if before[code][0] != after[code][0]]


def test_nothing_moves_where_nothing_settles_or_the_mainland_was_shut() -> None:
    days = InventedDays(sessions=240)
    still = [day for day in days.dates[1:] if not moved(days, day)]

    # The half-days of the winter, and two sessions after those on which Hong Kong alone traded.
    assert still == [
        *(date(2026, 5, day) for day in (6, 7)),
        date(2026, 9, 29),
        *(date(2026, 10, day) for day in (6, 7, 8, 9)),
        *(date(2026, 12, day) for day in (24, 31)),
        date(2027, 2, 5),
    ]


def test_counters_come_and_go(days: InventedDays) -> None:
    first, last = stakes(days[days.dates[0]]), stakes(days[days.dates[-1]])
    ordinary = {code for code in first.keys() ^ last.keys() if not 2900 <= code < 3000}
    assert ordinary & last.keys()
    assert ordinary & first.keys()


def test_the_split_multiplies_the_shares_and_leaves_the_percent(days: InventedDays) -> None:
    split = days.split
    before, after = (stakes(days[days.dates[split.session + step]])[split.code] for step in (-1, 0))
    assert after == (before[0] * split.factor, before[1])


def test_the_new_base_moves_the_percent_alone(days: InventedDays) -> None:
    update = days.new_base
    before, after = (stakes(days[days.dates[update.session + step]])[update.code] for step in (-1, 0))
    assert after[0] == before[0]
    assert float(after[1]) == pytest.approx(float(before[1]) / update.factor, abs=0.01)


def test_the_consolidation_replaces_the_code_then_shows_both_then_the_old_one(days: InventedDays) -> None:
    event = days.consolidation
    shown = [event.codes & stakes(days[day]).keys() for day in days]
    old, temporary = {event.code}, {event.temporary}
    assert shown[: event.session] == [old] * event.session
    assert shown[event.session : event.back] == [temporary] * 10
    assert shown[event.back : event.over] == [old | temporary] * event.parallel
    assert shown[event.over :] == [old] * (60 - event.over)


def test_the_consolidation_divides_the_shares_and_leaves_the_percent(days: InventedDays) -> None:
    event = days.consolidation
    before = stakes(days[days.dates[event.session - 1]])[event.code]
    after = stakes(days[days.dates[event.session]])[event.temporary]
    assert after == (before[0] // event.factor, before[1])


def test_the_recorded_consolidation_runs_its_course(days: InventedDays) -> None:
    shown = [{2160, 2918} & stakes(days[day]).keys() for day in days]
    # Three of the ten sessions under the temporary counter alone are recorded.
    assert shown[6] == {2918}
    assert shown[7] == {2160, 2918}
    assert shown[15] == {2160}


def test_an_added_counter_is_called_invented_in_both_languages(days: InventedDays) -> None:
    added = next(row for row in days[days.dates[-1]].rows if row.name.startswith("INVENTED"))
    assert days.chinese_name(added.code) == f"虛構公司{added.code:05}"
    assert days.chinese_name(5) == "匯豐控股"
    assert days.chinese_name(days.consolidation.temporary) == days.chinese_name(days.consolidation.code)


def test_a_date_that_is_none_of_them_is_a_key_error(days: InventedDays) -> None:
    assert LAST_RECORDED not in days
    with pytest.raises(KeyError):
        days[LAST_RECORDED]


def test_a_negative_number_of_sessions_is_refused() -> None:
    with pytest.raises(ValueError, match="got -1, want 0 or more"):
        InventedDays(sessions=-1)


def test_ten_years_are_made_in_seconds_and_stay_plausible() -> None:
    began = time.perf_counter()
    days = InventedDays(sessions=2500)
    last = days[days.dates[-1]]
    assert time.perf_counter() - began < 10
    assert 800 < len(last.rows) < 1050
    assert all(0 <= float(row.percent) <= 100 for row in last.rows if row.percent)
