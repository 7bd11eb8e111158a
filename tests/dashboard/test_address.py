from datetime import date

import pytest

from southbound.changes import Metric
from southbound.dashboard.address import Scope, View


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(5, 1, Metric.SHARES, Scope.BOTTOM5),
        View(9988, 20, Metric.POINTS, Scope.TOP5, date(2026, 2, 13)),
    ],
)
def test_an_address_opens_the_view_that_wrote_it(view: View) -> None:
    assert View.of(view.address()) == view


def test_the_newest_date_is_not_in_the_address() -> None:
    assert View(day=None).address() == {"stock": "700", "window": "5", "metric": "pct", "scope": "top10"}


@pytest.mark.parametrize("stock", ["00700", "700"])
def test_a_code_may_be_padded(stock: str) -> None:
    assert View.of({"stock": stock}).stock == 700


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"stock": "", "window": "", "metric": "", "scope": "", "date": ""},
        {"stock": "tencent", "window": "7", "metric": "yen", "scope": "all", "date": "yesterday"},
        {"stock": "-1", "window": "5.0", "metric": "PCT", "scope": "top", "date": "20260213"},
        {
            "stock": "\N{SUPERSCRIPT TWO}",
            "window": "\N{ARABIC-INDIC DIGIT FIVE}",
            "date": "2026-02-30",
            "other": "x",
        },
        {"stock": "9" * 5000, "window": "9" * 5000},
    ],
)
def test_nonsense_has_the_default(nonsense: dict[str, str]) -> None:
    assert View.of(nonsense) == View()


def test_a_scope_is_an_end_of_the_ranking_and_a_length() -> None:
    assert {scope: (scope.rises, scope.length) for scope in Scope} == {
        Scope.TOP5: (True, 5),
        Scope.TOP10: (True, 10),
        Scope.BOTTOM5: (False, 5),
        Scope.BOTTOM10: (False, 10),
    }
