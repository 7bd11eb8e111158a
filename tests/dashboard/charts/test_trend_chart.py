"""The trend as it is drawn."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from southbound.dashboard.charts import palette, trend_chart
from southbound.market.adjustments.code_aliases import Events
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.windows import Pair
from southbound.presentation.time_axis import name
from southbound.presentation.view_state import Period, Show, ViewState
from southbound.queries.trend import trend

Records = dict[date, dict[int, dict[str, str]]]
WHOLE = ViewState(period=Period.ALL)


@pytest.fixture(scope="module")
def history(recorded: dict[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


def events_of(history: History) -> Events:
    events = defaultdict(list)
    for event in adjustment_events(history):
        for leg in event.legs:
            events[leg.code].append(event)
    return events


def drawn(history: History, *codes: int, view: ViewState = WHOLE) -> Any:
    return trend_chart.trend(trend(history, events_of(history), codes), view)


def test_the_trend_is_the_recorded_one(records: Records, history: History) -> None:
    shares, stake = drawn(history, 700).data
    assert list(shares.x) == [name(day) for day in sorted(records)]
    assert list(shares.y) == [int(records[day][700]["shareholding"]) for day in sorted(records)]
    assert list(stake.y) == [float(records[day][700]["percent"]) for day in sorted(records)]
    assert shares.line.color == stake.line.color == palette.ACCENT


@pytest.mark.parametrize(("show", "unit"), [(Show.SHARES, "shares"), (Show.STAKE, "%{y:.2f}%")])
def test_one_figure_alone(history: History, show: Show, unit: str) -> None:
    [line] = drawn(history, 700, view=replace(WHOLE, show=show)).data
    assert unit in line.hovertemplate


def test_a_session_that_is_not_stored_is_a_gap_and_a_holiday_is_not(
    recorded: dict[date, DailyHoldings],
) -> None:
    missing = date(2026, 2, 11)
    shares, stake = drawn(History.of(d for d in recorded.values() if d.day != missing), 700).data
    assert list(shares.x) == [name(day) for day in sorted(recorded)]
    gaps = [day for day, figure in zip(shares.x, shares.y, strict=True) if figure is None]
    assert gaps == [name(missing)]
    assert not shares.connectgaps
    assert not stake.connectgaps


def test_a_consolidated_stock_goes_on_and_the_day_is_marked(records: Records, history: History) -> None:
    # 02160 became 02918, five shares one, on 25 February; its stake was blank the day before.
    shares, mark, stake, _ = drawn(history, 2918).data
    days = sorted(records)
    before = [day for day in days if day < date(2026, 2, 25)]
    expected = [int(records[day][2160]["shareholding"]) // 5 for day in before]
    assert list(shares.y)[: len(before)] == expected
    assert None not in shares.y
    assert [y is None for y in stake.y] == [
        not (records[day].get(2160) or records[day][2918])["percent"] for day in days
    ]
    assert list(mark.x) == [name(date(2026, 2, 25))]
    assert "02160 goes on as 02918; 5 shares became 1" in mark.customdata[0].replace("<br>", " ")


def test_averages_are_those_of_the_last_known_figures(records: Records, history: History) -> None:
    view = replace(WHOLE, averages=(5, 20), show=Show.SHARES, period=Period.MONTH)
    line, five, twenty = drawn(history, 700, view=view).data
    held = [int(records[day][700]["shareholding"]) for day in sorted(records)]
    # The average is known on the first session that is shown, from those before it.
    at = len(held) - len(line.y)
    assert five.y[0] == pytest.approx(sum(held[at - 4 : at + 1]) / 5)
    assert twenty.y[-1] == pytest.approx(sum(held[-20:]) / 20)


def test_compared_stocks_keep_their_levels(records: Records, history: History) -> None:
    figure = drawn(history, 700, 5)
    tencent, hsbc = figure.data
    newest = records[max(records)]
    assert [line.y[-1] for line in (tencent, hsbc)] == [float(newest[code]["percent"]) for code in (700, 5)]
    assert [note.text for note in figure.layout.annotations] == ["Stake in % of the issued shares"]
    assert tencent.hovertemplate.startswith("%{customdata[1]}: %{y:.2f}%")
    shares, _ = drawn(history, 700, 5, view=replace(WHOLE, show=Show.SHARES)).data
    assert shares.y[-1] == int(newest[700]["shareholding"])


def test_one_stock_alone_is_never_rebased(history: History) -> None:
    assert drawn(history, 700, view=replace(WHOLE, rebase=True)).data[0].y[0] > 10**6


def test_compared_stocks_begin_at_100_if_that_is_chosen(records: Records, history: History) -> None:
    view = replace(WHOLE, show=Show.SHARES, averages=(5,), rebase=True)
    tencent, hsbc = drawn(history, 700, 5, view=view).data
    assert tencent.y[0] == hsbc.y[0] == 100
    first, last = min(records), max(records)
    growth = int(records[last][5]["shareholding"]) / int(records[first][5]["shareholding"])
    assert hsbc.y[-1] == pytest.approx(100 * growth)
    assert tencent.line.color != hsbc.line.color


def test_a_zoom_shows_its_sessions_alone(history: History) -> None:
    part = (date(2026, 1, 12), date(2026, 1, 16))
    shares, _ = drawn(history, 700, view=replace(WHOLE, zoom=part)).data
    assert list(shares.x) == [name(date(2026, 1, day)) for day in range(12, 17)]


def test_a_zoom_of_days_that_are_not_there_shows_the_period(history: History) -> None:
    shares, _ = drawn(history, 700, view=replace(WHOLE, zoom=(date(2020, 1, 1), date(2020, 2, 1)))).data
    assert len(shares.x) == 38


def test_what_is_compared_is_shaded_and_a_past_date_is_marked(history: History) -> None:
    found = trend(history, events_of(history), (700,))
    past = Pair(date(2026, 1, 29), date(2026, 2, 5), 5)
    shade, line, *below = trend_chart.trend(found, WHOLE, None, past).layout.shapes
    assert (shade.x0, shade.x1) == (name(past.old), name(past.new))
    assert line.x0 == line.x1 == line.label.text == name(past.new)
    assert [shape.type for shape in below] == ["rect", "line"]

    newest = Pair(date(2026, 2, 20), date(2026, 2, 27), 5)
    assert [shape.type for shape in trend_chart.trend(found, WHOLE, None, newest).layout.shapes] == [
        "rect"
    ] * 2


def test_a_period_reaches_back_to_what_is_compared(history: History) -> None:
    month = replace(WHOLE, period=Period.MONTH)
    found = trend(history, events_of(history), (700,))
    past = Pair(date(2026, 1, 6), date(2026, 1, 13), 5)
    assert trend_chart.trend(found, month, None, past).data[0].x[0] == name(past.old)
    assert trend_chart.trend(found, month).data[0].x[0] == name(date(2026, 1, 27))


def test_a_zoom_beside_what_is_compared_has_its_end_alone_or_nothing_marked(history: History) -> None:
    found = trend(history, events_of(history), (700,))
    later = replace(WHOLE, zoom=(date(2026, 2, 4), date(2026, 2, 13)))
    shade, *_ = trend_chart.trend(found, later, None, Pair(date(2026, 1, 29), date(2026, 2, 5))).layout.shapes
    assert (shade.x0, shade.x1) == (name(date(2026, 2, 4)), name(date(2026, 2, 5)))
    for other in (Pair(date(2026, 1, 5), date(2026, 1, 6)), Pair(date(2026, 2, 20), date(2026, 2, 27))):
        assert not trend_chart.trend(found, later, None, other).layout.shapes


def test_a_holding_that_hardly_moves_is_drawn_as_flat_as_it_is() -> None:
    days = [
        DailyHoldings.of(day, [1, 2], ["A", "B"], [1_000_000 + step, 1_000_000 + 10_000 * step], [1.0, 1.0])
        for step, day in enumerate([date(2026, 2, 20), date(2026, 2, 23), date(2026, 2, 24)])
    ]
    still, moving = (drawn(History.of(days), code).layout.yaxis.range for code in (1, 2))
    assert still == pytest.approx((995_001, 1_005_001), abs=10)
    assert moving is None


def test_signs_that_plotly_would_read_are_shown_as_they_stand() -> None:
    day = date(2026, 2, 20)
    history = History.of([DailyHoldings.of(day, [1, 2], ["A & <b>", "B"], [10, 10], [1.0, 1.0])])
    assert drawn(history, 1, 2).data[0].name == "00001 A &amp; &lt;b&gt;"
