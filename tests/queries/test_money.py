"""A date in HK$: cards, columns and files, from recorded days and the closes of their weeks."""

import csv
import io
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest

from southbound.market.adjustments.detection import adjustment_events
from southbound.market.companions import Companions
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import MONEY
from southbound.market.short_positions import ShortPosition, ShortPositions
from southbound.presentation.screen_columns import change_key
from southbound.queries import export
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion
from southbound.store.companions_reading import CompanionsRead
from tests import by_hand, money_by_hand

NEWEST, DAY_BEFORE, FRIDAY = date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 20)


@pytest.fixture(scope="module")
def view(recorded: Mapping[date, DailyHoldings]) -> MarketView:
    history = History.of(recorded.values())
    short = ShortPositions.of(FRIDAY, [ShortPosition(700, "N", 50_000_000, 100)])
    companions = Companions(money_by_hand.prices(), money_by_hand.turnover(), {FRIDAY: short})
    return MarketView(
        Figures(DataVersion(0, 1), history, (), adjustment_events(history), CompanionsRead(companions)), {}
    )


def test_a_date_has_its_own_figures_those_of_the_exchange_and_what_is_on_its_way(view: MarketView) -> None:
    found = view.money(NEWEST)

    wanted = money_by_hand.net_buying(DAY_BEFORE, NEWEST)
    assert found.newest is not None
    assert found.newest.ours == pytest.approx(sum(money for money in wanted.values() if money))
    assert found.newest.official == pytest.approx(money_by_hand.official()[date(2026, 2, 25)])
    assert [day for day, _ in found.on_the_way] == [date(2026, 2, 26), NEWEST]
    assert [bought for _, bought in found.on_the_way] == pytest.approx(
        [money_by_hand.official()[day] for day in (date(2026, 2, 26), NEWEST)]
    )
    assert [each.day for each in found.reconciled] == by_hand.days()[1:]
    assert found.valuation.day == NEWEST
    assert found.short is not None
    assert found.short.day == FRIDAY


def test_of_an_earlier_date_nothing_later_is_told(view: MarketView) -> None:
    found = view.money(date(2026, 2, 12))

    assert [each.day for each in found.reconciled][-1] == date(2026, 2, 12)
    assert found.short is None


def test_table_and_files_have_value_net_buying_and_short_positions(view: MarketView) -> None:
    screen = view.screen(NEWEST, None)
    row = {key: figures[screen.codes == 700].item() for key, figures in screen.figures.items()}
    shares = by_hand.record()[NEWEST][700][0]
    close = money_by_hand.close(NEWEST, 700)
    assert close is not None
    assert row["value"] == pytest.approx(shares * close)
    assert row["bought"] == pytest.approx(money_by_hand.net_buying(DAY_BEFORE, NEWEST)[700])
    assert row[change_key(MONEY, 1)] == row["bought"]
    assert row[change_key(MONEY, 5)] == pytest.approx(money_by_hand.net_buying(FRIDAY, NEWEST)[700])
    assert row["short"] > 0
    assert "cover" not in row  # no shares traded are known
    heading, *rows = csv.reader(io.StringIO(export.as_csv(view.sheet(NEWEST, None)).decode("utf-8-sig")))
    [written] = [row for row in rows if row[0] == "00700"]
    told = dict(zip(heading, written, strict=True))
    assert float(told[f"Value in HK$ at the close of {NEWEST} or the last one before"]) == pytest.approx(
        shares * close
    )
    assert float(told[f"Net buying in HK$ since {DAY_BEFORE}"]) == pytest.approx(row["bought"])
    assert f"Reported short position as of {FRIDAY}, % of issued shares" in heading


def test_without_prices_there_are_no_such_columns_and_no_figures(
    recorded: Mapping[date, DailyHoldings],
) -> None:
    history = History.of(recorded.values())
    view = MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {})

    listing = view.stock_table(NEWEST, MONEY, None)

    assert not {"value", "bought", "short", "cover"} & view.screen(NEWEST, None).figures.keys()
    assert all(np.isnan(changes).all() for changes in listing.changes.values())
