"""What the mail of a recorded day says, held against a count by hand."""

from collections.abc import Mapping
from datetime import date

import pytest

from replay.figures import recorded_days
from southbound.mail.content.report import MOVERS_SHOWN, SECTIONS, dates_needed, report
from southbound.mail.content.summary import headline, summary
from southbound.market import trading_calendar
from southbound.market.changes import Breadth
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import POINTS, SHARES
from southbound.market.windows import Pair
from southbound.presentation import formatting
from tests import by_hand

DAYS = list(recorded_days())
NEWEST = DAYS[-1]
SHUT = date(2026, 2, 16)

Recorded = Mapping[date, DailyHoldings]


@pytest.fixture(scope="session")
def history(recorded: Recorded) -> History:
    return History.of(recorded.values())


def shares(day: date) -> dict[int, int]:
    return {row.code: row.shares for row in recorded_days()[day].rows}


def largest(metric: str, old: date, new: date) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Code and change of the largest rises and falls of shares."""
    rises, falls = by_hand.largest_shares(metric, old, new)
    return rises[:MOVERS_SHOWN], falls[:MOVERS_SHOWN]


@pytest.mark.parametrize("day", DAYS[5:], ids=str)
def test_the_report_of_a_recorded_day(history: History, day: date) -> None:
    position = DAYS.index(day)
    yesterday, week_ago = DAYS[position - 1], DAYS[position - 5]

    written = report(history, day)

    before, now = by_hand.comparable(yesterday, day)
    both = now.keys() & before.keys()
    rose, fell = (sum(now[c][0] > before[c][0] for c in both), sum(now[c][0] < before[c][0] for c in both))
    came, left = len(now.keys() - before.keys()), len(before.keys() - now.keys())
    assert (written.day, written.stocks) == (day, len(now))
    assert written.breadth == Breadth(rose, fell, len(both) - rose - fell, came, left)
    for window, old in ((1, yesterday), (5, week_ago)):
        was, is_now = by_hand.comparable(old, day)
        listed = written.windows[window]
        assert listed.pair == Pair(old, day, window)
        assert [stake.code for stake in listed.added] == sorted(is_now.keys() - was.keys())
        assert [stake.code for stake in listed.removed] == sorted(was.keys() - is_now.keys())
    assert [(s.metric, s.pair) for s in written.sections] == [
        (SHARES, Pair(yesterday, day, 1)),
        (POINTS, Pair(yesterday, day, 1)),
        (POINTS, Pair(week_ago, day, 5)),
    ]
    wanted = [
        largest("shares", yesterday, day),
        largest("pp", yesterday, day),
        largest("pp", week_ago, day),
    ]
    for section, (rises, falls) in zip(written.sections, wanted, strict=True):
        assert [(m.code, m.change) for m in section.movers.top] == rises
        assert [(m.code, m.change) for m in section.movers.bottom] == falls


def test_the_headline_has_the_largest_move_in_shares(history: History) -> None:
    written = report(history, NEWEST)

    (rises, falls) = largest("shares", DAYS[-2], NEWEST)
    code, change = max(rises[0], falls[0], key=lambda mover: abs(mover[1]))
    assert written.breadth is not None
    assert headline(written).startswith(
        f"{written.breadth.rose} rose, {written.breadth.fell} fell, {code:05d} "
    )
    assert headline(written).endswith(" shares")
    assert (headline(written).split()[-2][0] == "+") == (change > 0)


def test_the_summary_says_the_trade_date_and_since_when(history: History) -> None:
    written = report(history, NEWEST)

    assert written.breadth is not None
    moved, (now, before) = written.breadth, (shares(NEWEST), shares(DAYS[-6]))
    both = (now.keys() & before.keys()) - {2918}  # five shares of 02160 became one of it meanwhile
    rose, fell = sum(now[c] > before[c] for c in both), sum(now[c] < before[c] for c in both)
    assert summary(written)[0] == (
        f"Mainland investors held {written.stocks} Hong Kong stocks through Stock Connect on "
        "Fri 27 Feb 2026, which shows trades of Wed 25 Feb 2026. Since Thu 26 Feb 2026, "
        f"{moved.rose} holdings rose, {moved.fell} fell and {moved.unchanged} did not change. "
        f"Since Fri 20 Feb 2026, {rose} rose and {fell + 1} fell."
    )
    assert [section.title for section in written.sections] == [
        "1 day, shares",
        "1 day, percentage points of the issued shares",
        "5 days, percentage points of the issued shares",
    ]
    assert written.sections[2].compared == "Fri 27 Feb 2026 against Fri 20 Feb 2026"


def test_one_day_alone_has_nothing_to_compare_with(recorded: Recorded) -> None:
    written = report(History.of([recorded[NEWEST]]), NEWEST)

    assert (written.stocks, written.breadth, written.sections) == (len(shares(NEWEST)), None, ())
    assert (written.windows, written.adjustments, written.highlights) == ({}, (), ())
    assert written.not_compared == ("1 day", "5 days")
    assert headline(written) == f"{written.stocks} stocks, nothing to compare with yet"
    assert summary(written)[0].endswith("No earlier day is stored, so there is nothing to compare it with.")


def test_a_window_longer_than_the_history_is_left_out(recorded: Recorded) -> None:
    written = report(History.of([recorded[day] for day in DAYS[-5:]]), NEWEST)

    assert [section.pair.window for section in written.sections] == [1, 1]
    assert written.not_compared == ("5 days",)
    assert written.breadth is not None


def test_one_holding_alone_is_spoken_of_as_one(history: History) -> None:
    written = report(history, date(2026, 2, 24))

    assert "Since Mon 23 Feb 2026, 1 holding rose, 0 fell and 876 did not change." in summary(written)[0]


def test_a_day_without_a_change_says_so_and_has_no_movers(history: History) -> None:
    written = report(history, SHUT)

    assert written.breadth == Breadth(0, 0, written.stocks, 0, 0)
    assert headline(written) == "0 rose, 0 fell"
    assert summary(written)[0].endswith(
        "on Mon 16 Feb 2026, which shows no trades (a half-day: nothing settled). "
        "Not one holding changed since Fri 13 Feb 2026."
    )
    assert written.sections[0].movers.top == written.sections[0].movers.bottom == ()
    assert written.sections[2].movers.top


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (("2026-02-24", "2026-02-25"), "no trades (southbound trading was shut on Mon 23 Feb 2026)"),
        (("2025-12-23", "2025-12-24"), "no trades (a half-day: nothing settled)"),
        (("2025-12-02", "2025-12-03"), "trades of Mon 1 Dec 2025"),
        # The mainland's calendar is not known so far ahead.
        (("2035-10-03", "2035-10-04"), "trades of Tue 2 Oct 2035"),
        (("2014-01-02", "2014-01-03"), "trades of Mon 30 Dec 2013 and Tue 31 Dec 2013"),
        (("2040-12-28", "2040-12-31"), "no trades (a half-day: nothing settled)"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_a_day_without_a_change_is_explained_by_what_was_the_case_alone(
    days: tuple[str, str], shown: str
) -> None:
    old, new = map(date.fromisoformat, days)
    history = History.of(DailyHoldings.of(day, [700], ["TENCENT"], [100], [1.0]) for day in (old, new))

    [paragraph] = summary(report(history, new))

    assert paragraph.endswith(f"which shows {shown}. Not one holding changed since {formatting.day(old)}.")


def test_what_cannot_be_told_from_a_split_is_counted_apart_and_is_no_mover() -> None:
    days = DAYS[-3:]
    codes = [1, *range(1000, 1010)]
    shares = [50_000, 50_000, 100_000]
    percents = [1.0, 1.0, 2.0]
    history = History.of(
        DailyHoldings.of(day, codes, ["A"] * 11, [held, *[10**6 + row] * 10], [percent, *[3.0] * 10])
        for row, (day, held, percent) in enumerate(zip(days, shares, percents, strict=True))
    )

    written = report(history, days[-1])

    assert (
        "10 holdings rose, 0 fell and 0 did not change. Of 1 more the page cannot tell."
        in (summary(written)[0])
    )
    assert 1 not in {mover.code for section in written.sections for mover in section.movers.top}
    assert [event.code for event in written.adjustments] == [1]


def test_an_older_day_that_stands_in_is_named(recorded: Recorded) -> None:
    older = date(2026, 2, 20)
    written = report(History.of([recorded[older], recorded[NEWEST]]), NEWEST)

    assert summary(written)[0].count("Since Fri 20 Feb 2026, ") == 1
    assert [section.pair for section in written.sections] == [
        Pair(older, NEWEST, window) for window, _ in SECTIONS
    ]
    assert written.sections[0].compared.endswith("(the session 1 day before is not stored)")


def test_an_earlier_day_is_reported_as_if_it_were_the_newest(recorded: Recorded, history: History) -> None:
    day = DAYS[20]

    then = report(History.of([recorded[day] for day in DAYS[:21]]), day)

    now = report(history, day)
    assert (headline(now), summary(now), now.breadth) == (headline(then), summary(then), then.breadth)


def test_a_day_that_is_not_stored_has_no_report(history: History) -> None:
    with pytest.raises(ValueError, match="is not among"):
        report(history, date(2026, 2, 28))


def test_all_is_read_that_a_signal_looks_back_to_and_no_more() -> None:
    year = trading_calendar.between(date(2024, 10, 1), NEWEST)
    needed = year[-251:]

    assert dates_needed([*year, trading_calendar.after(NEWEST)], NEWEST)[1:] == needed
    assert dates_needed(needed, NEWEST) == needed
    assert dates_needed([NEWEST], NEWEST) == [NEWEST]
    # The oldest session is not stored: the closest date before it stands in.
    assert dates_needed([*year[:-251], *year[-250:]], NEWEST) == year[-252:-251] + year[-250:]


def test_funds_are_not_ranked_and_the_largest_move_of_one_is_told(history: History) -> None:
    written = report(history, NEWEST)

    ranked = {m.code for section in written.sections for m in (*section.movers.top, *section.movers.bottom)}
    assert not ranked & by_hand.funds()
    moved = by_hand.changes("shares", DAYS[-2], NEWEST)
    largest_fund = max(by_hand.funds() & moved.keys(), key=lambda code: abs(moved[code]))
    assert f"Of the funds, which are not ranked below, {largest_fund:05d} " in " ".join(summary(written))
