import math
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from southbound import wording
from southbound.changes import Metric, Mover, Pair, compare
from southbound.dashboard import axis, charts
from southbound.history import History
from southbound.holdings import DailyHoldings

NEW, OLD = date(2026, 2, 27), date(2026, 2, 20)
Records = dict[date, dict[int, dict[str, str]]]


@pytest.fixture(scope="module")
def history(recorded: dict[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


def changes_in_the_file(records: Records, metric: Metric) -> dict[int, float]:
    """Each stock's change, from the file's own rows and with nothing of the product."""
    old, new = records[OLD], records[NEW]
    changes = {}
    for code in old.keys() & new.keys():
        was, now = int(old[code]["shareholding"]), int(new[code]["shareholding"])
        percents = old[code]["percent"], new[code]["percent"]
        if metric is Metric.POINTS and not all(percents):
            continue
        changes[code] = {
            Metric.SHARES: float(now - was),
            Metric.PERCENT: (now - was) / was * 100,
            Metric.POINTS: round(float(percents[1] or 0) - float(percents[0] or 0), 2),
        }[metric]
    return changes


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize("count", [5, 10])
@pytest.mark.parametrize("rises", [True, False])
def test_bars_show_the_recorded_changes(
    records: Records, history: History, metric: Metric, count: int, *, rises: bool
) -> None:
    both = compare(history, Pair(OLD, NEW, 5)).movers(metric, count)
    bars = charts.movers(both.top if rises else both.bottom, metric).data[0]

    changes = changes_in_the_file(records, metric)
    sign = 1 if rises else -1
    expected = sorted(changes, key=lambda code: (-sign * changes[code], code))[:count]
    assert list(bars.x) == pytest.approx([changes[code] for code in expected])
    assert [int(shown[0][:5]) for shown in bars.customdata] == expected
    assert set(bars.marker.color) == {wording.RISE if rises else wording.FALL}
    assert list(bars.text) == [wording.change(metric, changes[code]) for code in expected]


def mover(name: str, change: float = 1.0) -> Mover:
    return Mover(700, name, change, 100, 101, 1.0, math.nan)


def test_the_largest_change_is_on_top_and_every_bar_has_room_for_its_figure() -> None:
    figure = charts.movers([mover("A", -40.0), mover("B", -10.0)], Metric.PERCENT)
    assert figure.layout.xaxis.range == (-50.0, 0)
    top, bottom = (annotation.y for annotation in figure.layout.annotations)
    # The axis runs downwards.
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert top < bottom


def test_the_longest_name_is_in_full_on_lines_that_fit() -> None:
    name = "LANGHAM HOSPITALITY INVESTMENTS AND LANGHAM HOSPITALITY INVESTMENTS LIMITED"
    lines = charts.label(mover(name)).split("<br>")
    assert " ".join(lines) == f"00700 {name}"
    assert len(lines) == 2
    assert max(map(len, lines)) <= charts.LABEL_WIDTH
    assert (
        charts.movers([mover(name)], Metric.PERCENT).layout.height
        > charts.movers([mover("SHORT")], Metric.PERCENT).layout.height
    )


def test_signs_that_plotly_would_read_are_shown_as_they_stand() -> None:
    assert charts.label(mover("A & B <b>")) == "00700 A &amp; B &lt;b&gt;"


def test_no_movers_draw_an_empty_chart() -> None:
    assert not charts.movers([], Metric.PERCENT).data[0].x


def test_the_trend_is_the_recorded_one(records: Records, history: History) -> None:
    shares, stake = charts.trend(history, 700).data
    assert list(shares.x) == [day.isoformat() for day in sorted(records)]
    assert list(shares.y) == [int(records[day][700]["shareholding"]) for day in sorted(records)]
    assert list(stake.y) == [float(records[day][700]["percent"]) for day in sorted(records)]
    assert shares.line.color == stake.line.color == charts.ACCENT


def test_a_session_that_is_not_stored_is_a_gap_and_a_holiday_is_not(
    recorded: dict[date, DailyHoldings],
) -> None:
    missing = date(2026, 2, 11)
    shares, stake = charts.trend(History.of(d for d in recorded.values() if d.day != missing), 700).data
    assert list(shares.x) == [day.isoformat() for day in sorted(recorded)]
    gaps = [day for day, figure in zip(shares.x, shares.y, strict=True) if math.isnan(figure)]
    assert gaps == [missing.isoformat()]
    assert not shares.connectgaps
    assert not stake.connectgaps


def test_a_day_without_the_stock_and_a_blank_stake_are_gaps(records: Records, history: History) -> None:
    # 02160 left for its temporary counter on 25 February; its stake was blank the day before.
    shares, stake = charts.trend(history, 2160).data
    days = sorted(records)
    assert [math.isnan(y) for y in shares.y] == [2160 not in records[day] for day in days]
    assert [math.isnan(y) for y in stake.y] == [not records[day].get(2160, {}).get("percent") for day in days]
    assert any(math.isnan(y) for y in shares.y)


def test_a_zoom_is_kept_for_a_stock_and_not_for_another(history: History) -> None:
    figures = [charts.trend(history, code).layout.uirevision for code in (700, 700, 5)]
    assert figures[0] == figures[1] != figures[2]


def test_a_holding_that_hardly_moves_is_drawn_as_flat_as_it_is() -> None:
    days = [
        DailyHoldings.of(day, [1, 2], ["A", "B"], [1_000_000 + step, 1_000_000 + 10_000 * step], [1.0, 1.0])
        for step, day in enumerate([OLD, date(2026, 2, 23), date(2026, 2, 24)])
    ]
    still, moving = (charts.trend(History.of(days), code).layout.yaxis.range for code in (1, 2))
    assert still == pytest.approx((995_001, 1_005_001), abs=10)
    assert moving is None


@pytest.mark.parametrize("count", [1, 2, 38, 250, 2500])
def test_labels_on_the_axis_do_not_run_into_each_other(count: int) -> None:
    days = axis.sessions_shown([date(2015, 1, 5), date(2026, 2, 27)])[-count:]
    assert len(days) == count
    ticks = axis.ticks(days)
    places = [days.index(tick) for tick in ticks]
    assert 1 <= len(ticks) <= 12
    assert all(later - earlier > count / 12 for earlier, later in pairwise(places))


def test_each_year_is_written_once() -> None:
    ticked = [date(2025, 12, 1), date(2026, 1, 2), date(2026, 2, 2)]
    assert axis.labels(ticked) == ["1 Dec<br>2025", "2 Jan<br>2026", "2 Feb"]


def test_the_accent_is_the_pages() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["theme"]["primaryColor"] == charts.ACCENT
