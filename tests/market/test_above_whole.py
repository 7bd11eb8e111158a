"""A stake above the whole, since the page has a late base: shown as it stands, suspect, ranked nowhere.

When the base has followed, that settles it: the holding was split, and the stake is computed from it.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest

from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, POINTS, SHARES, Metric
from southbound.market.ranking import rank
from southbound.market.signals import signals
from southbound.market.windows import Pair
from southbound.presentation import formatting, phrases
from southbound.queries import export
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion

DAYS = trading_calendar.between(date(2025, 11, 3), date(2025, 12, 3))[-22:]
HELD, STAKE = 2_000_000, 30.5
FACTOR = 5


def holdings_of(stakes: Sequence[tuple[int, float]]) -> list[DailyHoldings]:
    """Stock 7 with these shares and stakes on the last days, among others that are bought every day."""
    return [
        DailyHoldings.of(
            day,
            [7, *range(100, 140)],
            ["SPLIT", *["OTHER"] * 40],
            [shares, *[10**6 + 1000 * place + code for code in range(40)]],
            [percent, *[1.0] * 40],
        )
        for place, (day, (shares, percent)) in enumerate(zip(DAYS[-len(stakes) :], stakes, strict=True))
    ]


LATE = holdings_of(
    [
        *[(HELD, STAKE)] * 18,
        (HELD * FACTOR, STAKE * FACTOR),  # split, and the base as it was
        (HELD * FACTOR + 1000, STAKE * FACTOR),
        (HELD * FACTOR + 1000, STAKE),  # the base has followed
        (HELD * FACTOR + 2000, STAKE),
    ]
)
HISTORY, UNSETTLED = History.of(LATE), History.of(LATE[:20])


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.parametrize("place", [18, 19], ids=["it comes", "it stays"])
def test_it_is_suspect_and_ranks_nowhere(place: int, metric: Metric) -> None:
    changes = compare(UNSETTLED, Pair(DAYS[place - 1], DAYS[place], 1))
    movers = rank(changes, metric, 50)

    assert changes.codes[changes.suspect].tolist() == [7]
    assert 7 not in {mover.code for mover in (*movers.top, *movers.bottom)}
    assert changes.breadth().suspect == 1
    assert changes.new_percents[0] == LATE[place].percents[0]


@pytest.mark.parametrize("place", [18, 19, 20, 21])
def test_when_the_base_has_followed_it_was_a_split_and_nothing_suspect(place: int) -> None:
    changes = compare(HISTORY, Pair(DAYS[place - 1], DAYS[place], 1))

    assert not changes.suspect.any()
    assert changes.new_shares[0] - changes.old_shares[0] == {18: 0, 19: 1000, 20: 0, 21: 1000}[place]
    assert (changes.old_percents[0], changes.new_percents[0]) == (30.5, 30.5)
    assert POINTS.change(changes)[0] == 0


def test_the_stock_is_itself_again_when_the_base_has_followed() -> None:
    changes = compare(HISTORY, Pair(DAYS[20], DAYS[21], 1))

    assert not changes.suspect.any()
    assert 7 in {mover.code for mover in rank(changes, SHARES, 50).top}


@pytest.mark.parametrize("days", [*(LATE[: place + 1] for place in range(18, 22))], ids=len)
def test_it_makes_no_high_no_low_and_crosses_no_level(days: list[DailyHoldings]) -> None:
    history = History.of(days)
    signal = signals(history, history.dates[-1], adjustment_events(history)).of(7)

    assert signal is not None
    assert (signal.high, signal.low, signal.crossed) == (0, 0, 0)


def test_it_is_shown_as_it_stands_and_called_suspect() -> None:
    assert formatting.percent(152.5) == "152.50% (suspect)"
    assert formatting.percent(100.0) == "100.00%"
    assert phrases.above_whole(100.0) == phrases.above_whole(float("nan")) == ""
    assert phrases.above_whole(152.5) == "suspect: the page gives more than 100% of the issued shares"


def test_files_have_a_note_where_there_is_one() -> None:
    views = [
        MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {})
        for history in (UNSETTLED, HISTORY)
    ]
    late_file, usual_file = (export.as_csv(view.sheet(view.history.dates[-1], None)) for view in views)

    head, first, second, *_ = csv.reader(io.StringIO(late_file.decode("utf-8-sig")))
    told = dict(zip(head, first, strict=True))
    assert [first[-1], second[-1]] == [phrases.above_whole(152.5), ""]
    assert first[3] == "152.5"
    assert [cell for heading, cell in told.items() if heading.startswith("% points, 1 day")] == [""]
    assert head[-1] == "Note"
    assert b"Note" not in usual_file
