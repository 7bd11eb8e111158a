"""Which trades a date shows: held against the exchange's own figures, and against counting by hand."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import holidays
import pytest
from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar
from hypothesis import given, settings, strategies as st

from southbound.market import trading_calendar
from southbound.market.settlement import Trades, any_trades, trades_shown
from tests import by_hand

FOLDER = Path(__file__).parent / "data"
STOCKS = (700, 1810, 981, 9988)
MILLION = 1e6
SESSIONS = trading_calendar.between(trading_calendar.FIRST, trading_calendar.LAST)
DAYS = st.sampled_from(SESSIONS)

MAINLAND_SHUT = {
    date(2025, 10, 2), date(2025, 10, 3), date(2025, 10, 6), date(2025, 10, 8),
    date(2026, 1, 2), date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 23), date(2026, 5, 4),
    date(2026, 5, 5), date(2026, 9, 25), date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 6),
    date(2026, 10, 7),
}  # fmt: skip
"""Hong Kong open and southbound trading shut, from October 2025 to December 2026."""


def dates(*texts: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


@cache
def half_days() -> frozenset[date]:
    """The eves of Christmas, New Year and Lunar New Year on which Hong Kong trades, by another package."""
    taiwan = holidays.country_holidays("TW", years=range(2013, 2042), language="en_US").items()
    lunar = {day.year: day for day, name in sorted(taiwan) if name == "Chinese New Year's Eve"}
    eves = set(lunar.values())  # where there are two of a year, the second one is the eve itself
    eves |= {date(year, 12, day) for year in range(2013, 2042) for day in (24, 31)}
    assert len(eves) == 3 * 29
    closed = holidays.country_holidays("HK", years=range(2013, 2042), categories=("public", "optional"))
    return frozenset(day for day in eves if day.weekday() < 5 and day not in closed)


@cache
def settled_by_hand() -> Mapping[date, tuple[date, ...]]:
    """For each session, the sessions whose trades have it as their second settlement day."""
    days = trading_calendar.between(date(2013, 12, 2), date(2041, 1, 31))
    settled: dict[date, tuple[date, ...]] = dict.fromkeys(days, ())
    for place, day in enumerate(days[:-10]):
        later = [other for other in days[place + 1 : place + 8] if other not in half_days()]
        settled[later[1]] += (day,)
    return settled


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2014-12-24", Trades((), half_day=True)),
        ("2014-12-29", Trades(dates("2014-12-22"))),
        ("2014-12-30", Trades(dates("2014-12-23", "2014-12-24"))),
        ("2014-12-31", Trades((), half_day=True)),
        ("2026-01-02", Trades(dates("2025-12-29"))),
        ("2026-01-05", Trades(dates("2025-12-30", "2025-12-31"))),
        ("2026-01-06", Trades((), dates("2026-01-02"))),
        ("2026-02-13", Trades(dates("2026-02-11"))),
        ("2026-02-16", Trades((), half_day=True)),
        ("2026-02-20", Trades(dates("2026-02-12"))),
        ("2026-02-23", Trades(dates("2026-02-13"), dates("2026-02-16"))),
        ("2026-02-24", Trades((), dates("2026-02-20"))),
        ("2026-02-25", Trades((), dates("2026-02-23"))),
        ("2026-02-26", Trades(dates("2026-02-24"))),
        ("2026-12-24", Trades((), half_day=True)),
        ("2026-12-28", Trades(dates("2026-12-22"))),
        ("2026-12-29", Trades(dates("2026-12-23", "2026-12-24"))),
        ("2026-12-30", Trades(dates("2026-12-28"))),
        ("2026-12-31", Trades((), half_day=True)),
        ("2027-01-04", Trades(dates("2026-12-29"))),
        ("2027-01-05", Trades(dates("2026-12-30", "2026-12-31"))),
        ("2027-02-05", Trades((), half_day=True)),
    ],
)
def test_a_date_shows_the_trades_of_no_session_of_one_or_of_two(day: str, shown: Trades) -> None:
    assert trades_shown(date.fromisoformat(day)) == shown


def test_the_half_days_of_every_year_are_no_settlement_days() -> None:
    calendar = trading_calendar.calendar()
    first, last = trading_calendar.FIRST.isoformat(), trading_calendar.LAST.isoformat()
    days = {day for day in calendar.sessions.tolist() if first <= day.isoformat() <= last}

    wanted = {day for day in half_days() if trading_calendar.FIRST <= day <= trading_calendar.LAST}
    assert days - set(calendar.settlement_days.tolist()) == wanted
    assert len(wanted) > 50


@given(DAYS)
@settings(deadline=None)
def test_a_date_of_any_year_shows_what_settles_on_it(day: date) -> None:
    shown = trades_shown(day)

    assert tuple(sorted((*shown.sessions, *shown.shut))) == settled_by_hand()[day]
    assert shown.half_day == (day in half_days())


@given(DAYS, DAYS)
@settings(deadline=None)
def test_two_dates_show_what_settles_on_the_days_between_them(one: date, other: date) -> None:
    old, new = sorted((one, other))
    wanted = [session for day in trading_calendar.between(old, new)[1:] for session in settled_by_hand()[day]]

    shown = trades_shown(new, old)

    assert sorted((*shown.sessions, *shown.shut)) == wanted
    assert shown.half_day == (new in half_days() and new == trading_calendar.after(old))
    assert any_trades([old, new]).tolist() == [bool(shown.sessions)]


@pytest.mark.parametrize("day", SESSIONS[-40::13] + SESSIONS[:40:13], ids=str)
def test_every_date_that_figures_can_have_has_its_trades(day: date) -> None:
    assert trades_shown(day) == trades_shown(day, trading_calendar.before(day))
    assert trades_shown(day, day) == Trades(())


def test_what_is_no_session_shows_nothing_and_is_no_half_day() -> None:
    assert trades_shown(date(2026, 2, 21)) == trades_shown(date(2026, 2, 18)) == Trades(())


@pytest.mark.parametrize("day", [date(2012, 1, 1), date(2043, 1, 2), date.min, date.max], ids=str)
def test_a_day_outside_the_calendar_is_refused_in_words(day: date) -> None:
    for question in (trades_shown, lambda d: trades_shown(d, d), lambda d: any_trades([d, d])):
        with pytest.raises(ValueError, match=r"outside the calendar|no such session"):
            question(day)


def test_many_dates_at_once_are_told_as_one_by_one() -> None:
    days = trading_calendar.between(date(2025, 9, 1), date(2027, 3, 31))

    one_by_one = [bool(trades_shown(new, old).sessions) for old, new in pairwise(days)]

    assert any_trades(days).tolist() == one_by_one
    assert not all(one_by_one)
    assert any_trades(days[:1]).tolist() == []


def test_the_mainland_is_shut_when_its_calendar_says_so() -> None:
    shown = trades_shown(date(2027, 1, 6), date(2025, 10, 3))

    assert set(shown.shut) == {day for day in MAINLAND_SHUT if day >= date(2025, 10, 2)}
    assert not set(shown.shut) & set(shown.sessions)


def test_nothing_is_guessed_past_the_end_of_the_mainlands_calendar() -> None:
    end = trading_calendar.calendar().mainland_end

    assert end == XSHGExchangeCalendar.bound_max().date() < trading_calendar.LAST
    # The first week of October, in which the mainland has been shut every year.
    later = trades_shown(date(2040, 12, 31), end + timedelta(10))
    assert [day for day in later.shut if day > end] == []
    assert [day for day in later.sessions if (day.month, day.day) == (10, 2)]


@cache
def net_buying() -> Mapping[tuple[date, int], float]:
    """HK$ by trade date and stock, of the channels in which it was among the ten most active."""
    bought: dict[tuple[date, int], float] = {}
    for row in _rows("net_buying.csv"):
        what = date.fromisoformat(row["date"]), int(row["code"])
        bought[what] = bought.get(what, 0.0) + float(row["buy_hkd"]) - float(row["sell_hkd"])
    return bought


@cache
def closes() -> Mapping[tuple[date, int], float]:
    return {
        (date.fromisoformat(row["date"]), int(row["code"])): float(row["short_value_hkd"])
        / float(row["short_shares"])
        for row in _rows("friday_closes.csv")
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def value_of_the_change(day: date, code: int, priced: date) -> float:
    """HK$ by which a holding changed since the session before, at the close of the week of a session."""
    friday = min(known for known, _ in closes() if known >= priced)
    held, before = (by_hand.record()[known][code][0] for known in (day, trading_calendar.before(day)))
    return (held - before) * closes()[friday, code]


@pytest.mark.parametrize(
    ("day", "session", "millions"),
    [
        (date(2026, 2, 20), date(2026, 2, 12), {700: 1429, 1810: 1020, 981: 18, 9988: -10}),
        (date(2026, 2, 23), date(2026, 2, 13), {700: 2263, 1810: 1211, 981: 574, 9988: 2299}),
    ],
    ids=str,
)
def test_the_recorded_holdings_changed_by_the_official_net_buying(
    day: date, session: date, millions: Mapping[int, int]
) -> None:
    [shown] = trades_shown(day).sessions
    assert shown == session
    assert {code: round(net_buying()[shown, code] / MILLION) for code in STOCKS} == millions
    for code in STOCKS:
        official, held = net_buying()[shown, code], value_of_the_change(day, code, shown)
        if abs(official) > 500 * MILLION:
            assert held == pytest.approx(official, rel=0.03)
            for other in (trading_calendar.before(shown), trading_calendar.after(shown)):
                assert held != pytest.approx(net_buying().get((other, code), 0.0), rel=0.03)
        else:
            assert held == pytest.approx(official, abs=10 * MILLION)


def test_on_the_recorded_days_that_show_no_trades_nothing_of_the_kind_changed() -> None:
    days = by_hand.days()
    without = [new for old, new in pairwise(days) if not trades_shown(new, old).sessions]

    assert without == [*dates("2026-01-06", "2026-02-16", "2026-02-24", "2026-02-25")]
    for day in without:
        assert [value_of_the_change(day, code, day) for code in STOCKS] == [0.0] * len(STOCKS)


def test_all_recorded_changes_fit_the_net_buying_of_the_sessions_that_they_show() -> None:
    """Where more than HK$ 500 million were bought or sold; at the price of another day of the week."""
    off = {"shown": 0.0, "before": 0.0, "after": 0.0}
    for day in by_hand.days()[1:]:
        shown = trades_shown(day).sessions
        moved = {
            "shown": shown,
            "before": tuple(map(trading_calendar.before, shown)),
            "after": tuple(map(trading_calendar.after, shown)),
        }
        for code in STOCKS:
            known = [(session, code) in net_buying() for session in shown]
            if not shown or not all(known):
                continue
            official = sum(net_buying()[session, code] for session in shown)
            held = value_of_the_change(day, code, shown[-1])
            if abs(official) > 500 * MILLION:
                assert held == pytest.approx(official, rel=0.1), (day, code)
                for name, traded in moved.items():
                    off[name] += abs(held - sum(net_buying().get((other, code), 0.0) for other in traded))

    assert 10 * off["shown"] < min(off["before"], off["after"])
