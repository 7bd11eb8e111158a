"""How much of each list stands in the mail's page, so that mail programs show all of it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

MOST_BYTES = 90_000
"""Of the page. Gmail cuts it at about 102 kB. Reports differ on whether it counts it as it is sent, which
is larger, or as it is read."""

LINE = 76
"""Characters of a line of quoted-printable or base64 (RFC 2045, 6.7 and 6.8)."""

PLAIN = bytes(set(range(32, 127)) - {ord("=")}) + b"\n"
"""What quoted-printable leaves as it is; all else becomes three bytes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How many lines of each list stand in the page; the plain text has all of them.

    Attributes:
        watched: stocks of the watchlist.
        adjustments: events without a trade.
        highlights: stocks under each heading of streaks, highs and lows.
        listed: additions, and removals; of these the text has no more either.
    """

    watched: int = 60
    adjustments: int = 40
    highlights: int = 20
    listed: int = 20

    def less(self) -> "Shown":
        """Fewer: first of the watchlist, which alone can be long by anybody's choice."""
        if self.watched > 15:
            return replace(self, watched=self.watched * 3 // 4)
        return Shown(self.watched // 2, self.adjustments // 2, self.highlights // 2, self.listed // 2)


def fitted(page_of: Callable[[Shown], str]) -> str:
    """The page with as many lines as fit.

    Args:
        page_of: makes it, with so many lines.
    """
    shown = Shown()
    page = page_of(shown)
    while size(page) > MOST_BYTES and shown != shown.less():
        shown = shown.less()
        page = page_of(shown)
    return page


def size(page: str) -> int:
    """Bytes of the page as it is sent, line ends and all; never less than they are."""
    return min(_as_quoted(page), _as_base64(page))


def encoding(page: str) -> Literal["quoted-printable", "base64"]:
    """The shorter way to send it. The email package judges by the first lines alone."""
    return "quoted-printable" if _as_quoted(page) <= _as_base64(page) else "base64"


def _as_quoted(page: str) -> int:
    content = page.encode()
    quoted = len(content) + 2 * len(content.translate(None, PLAIN))
    # A line ends with two bytes, one that is broken with three; a sign of three bytes is not broken.
    return quoted + 2 * content.count(b"\n") + 3 * (quoted // (LINE - 4) + 1)


def _as_base64(page: str) -> int:
    encoded = 4 * (len(page.encode()) // 3 + 1)
    return encoded + 2 * (encoded // LINE + 1)
