"""What the mail of a recorded day says, held against a count by hand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from replay.figures import recorded_days
from southbound import sessions
from southbound.changes import Breadth, Metric, Pair
from southbound.history import History
from southbound.holdings import DailyHoldings
from southbound.mail.report import MOVERS_SHOWN, SECTIONS, dates_needed, report

DAYS = list(recorded_days())
NEWEST = DAYS[-1]
SHUT = date(2026, 2, 16)

Recorded = Mapping[date, DailyHoldings]


@pytest.fixture(scope="session")
def history(recorded: Recorded) -> History:
    return History.of(recorded.values())


def shares(day: date) -> dict[int, int]:
    return {row.code: row.shares for row in recorded_days()[day].rows}


def percents(day: date) -> dict[int, Decimal]:
    return {row.code: Decimal(row.percent) for row in recorded_days()[day].rows if row.percent}


def largest(
    old: Mapping[int, int] | Mapping[int, Decimal], new: Mapping[int, int] | Mapping[int, Decimal]
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Code and change of the largest rises and falls."""
    changes = {code: float(Decimal(new[code]) - Decimal(old[code])) for code in old.keys() & new.keys()}
    rises = sorted((-change, code) for code, change in changes.items() if change > 0)
    falls = sorted((change, code) for code, change in changes.items() if change < 0)
    return (
        [(code, -change) for change, code in rises[:MOVERS_SHOWN]],
        [(code, change) for change, code in falls[:MOVERS_SHOWN]],
    )


@pytest.mark.parametrize("day", DAYS[5:], ids=str)
def test_the_report_of_a_recorded_day(history: History, day: date) -> None:
    position = DAYS.index(day)
    yesterday, week_ago = DAYS[position - 1], DAYS[position - 5]

    written = report(history, day)

    now, before = shares(day), shares(yesterday)
    both = now.keys() & before.keys()
    rose, fell = (sum(now[c] > before[c] for c in both), sum(now[c] < before[c] for c in both))
    came, left = sorted(now.keys() - before.keys()), sorted(before.keys() - now.keys())
    assert (written.day, written.stocks) == (day, len(now))
    assert written.breadth == Breadth(rose, fell, len(both) - rose - fell, len(came), len(left))
    assert written.list_changes is not None
    assert written.list_changes.pair == Pair(yesterday, day, 1)
    assert [stake.code for stake in written.list_changes.added] == came
    assert [stake.code for stake in written.list_changes.removed] == left
    assert [(s.metric, s.pair) for s in written.sections] == [
        (Metric.SHARES, Pair(yesterday, day, 1)),
        (Metric.POINTS, Pair(yesterday, day, 1)),
        (Metric.POINTS, Pair(week_ago, day, 5)),
    ]
    wanted = [
        largest(before, now),
        largest(percents(yesterday), percents(day)),
        largest(percents(week_ago), percents(day)),
    ]
    for section, (rises, falls) in zip(written.sections, wanted, strict=True):
        assert [(m.code, m.change) for m in section.movers.top] == rises
        assert [(m.code, m.change) for m in section.movers.bottom] == falls


def test_the_headline_has_the_largest_move_in_shares(history: History) -> None:
    written = report(history, NEWEST)

    (rises, falls) = largest(shares(DAYS[-2]), shares(NEWEST))
    code, change = max(rises[0], falls[0], key=lambda mover: abs(mover[1]))
    assert written.breadth is not None
    assert written.headline.startswith(
        f"{written.breadth.rose} rose, {written.breadth.fell} fell, {code:05d} "
    )
    assert written.headline.endswith(" shares")
    assert (written.headline.split()[5][0] == "+") == (change > 0)


def test_the_summary_says_the_trade_date_and_since_when(history: History) -> None:
    written = report(history, NEWEST)

    assert written.breadth is not None
    moved = written.breadth
    assert written.summary == (
        f"Mainland investors held {written.stocks} Hong Kong stocks through Stock Connect on "
        "Fri 27 Feb 2026, which shows the trades of Wed 25 Feb 2026. Since Thu 26 Feb 2026, "
        f"{moved.rose} holdings rose, {moved.fell} fell and {moved.unchanged} did not change."
    )
    assert [section.title for section in written.sections] == [
        "1 day, shares",
        "1 day, percentage points of the issued shares",
        "5 days, percentage points of the issued shares",
    ]
    assert written.sections[2].compared == "Fri 27 Feb 2026 against Fri 20 Feb 2026"


def test_one_day_alone_has_nothing_to_compare_with(recorded: Recorded) -> None:
    written = report(History.of([recorded[NEWEST]]), NEWEST)

    assert (written.stocks, written.breadth, written.sections, written.list_changes) == (
        len(shares(NEWEST)),
        None,
        (),
        None,
    )
    assert written.headline == f"{written.stocks} stocks, nothing to compare with yet"
    assert written.summary.endswith("No earlier day is stored, so there is nothing to compare it with.")


def test_a_window_longer_than_the_history_is_left_out(recorded: Recorded) -> None:
    written = report(History.of([recorded[day] for day in DAYS[-5:]]), NEWEST)

    assert [section.pair.window for section in written.sections] == [1, 1]
    assert written.breadth is not None


def test_one_holding_alone_is_spoken_of_as_one(history: History) -> None:
    written = report(history, date(2026, 2, 24))

    assert written.summary.endswith("Since Mon 23 Feb 2026, 1 holding rose, 0 fell and 876 did not change.")


def test_a_day_without_a_change_says_so_and_has_no_movers(history: History) -> None:
    written = report(history, SHUT)

    assert written.breadth == Breadth(0, 0, written.stocks, 0, 0)
    assert written.headline == "0 rose, 0 fell"
    assert written.summary.endswith("Not one holding changed, as on days when southbound trading is shut.")
    assert written.sections[0].movers.top == written.sections[0].movers.bottom == ()
    assert written.sections[2].movers.top


def test_an_older_day_that_stands_in_is_named(recorded: Recorded) -> None:
    older = date(2026, 2, 20)
    written = report(History.of([recorded[older], recorded[NEWEST]]), NEWEST)

    assert "Since Fri 20 Feb 2026, " in written.summary
    assert [section.pair for section in written.sections] == [
        Pair(older, NEWEST, window) for window, _ in SECTIONS
    ]
    assert written.sections[0].compared.endswith("(the session 1 day before is not stored)")


def test_an_earlier_day_is_reported_as_if_it_were_the_newest(recorded: Recorded, history: History) -> None:
    day = DAYS[20]

    then = report(History.of([recorded[day] for day in DAYS[:21]]), day)

    now = report(history, day)
    assert (now.headline, now.summary, now.breadth) == (then.headline, then.summary, then.breadth)


def test_a_day_that_is_not_stored_has_no_report(history: History) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        report(history, date(2026, 2, 28))


@pytest.mark.parametrize(
    ("stored", "needed"),
    [
        (DAYS, DAYS[-6:]),
        ([NEWEST], [NEWEST]),
        (DAYS[-3:], DAYS[-3:]),
        ([*DAYS[:10], *DAYS[-3:]], [DAYS[9], *DAYS[-3:]]),
        ([*DAYS[:32], *DAYS[33:]], [DAYS[31], *DAYS[33:]]),
        ([*DAYS, sessions.after(NEWEST)], DAYS[-6:]),
    ],
    ids=["all", "one day", "too few", "a gap", "the oldest is missing", "a newer one"],
)
def test_no_more_days_are_read_than_the_report_is_made_from(
    recorded: Recorded, stored: list[date], needed: list[date]
) -> None:
    assert dates_needed(stored, NEWEST)[-len(needed) :] == needed
    assert len(dates_needed(stored, NEWEST)) <= len(needed) + 1

    of_all = report(History.of([recorded[day] for day in stored if day in recorded]), NEWEST)
    of_needed = report(History.of([recorded[day] for day in dates_needed(stored, NEWEST)]), NEWEST)
    assert (of_all.summary, of_all.headline) == (of_needed.summary, of_needed.headline)
    assert [s.pair for s in of_all.sections] == [s.pair for s in of_needed.sections]
