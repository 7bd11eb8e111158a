"""Where the stored prices of a day come from: which boards by their own files, and which frames. Pure.

`d260227e.htm, GEM/e_G260227.htm at https://…`, or its parts divided by semicolons: what was read last first,
what was put together of frames last.
"""

from collections.abc import Collection
from datetime import date

from southbound.hkex.quotations import Board
from southbound.market.origin import Origin

FRAME = "frame "
"""Begins the part of a source that is a frame's."""


def without_frames(source: str) -> str:
    """What is official of a source."""
    return "; ".join(part for part in source.split("; ") if not part.startswith(FRAME))


def official(source: str, day: date) -> set[Board]:
    """The boards whose own files are stored."""
    return {board for board in Board if board.path(day) in without_frames(source)}


def joined(boards: Collection[Board], where: str, before: Origin | None, day: date) -> str:
    """The source of a day that has been added to.

    Args:
        boards: whose own files were read; none for a frame, which `where` names.
        where: `at` an address or `from` a file.
        before: of what was there; None if nothing was.
        day: the trading day.
    """
    parts = [] if before is None else before.source.split("; ")
    names = {board.path(day) for board in boards}
    others = official("" if before is None else before.source, day) - set(boards)
    kept = [
        part
        for part in parts
        if not part.startswith(FRAME) and any(board.path(day) in part for board in others)
    ]
    # A file has all counters of its board, so with both nothing of a frame is left.
    frames = (
        [part for part in parts if part.startswith(FRAME)] if len(others | set(boards)) < len(Board) else []
    )
    if not boards:
        return "; ".join(dict.fromkeys([*kept, where, *frames]))
    # Their names first, since a long address is cut: by them it is known what is there.
    first = ", ".join(board.path(day) for board in Board if board.path(day) in names)
    return "; ".join([f"{first} {where}" if not kept else first, *kept, *frames])
