"""What the scraper says of a folder that people put files into, and how that stands in its status."""

import json
from dataclasses import dataclass
from datetime import datetime

from southbound.common.text import one_line
from southbound.common.timestamps import parse_moment
from southbound.market.strict_json import read_strictly

MOST_FILES_TOLD, LONGEST_NAME, LONGEST_TOLD = 40, 100, 400

LONGEST_TEXT = 40_000
"""Characters of what is said of a folder."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file.

    Attributes:
        name: in its folder.
        read_at: when it was read last.
        told: what became of it, in a sentence.
        is_taken: whether all of it was; else somebody should look at it.
    """

    name: str
    read_at: datetime
    told: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What became of the files of a folder.

    Attributes:
        files: how many were read.
        outcomes: of those that were not wholly taken, and of the newest others, the newest first.
        trouble: why the folder cannot be looked into; empty if it can.
    """

    files: int = 0
    outcomes: tuple[FileOutcome, ...] = ()
    trouble: str = ""


def folder_text(folder: FolderStatus | None) -> str:
    """As it stands in the status; empty if there is no folder."""
    if folder is None:
        return ""
    outcomes = [
        [
            one_line(each.name, LONGEST_NAME),
            each.read_at.isoformat(timespec="seconds"),
            one_line(each.told, LONGEST_TOLD),
            each.is_taken,
        ]
        for each in sorted(folder.outcomes, key=lambda each: (each.is_taken, -each.read_at.timestamp()))
    ][:MOST_FILES_TOLD]
    told = {"files": folder.files, "trouble": one_line(folder.trouble, LONGEST_TOLD), "outcomes": outcomes}
    return json.dumps(told, ensure_ascii=False)


def read_folder(text: str) -> FolderStatus | None:
    """The opposite. Raises ValueError for what `folder_text` does not write."""
    if not text:
        return None
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{len(text):,} characters")
    try:
        told = read_strictly(text)
        outcomes = tuple(_outcome(*each) for each in told["outcomes"][:MOST_FILES_TOLD])
        if type(told["files"]) is not int:
            raise ValueError("want a number of files")
        return FolderStatus(told["files"], outcomes, one_line(told["trouble"], LONGEST_TOLD))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no status of a folder: {error}") from error


def _outcome(name: str, read_at: str, told: str, is_taken: object) -> FileOutcome:
    moment = parse_moment(read_at)
    if moment is None or not isinstance(is_taken, bool):
        raise ValueError("want a moment, and true or false")
    return FileOutcome(one_line(name, LONGEST_NAME), moment, one_line(told, LONGEST_TOLD), is_taken)
