"""The parts of the page that answer a morning's questions, as a reader sees them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from southbound.presentation.conditions import PRESETS
from tests import by_hand
from tests.conftest import ROOT
from tests.dashboard.reading import address, choose, component, rows, text

OpenPage = Callable[..., AppTest]
NEWEST, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 20)

pytestmark = pytest.mark.usefixtures("filled")


def test_a_preset_is_one_step_and_its_link_says_all_of_it(open_page: OpenPage) -> None:
    page = open_page(stock="5", kind="all")
    presets = {each["name"]: each for each in component(page, "views_bar")["presets"]}
    assert presets.keys() == PRESETS.keys()
    assert not any(each["current"] for each in presets.values())
    link = dict(part.split("=") for part in presets["Stake above 20 %"]["address"][1:].split("&"))

    page = open_page(**{name: value.replace("%3A", ":") for name, value in link.items()})

    above = {
        code for code, (_, stake) in by_hand.record()[NEWEST].items() if stake is not None and stake >= 20
    }
    assert f"**{len(above)}** of 878 stocks" in text(page)
    assert {int(row["Code"]) for row in rows(page)} <= above
    assert address(page)["stock"] == "5"
    assert [name for name, each in presets_of(page).items() if each["current"]] == ["Stake above 20 %"]
    page.button(key="without_0").click().run()
    assert "**878** of 878 stocks" in text(page)


def presets_of(page: AppTest) -> dict[str, dict[str, object]]:
    return {each["name"]: each for each in component(page, "views_bar")["presets"]}


def test_a_condition_is_added_by_the_filter_and_typed_into_the_search(open_page: OpenPage) -> None:
    page = open_page(kind="all")
    page.selectbox(key="filter_of").set_value("streak")
    page.number_input(key="filter_low").set_value(10.0)
    page.button(key="filter_add").click().run()
    assert address(page)["where"] == "streak:10.."
    assert all(int(row["Streak"]) >= 10 for row in rows(page))
    count = len(rows(page))
    choose(page, "find", "stake>20 streak<=12")
    assert address(page)["find"] == "stake>20 streak<=12"
    assert all(10 <= int(row["Streak"]) <= 12 and float(row["Stake"][:-1]) > 20 for row in rows(page))
    assert 0 < len(rows(page)) < count


def test_the_address_chooses_the_columns_and_the_order(open_page: OpenPage) -> None:
    page = open_page(columns="stake,pp1,pct20,z,kind", sort="-stake", kind="all", metric="pct")
    assert [*rows(page)[0]] == [
        "Code",
        "Name",
        "Stake",
        "% points, 1 day",
        "% change, 20 days",
        "Z-score",
        "Kind",
        "Trend",
    ]
    stakes = [float(row["Stake"].rstrip("%")) for row in rows(page)]
    assert stakes == sorted(stakes, reverse=True)
    page.button(key="columns_usual").click().run()
    assert "columns" not in address(page)
    assert [*rows(page)[0]][:4] == ["Code", "Name", "Stake", "% change, 5 days"]


def test_signals_lead_to_their_stocks(open_page: OpenPage) -> None:
    page = open_page(tab="signals", window="5", kind="all")
    crossings = rows(page, "signals_crossings")
    old, new = by_hand.comparable(FIVE_BEFORE, NEWEST)
    for row in crossings:
        before, now = (each[int(row["Code"])][1] for each in (old, new))
        level = int(row["Level"].split()[1].rstrip("%"))
        assert before is not None
        assert now is not None
        assert before < level <= now if row["Level"].startswith("above") else now < level <= before
    assert len(crossings) > 5
    leads_to = [row["did"] for row in component(page, "signals_crossings")["rows"]]
    assert leads_to == [f"stock:{int(row['Code'])}" for row in crossings]
    assert rows(page, "signals_unusual")


def test_a_stock_and_those_compared_stand_side_by_side_in_figures(open_page: OpenPage) -> None:
    page = open_page(tab="stock", stock="5", compare="2888", kind="all")
    table = {row["Figure"]: row for row in rows(page, "stock_figures")}
    hsbc, standard = "00005 HSBC HOLDINGS PLC", "02888 STANDARD CHARTERED PLC"
    assert table["Shares held"] == {
        "Figure": "Shares held",
        hsbc: f"{by_hand.record()[NEWEST][5][0]:,}",
        standard: f"{by_hand.record()[NEWEST][2888][0]:,}",
    }
    assert table["Stake"][hsbc].startswith("9.15% (rank ")
    assert table["Bought or sold since"][standard].startswith("bought since ")
    assert table["First seen"][hsbc] == "Fri 2 Jan 2026"
    assert "HK$, 5 days" not in table


def test_a_stock_that_left_the_list_says_so(open_page: OpenPage) -> None:
    table = rows(open_page(tab="stock", stock="11"), "stock_figures")
    assert [*table[0].values()][1] == "not listed on Fri 27 Feb 2026"


def test_bands_are_counted_beside_the_day_before(open_page: OpenPage) -> None:
    table = rows(open_page(tab="ownership", kind="all"), "bands")
    assert [row["Stake"] for row in table] == [
        "20% and above",
        "10% to 20%",
        "5% to 10%",
        "1% to 5%",
        "below 1%",
    ]
    known = [stake for _, stake in by_hand.record()[NEWEST].values() if stake is not None]
    assert sum(int(row["Stocks"]) for row in table) == len(known)
    assert table[0]["Stocks"] == str(sum(stake >= 20 for stake in known))


@pytest.mark.parametrize("tab", ["stocks", "signals", "stock", "ownership"])
def test_the_first_day_that_is_stored_is_shown_without_anything_to_compare(
    open_page: OpenPage, tab: str
) -> None:
    page = open_page(tab=tab, date="2026-01-02")
    assert not page.exception
    assert json.dumps(address(page))


def test_sectors_have_their_breadth_where_a_file_names_them(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCKS_SECTORS", str(ROOT / "tests" / "config" / "sectors.csv"))
    page = open_page(tab="ownership", kind="all", window="5")

    changes = by_hand.changes("shares", FIVE_BEFORE, NEWEST)
    [communication, financials, rest] = rows(page, "sectors")
    assert communication["Sector"] == "Communication services"
    assert (communication["Stocks"], communication["Rose"]) == ("1", str(int(changes[700] > 0)))
    assert int(financials["Rose"]) == (changes[5] > 0) + (changes[1398] > 0)
    assert rest["Sector"] == "not in the file"
    assert [row["Group"] for row in rows(page, "groups")] == ["Banks", "Media", "not in the file"]


def test_without_a_file_of_sectors_the_page_says_how_there_would_be_some(open_page: OpenPage) -> None:
    page = open_page(tab="ownership")
    assert rows(page, "sectors") == []
    assert "`[stocks] sectors` in config.ini" in text(page)


def test_the_list_of_securities_says_what_a_code_is(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("Stock Code,Category\n00005,Exchange Traded Products\n", encoding="utf-8")
    monkeypatch.setenv("STOCKS_SECURITIES", str(listed))
    page = open_page(kind="funds", columns="kind", find="5")
    assert [(row["Code"], row["Kind"]) for row in rows(page)] == [("00005", "ETF")]


def test_stocks_that_are_followed_are_listed_alone(open_page: OpenPage) -> None:
    page = open_page(watch="700,5", kind="all")
    page.toggle(key="only_watched").set_value(True).run()
    assert {row["Code"] for row in rows(page)} == {"00005", "00700"}
    assert address(page)["only"] == "watchlist"
    assert [row["Code"] for row in rows(open_page(watch="700,5", only="watchlist", find="hsbc"))] == ["00005"]
