"""Export, flush, import gives the same figures, byte by byte."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from southbound.commands import export as exporting, import_ as importing
from southbound.common.errors import BadFile, NotComplete
from southbound.config.settings import RedisSettings, ScraperSettings, Settings
from southbound.frames import writing
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.store.holdings_store import HoldingsStore

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
)
def test_export_flush_import_gives_byte_equal_figures(
    store: HoldingsStore,
    chosen: Settings,
    tmp_path: Path,
    lists: list[dict[int, tuple[str, int, float | None]]],
    ending: str,
) -> None:
    store.client.flushall()
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
