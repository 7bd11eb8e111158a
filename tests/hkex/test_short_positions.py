"""The regulator's weekly CSV becomes one day of short positions, or an error that says why not."""

import csv
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from replay.recorded_official import recorded_short_positions
from replay.short_positions import short_positions_file
from southbound.common.errors import NotPublished, OtherDate, SiteChanged, SouthboundError
from southbound.hkex.short_positions import read_short_positions, short_positions_path
from southbound.market.short_positions import ShortPositions
from tests.conftest import ROOT
from tests.hkex.mutations import BYTES, KINDS, mutated

FRIDAY = date(2026, 2, 27)
FILE = short_positions_file(FRIDAY, recorded_short_positions()[FRIDAY][:520])
TEXT = FILE.decode("utf-8-sig")
ROW = "27/02/2026,2160,MP CARDIOFLOW-B,3169606,11157013"
Figures = Mapping[int, tuple[float | None, float | None]]


def figures(positions: ShortPositions) -> Figures:
    columns = (
        [None if np.isnan(figure) else figure for figure in column.tolist()]
        for column in (positions.shares, positions.values)
    )
    return dict(zip(positions.codes.tolist(), zip(*columns, strict=True), strict=True))


def read(text: str) -> Figures:
    return figures(read_short_positions(text.encode(), FRIDAY))


@pytest.mark.parametrize("day", recorded_short_positions(), ids=str)
def test_recorded_positions_come_out_as_they_are(day: date) -> None:
    positions = read_short_positions(short_positions_file(day, recorded_short_positions()[day]), day)

    with (ROOT / "replay/data/sfc_short_positions_20260102_20260227.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] == str(day)]
    assert figures(positions) == {
        int(row["code"]): (int(row["short_shares"]), int(row["short_value_hkd"])) for row in rows
    }
    assert positions.names == tuple(row["name"] for row in rows)


@pytest.mark.parametrize("cell", ["n.a.", "1.18734E+11", "1E+11", "", "-", "N/A"])
def test_what_is_no_figure_is_blank_and_never_0(cell: str) -> None:
    assert read(TEXT.replace(ROW, ROW.replace("11157013", cell)))[2160] == (3_169_606, None)


def test_a_figure_that_lost_a_digit_is_no_shares_at_a_price_and_blank() -> None:
    assert read(TEXT.replace(ROW, ROW.replace("11157013", "1117013")))[2160] == (None, None)
    assert read(TEXT.replace(ROW, ROW.replace("3169606", "316606")))[2160] == (None, None)


def test_figures_with_thousands_commas_and_padded_codes_are_read() -> None:
    row = '27/2/2026,02160,MP CARDIOFLOW-B,"3,169,606","11,157,013"'

    assert read(TEXT.replace(ROW, row)) == read(TEXT)


def test_a_row_of_blanks_below_the_last_one_is_passed_over() -> None:
    assert read(TEXT + ",,,,\r\n\r\n") == read(TEXT)


@pytest.mark.parametrize(
    ("told", "was", "becomes"),
    [
        ("want the columns", "(Shares)", "(Units)"),
        (
            "want the columns",
            "(Shares),Aggregated Reportable Short Positions (HK$)",
            "(HK$),Aggregated (Shares)",
        ),
        (r"line \d+ .*want D/M/YYYY", ROW, ROW.replace("27/02/2026", "2026-02-27")),
        (r"line \d+ .*month", ROW, ROW.replace("27/02/2026", "02/27/2026")),
        (r"line \d+ .*whole figure", ROW, ROW.replace("11157013", "11157013.5")),
        (r"line \d+ .*whole figure", ROW, ROW.replace("11157013", "-11157013")),
        (r"line \d+ .*6 cells", ROW, ROW.replace("11157013", "11,157013")),
        (r"line \d+ .*Stock Code", ROW, ROW.replace("2160", "02160.HK")),
        (r"line \d+ .*stands below", ROW, ROW.replace("2160", "216")),
        (r"line \d+ .*", ROW, ROW.replace("MP", '"MP')),
    ],
)
def test_another_layout_is_refused_with_its_line(told: str, was: str, becomes: str) -> None:
    assert was in TEXT
    with pytest.raises(SiteChanged, match=told):
        read(TEXT.replace(was, becomes, 1))


def test_shares_that_are_not_worth_their_hk_dollars_are_refused() -> None:
    with pytest.raises(SouthboundError, match="stock 2160: 3,169,606 shares are not worth HK"):
        read(TEXT.replace(ROW, ROW.replace("11157013", "0")))


def test_a_file_whose_figures_are_no_shares_at_a_price_is_refused() -> None:
    rows = [row.split(",") for row in TEXT.split("\r\n")]
    swapped = "\r\n".join(
        ",".join([*row[:3], *row[:2:-1]]) if row[0][:1].isdigit() else ",".join(row) for row in rows
    )

    with pytest.raises(SiteChanged, match="no shares at a price"):
        read(swapped)


def test_the_file_of_another_week_is_refused() -> None:
    with pytest.raises(OtherDate, match="asked for 2026-02-20, the list is headed 2026-02-27"):
        read_short_positions(FILE, date(2026, 2, 20))


def test_a_file_of_few_rows_is_not_the_whole() -> None:
    with pytest.raises(SiteChanged, match="40 rows, want at least 500"):
        read("\r\n".join(TEXT.split("\r\n")[:41]))


def test_a_page_in_place_of_the_file_is_not_published() -> None:
    with pytest.raises(NotPublished):
        read_short_positions(b"\r\n<!DOCTYPE html>", FRIDAY)


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x00" * 100, b"x," * 2**21])
def test_what_is_no_such_file_is_refused(content: bytes) -> None:
    with pytest.raises(SiteChanged):
        read_short_positions(content, FRIDAY)


def test_the_file_of_a_day_is_named_by_it() -> None:
    assert short_positions_path(FRIDAY) == "2026/02/27/Short_Position_Reporting_Aggregated_Data_20260227.csv"


@given(kind=st.sampled_from(KINDS), place=st.integers(0, len(FILE) - 1), byte=st.sampled_from(BYTES))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_gives_the_right_figures_blanks_or_an_error(
    kind: str, place: int, byte: bytes
) -> None:
    """Beyond any reader is a digit that is lost where the figures stay shares at a price, like a last 0."""
    if kind in {"a byte deleted", "cut off"} and FILE[place : place + 1].isdigit():
        return
    try:
        got = figures(read_short_positions(mutated(FILE, kind, place, byte), FRIDAY))
    except SouthboundError:
        return

    want = figures(read_short_positions(FILE, FRIDAY))
    assert got.keys() <= want.keys()
    assert all(mine in (None, true) for code in got for mine, true in zip(got[code], want[code], strict=True))
