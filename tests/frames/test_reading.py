"""The formats that others keep, hostile files, and what becomes of each day."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from replay.site import ReplaySite
from replay.visitor import Visitor
from southbound.common.errors import BadFile
from southbound.config.settings import ScraperSettings
from southbound.frames.reading import FileDay, Frames
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.scraping.importing import Importer, Outcome
from southbound.store.holdings_store import HoldingsStore

Days = Mapping[date, DailyHoldings]
DAY = date(2026, 2, 24)

AKSHARE = "持股日期,股票代码,股票简称,当日收盘价,持股数量,持股市值,持股数量占A股百分比\n"
FILES = {
    "own.csv": "date,code,name,shares,percent\n2026-02-24,00001,CKH,117888641,3.07\n"
    "2026-02-24,00005,HSBC,9,\n",
    "daily.csv": "code,name,shareholding,percent,date\n00001,CKH,117888641,3.07,2026-02-24\n"
    "00005,HSBC,9,,2026-02-24\n",
    "tushare.csv": "code,trade_date,ts_code,name,vol,ratio,exchange\n"
    "90000,20260224,600000.SH,浦发,5,1,SH\n00001,20260224,00001.HK,CKH,117888641.0,3.07,HK\n"
    "00005,20260224,00005.HK,HSBC,9,,HK\n",
    "akshare.csv": AKSHARE + "2026-02-24,00001,CKH,50,117888641,5894432050,3.07\n2026-02-24,5,HSBC,,9,,\n",
    "by_date.json": json.dumps(
        {"by_date": {"2026-02-24": {"00001": {"sh": 117888641, "pct": 3.07}, "00005": {"sh": 9, "pct": 0}}}}
    ),
    "participants.csv": "date,code,participant,shareholding,percent\n2026-02-24,1,A00003,117888640,3\n"
    "2026-02-24,1,A00004,1,0.07\n2026-02-24,1,B01234,5,1\n2026-02-24,5,A00003,9,\n",
}


def read(path: Path, *contents: str | bytes) -> list[FileDay]:
    frames = Frames({1: "CKH", 5: "HSBC"}.__getitem__)
    for number, content in enumerate(contents):
        file = path.with_stem(f"{path.stem}{number}")
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        frames.add(file)
    return frames.days()


@pytest.mark.parametrize("name", FILES)
def test_each_format_is_recognised_by_its_columns(name: str, tmp_path: Path) -> None:
    [day] = read(tmp_path / name, FILES[name])

    assert day.holdings is not None
    assert day.day == DAY
    assert day.holdings.rows() == {1: ("CKH", 117888641, 3.07), 5: ("HSBC", 9, None)}
    assert day.origin.source.split()[0] == name.partition(".")[0].replace("by_date", "json")


@pytest.mark.parametrize("chinese", [False, True])
def test_a_saved_page_of_either_language_is_a_day(
    url: str, site: ReplaySite, recorded: Days, tmp_path: Path, *, chinese: bool
) -> None:
    with Visitor(url.replace("mutualmarket.aspx", "mutualmarket_c.aspx") if chinese else url, 10) as visitor:
        body = visitor.look().body

    [day] = read(tmp_path / "page.html", body)

    assert day.day == site.days_offered(date(2026, 2, 20), site.today)[-1]
    assert day.holdings is not None
    assert day.holdings.shares.tolist() == recorded[day.day].shares.tolist()


def test_a_day_in_several_files_is_put_together_and_one_that_contradicts_itself_is_none(
    tmp_path: Path,
) -> None:
    head, first, second = FILES["own.csv"].splitlines()

    [day] = read(tmp_path / "a.csv", f"{head}\n{first}\n", f"{head}\n{second}\n{first}\n")
    [other] = read(tmp_path / "b.csv", FILES["own.csv"], f"{head}\n{second.replace(',9,', ',8,')}\n")

    assert day.holdings is not None
    assert len(day.holdings) == 2
    assert other.holdings is None
    assert other.problem == "stock 5 stands there twice, with other figures"


def repeated(text: str, times: int) -> pa.Array:
    """A column of one text, which is in memory once."""
    return pa.DictionaryArray.from_arrays(pa.array(bytes(times), pa.uint8()), [text])


def parquet(**columns: pa.Array) -> bytes:
    sink = pa.BufferOutputStream()
    # Nothing in the file says that a column was put together from a dictionary.
    pq.write_table(pa.table(columns), sink, compression="zstd", store_schema=False)
    return bytes(sink.getvalue())


def excel(*rows: list[object]) -> bytes:
    """As a spreadsheet saves it: texts in a part of their own, dates and figures as numbers."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def packed(**parts: bytes) -> bytes:
    """An Excel file of a day with these parts beside or in place of its own."""
    file = io.BytesIO()
    whole = excel(["date", "code", "name", "shares", "percent"], [DAY, 1, "CKH", 117888641, 3.07])
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as now,
    ):
        kept = {name: before.read(name) for name in before.namelist()}
        for name, content in (kept | {f"xl/{name}.xml": part for name, part in parts.items()}).items():
            now.writestr(name, content)
    return file.getvalue()


def test_a_list_that_a_spreadsheet_saved_is_a_day(tmp_path: Path) -> None:
    saved = excel(
        ["date", "code", "name", "shares", "percent", None],
        [DAY, 1, "CKH", 117888641.0, 3.07],
        [None],
        ["2026-02-24", "00005", "HSBC", 9, None, " "],
    )

    [day] = read(tmp_path / "own.xlsx", saved)

    assert day.day == DAY
    assert day.holdings is not None
    assert day.holdings.rows() == {1: ("CKH", 117888641, 3.07), 5: ("HSBC", 9, None)}


ROWS = 200_000
HOSTILE = {
    "none.csv": b"",
    "other.csv": b"a,b\n1,2\n",
    "twice.csv": b"date,date,code,name,shares,percent\n",
    "short.csv": b"date,code,name,shares,percent\n2026-02-24,1\n",
    "negative.csv": b"date,code,name,shares,percent\n2026-02-24,1,CKH,-5,3\n",
    "huge.csv": b"date,code,name,shares,percent\n2026-02-24,1,CKH," + b"9" * 400 + b",3\n",
    "cell.csv": b"date,code,name,shares,percent\n2026-02-24,1," + b"x" * 9_000 + b",5,3\n",
    "line.csv": b"x" * 3_000_000,
    "quote.csv": b'date,code,name,shares,percent\n2026-02-24,1,"CKH,5,3\n' * 50,
    "latin.csv": "date,code,name,shares,percent\n2026-02-24,1,Müller,5,3\n".encode("latin-1"),
    "zero.csv": b"\0" * 100,
    "date.csv": b"date,code,name,shares,percent\n2026-02-30,1,CKH,5,3\n",
    "digits.csv": "date,code,name,shares,percent\n2026-02-24,\N{ARABIC-INDIC DIGIT ONE},CKH,5,3\n".encode(),
    "swapped.csv": f"{AKSHARE}2026-02-24,00001,CKH,50,5894432050,117888641,3.07\n".encode(),
    "none.json": b"",
    "deep.json": b"[" * 200_000,
    "list.json": b'{"by_date": []}',
    "type.json": b'{"by_date": {"2026-02-24": {"1": {"sh": "5"}}}}',
    "bool.json": b'{"by_date": {"2026-02-24": {"1": {"sh": true}}}}',
    "text.parquet": b"PAR1 but no Parquet PAR1",
    "bomb.parquet": parquet(name=repeated("x" * 20_000, ROWS), date=pa.nulls(ROWS)),
    "nested.parquet": parquet(
        **{name: pa.array([[1]]) for name in ("date", "code", "name", "shares", "percent")}
    ),
    "other.html": b"<html><title>Maintenance</title></html>",
    "empty.html": b"",
    "book.xlsx": b"PK",
    "parts.xlsx": packed(workbook=b""),
    "unpacked.xlsx": packed(styles=b" " * 5_000_000),
    "entity.xlsx": packed(styles=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "cell.xlsx": excel(["date", "code", "name", "shares", "percent"], ["x" * 600]),
    "old.xls": b"\xd0\xcf\x11\xe0",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_clear_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r".+") as refused:
        read(tmp_path / name, HOSTILE[name])

    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("name", ["not there.csv", "not there.html", "folder.parquet"])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.parquet").mkdir()

    with pytest.raises(BadFile, match="no file"):
        Frames().add(tmp_path / name)


def outcomes(importer: Importer, *days: DailyHoldings) -> list[Outcome]:
    given = read_as_files(days)
    return [taken.outcome for taken in importer.take(given)]


def read_as_files(days: tuple[DailyHoldings, ...]) -> list[FileDay]:
    return [FileDay(day.day, day, "", Origin("tushare")) for day in days]


def test_each_day_passes_gate_and_calendar_and_the_stored_figures_stay(
    store: HoldingsStore, recorded: Days
) -> None:
    first, second, third = [recorded[day] for day in sorted(recorded)][:3]
    store.put(first)
    other = replace(second, day=first.day)
    few = DailyHoldings.of(third.day, [1], ["CKH"], [5], [None])
    saturday = replace(first, day=date(2026, 1, 3))
    chosen = ScraperSettings()

    checked = outcomes(Importer(store, chosen, check=True), other, first, saturday, second, few)
    assert store.dates() == [first.day]
    taken = outcomes(Importer(store, chosen), other, first, saturday, second, few)

    assert checked == taken
    assert taken == ["differs", "as it is stored", "refused", "stored", "refused"]
    assert store.dates() == [first.day, second.day]
    assert store.origins()[second.day].source == "tushare"
    assert outcomes(Importer(store, chosen, replaces=lambda *_: True), other) == ["replaced"]
    stored = store.get(first.day)
    assert stored is not None
    assert stored.rows() == other.rows()
