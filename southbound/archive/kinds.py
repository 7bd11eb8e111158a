"""What is archived: a row for each kind of days. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import pyarrow as pa

from southbound.common.errors import BadHoldings
from southbound.market.daily_holdings import DailyHoldings

Day = TypeVar("Day")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Day]):
    """Days of one kind.

    Attributes:
        name: of their folder.
        figures: the columns beside `date`, `source` and `read_at`; the first is `code`.
        columns: a day's figures, in the order of `figures`, each sorted by code.
        day: the day of such columns, with None for a blank. Raises the error that `bad` names.
        text: the day as the store holds it: its SHA-256 is compared.
        bad: what `day` raises of figures that cannot be true.
    """

    name: str
    figures: pa.Schema
    columns: Callable[[Day], Sequence[Any]]
    day: Callable[..., Day]
    text: Callable[[Day], str]
    bad: type[Exception]

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
    DailyHoldings.to_json,
    BadHoldings,
)

KINDS: tuple[Kind[Any], ...] = (HOLDINGS,)
