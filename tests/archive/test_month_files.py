"""A month of days as one Parquet file, and back."""

import io
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st

from southbound.archive import names_file
from southbound.archive.kinds import HOLDINGS
from southbound.archive.month_files import Reading, decode, encode
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from tests.archive.readings import MINUTE, READ, reading

STOCK = st.tuples(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.integers(1, 2**53),
    st.none() | st.integers(0, 10_000).map(lambda hundredths: hundredths / 100),
)


def rows(readings: list[Reading[DailyHoldings]]) -> list[object]:
    return [(each.day, each.figures.rows(), each.origin) for each in readings]


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.integers(1, 99_999), STOCK, min_size=1, max_size=5), st.sampled_from([None, READ]))
def test_what_is_written_is_what_is_read(
    stocks: dict[int, tuple[str, int, float | None]], read_at: None
) -> None:
    columns = ([stock[part] for stock in stocks.values()] for part in range(3))
    day = date(2026, 2, 3)
    known = [Reading(day, DailyHoldings.of(day, list(stocks), *columns), Origin("tushare", read_at))]  # type: ignore[arg-type]

    assert rows(list(decode(HOLDINGS, encode(HOLDINGS, {day: known}))[day])) == rows(known)


def test_it_is_read_without_us_with_exactly_these_columns_sorted_by_date_and_code() -> None:
    restated = [reading(0, read_at=None), reading(0, 300)]
    content = encode(HOLDINGS, {reading(1).day: [reading(1)], reading(0).day: restated})

    frame = pd.read_parquet(io.BytesIO(content))
    types = {field.name: str(field.type) for field in pq.read_schema(io.BytesIO(content))}
    file = pq.ParquetFile(io.BytesIO(content))

    assert types == {
        "date": "date32[day]",
        "code": "int32",
        "name": "string",
        "shares": "int64",
        "percent": "double",
        "source": "string",
        "read_at": "timestamp[us, tz=UTC]",
    }
    assert frame.sort_values(["date", "code"], kind="stable").index.tolist() == list(range(9))
    assert frame[frame.code == 1].shares.tolist() == [100, 300, 100]
    assert frame.percent.isna().tolist() == [True, True] + [False] * 4 + [True, False, False]
    assert file.metadata.row_group(0).column(3).compression == "ZSTD"


def test_the_newest_reading_of_a_day_is_the_last() -> None:
    known = [reading(0, 1, None), reading(0, 2, READ), reading(0, 3, READ + MINUTE)]

    assert rows(list(decode(HOLDINGS, encode(HOLDINGS, {known[0].day: known}))[known[0].day])) == rows(known)


@pytest.mark.parametrize("at", [0, 4, 60, 200, -1, -9, -60])
def test_a_byte_that_is_another_is_noticed_or_does_not_matter(at: int) -> None:
    known = {reading(0).day: [reading(0)]}
    content = bytearray(encode(HOLDINGS, known))
    content[at] ^= 0xFF

    try:
        read = decode(HOLDINGS, bytes(content))
    except ValueError:
        return
    assert rows(list(read[reading(0).day])) == rows(known[reading(0).day])


@pytest.mark.parametrize("name", ["name", "source"])
def test_a_text_that_few_bytes_repeat_without_end_is_refused_before_it_is_unpacked(name: str) -> None:
    rows = 300_000
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["x" * 100_000]))
    same = {"date": date(2026, 1, 2), "code": 1, "name": "A", "shares": 1, "percent": 1.0, "source": "s"}
    columns = [
        text if field.name == name else pa.repeat(pa.scalar(same.get(field.name), field.type), rows)
        for field in HOLDINGS.schema
    ]
    sink = io.BytesIO()
    kept = HOLDINGS.schema.remove_metadata()
    stored = pa.schema([pa.field(field.name, each.type) for field, each in zip(kept, columns, strict=True)])
    pq.write_table(pa.table(columns, schema=stored), sink, store_schema=False)

    with pytest.raises(ValueError, match=f"{name}: 100,000 characters"):
        decode(HOLDINGS, sink.getvalue())


@pytest.mark.parametrize("content", [b"", b"PAR1", b"x" * 1000, names_file.encode({1: "長和"})])
def test_what_is_no_such_file_is_named(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(HOLDINGS, content)


def test_names_are_read_as_they_were_written() -> None:
    names = {700: "騰訊控股", 1: "長和"}

    assert names_file.decode(names_file.encode(names)) == names
