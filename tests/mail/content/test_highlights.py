"""Levels crossed, streaks, highs and lows of a recorded day, held against a count by hand."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from southbound.mail.content.highlights import HighlightGroup, Sort, highlights_of, in_sentences
from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.signals import signals
from tests import by_hand
from tests.conftest import recording

DAYS = by_hand.days()
NEWEST = DAYS[-1]
LEVELS = (5, 10, 20, 30)


@pytest.fixture(scope="module")
def found(recorded: Mapping[date, DailyHoldings]) -> dict[Sort, HighlightGroup]:
    return {group.sort: group for group in report(History.of(recorded.values()), NEWEST).highlights}


def streak(code: int) -> int:
    """Sessions in a row up (positive) or down until the newest day, without days of next to no moves."""
    count = 0
    for old_day, day in zip(reversed(DAYS[:-1]), reversed(DAYS[1:]), strict=True):
        old, new = by_hand.comparable(old_day, day)
        both = old.keys() & new.keys()
        shut = sum(old[c][0] != new[c][0] for c in both) < 0.02 * len(both)
        change = new[code][0] - old[code][0] if code in both else 0
        if shut:
            continue
        if change == 0 or (count and (change > 0) != (count > 0)):
            break
        count += 1 if change > 0 else -1
    return count


def test_the_longest_streaks_come_first(found: dict[Sort, HighlightGroup]) -> None:
    # 02918 has the shares of 02160 by another measure, and 03939 those of 02979.
    codes = by_hand.record()[NEWEST].keys() - {2918}
    streaks = {code: streak(code) for code in codes}
    up = sorted((-length, code) for code, length in streaks.items() if length >= 5)
    down = sorted((length, code) for code, length in streaks.items() if length <= -5)

    assert (found[Sort.UP].total, found[Sort.DOWN].total) == (len(up), len(down))
    assert [-highlight.signal.streak for highlight in found[Sort.UP].shown] == [
        length for length, _ in up[:3]
    ]
    assert [highlight.signal.streak for highlight in found[Sort.DOWN].shown] == [
        length for length, _ in down[:3]
    ]
    for highlight in (*found[Sort.UP].shown, *found[Sort.DOWN].shown):
        assert streaks[highlight.code] == highlight.signal.streak
        assert f"{abs(highlight.signal.streak)} sessions in a row" in highlight.words


def test_every_level_that_was_crossed_is_told(found: dict[Sort, HighlightGroup]) -> None:
    old, new = by_hand.comparable(DAYS[-2], NEWEST)
    rebased = {code for day, code in by_hand.new_bases() if day == NEWEST}
    crossed = {}
    for code in old.keys() & new.keys() - rebased:
        was, now = old[code][1], new[code][1]
        if was is None or now is None:
            continue
        for level in map(Decimal, LEVELS):
            if was < level <= now:
                crossed[code] = int(level)
            elif now < level <= was:
                crossed[code] = -int(level)

    told = {n.code: n.signal.crossed for sort in (Sort.ABOVE, Sort.BELOW) for n in found[sort].shown}

    assert crossed
    assert told == crossed
    assert found[Sort.ABOVE].total + found[Sort.BELOW].total == len(crossed)


def test_highs_and_lows_have_the_figures_of_the_list(found: dict[Sort, HighlightGroup]) -> None:
    for sort in (Sort.HIGH, Sort.LOW):
        assert len(found[sort].shown) == 3
        for highlight in found[sort].shown:
            row = recording()[NEWEST][highlight.code]
            assert (highlight.name, highlight.shares) == (row["name"], int(row["shareholding"]))
            assert highlight.percent == float(row["percent"])
    stakes = [by_hand.record()[day] for day in DAYS[-21:]]
    for highlight in found[Sort.HIGH].shown:
        past = [day[highlight.code][1] for day in stakes[:-1] if highlight.code in day]
        assert all(now is None or float(now) < highlight.percent for now in past)


def test_the_most_remarkable_is_told_in_sentences(found: dict[Sort, HighlightGroup]) -> None:
    crossed, streaks, extremes = in_sentences(tuple(found.values()))

    assert re.match("Levels crossed: 00268 KINGDEE [^,]+ rose to 30%, ", crossed)
    assert re.search("00826 [^,]+ fell below 20%", crossed)
    assert streaks.startswith("02423 KE HOLDINGS INC. is up 33 sessions in a row, ")
    high, low = found[Sort.HIGH].total, found[Sort.LOW].total
    assert extremes == f"{high} stakes are at a new high and {low} stakes are at a new low."
    assert in_sentences(()) == ()


def test_a_day_after_which_nothing_can_be_told_has_no_listing(recorded: Mapping[date, DailyHoldings]) -> None:
    assert report(History.of([recorded[NEWEST]]), NEWEST).highlights == ()
    shut = date(2026, 2, 16)
    history = History.of([recorded[date(2026, 2, 13)], recorded[shut]])
    assert highlights_of(history, signals(history, shut, ()), {}) == ()
