"""Where a day's figures come from, and when they were read. Pure."""

from dataclasses import dataclass
from datetime import datetime

SITE = "hkexnews"
"""The source of what the scraper has read from the page."""

LONGEST_SOURCE = 40
"""Characters."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one day.

    Attributes:
        source: `SITE`, or the format of the file that the day was imported from; of other figures than
            holdings the address or the file's name.
        read_at: when it was read; None if nobody has noted that.
    """

    source: str = SITE
    read_at: datetime | None = None
