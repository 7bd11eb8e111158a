"""Export, flush, import gives the same figures, byte by byte."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from southbound.commands import export as exporting, import_ as importing
from southbound.common.errors import BadFile, NotComplete
from southbound.config.settings import RedisSettings, ScraperSettings, Settings
from southbound.frames import writing
from southbound.frames.tables import TABLES, csv_rows
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.daily_prices import CURRENCY, DailyPrices, Quote, TradingState
from southbound.market.origin import Origin
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from tests import by_hand, money_by_hand

Days = Mapping[date, DailyHoldings]
DAYS = [date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 26)]
STOCK = st.tuples(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.integers(1, 2**53),
    st.none() | st.integers(0, 10_000).map(lambda hundredths: hundredths / 100),
)
ORIGIN = Origin("tushare", datetime(2026, 3, 1, 9, 30, tzinfo=UTC))


@pytest.fixture
def chosen(redis_settings: RedisSettings) -> Settings:
    """Any list is whole, if it has a stock."""
    gate = ScraperSettings(min_rows=1, min_rows_percent=0, min_common_percent=0)
    return Settings(redis=redis_settings, scraper=gate)


def figures(store: HoldingsStore, days: list[date]) -> list[tuple[object, ...]]:
    return [
        (day.day, day.codes.tobytes(), day.shares.tobytes(), day.percents.tobytes())
        for day in store.get_many(days)[0]
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dictionaries(st.integers(1, 99_999), STOCK, min_size=1, max_size=4), min_size=3, max_size=3),
    st.sampled_from([".csv", ".parquet", ".xlsx"]),
    st.lists(st.none() | st.integers(1, 10**9), max_size=3),
)
def test_export_flush_import_gives_byte_equal_figures(
    store: HoldingsStore,
    chosen: Settings,
    tmp_path: Path,
    lists: list[dict[int, tuple[str, int, float | None]]],
    ending: str,
    closes: list[int | None],
) -> None:
    store.client.flushall()
    for day, stocks, close in zip(DAYS, lists, closes, strict=False):
        quotes = [Quote(code, "", CURRENCY, TradingState.HALTED, None, close) for code in stocks]
        store.market_figures.put(PRICES, DailyPrices.of(day, quotes), "made up", datetime.now(UTC))
    for day, stocks in zip(DAYS, lists, strict=True):
        columns = ([stock[part] for stock in stocks.values()] for part in range(3))
        store.put(DailyHoldings.of(day, list(stocks), *columns), ORIGIN)  # type: ignore[arg-type]
    before, origins = figures(store, DAYS), store.origins()
    file = tmp_path / f"days{ending}"
    exporting.export(chosen, file, date.min, date.max)
    store.client.flushall()

    importing.take(chosen, [file], check=False, replace=False)

    assert figures(store, DAYS) == before
    assert store.origins() == origins


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_recorded_days_come_back_with_their_names(
    recorded_store: HoldingsStore, redis_settings: RedisSettings, tmp_path: Path, ending: str
) -> None:
    days = recorded_store.dates()
    texts = recorded_store.digests(days)
    file = tmp_path / f"days{ending}"
    exporting.export(Settings(redis=redis_settings), file, days[0], days[-1])
    recorded_store.client.flushall()

    importing.take(Settings(redis=redis_settings), [file], check=False, replace=False)

    assert recorded_store.digests(days) == texts


def test_an_export_of_a_part_and_for_excel(
    recorded_store: HoldingsStore, redis_settings: RedisSettings, tmp_path: Path
) -> None:
    chosen = Settings(redis=redis_settings)
    exporting.export(chosen, tmp_path / "part.csv", date(2026, 2, 25), date(2026, 2, 25))
    exporting.export(chosen, tmp_path / "part.xlsx", date(2026, 2, 25), date(2026, 2, 25))

    lines = (tmp_path / "part.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "date,code,name,shares,percent,source,read_at"
    assert {line.partition(",")[0] for line in lines[1:]} == {"2026-02-25"}
    assert (tmp_path / "part.xlsx").read_bytes().startswith(b"PK")
    assert len(recorded_store.dates()) == 38


def test_what_cannot_be_written_is_said_and_leaves_nothing(
    recorded_store: HoldingsStore,
    redis_settings: RedisSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = Settings(redis=redis_settings)
    monkeypatch.setattr(writing, "MOST_EXCEL_ROWS", 1000)
    for name, why in (("a.txt", "ends in"), ("none/a.csv", "cannot be written"), ("a.xlsx", "Excel takes")):
        with pytest.raises(BadFile, match=why):
            exporting.export(chosen, tmp_path / name, date.min, date.max)
    with pytest.raises(NotComplete, match="no day"):
        exporting.export(chosen, tmp_path / "a.csv", date.min, date(2020, 1, 1))
    assert list(tmp_path.iterdir()) == []
    assert recorded_store.dates()


ARCHIVED = ["date", "code", "name", "shares", "percent", "source", "read_at"]


@pytest.fixture
def priced(recorded_store: HoldingsStore, redis_settings: RedisSettings) -> Settings:
    """Of a store with the recorded days and their prices."""
    money_by_hand.fill(recorded_store.market_figures)
    return Settings(redis=redis_settings)


def test_with_prices_an_export_has_close_value_and_net_buying_as_the_page_of_each_day(
    priced: Settings, tmp_path: Path
) -> None:
    days = by_hand.days()
    exporting.export(priced, tmp_path / "days.parquet", days[0], days[-1])

    table = pq.read_table(tmp_path / "days.parquet")
    assert table.column_names == [*ARCHIVED, "close", "priced_on", "value", "net_buying"]
    rows = table.to_pylist()
    for before, day in zip([None, *days], days, strict=False):
        wanted = {} if before is None else money_by_hand.net_buying(before, day)
        for row in (row for row in rows if row["date"] == day):
            close, bought = money_by_hand.last_close(day, row["code"]), wanted.get(row["code"])
            if row["code"] == 2160 and close is not None and day >= date(2026, 2, 23):
                close /= 5  # it is traded in new shares, and listed in old ones
            assert row["close"] == (None if close is None else pytest.approx(close))
            assert row["value"] == (None if close is None else pytest.approx(row["shares"] * close))
            assert (row["priced_on"] is None) == (close is None)
            assert row["net_buying"] == (None if bought is None else pytest.approx(bought)), (day, row)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_csv_and_excel_have_the_same_columns_and_figures(
    priced: Settings, tmp_path: Path, ending: str
) -> None:
    day = date(2026, 2, 27)
    for file in ("days.parquet", f"days{ending}"):
        exporting.export(priced, tmp_path / file, day, day)

    [heading, *rows] = TABLES[ending](tmp_path / f"days{ending}")

    table = pq.read_table(tmp_path / "days.parquet")
    assert list(heading) == table.column_names
    for row, wanted in zip(rows, table.to_pylist(), strict=True):
        told = dict(zip(heading, row, strict=True))
        assert told["priced_on"] == ("" if wanted["priced_on"] is None else str(wanted["priced_on"]))
        for name in ("code", "shares", "percent", "close", "value", "net_buying"):
            figure = float(told[name]) if told[name] else None
            # Excel's numbers have 16 digits.
            assert figure == (pytest.approx(wanted[name], rel=1e-15) if figure else wanted[name])


@pytest.mark.parametrize("name", ["=1+1", "+A1", "-2", "@SUM(A1)", "\t=1", "a;=1"])
def test_no_name_of_an_export_is_computed_by_a_spreadsheet(
    store: HoldingsStore, chosen: Settings, tmp_path: Path, name: str
) -> None:
    store.put(DailyHoldings.of(DAYS[0], [700], [name], [5], [None]))
    for ending in (".csv", ".xlsx"):
        exporting.export(chosen, tmp_path / f"days{ending}", date.min, date.max)

    [_, row] = csv_rows(tmp_path / "days.csv")
    book = openpyxl.load_workbook(tmp_path / "days.xlsx")

    assert row[2][0] not in "=+-@\t"
    assert {cell.data_type for cell in next(book.worksheets[0].iter_rows(min_row=2))} <= {"s", "n"}
