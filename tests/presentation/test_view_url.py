from datetime import date
from itertools import product

import pytest

from southbound.common.language import Language
from southbound.market.kinds import KindChoice
from southbound.market.metrics import POINTS, SHARES
from southbound.presentation.view_state import (
    BOTH,
    FALLS,
    LENGTHS,
    MOST_WATCHED,
    RISES,
    Period,
    Scope,
    Show,
    Tab,
    ViewState,
)
from southbound.presentation.view_url import parameters, read, written


@pytest.mark.parametrize(
    "view",
    [
        ViewState(),
        ViewState(stock=5, window=1, metric=SHARES, scope=Scope.BOTTOM5),
        ViewState(stock=9988, window=20, metric=POINTS, scope=Scope.TOP20, day=date(2026, 2, 13)),
        ViewState(window=None, against=date(2026, 1, 5), least=0, floor=0.0, up=True),
        ViewState(compare=(5, 9988), show=Show.STAKE, period=Period.ALL, tab=Tab.DATA),
        ViewState(averages=(5, 20), least=250_000, floor=1.5, find="騰訊 & <b>"),
        ViewState(stock=None, unknown="tencent"),
        ViewState(scope=Scope.BOTH20, kind=KindChoice.FUNDS, watch=(700, 9988, 5)),
        ViewState(up=False, language=Language.TRADITIONAL),
        ViewState(language=Language.ENGLISH),
        ViewState(window=None, asked_day="yesterday", asked_against="20260213"),
    ],
)
def test_an_address_opens_the_view_that_wrote_it(view: ViewState) -> None:
    assert read(written(view)) == view
    assert written(view).keys() <= set(parameters())


def test_what_is_as_usual_is_not_in_the_address() -> None:
    assert written(ViewState()) == {"stock": "700", "window": "5", "metric": "pp", "scope": "top10"}


@pytest.mark.parametrize("stock", ["00700", "700"])
def test_a_code_may_be_padded(stock: str) -> None:
    assert read({"stock": stock}).stock == 700


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        dict.fromkeys(parameters(), ""),
        {"window": "7", "metric": "yen", "scope": "all", "floor": "1e3"},
        {"window": "5.0", "metric": "PCT", "scope": "top", "floor": "-1", "least": "1.5"},
        {"window": "\N{ARABIC-INDIC DIGIT FIVE}", "other": "x", "up": "blue", "lang": "zh"},
        {
            "window": "9" * 5000,
            "compare": "x,,-5",
            "average": "7",
            "tab": "all",
            "kind": "etf",
            "least": "9" * 5000,
        },
    ],
)
def test_nonsense_has_the_default(nonsense: dict[str, str]) -> None:
    assert read(nonsense) == ViewState()


@pytest.mark.parametrize("asked", ["tencent", "-1", "\N{SUPERSCRIPT TWO}", "123456"])
def test_a_stock_that_is_no_code_is_remembered_as_it_was_asked_for(asked: str) -> None:
    assert read({"stock": asked}) == ViewState(stock=None, unknown=asked)


@pytest.mark.parametrize("asked", ["yesterday", "20260213", "2026-02-30", "0001-01-01", "<b>"])
def test_a_date_that_is_none_is_remembered_as_it_was_asked_for(asked: str) -> None:
    assert read({"date": asked}) == ViewState(asked_day=asked)
    assert read({"window": "dates", "against": asked}) == ViewState(window=None, asked_against=asked)


def test_a_megabyte_is_not_remembered() -> None:
    assert len(read({"date": "x" * 1_000_000}).asked_day) == 40
    assert len(read({"stock": "x" * 1_000_000, "find": "y" * 1_000_000}).unknown) == 40


def test_a_stock_is_compared_once_and_not_with_too_many() -> None:
    assert read({"compare": "5,5,9988,1,2,3"}).compare == (5, 9988, 1, 2)


def test_a_stock_is_followed_once_and_not_too_many_are() -> None:
    assert read({"watch": "700,9988,700,x"}).watch == (700, 9988)
    assert len(read({"watch": ",".join(map(str, range(1, 999)))}).watch) == MOST_WATCHED


def test_a_scope_is_an_end_of_the_ranking_and_a_length() -> None:
    assert {Scope.of(end, length) for end, length in product((RISES, FALLS, BOTH), LENGTHS)} == set(Scope)
    assert (Scope.of(FALLS, 20).rises, Scope.of(FALLS, 20).length) == (False, 20)
    assert (Scope.BOTH5.rises, Scope.BOTH5.falls, Scope.BOTH5.length) == (True, True, 5)
