"""The regulator's weekly file of aggregated reportable short positions, as CSV."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from replay.file_faults import FileFault
from replay.recorded_official import Position

HEADING = (
    "Date,Stock Code,Stock Name,Aggregated Reportable Short Positions (Shares),"
    "Aggregated Reportable Short Positions (HK$)"
)
MANGLED_FROM = 10**11
"""From so many HK$ on a spreadsheet writes `1.18734E+11`, where `mangled` is asked for."""


def short_positions_file(
    day: date, positions: Sequence[Position], faults: Collection[FileFault] = (), *, mangled: bool = False
) -> bytes:
    """The file as of a day.

    Args:
        day: the week's last session.
        positions: by code.
        faults: what is wrong with it.
        mangled: whether a spreadsheet has gone over it: the largest figures are rounded, zeros are `n.a.`.
    """
    shown = day - timedelta(days=7) if FileFault.OTHER_DATE in faults else day
    rows = [
        f"{shown:%d/%m/%Y},{code},{name},{_figure(shares, mangled=mangled)},{_figure(value, mangled=mangled)}"
        for code, name, shares, value in positions
    ]
    if FileFault.FEW_ROWS in faults:
        rows = rows[:40]
    if FileFault.DUPLICATE_ROWS in faults:
        rows = [row for row in rows for _ in range(2)]
    if FileFault.TEXT_IN_NUMBERS in faults:
        rows[1] = rows[1].rpartition(",")[0] + ",see note"
    heading = HEADING.replace("(Shares)", "(Units)") if FileFault.RENAMED_COLUMN in faults else HEADING
    return "\r\n".join(["\ufeff" + heading, *rows, ""]).encode()


def _figure(figure: int, *, mangled: bool) -> str:
    if mangled and figure == 0:
        return "n.a."
    return f"{figure:.5E}" if mangled and figure >= MANGLED_FROM else str(figure)
