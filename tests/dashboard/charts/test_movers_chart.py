import math
from datetime import date

import pytest

from southbound.dashboard.charts import movers_chart
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, MONEY, PERCENT, SHARES, Metric
from southbound.market.ranking import Mover, rank
from southbound.market.windows import Pair
from southbound.presentation import formatting
from tests import by_hand, money_by_hand

NEW, OLD = date(2026, 2, 27), date(2026, 2, 20)
Records = dict[date, dict[int, dict[str, str]]]


@pytest.fixture(scope="module")
def history(recorded: dict[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.parametrize("count", [5, 10, 20])
@pytest.mark.parametrize("rises", [True, False])
def test_bars_show_the_recorded_changes(history: History, metric: Metric, count: int, *, rises: bool) -> None:
    both = rank(compare(history, Pair(OLD, NEW, 5), prices=money_by_hand.prices()), metric, count)
    bars = movers_chart.movers(both.top if rises else both.bottom, metric).data[0]

    largest = money_by_hand.largest(OLD, NEW) if metric is MONEY else by_hand.largest(metric.key, OLD, NEW)
    expected = largest[0 if rises else 1][:count]
    assert list(bars.x) == pytest.approx([change for _, change in expected])
    assert [int(shown[0][:5]) for shown in bars.customdata] == [code for code, _ in expected]
    assert set(bars.marker.color) == {formatting.RISE if rises else formatting.FALL}
    assert list(bars.text) == [formatting.change(metric, change) for _, change in expected]


def mover(name: str, change: float = 1.0) -> Mover:
    return Mover(700, name, change, 100, 101, 1.0, math.nan)


def test_the_largest_change_is_on_top_and_every_bar_has_room_for_its_figure() -> None:
    figure = movers_chart.movers([mover("A", -40.0), mover("B", -10.0)], PERCENT)
    assert figure.layout.xaxis.range == (-50.0, 0)
    top, bottom = figure.data[2].y
    # The axis runs downwards.
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert top < bottom


def test_the_longest_name_is_in_full_on_lines_that_fit() -> None:
    name = "LANGHAM HOSPITALITY INVESTMENTS AND LANGHAM HOSPITALITY INVESTMENTS LIMITED"
    lines = movers_chart.label(mover(name)).split("<br>")
    assert " ".join(lines) == f"00700 {name}"
    assert len(lines) == 3
    assert max(map(len, lines)) <= movers_chart.LABEL_WIDTH
    assert (
        movers_chart.movers([mover(name)], PERCENT).layout.height
        > movers_chart.movers([mover("SHORT")], PERCENT).layout.height
    )


def test_a_label_leaves_out_which_counter_it_is() -> None:
    assert (
        movers_chart.label(mover("TENCENT HOLDINGS LIMITED -HKD TRADED SHARES"))
        == "00700 TENCENT HOLDINGS LIMITED"
    )


def test_falls_stand_to_the_left_of_the_rises_above_them(history: History) -> None:
    both = rank(compare(history, Pair(OLD, NEW, 5)), SHARES, 5)
    bars, rows, names = movers_chart.movers((*both.top, *both.bottom), SHARES).data
    assert [change > 0 for change in bars.x] == [True] * 5 + [False] * 5
    assert sorted(bars.y) == list(bars.y)
    # Each row reaches from edge to edge, and ends where the next begins.
    left, right = movers_chart.movers((*both.top, *both.bottom), SHARES).layout.xaxis.range
    assert {rows.base, *names.x} == {left}
    assert set(rows.x) == {right - left}
    edges = [(y - width / 2, y + width / 2) for y, width in zip(rows.y, rows.width, strict=True)]
    assert [end for _, end in edges[:-1]] == [start for start, _ in edges[1:]]
    assert all(start < bar < end for bar, (start, end) in zip(bars.y, edges, strict=True))


def test_signs_that_plotly_would_read_are_shown_as_they_stand() -> None:
    assert movers_chart.label(mover("A & B <b>")) == "00700 A &amp; B &lt;b&gt;"


def test_no_movers_draw_an_empty_chart() -> None:
    assert not movers_chart.movers([], PERCENT).data[0].x


def test_a_row_is_as_wide_as_the_chart_so_that_a_short_bar_can_be_clicked() -> None:
    bars, rows, _ = movers_chart.movers([mover("A", 40.0), mover("B", 0.1)], PERCENT, chosen=1).data
    assert list(rows.x) == [50.0, 50.0]
    assert [row[movers_chart.CODE] for row in rows.customdata] == [
        row[movers_chart.CODE] for row in bars.customdata
    ]
    assert set(rows.marker.color) == {"rgba(0,0,0,0)"}


def test_the_row_of_the_chosen_stock_is_marked() -> None:
    _, rows, _ = movers_chart.movers([mover("A")], PERCENT, chosen=700).data
    assert list(rows.marker.color) == [movers_chart.CHOSEN]


def test_red_is_up_where_that_is_chosen() -> None:
    ranked = [mover("A", 40.0), mover("B", -0.1)]
    western, eastern = (
        list(movers_chart.movers(ranked, PERCENT, red_up=red_up).data[0].marker.color)
        for red_up in (False, True)
    )
    assert western == [formatting.RISE, formatting.FALL] == eastern[::-1]


def test_a_change_that_was_adjusted_says_for_what(history: History) -> None:
    ranked = rank(compare(history, Pair(date(2026, 2, 13), date(2026, 2, 26))), SHARES, 2000)
    [consolidated] = [mover for mover in (*ranked.top, *ranked.bottom) if mover.code == 2918]
    assert movers_chart.label(consolidated).endswith("<br>adjusted for: consolidation")
