"""What a code is, tried on all recorded names and on the ranges of the exchange's plan."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest

from replay.figures import chinese_names, recorded_2019
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.kinds import KindChoice, StockKind, StockKinds, kind_of, kind_of_category
from southbound.market.windows import Pair
from tests.market.small_lists import changes_of

ETFS = [
    2800, 2801, 2825, 2828, 2837, 3032, 3033, 3037, 3039, 3040, 3067, 3069, 3070, 3088, 3110, 3115, 3167,
    3174, 3403, 3423, 3432, 3441, 3442,
]  # fmt: skip
"""On the recorded list of 2026, read through by hand."""
REITS = [405]


@pytest.fixture(scope="module")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


@pytest.mark.parametrize("naming", ["english", "chinese", "none"])
def test_the_funds_of_the_recorded_days_are_found_in_either_language_and_etfs_by_their_codes_alone(
    history: History, naming: str
) -> None:
    names = {"english": history.names, "chinese": chinese_names(), "none": {}}[naming]
    kinds = {code: kind_of(code, names.get(code, "")) for code in history.codes.tolist()}

    assert [code for code, kind in kinds.items() if kind is StockKind.ETF] == ETFS
    assert [code for code, kind in kinds.items() if kind is StockKind.REIT] == REITS * (naming != "none")
    assert StockKind.OTHER not in kinds.values()


def test_none_of_the_companies_of_2019_is_a_fund_though_some_deal_in_land() -> None:
    assert {kind_of(row.code, row.name) for row in recorded_2019().rows} == {StockKind.SHARE}


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        (823, "LINK REAL ESTATE INVESTMENT TRUST", StockKind.REIT),
        (823, "LINK REIT", StockKind.REIT),
        (823, "領展房產基金", StockKind.REIT),
        (823, "领展房产基金", StockKind.REIT),
        (778, "置富產業信託", StockKind.REIT),
        (1503, "招商局商業房託", StockKind.REIT),
        (87001, "HUI XIAN REAL ESTATE INVESTMENT TRUST", StockKind.REIT),
        (87002, "SOME RMB FUND", StockKind.OTHER),
        (
            1270,
            "LANGHAM HOSPITALITY INVESTMENTS AND LANGHAM HOSPITALITY INVESTMENTS LIMITED",
            StockKind.SHARE,
        ),
        (6823, "HKT TRUST AND HKT LIMITED", StockKind.SHARE),
        (1905, "HAITONG UNITRUST INTERNATIONAL FINANCIAL LEASING CO., LTD.", StockKind.SHARE),
        (12, "SELECT PETFOOD HOLDINGS LIMITED", StockKind.SHARE),
        (12, "SHREITER HOLDINGS LIMITED", StockKind.SHARE),
        (2850, "", StockKind.SHARE),
        (2840, "SPDR GOLD TRUST", StockKind.ETF),
        (2902, "TRACKER FUND OF HONG KONG - TEMPORARY COUNTER", StockKind.ETF),
        (7226, "CSOP HANG SENG TECH INDEX DAILY (2X) LEVERAGED PRODUCT", StockKind.ETF),
        (82800, "", StockKind.ETF),
        (83188, "", StockKind.ETF),
        (9834, "ISHARES NASDAQ 100 ETF-USD TRADED UNITS", StockKind.ETF),
        (9868, "XPENG INC.", StockKind.SHARE),
        (80700, "TENCENT HOLDINGS LIMITED", StockKind.SHARE),
        (89988, "ALIBABA GROUP HOLDING LIMITED", StockKind.SHARE),
        (4238, "", StockKind.OTHER),
        (13579, "", StockKind.OTHER),
        (6030, "CITIC SECURITIES COMPANY LIMITED", StockKind.SHARE),
    ],
)
def test_a_code_is_what_its_name_or_its_range_says(code: int, name: str, kind: StockKind) -> None:
    assert kind_of(code, name) is kind


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Equity Equity Securities (Main Board)", StockKind.SHARE),
        ("Equity Investment Companies", StockKind.SHARE),
        ("Equity Trusts", StockKind.SHARE),
        ("Exchange Traded Products Exchange Traded Funds", StockKind.ETF),
        ("Exchange Traded Products Leveraged and Inverse Products", StockKind.ETF),
        ("Real Estate Investment Trusts", StockKind.REIT),
        ("Equity Warrants", StockKind.OTHER),
        ("Derivative Warrants", StockKind.OTHER),
        ("Debt Securities", StockKind.OTHER),
        ("Other Unit Trusts / Mutual Funds", StockKind.OTHER),
    ],
)
def test_the_categories_of_the_list_of_securities_are_kinds(category: str, kind: StockKind) -> None:
    assert kind_of_category(category) is kind


def test_the_list_of_securities_counts_before_name_and_code() -> None:
    kinds = StockKinds({3033: StockKind.SHARE})

    assert kinds.of(3033, "CSOP HANG SENG TECH INDEX ETF") is StockKind.SHARE
    assert kinds.of(3032, "HANG SENG TECH INDEX ETF") is StockKind.ETF


def test_a_list_without_stocks_has_none_of_any_kind() -> None:
    assert StockKinds().chosen(KindChoice.SHARES, [], []).tolist() == []


def test_shares_and_funds_together_are_all_of_the_recorded_list(history: History) -> None:
    changes, kinds = compare(history, Pair(date(2026, 1, 2), date(2026, 2, 27))), StockKinds()
    shares, funds = (kinds.only(choice, changes) for choice in (KindChoice.SHARES, KindChoice.FUNDS))

    assert funds.codes.tolist() == sorted(REITS + ETFS)
    assert np.union1d(shares.codes, funds.codes).tolist() == changes.codes.tolist()
    assert len(shares.codes) + len(funds.codes) == len(changes.codes)
    assert kinds.only(KindChoice.ALL, changes) is changes
    for part in (shares, funds):
        place = np.searchsorted(changes.codes, part.codes)
        assert part.names == tuple(changes.names[i] for i in place)
        for column in ("old_shares", "new_shares", "old_percents", "new_percents", "base_points", "suspect"):
            np.testing.assert_array_equal(getattr(part, column), getattr(changes, column)[place])
    both = (shares, funds)
    assert sum(part.breadth().rose for part in both) == changes.breadth().rose
    assert {stake for part in both for stake in part.added} == set(changes.added)
    assert {stake for part in both for stake in part.removed} == set(changes.removed)
    assert sum(len(part.events) for part in both) == len(changes.events) > 0


def test_a_fund_that_came_or_left_is_no_share() -> None:
    changes = changes_of({5: (1, 1.0), 2800: (1, 1.0)}, {6: (1, 1.0), 3033: (1, 1.0)})

    assert [stake.code for stake in StockKinds().only(KindChoice.SHARES, changes).removed] == [5]
    assert [stake.code for stake in StockKinds().only(KindChoice.FUNDS, changes).added] == [3033]
