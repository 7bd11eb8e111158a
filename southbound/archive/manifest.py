"""What an archive holds, as `manifest.json` says it. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from southbound.common.remark import remark
from southbound.market.trading_calendar import parse_date

FILE = "manifest.json"

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Content:
    """Of a day, or of a file.

    Attributes:
        rows: how many; of a day those of its newest reading.
        sha256: of the file; of a day: of its JSON in the store.
    """

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file, and the days in it."""

    content: Content
    days: Mapping[date, Content] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All files.

    Attributes:
        files: by their names.
        before: what the file that is being written was until then, None if there was none. It is written
            after the manifest, so that a file is whole if it is what either of them says.
    """

    files: Mapping[str, FileEntry] = field(default_factory=dict)
    before: Mapping[str, FileEntry | None] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The manifest as it is written."""
        parts = {
            part: {name: entry and _entry_json(entry) for name, entry in sorted(entries.items())}
            for part, entries in {"files": self.files, "before": self.before}.items()
        }
        return json.dumps({"format": FORMAT, **parts}, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Read a manifest.

        Raises:
            ValueError: it is none.
        """
        try:
            stored = json.loads(text)
            if stored["format"] != FORMAT:
                raise ValueError(
                    remark("format {got}, want {format}", got=f"{stored['format']!r:.20}", format=FORMAT)
                )
            before = {name: entry and _entry(entry) for name, entry in stored["before"].items()}
            return cls({name: _entry(entry) for name, entry in stored["files"].items()}, before)
        except (LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(remark("no manifest: {error}", error=f"{error!r:.80}")) from error


def _entry_json(entry: FileEntry) -> dict[str, Any]:
    days = {str(day): _content_json(content) for day, content in sorted(entry.days.items())}
    return {**_content_json(entry.content), "days": days}


def _content_json(content: Content) -> dict[str, Any]:
    return {"rows": content.rows, "sha256": content.sha256}


def _entry(stored: Mapping[str, Any]) -> FileEntry:
    return FileEntry(_content(stored), _days(stored["days"]))


def _days(stored: Mapping[str, Any]) -> dict[date, Content]:
    read = {parse_date(text): _content(content) for text, content in stored.items()}
    return {day: content for day, content in read.items() if day is not None}


def _content(stored: Mapping[str, Any]) -> Content:
    rows, digest = stored["rows"], stored["sha256"]
    if type(rows) is not int or not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError(remark("no rows, or no SHA-256"))
    return Content(rows, digest)
