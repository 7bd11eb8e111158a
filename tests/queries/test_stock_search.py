"""What people type finds the stocks that they mean, on the recorded names."""

import pytest
from hypothesis import given, settings, strategies as st

from replay.figures import chinese_names, english_names
from southbound.queries.short_names import SHORT_NAMES
from southbound.queries.stock_search import StockSearch

SEARCH = StockSearch(english_names(), chinese_names())


@pytest.mark.parametrize(
    "text",
    [
        "700",
        "0700",
        "00700",
        "#700",
        "\uff17\uff10\uff10",
        " 700 ",
        "700.HK",
        "0700.hk",
        "0700 HK",
        "700:HK",
        "700 HK Equity",
        "HK00700",
        "hk.00700",
        "HK:700",
        "SEHK:700",
        "HKG: 0700",
        "0700:HKG",
        "700, ",
        "tencent",
        "Tencent Holdings",
        "holdings tencent",
        "TENC",
        "騰訊",
        "腾讯",
        "腾讯控股",
        "控股 騰訊",
        "tencent 700",
        "腾讯 tencent",
        "WeChat",
    ],
)
def test_one_stock_is_found_however_it_is_written(text: str) -> None:
    assert SEARCH.found(text) == {700}
    assert SEARCH.best(text) == 700


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("700 9988 5", {700, 9988, 5}),
        ("700,9988\uff0c0005.HK", {700, 9988, 5}),
        ("700.HK 9988.HK", {700, 9988}),
        ("700; csi 100", {700, 2825}),
        ("ICBC CCB", {1398, 3167, 939}),
        ("工行 建行", {1398, 939}),
        ("700 hsbc", {700, 5}),
        ("China bank construction", {939}),
        ("construction bank 939", {939}),
        ("csi 100", {2825}),
        ("s & p", {3167}),
        ("S&P", {3167}),
        ("jd.com", {9618}),
        ("百济神州", {6160}),
        ("no such stock", set()),
        ("100.HK", set()),
        ("💥", set()),
        (",;", set(english_names())),
    ],
)
def test_several_stocks_and_words_in_any_order_are_found(text: str, codes: set[int]) -> None:
    assert SEARCH.found(text) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ICBC", 1398),
        ("SMIC", 981),
        ("CCB", 939),
        ("HSBC", 5),
        ("ABC", 1288),
        ("BOC", 3988),
        ("HKEX", 388),
        ("CICC", 3908),
        ("CRCC", 1186),
        ("CCCC", 1800),
        ("SHKP", 16),
        ("HLD", 12),
        ("PSBC", 1658),
        ("CATL", 3750),
        ("sinopec", 386),
        ("Baba", 9988),
        ("ping an", 2318),
        ("alibaba", 9988),
        ("bank of china", 3988),
        ("5", 5),
        ("工行", 1398),
        ("建行", 939),
        ("招行", 3968),
        ("中行", 3988),
        ("港交所", 388),
        ("中移动", 941),
        ("汇丰", 5),
        ("滙控", 5),
        ("國壽", 2628),
        ("W.I.S.E.", 2825),
        ("10", 10),
        ("3SBIO", 1530),
    ],
)
def test_a_usual_short_name_means_one_stock_most(text: str, code: int) -> None:
    assert SEARCH.best(text) == code


def test_every_short_name_of_a_stock_that_is_known_finds_it() -> None:
    known = {name: set(codes) & set(english_names()) for name, codes in SHORT_NAMES.items()}

    assert {name: codes for name, codes in known.items() if not codes <= SEARCH.found(name)} == {}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("hsbc, standard chartered", [5, 2888]),
        ("5 2888", [5, 2888]),
        ("0700.HK; 9988.HK", [700, 9988]),
        ("tencent, 700", [700]),
        ("standard chartered", [2888]),
        ("nobody, 5", [5]),
        (" , ", []),
    ],
)
def test_of_several_that_are_typed_each_is_meant(text: str, codes: list[int]) -> None:
    assert SEARCH.several(text) == codes


def test_nothing_asked_is_everything_found_and_no_stock_meant() -> None:
    assert SEARCH.found(" ") == set(english_names())
    assert SEARCH.best(" ") is None
    assert SEARCH.best("71") is None


def test_a_stock_is_found_by_its_code_and_by_its_own_names() -> None:
    for code, name in list(english_names().items())[::4]:
        assert code in SEARCH.found(name.replace(",", " "))
        assert SEARCH.best(f"{code}.HK") == code
    for code, name in list(chinese_names().items())[::4]:
        assert code in SEARCH.found(name)


@given(text=st.text(max_size=40))
@settings(max_examples=50, deadline=None)
def test_whatever_is_typed_is_answered(text: str) -> None:
    assert SEARCH.found(text) <= set(english_names())
