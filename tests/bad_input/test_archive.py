"""What somebody else writes into the archive: it is as we wrote it, or costs its month and is named."""

import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from southbound.archive.archive import Archive
from southbound.archive.folders import LocalFolder
from southbound.archive.kinds import HOLDINGS, Kind
from southbound.archive.manifest import FILE
from southbound.archive.month_files import Reading, decode, encode
from southbound.market.origin import Origin
from tests.archive.figures import MADE_UP, PRICES, SHORT_POSITIONS, TURNOVER
from tests.archive.readings import READ, put, reading, session
from tests.bad_input.attacks import Attack, Case, each

DAY = session(0)
FILES = {
    kind.name: encode(kind, {DAY: [Reading(DAY, make(DAY), Origin("s", READ))]}) for kind, _, make in MADE_UP
}
FILES[HOLDINGS.name] = encode(HOLDINGS, {DAY: [reading(0)]})
BOMB = b"[" * 1_000_000


class Spoilt(NamedTuple):
    """A column of a file, and what stands there in place of its cells."""

    kind: Kind[Any]
    column: str
    cells: list[Any]


PRICED, OFFICIAL, SHORT = PRICES[0], TURNOVER[0], SHORT_POSITIONS[0]
CELLS: list[Case[Spoilt, str]] = [
    Case(Attack.MISSING, "a code", Spoilt(HOLDINGS, "code", [1, None, 700]), ""),
    Case(Attack.MISSING, "a date", Spoilt(HOLDINGS, "date", [DAY, None, DAY]), ""),
    Case(Attack.MISSING, "a price's date", Spoilt(PRICED, "date", [None] * 3), ""),
    Case(Attack.HUGE, "a date", Spoilt(HOLDINGS, "date", [date.max] * 3), "no date"),
    Case(Attack.HUGE, "a moment", Spoilt(PRICED, "read_at", [2**62] * 3), ""),
    Case(Attack.MISSING, "shares", Spoilt(HOLDINGS, "shares", [1, None, 9]), ""),
    Case(Attack.MISSING, "a price's code", Spoilt(PRICED, "code", [5, None, 700]), ""),
    Case(Attack.MISSING, "a state", Spoilt(PRICED, "state", [None] * 3), ""),
    Case(Attack.MISSING, "turnover of what was traded", Spoilt(PRICED, "turnover", [None] * 3), ""),
    Case(Attack.MISSING, "a channel", Spoilt(OFFICIAL, "channel", [None] * 4), ""),
    Case(Attack.MISSING, "a rank", Spoilt(OFFICIAL, "rank", [None, 1, 2, 0]), ""),
    Case(Attack.MISSING, "a channel's own row", Spoilt(OFFICIAL, "rank", [1, 1, 2, 0]), "no total before it"),
    Case(Attack.MISSING, "an active stock's code", Spoilt(OFFICIAL, "code", [None, None, 700, None]), ""),
    Case(Attack.MISSING, "what was bought", Spoilt(OFFICIAL, "buy", [None, 9.0, 5.0, None]), ""),
    Case(Attack.EMPTY, "names", Spoilt(OFFICIAL, "name", [None] * 4), ""),
    Case(Attack.EMPTY, "a name that is none", Spoilt(SHORT, "name", ["CKH", None, "GAS"]), ""),
    Case(Attack.HUGE, "a code twice", Spoilt(PRICED, "code", [5, 5, 700]), "each once"),
    Case(Attack.HUGE, "no end", Spoilt(PRICED, "close", [float("inf"), None, 441.4]), ""),
    Case(Attack.HUGE, "more of a stock than of all", Spoilt(OFFICIAL, "buy", [1.0, 9.0, 5.0, None]), ""),
    Case(Attack.HUGE, "a name", Spoilt(SHORT, "name", ["x" * 501, "B", "C"]), "501 characters"),
    Case(Attack.WRONG_TYPE, "a price of 0", Spoilt(PRICED, "close", [0.0, None, 441.4]), "above 0"),
    Case(Attack.WRONG_TYPE, "a code below 0", Spoilt(PRICED, "code", [-5, 7, 700]), ""),
    Case(Attack.WRONG_TYPE, "half a HK$ of a stock", Spoilt(OFFICIAL, "buy", [43e9, 9.5, 5.0, None]), ""),
    Case(Attack.WRONG_TYPE, "fewer than no shares", Spoilt(SHORT, "shares", [-1, 0, None]), ""),
    Case(Attack.WRONG_TYPE, "shares worth nothing", Spoilt(SHORT, "value", [0, 0, None]), ""),
    Case(Attack.WRONG_TYPE, "another exchange", Spoilt(OFFICIAL, "channel", ["SSE"] * 3 + ["NYSE"]), ""),
    Case(Attack.MARKUP, "a state", Spoilt(PRICED, "state", ["traded", "<script>", "traded"]), ""),
    Case(Attack.FORMULA, "a channel", Spoilt(OFFICIAL, "channel", ["=1+1"] * 4), ""),
    Case(Attack.CONTROL, "a state", Spoilt(PRICED, "state", ["\x1b[31m"] * 3), ""),
    Case(Attack.BEYOND_64_BITS, "shares", Spoilt(PRICED, "shares_traded", [None, None, 2**62]), ""),
    Case(Attack.BEYOND_64_BITS, "a holding", Spoilt(HOLDINGS, "shares", [2**62, 7, 9]), ""),
]
# Not tried, broken UTF-8 and JSON bombs: in cells there are none; 100 MB: the manifest's


@each(CELLS)
def test_figures_that_cannot_be_true_are_refused_in_a_short_line(case: Case[Spoilt, str]) -> None:
    kind, column, cells = case.given
    table = pq.read_table(io.BytesIO(FILES[kind.name]))
    field = kind.schema.field(column)
    place = table.schema.get_field_index(column)
    sink = io.BytesIO()
    pq.write_table(table.set_column(place, field, pa.array(cells, field.type)), sink)

    with pytest.raises(ValueError, match=case.then or None) as refused:
        decode(kind, sink.getvalue())

    assert str(refused.value).isprintable()
    assert 0 < len(str(refused.value)) < 300


MANIFESTS: list[Case[bytes, str]] = [
    Case(Attack.MISSING, "its files", b'{"format": 1, "before": {}}', "no manifest"),
    Case(Attack.EMPTY, "of all", b"", "made anew"),
    Case(Attack.WRONG_TYPE, "a list", b"[]", "made anew"),
    Case(Attack.MARKUP, "for a format", b'{"format": "<script>"}', "format '<script>'"),
    Case(Attack.BROKEN_UTF8, "", b"{\xff}", "made anew"),
    Case(Attack.BEYOND_64_BITS, "a format", b'{"format": 1' + b"0" * 30 + b"}", "format 1000"),
    Case(Attack.JSON_BOMB, "", BOMB, "made anew"),
    Case(
        Attack.HUGE, "an unknown path", json.dumps({"format": 1, "files": {"../" * 9_000: {}}}).encode(), ""
    ),
    Case(Attack.HUNDRED_MEGABYTES, "", b" " * 100_000_000, "want at most 64,000,000"),
]


@each(MANIFESTS)
def test_a_manifest_that_is_none_is_named_and_made_anew_from_the_files(
    case: Case[bytes, str], tmp_path: Path
) -> None:
    put(Archive.opened(LocalFolder(tmp_path)), reading(0))
    (tmp_path / FILE).write_bytes(case.given)

    archive = Archive.opened(LocalFolder(tmp_path))

    assert case.then in archive.damaged[FILE]
    assert archive.damaged[FILE].isprintable()
    assert len(archive.damaged[FILE]) < 300
    assert list(archive.days(HOLDINGS)) == [DAY]
    put(archive, reading(1))
    assert Archive.opened(LocalFolder(tmp_path)).damaged == {}


def test_a_file_whose_manifest_was_forged_with_it_is_refused_by_what_is_in_it(tmp_path: Path) -> None:
    put(Archive.opened(LocalFolder(tmp_path)), reading(0))
    name = HOLDINGS.file(DAY)
    forged = FILES["prices"]
    (tmp_path / name).write_bytes(forged)
    manifest = json.loads((tmp_path / FILE).read_text())
    manifest["files"][name]["sha256"] = hashlib.sha256(forged).hexdigest()
    (tmp_path / FILE).write_text(json.dumps(manifest))
    archive = Archive.opened(LocalFolder(tmp_path))

    with pytest.raises(Exception, match="its columns are"):
        archive.readings(HOLDINGS, name)

    assert list(archive.damaged) == [name]
