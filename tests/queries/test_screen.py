"""The rows of the screener, held against plain loops over the recorded file."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from replay.figures import chinese_names
from southbound.common.language import Language, local_name, writing_for
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.indicators import LEVELS
from southbound.market.windows import free_pair
from southbound.presentation.conditions import CODE_ORDER, PRESETS, Condition, Sort, read_conditions
from southbound.presentation.screen_columns import screen_columns
from southbound.presentation.stock_names import reader
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.screen import Screen
from southbound.queries.store_watcher import DataVersion
from tests import by_hand

NEWEST, BEFORE, FIVE_BEFORE, MONTH_BEFORE = (
    date(2026, 2, 27),
    date(2026, 2, 26),
    date(2026, 2, 20),
    date(2026, 1, 27),
)


@pytest.fixture(scope="module")
def view(recorded: Mapping[date, DailyHoldings]) -> MarketView:
    history = History.of(recorded.values())
    return MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {})


@pytest.fixture(scope="module")
def screen(view: MarketView) -> Screen:
    return view.screen(NEWEST, None)


def codes(screen: Screen, text: str, sort: Sort = CODE_ORDER) -> list[int]:
    found: list[int] = screen.codes[screen.rows(read_conditions(text), sort)].tolist()
    return found


def stakes(day: date) -> dict[int, Decimal]:
    """Those that are not blank, in the codes of the newest day."""
    old, _ = by_hand.comparable(day, NEWEST)
    return {code: percent for code, (_, percent) in old.items() if percent is not None}


def test_without_conditions_all_stocks_stand_by_code(screen: Screen) -> None:
    assert codes(screen, "") == sorted(by_hand.record()[NEWEST])


def test_stakes_are_cut_at_both_ends_themselves_included(screen: Screen) -> None:
    now = {code: percent for code, (_, percent) in by_hand.record()[NEWEST].items() if percent is not None}
    assert codes(screen, "stake:20..") == sorted(code for code, stake in now.items() if stake >= 20)
    assert codes(screen, "stake:5..10") == sorted(code for code, stake in now.items() if 5 <= stake <= 10)
    blank = {code for code, (_, percent) in by_hand.record()[NEWEST].items() if percent is None}
    assert not blank & set(codes(screen, "stake:0.."))


@pytest.mark.parametrize("metric", ["pct", "shares", "pp"])
@pytest.mark.parametrize(("window", "old"), [(1, BEFORE), (5, FIVE_BEFORE), (20, MONTH_BEFORE)])
def test_changes_are_cut_and_sorted_as_they_were_recorded(
    screen: Screen, metric: str, window: int, old: date
) -> None:
    changes = by_hand.changes(metric, old, NEWEST)
    least = sorted(changes.values())[-40]
    expected = [code for code, change in changes.items() if change >= least]
    found = codes(
        screen,
        f"{metric}{window}:{least:.4f}..".replace(".0000", ""),
        Sort(f"{metric}{window}", falling=True),
    )
    assert set(found) >= set(expected) - {code for code in expected if changes[code] < least + 0.0001}
    # Tiny bases are no movers by hand, but they stand in the table.
    shown = [changes[code] for code in found if code in changes]
    assert shown == pytest.approx(sorted(shown, reverse=True))


@pytest.mark.parametrize(("window", "old"), [(1, BEFORE), (5, FIVE_BEFORE), (20, MONTH_BEFORE)])
@pytest.mark.parametrize("level", LEVELS)
def test_crossings_of_a_level_are_those_between_the_two_lists(
    screen: Screen, view: MarketView, window: int, old: date, level: int
) -> None:
    changes = view.changes(next(pair for pair in view.pairs(NEWEST) if pair.window == window))
    rebased = {code for code, based in zip(changes.codes.tolist(), changes.base_points, strict=True) if based}
    before, now = stakes(old), stakes(NEWEST)
    both = (before.keys() & now.keys()) - rebased
    up = {code for code in both if before[code] < level <= now[code]}
    down = {code for code in both if now[code] < level <= before[code]}
    assert set(codes(screen, f"up{window}:{level}")) - rebased == up
    assert set(codes(screen, f"down{window}:{level}")) - rebased == down
    assert set(codes(screen, f"cross{window}:{level}")) - rebased == up | down


def test_crossings_of_one_day_are_those_of_its_signals(screen: Screen, view: MarketView) -> None:
    signals = view.signals(NEWEST)
    for level in LEVELS:
        crossed = signals.codes[np.abs(signals.crossings) == level].tolist()
        assert set(crossed) <= set(codes(screen, f"cross1:{level}"))


@pytest.mark.parametrize(
    ("preset", "meets"),
    [
        ("Streak of 10", lambda signal: abs(signal.streak) >= 10),
        ("Unusual today", lambda signal: abs(signal.z_score) >= 3),
        ("New highs", lambda signal: signal.high >= 20),
    ],
)
def test_a_preset_has_the_stocks_whose_signal_says_so(
    screen: Screen, view: MarketView, preset: str, meets: Callable[..., bool]
) -> None:
    conditions, _ = PRESETS[preset]
    signals = view.signals(NEWEST)
    expected = [code for code in signals.codes.tolist() if meets(signals.of(code))]
    assert expected
    assert screen.codes[screen.rows(conditions, CODE_ORDER)].tolist() == expected


def test_added_this_month_are_those_that_the_list_of_then_lacks(screen: Screen) -> None:
    old, new = by_hand.comparable(MONTH_BEFORE, NEWEST)
    conditions, _ = PRESETS["Added this month"]
    assert set(screen.codes[screen.rows(conditions, CODE_ORDER)].tolist()) == new.keys() - old.keys()


def test_what_has_no_figure_stands_last_whichever_way_and_equal_ones_by_code(screen: Screen) -> None:
    for falling in (False, True):
        figures = screen.figure("pp20")[screen.rows((), Sort("pp20", falling=falling))]
        known = figures[~np.isnan(figures)]
        assert np.isnan(figures[len(known) :]).all()
        assert (np.diff(known) <= 0).all() if falling else (np.diff(known) >= 0).all()
    ties = codes(screen, "streak:1", Sort("streak"))
    assert ties == sorted(ties)


def test_names_sort_by_the_alphabet(screen: Screen) -> None:
    rows = screen.rows((), Sort("name"))
    names = [screen.names[row] for row in rows]
    assert names == sorted(screen.names)


def test_conditions_and_stocks_that_are_searched_for_count_together(screen: Screen) -> None:
    assert screen.codes[
        screen.rows([Condition("stake", low=10)], CODE_ORDER, np.isin(screen.codes, [700, 5, 1]))
    ].tolist() == [700]


def test_two_dates_of_the_readers_own_have_their_columns(view: MarketView) -> None:
    dates = free_pair(view.history.dates, date(2026, 1, 5), NEWEST)
    screen = view.screen(NEWEST, dates)
    shown = dict(zip(screen.codes.tolist(), screen.figure("sharesd").tolist(), strict=True))
    changes = by_hand.changes("shares", date(2026, 1, 5), NEWEST)
    assert {code: shown[code] for code in changes} == changes


def test_what_is_known_of_no_stock_is_no_column(screen: Screen) -> None:
    assert {"hkd5", "value", "short", "ppd"}.isdisjoint(screen.figures)
    assert np.isnan(screen.figure("value")).all()
    assert screen.rows([Condition("value", low=0)], Sort("value", falling=True)).tolist() == []


def test_the_first_day_has_stakes_and_nothing_to_compare(view: MarketView) -> None:
    screen = view.screen(view.history.dates[0], None)
    assert codes(screen, "cross5:10") == []
    assert len(codes(screen, "", Sort("pp5"))) == len(by_hand.record()[view.history.dates[0]])


def test_every_figure_is_written(screen: Screen) -> None:
    for key, column in screen_columns().items():
        values = screen.figure(key)
        assert all(column.written(value) for value in values[:50].tolist()) or key not in screen.figures


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (Language.TRADITIONAL, ["工商銀行", "中國銀行", "招商銀行", "騰訊控股"]),  # by strokes
        (Language.SIMPLIFIED, ["工商银行", "腾讯控股", "招商银行", "中国银行"]),  # by Pinyin
        (Language.ENGLISH, ["BANK OF CHINA", "CHINA MERCHANTS", "INDUSTRIAL AND", "TENCENT HOLDINGS"]),
    ],
)
def test_names_stand_in_the_order_of_the_readers_language(
    screen: Screen, language: Language, names: list[str]
) -> None:
    banks = np.isin(screen.codes, [700, 1398, 3968, 3988])
    with writing_for(reader(language, chinese_names())):
        for falling in (False, True):
            found = screen.rows((), Sort("name", falling=falling), banks).tolist()
            told = [local_name(int(screen.codes[place]), screen.names[place]) for place in found]
            assert all(map(str.startswith, told, reversed(names) if falling else names))
