"""The file of sectors: read as it is written by people, refused with the line that is wrong."""

from pathlib import Path

import pytest

from southbound.common.errors import SettingsError
from southbound.config import sectors
from southbound.config.sectors import Membership, sectors_of_file
from southbound.config.settings import load


def written(folder: Path, text: str | bytes) -> str:
    path = folder / "sectors.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_codes_are_read_as_they_are_written_and_other_columns_are_not(tmp_path: Path) -> None:
    text = '\ufeffName,Code , SECTOR\r\nTencent,00700,"Web,  games"\r\n\r\n,0005.HK,Banks\r\n匯豐,5,Banks\r\n'

    found = sectors_of_file(written(tmp_path, text))

    assert found.members == {700: Membership("Web, games"), 5: Membership("Banks")}


def test_a_group_stands_behind_its_sector(tmp_path: Path) -> None:
    found = sectors_of_file(written(tmp_path, "code,sector,group\n5,金融,銀行\n6,公用事業,\n"))

    assert found.members == {5: Membership("金融", "銀行"), 6: Membership("公用事業")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "its first line has no code and no sector"),
        ("700,Internet\n", "its first line has no code and no sector"),
        ("code,branch\n700,x\n", "its first line has no sector"),
        ("code,sector,sector\n700,x,y\n", "its first line has no sector"),
        ("code,sector\n", "it has no stocks"),
        ("code,sector\n700\n", "line 2 has 1 of 2 cells"),
        ("code,sector\n5,Banks\nTencent,Internet\n", "line 3 has no stock code"),
        ("code,sector\n0,Banks\n", "line 2 has no stock code"),
        ("code,sector\n123456,Banks\n", "line 2 has no stock code"),
        ("code,sector\n5, \n", "line 2 has no sector of at most 60 printable characters"),
        (f"code,sector\n5,{'x' * 61}\n", "line 2 has no sector of at most 60 printable characters"),
        ("code,sector\n5,a\x1bb\n", "line 2 has no sector of at most 60 printable characters"),
        ("code,sector\n5,Banks\n00005,Insurers\n", "line 3 has 5 again, elsewhere"),
        ('code,sector\n5,"Banks\n', "unexpected end of data"),
        (b"code,sector\n5,\xff\n", "readable and in UTF-8"),
        (b"PK\x03\x04\x00\xff\x00", "readable and in UTF-8"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    given = written(tmp_path, text)

    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {"STOCKS_SECTORS": given})

    [problem] = caught.value.problems
    assert problem.startswith("[stocks] sectors: got ")
    assert "want a CSV file with the columns code, sector and perhaps group" in problem
    assert told in problem


@pytest.mark.parametrize("given", ["/nowhere/sectors.csv", "/", "\x00", "x" * 5_000])
def test_a_file_that_is_not_there_is_a_problem_and_no_traceback(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="want a CSV file"):
        load(tmp_path, {"STOCKS_SECTORS": given})


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = written(tmp_path, "code,sector\n5,Banks\n6,Power\n")
    monkeypatch.setattr(sectors, "MOST_BYTES", 10)
    with pytest.raises(ValueError, match="at most"):
        sectors_of_file(given)
    monkeypatch.undo()
    monkeypatch.setattr(sectors, "MOST_LINES", 1)
    with pytest.raises(ValueError, match="more than 1 stocks"):
        sectors_of_file(given)
