"""HKEX's list of securities: read as the exchange writes it, refused if it is another file."""

from pathlib import Path

import openpyxl
import pytest

from southbound.common.errors import SettingsError
from southbound.config import securities
from southbound.config.securities import securities_of_file
from southbound.config.settings import load
from southbound.market.kinds import StockKind, kind_of_category

ROWS = [
    ["List of Securities"],
    ["Updated as at 27/02/2026"],
    ["Stock Code", "Name of Securities", "Category", "Sub-Category", "Board Lot"],
    ["00700", "TENCENT", "Equity", "Equity Securities (Main Board)", "100"],
    ["02800", "TRACKER FUND", "Exchange Traded Products", "Exchange Traded Funds", "500"],
    ["00823", "LINK REIT", "Real Estate Investment Trusts", " ", "100"],
    [" ", " ", " ", " ", " "],
    ["Total", "", "", "", ""],
]
KINDS = {700: StockKind.SHARE, 2800: StockKind.ETF, 823: StockKind.REIT}


def excel(folder: Path, rows: list[list[str]]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "ListOfSecurities.xlsx"
    book.save(path)
    return str(path)


def saved(folder: Path, text: str | bytes) -> str:
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_the_list_is_read_below_its_titles_from_excel_and_from_csv(tmp_path: Path) -> None:
    as_csv = saved(tmp_path, "\ufeff" + "\r\n".join(",".join(row) for row in ROWS))
    for given in (excel(tmp_path, ROWS), as_csv):
        found = load(tmp_path, {"STOCKS_SECURITIES": given}).stocks.securities

        assert found is not None
        assert {code: kind_of_category(category) for code, category in found.categories.items()} == KINDS
        assert str(found) == f"{given} (3 securities)"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "with securities under columns named Stock Code and Category"),
        ("a.csv", b"Stock Code,Name\n700,x\n", "with securities under columns named Stock Code and Category"),
        ("a.csv", b"Stock Code,Category\nx,Equity\n700,\n", "with securities under columns named"),
        ("a.csv", b"\xff\xfe", "readable, and in UTF-8 if it is CSV"),
        ("a.csv", b'Stock Code,Category\n5,"Equity', "readable, and in UTF-8 if it is CSV"),
        ("a.xlsx", b"no Excel", "readable, and in UTF-8 if it is CSV"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 100, "readable, and in UTF-8 if it is CSV"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {"STOCKS_SECURITIES": str(tmp_path / name)})

    [problem] = caught.value.problems
    assert problem.startswith("[stocks] securities: got ")
    assert told in problem


def test_a_file_that_is_not_there_or_unpacks_to_far_more_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="of at most 20 MB"):
        securities_of_file(str(tmp_path / "none.xlsx"))
    given = excel(tmp_path, ROWS)
    monkeypatch.setattr(securities, "MOST_UNPACKED", 1_000)
    with pytest.raises(ValueError, match="readable"):
        securities_of_file(given)
