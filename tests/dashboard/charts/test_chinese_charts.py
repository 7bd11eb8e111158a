"""Charts for Chinese readers: no word of them is in English, and their axes count as those readers do."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from replay.figures import chinese_names
from southbound.common.language import Language, speaking, writing_for
from southbound.dashboard.charts import movers_chart, reconciliation_chart, trend_chart
from southbound.dashboard.charts.trend_panels import ticks
from southbound.market.adjustments.code_aliases import by_code
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, POINTS
from southbound.market.ranking import Mover, rank
from southbound.market.reconciliation import Reconciled
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair
from southbound.presentation.stock_names import reader
from southbound.presentation.view_state import Period, Show, ViewState
from southbound.queries.trend import trend
from tests import money_by_hand
from tests.chinese import CHINESE, english_left

OLD, NEW = date(2026, 2, 13), date(2026, 2, 26)
READ = {"text", "name", "hovertemplate", "ticktext", "ticksuffix", "customdata", "x", "categoryarray"}
"""What of a figure is shown as it stands."""


@pytest.fixture(params=CHINESE)
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    with writing_for(reader(request.param, chinese_names())):
        yield


@pytest.fixture(scope="module")
def history(recorded: dict[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


def read(part: Any, *, shown: bool = False) -> Iterator[str]:
    """All texts of a figure, but what plotly fills in."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from read(value, shown=shown or key in READ)
    elif isinstance(part, (list, tuple, np.ndarray)):
        for value in part:
            yield from read(value, shown=shown)
    elif isinstance(part, str) and shown:
        yield html.unescape(re.sub(r"%\{[^}]*\}|<extra></extra>|<br>", " ", part))


def left(figure: Any) -> list[str]:
    return english_left("\n".join(read(figure.to_dict())))


@pytest.mark.usefixtures("language")
def test_movers_are_in_chinese_with_the_english_name_below_when_pointed_at(history: History) -> None:
    events = adjustment_events(history)
    changes = compare(history, Pair(OLD, NEW), events, money_by_hand.prices())
    for metric in METRICS.values():
        found = rank(changes, metric, 20)
        figure = movers_chart.movers((*found.top, *found.bottom), metric, chosen=700)
        assert left(figure) == []
        labels, pointed_at = figure.data[2].text, [row[0] for row in figure.data[0].customdata]
        for label, lines, mover in zip(labels, pointed_at, (*found.top, *found.bottom), strict=True):
            assert lines.startswith(label)
            assert mover.name in html.unescape(lines.replace("<br>", " "))


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("show", [Show.BOTH, Show.SHARES, Show.STAKE, Show.PRICE, Show.VALUE])
def test_trends_are_in_chinese(history: History, show: Show) -> None:
    events = by_code(adjustment_events(history))
    for codes in ((2918,), (700, 5)):
        found = trend(history, events, codes, money_by_hand.prices())
        for rebase in (False, True):
            view = ViewState(period=Period.ALL, show=show, rebase=rebase, averages=(5, 20))
            assert left(trend_chart.trend(found, view, None, Pair(OLD, NEW))) == []


@pytest.mark.usefixtures("language")
def test_the_reconciliation_is_in_chinese() -> None:
    dates = [Reconciled(day, trades_shown(day), 2.5e9, 1.5e9, 1, 0, 0.0) for day in (OLD, NEW)]
    figure = reconciliation_chart.reconciliation(dates)
    assert left(figure) == []
    assert figure.data[0].y[0] == pytest.approx(25)
    assert figure.layout.yaxis.ticksuffix in {"億", "亿"}


def test_an_axis_of_shares_counts_in_chinese_units(history: History) -> None:
    found = trend(history, defaultdict(list), (700,))
    view = ViewState(period=Period.ALL, show=Show.SHARES)
    with speaking(Language.TRADITIONAL):
        axis = trend_chart.trend(found, view).layout.yaxis
    assert len(axis.ticktext) == len(axis.tickvals) == len(set(axis.ticktext)) >= 2
    for text, value in zip(axis.ticktext, axis.tickvals, strict=True):
        assert float(text.removesuffix("億")) * 1e8 == pytest.approx(value)
    assert trend_chart.trend(found, view).layout.yaxis.ticktext is None


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1.0e9, 1.06e9), (9.9949e8, 9.995e8), (5, 5), (0.1, 9e12)])
def test_ticks_are_few_round_and_within(low: float, high: float) -> None:
    at = ticks(low, high)
    assert len(at) <= 6
    assert all(low <= tick <= high for tick in at)
    assert len(at) >= 2 or low == high


@pytest.mark.parametrize("changes", [[6.42, 0.01], [-6.42, -1.0], [6.42, -1.35], [123456.0, -0.01]])
def test_each_figure_has_room_beside_its_bar_on_a_narrow_page(changes: list[float]) -> None:
    ranked = [Mover(700, "A", change, 100, 101, 1.0, 1.0) for change in changes]
    with speaking(Language.TRADITIONAL):
        figure = movers_chart.movers(ranked, POINTS)
    left_edge, right_edge = figure.layout.xaxis.range
    pixels = movers_chart.NARROW / (right_edge - left_edge)
    for change, text in zip(figure.data[0].x, figure.data[0].text, strict=True):
        space = (right_edge - change if change > 0 else change - left_edge) * pixels
        # 13 pixels a character of Chinese, the half of it a digit.
        wide = sum(13 if ord(sign) > 0x2E80 else 6.5 for sign in text)
        assert space >= min(wide, 0.4 * movers_chart.NARROW)
