"""The table of the doors has no row without a test."""

import re

import pytest

from tests.conftest import ROOT

TABLE = (ROOT / "docs" / "doors.md").read_text(encoding="utf-8")
ROWS = [
    line
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith(("| the way", "| ---"))
]


@pytest.mark.parametrize("row", ROWS, ids=[row[2:50] for row in ROWS])
def test_what_a_row_says_is_tried(row: str) -> None:
    way, holds, tried = (cell.strip() for cell in row.strip("|").split(" | "))
    named = re.fullmatch(r"`(tests/\S+\.py)::(test_\w+)`", tried)

    assert way
    assert holds
    assert named is not None, tried
    assert f"def {named[2]}(" in (ROOT / named[1]).read_text(encoding="utf-8")
