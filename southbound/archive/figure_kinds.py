"""What is archived beside the holdings: prices, official turnover, short positions.

Each day is read as the store would read it, so that nothing is believed of a file that would not be believed
of the store.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pyarrow as pa

from southbound.archive.kinds import HOLDINGS, Kind
from southbound.common.errors import DamagedFigures
from southbound.common.remark import remark
from southbound.market.daily_prices import DailyPrices
from southbound.market.official_turnover import OfficialTurnover
from southbound.market.origin import Origin
from southbound.market.short_positions import ShortPositions
from southbound.market.stored_figures import cells, figures_text
from southbound.store import market_figures
from southbound.store.market_figures import FigureKind, Figures

F = TypeVar("F", bound=Figures)

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""When figures were read of which a file does not say it."""

TOTAL = 0
"""The rank of a channel's own row; of its most active stocks the first has 1."""


def _text(figures: Figures, origin: Origin) -> str:
    return figures.to_json(origin.source, (origin.read_at or UNKNOWN).astimezone(UTC))


def _read(read: Callable[[str], F], day: date, members: Mapping[str, Any]) -> F:
    """Raises DamagedFigures, also for what JSON does not have."""
    try:
        return read(figures_text(day, "", UNKNOWN, members))
    except (ValueError, TypeError) as error:
        raise DamagedFigures(remark("{day}: {error}", day=day, error=error)) from error


def _price_columns(prices: DailyPrices) -> Sequence[Any]:
    whole = (cells(figures, whole=True) for figures in (prices.shares_traded, prices.turnovers))
    return (prices.codes, prices.closes, *whole, list(map(str, prices.states)))


def _prices(day: date, *columns: list[Any]) -> DailyPrices:
    names = ("code", "close", "shares_traded", "turnover", "state")
    return _read(DailyPrices.from_json, day, dict(zip(names, columns, strict=True)))


def _short_columns(short: ShortPositions) -> Sequence[Any]:
    return (
        short.codes,
        short.names,
        *(cells(figures, whole=True) for figures in (short.shares, short.values)),
    )


def _short(day: date, *columns: list[Any]) -> ShortPositions:
    return _read(
        ShortPositions.from_json, day, dict(zip(("code", "name", "shares", "value"), columns, strict=True))
    )


def _turnover_columns(turnover: OfficialTurnover) -> Sequence[Any]:
    rows = [
        row
        for each in turnover.channels
        for row in (
            (str(each.channel), TOTAL, None, None, each.buy, each.sell),
            *((str(each.channel), rank, *stock) for rank, stock in enumerate(each.most_active, start=1)),
        )
    ]
    return tuple(map(list, zip(*rows, strict=True)))


def _turnover(day: date, *columns: list[Any]) -> OfficialTurnover:
    channels: list[dict[str, Any]] = []
    for channel, rank, code, name, buy, sell in zip(*columns, strict=True):
        if rank == TOTAL:
            channels.append({"channel": channel, "buy": buy, "sell": sell, "most_active": []})
        elif not channels or channels[-1]["channel"] != channel:
            raise DamagedFigures(
                remark(
                    "{day}: a stock of {channel}, and no total before it", day=day, channel=f"{channel!r:.20}"
                )
            )
        else:
            stock = {"code": code, "name": name, "buy": _whole(buy), "sell": _whole(sell)}
            channels[-1]["most_active"].append(stock)
    return _read(OfficialTurnover.from_json, day, {"channels": channels})


def _whole(amount: float | None) -> float | None:
    return int(amount) if amount is not None and amount.is_integer() else amount


PRICES: Kind[DailyPrices] = Kind(
    "prices",
    pa.schema(
        [
            ("code", pa.int32()),
            ("close", pa.float64()),
            ("shares_traded", pa.int64()),
            ("turnover", pa.int64()),
            ("state", pa.string()),
        ]
    ),
    _price_columns,
    _prices,
    _text,
    DamagedFigures,
)

TURNOVER: Kind[OfficialTurnover] = Kind(
    "turnover",
    pa.schema(
        [
            ("channel", pa.string()),
            ("rank", pa.int32()),
            ("code", pa.int32()),
            ("name", pa.string()),
            ("buy", pa.float64()),
            ("sell", pa.float64()),
        ]
    ),
    _turnover_columns,
    _turnover,
    _text,
    DamagedFigures,
    order=("channel", "rank"),
)

SHORT_POSITIONS: Kind[ShortPositions] = Kind(
    "short_positions",
    pa.schema([("code", pa.int32()), ("name", pa.string()), ("shares", pa.int64()), ("value", pa.int64())]),
    _short_columns,
    _short,
    _text,
    DamagedFigures,
)

BESIDE: tuple[tuple[Kind[Any], FigureKind[Any]], ...] = (
    (PRICES, market_figures.PRICES),
    (TURNOVER, market_figures.TURNOVER),
    (SHORT_POSITIONS, market_figures.SHORT_POSITIONS),
)
"""Each kind beside the holdings, and what it is in the store."""

KINDS: tuple[Kind[Any], ...] = (HOLDINGS, *(kind for kind, _ in BESIDE))
