"""A line for each stock of the watchlist, whatever happened to it."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from southbound.mail.content.report import report
from southbound.mail.content.watchlist import Change, Watched
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.presentation.formatting import MINUS, NONE
from tests.conftest import recording

NEWEST = date(2026, 2, 27)
Row = tuple[int, int, float | None]


@pytest.fixture(scope="module")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


def line_of(code: int, *lists: Sequence[Row]) -> Watched:
    """The line of a stock on the last of some consecutive sessions."""
    dates = trading_calendar.between(date(2025, 12, 1), NEWEST)[-len(lists) :]
    history = History.of(
        DailyHoldings.of(
            day, [r[0] for r in rows], [f"N{r[0]}" for r in rows], [r[1] for r in rows], [r[2] for r in rows]
        )
        for day, rows in zip(dates, lists, strict=True)
    )
    [line] = report(history, dates[-1], [code]).watched
    return line


OTHERS: list[Row] = [(code, 1_000_000, 3.0) for code in range(1000, 1010)]


def test_a_stock_that_moved_has_the_figures_of_the_list(history: History) -> None:
    [line] = report(history, NEWEST, [700]).watched

    now, before, week_ago = (recording()[day][700] for day in (NEWEST, date(2026, 2, 26), date(2026, 2, 20)))
    held = int(now["shareholding"])
    assert (line.code, line.name) == (700, now["name"])
    assert line.held == f"{held:,} shares, {now['percent']}%"
    for change, old in zip(line.changes, (before, week_ago), strict=True):
        shares, points = held - int(old["shareholding"]), float(now["percent"]) - float(old["percent"])
        assert change.text.endswith(f": +{shares / 1e6:.2f}M shares, +{points:.2f} pp")
        assert change.direction == 1
    assert line.words == "up 1 session, highest stake in 20 sessions"


def test_the_lines_stand_in_the_readers_order(history: History) -> None:
    assert [line.code for line in report(history, NEWEST, [9988, 5, 700]).watched] == [9988, 5, 700]


def test_an_unchanged_stock_has_its_line_too() -> None:
    line = line_of(1, *[[*OTHERS, (1, 5000, 1.0)]] * 6)

    assert line.changes == (Change("1 day: unchanged"), Change("5 days: unchanged"))
    assert line.words == ""


def test_a_fall_is_told_as_one() -> None:
    line = line_of(1, [*OTHERS, (1, 50_000, 1.0)], [*OTHERS, (1, 48_000, 0.96)])

    assert line.changes == (Change(f"1 day: {MINUS}2.00K shares, {MINUS}0.04 pp", -1),)
    assert line.words == "down 1 session"


def test_a_blank_stake_is_a_dash_and_no_change_in_points() -> None:
    line = line_of(1, [*OTHERS, (1, 5000, 1.0)], [*OTHERS, (1, 6000, None)])

    assert line.held == f"6,000 shares, {NONE}"
    assert line.changes == (Change("1 day: +1.00K shares", 1),)


def test_a_stock_that_came_is_new_and_one_that_left_was_not_sold() -> None:
    with_it, without = [*OTHERS, (1, 5000, 1.0)], OTHERS

    assert line_of(1, without, with_it).changes == (Change("1 day: new on the list"),)
    gone = line_of(1, with_it, without, without)
    assert (gone.changes, gone.name) == ((), "N1")
    assert gone.held == "not on the list; last seen on Wed 25 Feb 2026, which does not mean sold"


def test_a_stock_that_never_was_on_the_list_says_so() -> None:
    assert line_of(99_999, OTHERS, OTHERS) == Watched(99_999, "", "not on any stored list")


def test_with_one_day_alone_there_is_nothing_to_compare_with() -> None:
    line = line_of(1, [*OTHERS, (1, 5000, 1.0)])

    assert (line.held, line.changes) == ("5,000 shares, 1.00%", (Change("nothing to compare with"),))


def test_a_stock_under_another_code_is_followed(history: History) -> None:
    before, after = (report(history, day, [2160]).watched[0] for day in (date(2026, 2, 24), NEWEST))

    assert (before.code, after.code) == (2160, 2918)
    assert "02160 before" in after.words
    assert "adjusted for: consolidation" in after.words
    # A fifth of 105,460,000 shares is 21,092,000; the naive difference would be a loss of 84 million.
    held = int(recording()[NEWEST][2918]["shareholding"])
    naive = int(recording()[date(2026, 2, 20)][2160]["shareholding"])
    assert after.changes[1].text == f"5 days: {MINUS}{(naive // 5 - held) / 1e3:.1f}K shares"


def test_a_stock_that_cannot_be_told_to_have_moved_says_so() -> None:
    days = [[*OTHERS, (1, 50_000, 1.0)]] * 2
    line = line_of(1, *days, [*OTHERS, (1, 100_000, 2.0)])

    assert "The page cannot tell" in line.words


def test_both_codes_of_a_stock_that_trades_under_two_have_a_line() -> None:
    alone = [*OTHERS, (1, 500_000, 2.0)]
    temporary = [*OTHERS, (2950, 100_000, 2.0)]
    both = [*OTHERS, (1, 40_000, 0.8), (2950, 60_000, 1.2)]

    main, other = (line_of(code, alone, temporary, both) for code in (1, 2950))

    assert (main.held, other.held) == ("40,000 shares, 0.80%", "60,000 shares, 1.20%")
    assert main.changes == (Change("1 day: unchanged"),)
    assert other.changes == (Change("1 day: counted under its other code"),)
