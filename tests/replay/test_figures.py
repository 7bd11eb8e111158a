"""The recorded figures, held against what PROVENANCE.md says is in them."""

from datetime import date

from replay.calendar import sessions
from replay.figures import Day, chinese_names, recorded_2019, recorded_days


def stakes(day: date) -> dict[int, tuple[int, str]]:
    return {row.code: (row.shares, row.percent) for row in recorded_days()[day].rows}


def every_day() -> list[Day]:
    return [*recorded_days().values(), recorded_2019()]


def test_the_recorded_days_are_all_the_sessions_of_two_months() -> None:
    expected = [day for day in sessions() if date(2026, 1, 1) <= day <= date(2026, 2, 28)]
    assert list(recorded_days()) == expected
    assert len(expected) == 38


def test_each_day_has_some_875_counters_in_ascending_order_each_once() -> None:
    for day in recorded_days().values():
        codes = [row.code for row in day.rows]
        assert codes == sorted(set(codes))
        assert 874 <= len(codes) <= 878


def test_every_stake_is_a_positive_number_of_shares_and_every_counter_has_a_name() -> None:
    for day in every_day():
        assert all(row.shares > 0 and row.name.strip() for row in day.rows)


def test_a_counter_that_nobody_recorded_a_name_for_is_called_by_its_code() -> None:
    names = {row.code: row.name for row in recorded_days()[date(2026, 1, 2)].rows}
    assert names[2979] == "STOCK 02979"
    assert names[1] == "CK HUTCHISON HOLDINGS LIMITED"


def test_one_to_nine_percents_a_day_are_blank_and_none_of_them_is_a_zero() -> None:
    for day in recorded_days().values():
        assert 1 <= sum(row.percent == "" for row in day.rows) <= 9
    assert any(row.percent == "0.00" for row in recorded_2019().rows)


def test_a_consolidation_moves_the_stake_to_the_temporary_counter() -> None:
    assert stakes(date(2026, 2, 24))[2160] == (105_460_000, "")
    after = stakes(date(2026, 2, 25))
    assert 2160 not in after
    assert after[2918] == (21_092_000, "1.65")


def test_the_day_of_2019_has_chinese_names() -> None:
    day = recorded_2019()
    assert day.date == date(2019, 1, 25)
    assert len(day.rows) == 564
    assert (day.rows[0].code, day.rows[0].name) == (1, "長和")
    assert sum(row.percent == "" for row in day.rows) == 3


def test_chinese_names_are_known_by_code_and_missing_where_none_was_recorded() -> None:
    assert chinese_names()[5] == "匯豐控股"
    assert 2918 not in chinese_names()
