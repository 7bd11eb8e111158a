"""What a chart says to those who do not see it, and its figures as texts."""

from datetime import date

import numpy as np
import pytest

from southbound.common.language import Language, Reader, writing_for
from southbound.market.metrics import POINTS
from southbound.market.ranking import Mover
from southbound.market.reconciliation import Reconciled
from southbound.market.settlement import trades_shown
from southbound.presentation import chart_texts
from southbound.presentation.chart_texts import Figures
from southbound.presentation.messages import gettext
from tests.chinese import CHINESE, english_left

DAYS = [date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27)]
UNKNOWN = float("nan")


def mover(code: int, change: float) -> Mover:
    return Mover(code, f"STOCK {code} -HKD TRADED SHARES", change, 1000, 1500, 1.0, 1.0 + change)


def figures(shares: list[float], *, prices: float = UNKNOWN, before: float = UNKNOWN) -> Figures:
    closes = np.full(3, prices)
    return Figures(
        700, "TENCENT", DAYS, np.array(shares), np.array([1.0, 1.5, 2.0]), closes, closes * 100, before
    )


def test_the_movers_are_told_with_their_largest_and_how_many_more() -> None:
    ranked = [mover(1, 0.5), mover(2, 0.4), mover(3, 0.3), mover(4, -0.2)]

    told = chart_texts.movers("Largest rises and falls over 5 days", POINTS, ranked)

    assert told.startswith("Largest rises and falls over 5 days, percentage points of the issued shares. ")
    assert "00001 STOCK 1: +0.50 pp; " in told
    assert told.endswith(" And 1 more.")


def test_their_table_has_ranks_of_rises_and_of_falls_and_names_in_full() -> None:
    table = chart_texts.movers_table(POINTS, [mover(1, 0.5), mover(2, 0.4), mover(3, -0.3)])

    assert list(table) == ["Rank", "Code", "Name", "Before", "Now", "Change", "Reason"]
    assert table["Rank"] == ["1", "2", "1"]
    assert table["Code"] == ["00001", "00002", "00003"]
    assert table["Name"][0] == "STOCK 1 -HKD TRADED SHARES"
    assert (table["Before"][0], table["Now"][0]) == ("1,000 (1.00%)", "1,500 (1.50%)")
    assert table["Change"] == ["+0.50 pp", "+0.40 pp", "\N{MINUS SIGN}0.30 pp"]


def test_a_trend_is_told_from_its_first_to_its_last_known_session() -> None:
    told = chart_texts.trend([figures([UNKNOWN, 1000, 1100])])

    assert told == (
        "00700 TENCENT, Thu 26 Feb 2026 to Fri 27 Feb 2026: "
        "from 1,000 shares (1.50%) to 1,100 shares (2.00%), +10.00%."
    )
    assert chart_texts.trend([figures([UNKNOWN] * 3)]) == "00700 TENCENT: on no list of these sessions."


@pytest.mark.parametrize(("before", "first"), [(800, "+200"), (UNKNOWN, "\N{EN DASH}"), (0, "+1.00K")])
def test_a_session_has_its_change_from_the_one_before_the_newest_first(before: float, first: str) -> None:
    table = chart_texts.trend_table(figures([1000, 1100, UNKNOWN], before=before), ["", "split", ""])

    assert table["Date"] == ["Fri 27 Feb 2026", "Thu 26 Feb 2026", "Wed 25 Feb 2026"]
    assert table["Change"] == ["\N{EN DASH}", "+100", first]
    assert table["Change in %"][1] == "+10.00%"
    assert table["Note"] == ["", "split", ""]
    assert "Value" not in table


def test_money_is_in_the_table_where_prices_are_known() -> None:
    table = chart_texts.trend_table(figures([1, 2, 3], prices=500.5), ["", "", ""])

    assert table["Close in HK$"] == ["500.50"] * 3
    assert table["Value"] == ["HK$50.0K"] * 3
    assert "Note" not in table


def test_compared_stocks_have_a_row_each() -> None:
    table = chart_texts.compared_table([figures([1000, 1100, 1200]), figures([UNKNOWN] * 3)])

    assert table["Code"] == ["00700", "00700"]
    assert table["Change in %"] == ["+20.00%", "\N{EN DASH}"]
    assert table["Change in % points"][0] == "+1.00 pp"


def test_the_reconciliation_is_told_by_its_newest_date() -> None:
    day = DAYS[-1]
    told = chart_texts.reconciliation([Reconciled(day, trades_shown(day), 2e9, 1.5e9, 0, 0, 0.0)])

    assert told == (
        "Net buying on 1 date. Fri 27 Feb 2026: ours +HK$2.00B, official +HK$1.50B, gap +HK$500.0M."
    )


@pytest.mark.parametrize("language", CHINESE)
def test_all_of_it_is_said_in_chinese(language: Language) -> None:
    reconciled = Reconciled(DAYS[-1], trades_shown(DAYS[-1]), 2e9, 1.5e9, 0, 0, 0.0)
    ranked = [mover(code, 0.5) for code in (700, 5, 1, 2)]
    line = figures([1000, 1100, 1200], prices=500.5)
    with writing_for(Reader(language, dict.fromkeys((700, 5, 1, 2), "股份"))):
        tables = [
            {**chart_texts.movers_table(POINTS, ranked), gettext("Name"): []},
            chart_texts.trend_table(line, ["", "", ""]),
            {**chart_texts.compared_table([line]), gettext("Name"): []},
        ]
        told = [
            chart_texts.movers(gettext("Trend"), POINTS, ranked),
            chart_texts.trend([line, figures([UNKNOWN] * 3)]),
            chart_texts.reconciliation([reconciled]),
            *("\n".join((heading, *cells)) for table in tables for heading, cells in table.items()),
        ]
    assert english_left("\n".join(told)) == []
