"""What is archived: days of a kind, and how they stand in a file. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import pyarrow as pa

from southbound.common.errors import BadHoldings
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin

Day = TypeVar("Day")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Day]):
    """Days of one kind.

    Attributes:
        name: of their folder.
        figures: the columns beside `date`, `source` and `read_at`.
        columns: a day's figures, in the order of `figures`, each sorted by `order`.
        day: the day of such columns, with None for a blank. Raises the error that `bad` names.
        text: the day as the store holds it, read from an origin: its SHA-256 is compared.
        bad: what `day` raises of figures that cannot be true.
        order: the columns by which the rows of a day are sorted; no two rows have the same.
    """

    name: str
    figures: pa.Schema
    columns: Callable[[Day], Sequence[Any]]
    day: Callable[..., Day]
    text: Callable[[Day, Origin], str]
    bad: type[Exception]
    order: tuple[str, ...] = ("code",)

    @property
    def schema(self) -> pa.Schema:
        """All columns of a file."""
        around = (pa.field("date", pa.date32()), pa.field("source", pa.string()), READ_AT)
        return pa.schema([around[0], *self.figures, *around[1:]])

    def file(self, day: date) -> str:
        """The file of a day's month."""
        return f"{self.name}/{day:%Y-%m}.parquet"


READ_AT = pa.field("read_at", pa.timestamp("us", tz="UTC"))

HOLDINGS: Kind[DailyHoldings] = Kind(
    "holdings",
    pa.schema(
        [
            ("code", pa.int32()),
            ("name", pa.string()),
            ("shares", pa.int64()),
            ("percent", pa.float64()),
        ]
    ),
    lambda day: (day.codes, day.names, day.shares, day.percents),
    DailyHoldings.of,
    lambda day, _: day.to_json(),
    BadHoldings,
)
