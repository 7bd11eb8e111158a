"""How figures are written."""

import math
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from southbound.common.language import Language, speaking
from southbound.market.metrics import PERCENT, POINTS, SHARES, Metric
from southbound.market.settlement import trades_shown
from southbound.market.windows import WINDOWS, Pair
from southbound.presentation import formatting


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (1, "1"),
        (999, "999"),
        (1000, "1.00K"),
        (9_994, "9.99K"),
        (10_000, "10.0K"),
        (999_949, "999.9K"),
        (999_950, "1.00M"),
        (105_460_000, "105.5M"),
        (999_950_000, "1.00B"),
        (25_000_000_000, "25.0B"),
    ],
)
def test_many_shares_are_written_in_short(count: float, text: str) -> None:
    assert formatting.shares_in_short(count) == text


@given(st.integers(0, 10**13))
@settings(deadline=None)
def test_what_is_written_in_short_is_within_half_a_digit(count: int) -> None:
    text = formatting.shares_in_short(count)

    unit = {"K": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)
    number = float(text.rstrip("KMB"))
    assert number * unit == pytest.approx(count, rel=0.0051)
    assert number < 1000 or unit == 1e9


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        (SHARES, 21_092_000, "+21.1M"),
        (SHARES, -500, "\N{MINUS SIGN}500"),
        (SHARES, 0, "±0"),
        (PERCENT, 4000.0, "+4,000.00%"),
        (PERCENT, -12.345, "\N{MINUS SIGN}12.35%"),
        (POINTS, 0.05, "+0.05 pp"),
        (POINTS, -1.2, "\N{MINUS SIGN}1.20 pp"),
        (POINTS, math.nan, "\N{EN DASH}"),
        (PERCENT, math.nan, "\N{EN DASH}"),
    ],
)
def test_a_change_is_written_with_its_sign_and_unit(metric: Metric, value: float, text: str) -> None:
    assert formatting.change(metric, value) == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "0.00%"), (3.07, "3.07%"), (math.nan, "\N{EN DASH}")])
def test_a_stake_is_written_as_on_the_page_and_a_blank_stays_visible(value: float, text: str) -> None:
    assert formatting.percent(value) == text


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        (Pair(date(2026, 2, 26), date(2026, 2, 27), 1), "Fri 27 Feb 2026 against Thu 26 Feb 2026"),
        (Pair(date(2026, 2, 16), date(2026, 2, 20), 1), "Fri 20 Feb 2026 against Mon 16 Feb 2026"),
        (
            Pair(date(2026, 2, 13), date(2026, 2, 20), 1),
            "Fri 20 Feb 2026 against Fri 13 Feb 2026 (the session 1 day before is not stored)",
        ),
        (
            Pair(date(2026, 1, 2), date(2026, 2, 27), 5),
            "Fri 27 Feb 2026 against Fri 2 Jan 2026 (the session 5 days before is not stored)",
        ),
    ],
    ids=["the day before", "over the holidays", "an older day", "a much older day"],
)
def test_the_dates_compared_are_told_and_why_they_are_not_those_asked_for(pair: Pair, text: str) -> None:
    assert formatting.compared(pair) == text


def test_codes_counts_and_days_have_one_form() -> None:
    assert formatting.code(700) == "00700"
    assert formatting.code(82_800) == "82800"
    assert formatting.shares(105_460_000) == "105,460,000"
    assert [formatting.window(count) for count in WINDOWS] == ["1 day", "5 days", "20 days"]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("2026-02-26", "2026-02-27", "trades of Wed 25 Feb 2026"),
        ("2026-01-02", "2026-01-05", "trades of Tue 30 Dec 2025 and Wed 31 Dec 2025"),
        ("2026-02-03", "2026-02-10", "trades of Mon 2 Feb 2026 to Fri 6 Feb 2026"),
        ("2026-02-13", "2026-02-16", "no trades (a half-day: nothing settled)"),
        (
            "2026-02-20",
            "2026-02-23",
            "trades of Fri 13 Feb 2026 (southbound trading was shut on Mon 16 Feb 2026)",
        ),
        ("2026-02-23", "2026-02-24", "no trades (southbound trading was shut on Fri 20 Feb 2026)"),
        (
            "2026-02-23",
            "2026-02-25",
            "no trades (southbound trading was shut on Fri 20 Feb 2026 and Mon 23 Feb 2026)",
        ),
        (
            "2026-02-20",
            "2026-02-27",
            "trades of Fri 13 Feb 2026 to Wed 25 Feb 2026 (southbound trading was shut on 3 sessions)",
        ),
        ("2027-10-05", "2027-10-06", "trades of Mon 4 Oct 2027"),
        ("2026-02-20", "2026-02-21", "no trades"),
    ],
)
def test_the_trades_of_none_of_one_of_two_and_of_a_range_of_sessions_are_told(
    old: str, new: str, text: str
) -> None:
    shown = trades_shown(date.fromisoformat(new), date.fromisoformat(old))

    assert formatting.trades(shown) == text


def test_the_trades_are_told_with_dates_in_any_form() -> None:
    shown = trades_shown(date(2026, 1, 5))

    assert formatting.trades(shown, str) == "trades of 2025-12-30 and 2025-12-31"
    assert formatting.why_no_trades(shown) == formatting.why_no_trades(trades_shown(date(2026, 2, 21))) == ""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (Language.TRADITIONAL, "2026年2月13日（週五）"),
        (Language.SIMPLIFIED, "2026年2月13日（周五）"),
    ],
)
def test_a_chinese_reader_has_year_month_and_day(language: Language, written: str) -> None:
    with speaking(language):
        assert formatting.day(date(2026, 2, 13)) == written


@pytest.mark.parametrize(
    ("count", "traditional", "simplified"),
    [
        (9_999, "9999", "9999"),
        (10_000, "1.00萬", "1.00万"),
        (-123_456, "-12.3萬", "-12.3万"),
        (99_994_000, "9999萬", "9999万"),
        (99_996_000, "1.00億", "1.00亿"),
        (140_000_000, "1.40億", "1.40亿"),
        (6.52e12, "6.52萬億", "6.52万亿"),
    ],
)
def test_a_chinese_reader_counts_in_units_of_ten_thousand(
    count: float, traditional: str, simplified: str
) -> None:
    with speaking(Language.TRADITIONAL):
        assert formatting.shares_in_short(count) == traditional
    with speaking(Language.SIMPLIFIED):
        assert formatting.shares_in_short(count) == simplified


def test_money_and_points_have_their_units_behind_them_in_chinese() -> None:
    with speaking(Language.TRADITIONAL):
        assert formatting.money(6.52e12) == "6.52萬億港元"
        assert formatting.net_buying(-2.58e9) == "\N{MINUS SIGN}25.8億港元"
        assert formatting.change(POINTS, 0.25) == "+0.25個百分點"
