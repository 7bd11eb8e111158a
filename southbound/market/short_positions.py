"""What was reported as sold short at the end of one week, and what must be true of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np

from southbound.common.errors import BadShortPositions
from southbound.common.text import one_line
from southbound.market.daily_holdings import MOST_SHARES, Floats, Ints
from southbound.market.stored_figures import (
    WHOLE,
    by_code,
    cells,
    codes_of,
    column,
    day_and_members,
    figures_text,
    floats,
    reading_figures,
)

_ANY = datetime(2026, 1, 1, tzinfo=UTC)


class ShortPosition(NamedTuple):
    """One counter's; None is a blank, which is no 0.

    Attributes:
        code: stock code.
        name: short name, in one line.
        shares: whole shares sold short; 0 where no position is large enough to be reported.
        value: whole HK$, the shares at that day's close.
    """

    code: int
    name: str
    shares: int | None
    value: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ShortPositions:
    """The aggregated reportable short positions as of one day. RMB counters have rows of their own.

    All columns have one length and are sorted by code; the arrays cannot be written to; NaN is a blank.

    Attributes:
        day: the week's last session.
        codes: stock codes, positive and unique, ascending.
        names: short names, each in one line.
        shares: whole numbers, which float64 holds exactly up to 2**53.
        values: whole HK$. Where both are known they are both 0, or both above.
    """

    day: date
    codes: Ints
    names: tuple[str, ...]
    shares: Floats
    values: Floats

    @classmethod
    def of(cls, day: date, positions: Iterable[ShortPosition]) -> "ShortPositions":
        """Check and sort the positions of a day.

        Raises:
            BadShortPositions: naming the first counter whose figures cannot be true.
        """
        ordered = by_code(positions, _problem, BadShortPositions)
        codes = np.array([position.code for position in ordered], dtype=np.int64)
        codes.setflags(write=False)
        _, names, shares, values = zip(*ordered, strict=True) if ordered else ((), (), (), ())
        return cls(day, codes, names, floats(shares), floats(values))

    def has_the_same(self, other: "ShortPositions") -> bool:
        """Whether the same would be stored of both."""
        return self.to_json("", _ANY) == other.to_json("", _ANY)

    def __len__(self) -> int:
        return len(self.codes)

    def to_json(self, source: str, read_at: datetime) -> str:
        """The day as it is stored, with where it was read and when (the Redis contract)."""
        columns = {
            "code": self.codes.tolist(),
            "name": self.names,
            "shares": cells(self.shares, whole=True),
            "value": cells(self.values, whole=True),
        }
        return figures_text(self.day, source, read_at, columns)

    @classmethod
    def from_json(cls, text: str | bytes) -> "ShortPositions":
        """Read a stored day.

        Raises:
            DamagedFigures: the text is not what `to_json` writes.
        """
        with reading_figures():
            day, members = day_and_members(text)
            codes = codes_of(column(members, "code", frozenset({int})))
            names = tuple(map(one_line, column(members, "name", frozenset({str}))))
            if len(names) != len(codes):
                raise ValueError(f"name: got {len(names)} cells for {len(codes)} codes")
            shares, values = (
                floats(column(members, name, WHOLE), name, len(codes)) for name in ("shares", "value")
            )
            either = np.concatenate([shares, values])
            if ((either < 0) | (either > MOST_SHARES)).any():
                raise ValueError(f"want whole shares and HK$ from 0 to {MOST_SHARES:,}")
            known = ~(np.isnan(shares) | np.isnan(values))
            if ((shares == 0) != (values == 0))[known].any():
                raise ValueError("want shares and HK$ both 0, or both above")
            return cls(day, codes, names, shares, values)


def _problem(position: ShortPosition) -> str:
    """What cannot be true of a position; empty if nothing."""
    shares, value = position.shares, position.value
    if position.code < 1:
        return "want a positive stock code"
    if any(figure is not None and not 0 <= figure <= MOST_SHARES for figure in (shares, value)):
        return f"want shares and HK$ from 0 to {MOST_SHARES:,}, or blanks"
    if shares is not None and value is not None and (shares == 0) != (value == 0):
        return f"{shares:,} shares are not worth HK$ {value:,}"
    return ""
