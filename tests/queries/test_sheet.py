"""The table of stocks as a file: what is on the screen, or all of it, and what its figures are."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from lxml import etree

from replay.figures import chinese_names
from southbound.common.language import Language, writing_for
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS
from southbound.market.windows import WINDOWS, free_pair
from southbound.presentation.screen_columns import change_key
from southbound.presentation.stock_names import reader
from southbound.queries import export
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.sheet import Sheet
from southbound.queries.store_watcher import DataVersion
from tests import by_hand
from tests.chinese import english_left

NEWEST, OLD = date(2026, 2, 27), {1: date(2026, 2, 26), 5: date(2026, 2, 20), 20: date(2026, 1, 27)}
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def market_view(*days: DailyHoldings) -> MarketView:
    history = History.of(days)
    return MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {700: "騰訊控股"})


@pytest.fixture(scope="module")
def found(recorded: Mapping[date, DailyHoldings]) -> MarketView:
    return market_view(*recorded.values())


@pytest.fixture(scope="module")
def everything(found: MarketView) -> Sheet:
    return found.sheet(NEWEST, None)


def as_read(sheet: Sheet) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.as_csv(sheet).decode("utf-8-sig"), newline="")))


def part(sheet: Sheet, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(export.as_excel(sheet))) as book:
        return etree.fromstring(book.read(f"xl/{name}.xml"))


def test_all_has_every_metric_over_every_window_by_hand(everything: Sheet) -> None:
    rows = {int(row["Code"]): row for row in as_read(everything)}

    assert len(rows) == len(everything.rows) == 878
    for metric in (metric for metric in METRICS.values() if not metric.needs_prices):
        for window in WINDOWS:
            [heading] = [
                column.dated
                for column in everything.columns
                if column.dated.endswith(f": {NEWEST} against {OLD[window]}")
                and column.heading.startswith(f"{metric.name}, ")
            ]
            changes = by_hand.changes(metric.key, OLD[window], NEWEST)
            told = {code: float(row[heading]) for code, row in rows.items() if row[heading]}
            assert {code: told[code] for code in changes} == pytest.approx(changes, abs=0.0001)


def test_kind_signals_and_both_names_are_in_it(everything: Sheet) -> None:
    rows = {int(row["Code"]): row for row in as_read(everything)}

    assert rows[700]["Chinese name"] == "騰訊控股"
    assert (rows[700]["Kind"], rows[2800]["Kind"]) == ("Share", "ETF")
    assert {"Streak", "Z-score", "New high", "New low", "Crossed", "First seen"} <= rows[700].keys()
    assert rows[268]["Crossed"] == "30"
    assert rows[700]["First seen"] == "2026-01-02"


def test_what_is_shown_has_those_rows_and_columns_in_their_order(found: MarketView) -> None:
    places = np.array([5, 2])
    shown = found.sheet(NEWEST, None, places, ["streak", "stake"], "2 of 878")

    codes = found.screen(NEWEST, None).codes[places].tolist()
    assert [int(row["Code"]) for row in as_read(shown)] == codes
    headings = [column.heading for column in shown.columns]
    assert headings == ["Code", "Name", "Chinese name", "Kind", "Streak", "Stake"]
    assert ("Stocks", "2 of 878") in shown.about


def test_a_file_of_nothing_has_its_headings(found: MarketView) -> None:
    empty = found.sheet(NEWEST, None, np.array([], dtype=np.int64), ["stake"])

    assert export.as_csv(empty).decode("utf-8-sig").startswith("Code,Name,")
    assert part(empty, "worksheets/sheet1").find(f"{SHEET}autoFilter") is not None


def test_any_two_dates_have_a_column_of_their_own(found: MarketView) -> None:
    pair = free_pair(sorted(by_hand.record()), date(2026, 1, 5), NEWEST)
    sheet = found.sheet(NEWEST, pair, keys=[change_key(METRICS["pp"], None)])

    assert sheet.columns[-1].dated.endswith(f"{NEWEST} against 2026-01-05")


def test_the_workbook_filters_and_explains_itself(everything: Sheet) -> None:
    figures, about = part(everything, "worksheets/sheet1"), part(everything, "worksheets/sheet2")

    filtered = figures.find(f"{SHEET}autoFilter")
    assert filtered is not None
    assert str(filtered.get("ref")).startswith("A1:")
    assert str(filtered.get("ref")).endswith("879")
    assert all(len(column.heading) <= 24 for column in everything.columns)
    texts = "".join(map(str, part(everything, "sharedStrings").itertext()))
    for told in (
        "trades of 2026-02-25",
        f"{NEWEST} against {OLD[5]}",
        "HKEXnews",
        "Not on the list is not zero",
    ):
        assert told in texts
    assert len(list(about.iter(f"{SHEET}row"))) == len(everything.about)
    assert export.file_name(NEWEST, "csv") == "southbound-2026-02-27.csv"


@pytest.mark.parametrize(
    ("language", "name", "heading"),
    [
        (Language.TRADITIONAL, "騰訊控股", "百分點（5日）：2026-02-27對比2026-02-20"),
        (Language.SIMPLIFIED, "腾讯控股", "百分点（5日）：2026-02-27对比2026-02-20"),
    ],
)
def test_a_file_is_in_the_readers_language_and_has_both_names(
    found: MarketView, language: Language, name: str, heading: str
) -> None:
    with writing_for(reader(language, chinese_names())):
        sheet = found.sheet(NEWEST, None)
        headings, *rows = csv.reader(io.StringIO(export.as_csv(sheet).decode("utf-8-sig"), newline=""))
        [names] = [row[1:3] for row in rows if row[0] == "00700"]
        assert names == [name, "TENCENT HOLDINGS LIMITED -HKD TRADED SHARES"]
        assert heading in headings
        assert english_left("\n".join(headings)) == []
        assert english_left("\n".join(" ".join(line) for line in sheet.about)) == []
        assert {"說明", "说明"} & {each.get("name") for each in part(sheet, "workbook").iter(f"{SHEET}sheet")}
    assert len({*headings}) == len({each.heading for each in sheet.columns}) == len(headings)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_is_no_formula_in_a_spreadsheet(sign: str) -> None:
    name = f'{sign}HYPERLINK("http://elsewhere.example")'
    found = market_view(DailyHoldings.of(NEWEST, [1], [name], [10], [1.0]))
    listing = found.sheet(NEWEST, None)

    _, row = csv.reader(io.StringIO(export.as_csv(listing).decode("utf-8-sig"), newline=""))
    with zipfile.ZipFile(io.BytesIO(export.as_excel(listing))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()

    assert row[1] == f"'{name}"
    assert "<f>" not in sheet
    assert "HYPERLINK(" in texts
