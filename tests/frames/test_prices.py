"""Price frames: columns by name, whatever wrote them; what cannot be true is refused with its place."""

import io
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from southbound.common.errors import BadFile
from southbound.frames.prices import PriceFrame, read_price_frame
from southbound.market.daily_prices import DailyPrices, TradingState

THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
HEAD = "date,code,close,shares_traded,turnover\n"


def frame(path: Path, content: str | bytes) -> PriceFrame:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_price_frame(path)


def figures(prices: DailyPrices) -> list[tuple[int, float | None, float | None, float | None]]:
    columns = (prices.closes, prices.shares_traded, prices.turnovers)
    cells = ([None if np.isnan(cell) else cell for cell in column.tolist()] for column in columns)
    return list(zip(prices.codes.tolist(), *cells, strict=True))


WRITTEN: dict[str, str | bytes] = {
    "own.csv": HEAD + "2026-02-27,0700.HK,518.0,100,51700\n2026-02-27,5,91.5,,\n2026-02-26,00700,512.5,,\n",
    "bom.csv": "\ufeffDate, Code ,Open,CLOSE,Adj Close\n20260227,700,1,518,9\n\n20260227,5.HK,1,91.5,9\n"
    "2026-02-26,0700.hk,1,512.5,9\n",
    "order.csv": "close,code,name,date\n518,00700,騰訊,2026-02-27 00:00:00\n91.5,5,滙豐,2026-02-27T00:00:00\n"
    "512.5,700,騰訊,2026-02-26 00:00:00+08:00\n",
}


def test_columns_are_found_by_their_names_and_codes_in_every_way_of_writing_them(tmp_path: Path) -> None:
    for name, content in WRITTEN.items():
        read = frame(tmp_path / name, content)
        thursday, friday = read.prices()

        assert read.days == (THURSDAY, FRIDAY), name
        assert figures(thursday) == [(700, 512.5, None, None)], name
        shares = (100, 51700) if name == "own.csv" else (None, None)
        assert figures(friday) == [(5, 91.5, None, None), (700, 518.0, *shares)], name


def test_parquet_and_excel_are_read_alike(tmp_path: Path) -> None:
    table = pa.table(
        {
            "code": pa.array([700, 5], pa.int32()),
            "date": pa.array([FRIDAY, FRIDAY], pa.date32()),
            "close": pa.array([518.0, None]),
            "turnover": pa.array([51_700.4, 915.0]),
            "shares_traded": pa.array([100, 10]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    stamps = pa.array([1_772_121_600_000_000], pa.timestamp("us", "Asia/Hong_Kong"))  # midnight there
    pq.write_table(
        pa.table({"date": stamps, "code": ["0700.HK"], "close": [518.0]}), tmp_path / "zone.parquet"
    )
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["date", "code", "close", "shares_traded", "turnover"], [FRIDAY, 700, 518, 100, 51700.0]):
        book.active.append(row)
    book.save(file)

    [day] = read_price_frame(tmp_path / "a.parquet").prices()
    [zoned] = read_price_frame(tmp_path / "zone.parquet").prices()
    [excel] = frame(tmp_path / "a.xlsx", file.getvalue()).prices()

    assert figures(day) == [(5, None, 10, 915), (700, 518.0, 100, 51_700)]
    assert (zoned.day, figures(zoned)) == (FRIDAY, [(700, 518.0, None, None)])
    assert figures(excel) == [(700, 518.0, 100, 51_700)]


def test_no_shares_are_a_stock_that_did_not_trade_and_unknown_ones_are_not(tmp_path: Path) -> None:
    content = HEAD + "2026-02-27,1,50,0,0\n2026-02-27,2,50,,\n2026-02-27,3,nan,-,N/A\n2026-02-27,4,50,7,\n"

    [day] = frame(tmp_path / "a.csv", content).prices()

    assert figures(day) == [(1, 50.0, None, None), (2, 50.0, None, None), (4, 50.0, None, None)]
    assert day.states == (TradingState.NOT_TRADED, TradingState.TRADED, TradingState.TRADED)


def test_days_that_are_no_sessions_are_left_out_and_named(tmp_path: Path) -> None:
    read = frame(tmp_path / "a.csv", "date,code,close\n2026-02-27,700,518\n2026-02-28,700,518\n")

    assert read.days == (FRIDAY,)
    assert read.no_sessions == (date(2026, 2, 28),)


REFUSED = {
    "nothing": ("date,code,close\n", "holds no price"),
    "no column": ("date,close\n2026-02-27,518\n", "want the columns date, code, close.*: code not among"),
    "adjusted alone": ("date,code,adj close\n2026-02-27,700,518\n", "close not among"),
    "twice a column": ("date,code,close,Close\n2026-02-27,700,518,518\n", "close stands twice"),
    "cells": ("date,code,close\n2026-02-27,700\n", "line 2: 2 cells, want 3"),
    "zero": ("date,code,close\n2026-02-27,700,0\n", "stock 700: want prices.* above 0"),
    "negative": ("date,code,close\n2026-02-27,700,-5\n", "line 2: close: got '-5'"),
    "text": ("date,code,close\n2026-02-27,700,a lot\n", "close: got 'a lot'"),
    "digits": ("date,code,close\n2026-02-27,700,\N{ARABIC-INDIC DIGIT ONE}\n", "close: got"),
    "infinite": ("date,code,close\n2026-02-27,700,1e99\n", "want prices"),
    "code": ("date,code,close\n2026-02-27,AAPL,518\n", "no stock code: 'AAPL'"),
    "code 0": ("date,code,close\n2026-02-27,0,518\n", "want a stock code"),
    "date": ("date,code,close\n27/02/2026,700,518\n", "no date: '27/02/2026'"),
    "hour": ("date,code,close\n2026-02-27 16:00:00,700,518\n", "no date"),
    "Saturday": ("date,code,close\n2026-02-28,700,518\n", "2026-02-28 is no Hong Kong session"),
    "twice": (
        "date,code,close\n2026-02-27,700,518\n2026-02-27,00700,519\n",
        "700 stands twice on 2026-02-27, with another close",
    ),
    "half a share": (HEAD + "2026-02-27,700,518,1.5,777\n", "shares_traded: got '1.5', want a whole number"),
    "swapped": (HEAD + "2026-02-27,700,518,51700,100\n", "far from the close in 1 of 1 rows"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_true_is_refused_with_its_place_and_what_was_expected(
    case: str, tmp_path: Path
) -> None:
    content, why = REFUSED[case]

    with pytest.raises(BadFile, match=why) as refused:
        frame(tmp_path / "a.csv", content)

    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 240


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        BadFile, match=r"want daily quotations as \.htm, or prices as \.csv, \.parquet, \.xlsx"
    ):
        frame(tmp_path / "a.txt", "x")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_frame_with_a_sign_more_less_or_other_is_right_or_refused(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = HEAD + "2026-02-26,00700,512.5,200,102400\n2026-02-27,00700,518.0,100,51700\n"
    place = data.draw(st.integers(0, len(whole) - 1))
    sign = data.draw(st.sampled_from(["", "x", "-", ",", "\n", '"', "\0", " ", "é"]))
    try:
        read = frame(tmp_path / "a.csv", whole[:place] + sign + whole[place + data.draw(st.integers(0, 1)) :])
    except BadFile:
        return
    for day in read.prices():
        assert day.codes.size
        known = ~np.isnan(day.closes)
        assert (day.closes[known] > 0).all()
