"""The Chinese names in the store, against a real server."""

from southbound.store.holdings_store import HoldingsStore
from southbound.store.stock_names import read_names, write_names


def test_the_names_that_were_written_are_read(store: HoldingsStore) -> None:
    write_names(store.client, {1: "長和", 700: "騰訊控股", 80883: "中國海洋石油"})

    assert read_names(store.client) == {1: "長和", 700: "騰訊控股", 80883: "中國海洋石油"}
    assert store.client.hgetall("southbound:names") == {
        "1": "長和",
        "700": "騰訊控股",
        "80883": "中國海洋石油",
    }


def test_a_name_is_replaced_and_one_that_left_the_list_stays(store: HoldingsStore) -> None:
    write_names(store.client, {1: "長江實業", 5: "匯豐控股"})

    write_names(store.client, {1: "長和"})

    assert read_names(store.client) == {1: "長和", 5: "匯豐控股"}


def test_before_any_were_read_there_are_none(store: HoldingsStore) -> None:
    assert read_names(store.client) == {}


def test_a_field_that_is_no_code_is_passed_over(store: HoldingsStore) -> None:
    write_names(store.client, {5: "匯豐控股"})
    for field in ("", "HSBC", "-5", "5.0", "1_0", " 7", "٣", "100000", "9" * 100_000, b"\xff"):
        store.client.hset("southbound:names", field, "x")

    assert read_names(store.client) == {5: "匯豐控股"}
