"""The official companions of the recorded holdings, as recorded in `data/` (see PROVENANCE.md there)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from replay.figures import records

TURNOVER = "connect_southbound_turnover_20250901_20260227.csv"
SHORT_POSITIONS = "sfc_short_positions_20260102_20260227.csv"


class Position(NamedTuple):
    """What was sold short of one counter: whole shares, whole HK$."""

    code: int
    name: str
    shares: int
    value: int


@cache
def recorded_turnover() -> Mapping[date, Mapping[str, tuple[int, int]]]:
    """Bought and sold in hundredths of HK$ million, by trade date and channel (`SSE`, `SZSE`)."""
    found: dict[date, dict[str, tuple[int, int]]] = {}
    for record in records(TURNOVER):
        both = (round(float(record[f"{side}_hkd_mn"]) * 100) for side in ("buy", "sell"))
        found.setdefault(date.fromisoformat(record["date"]), {})[record["channel"].upper()] = tuple(both)  # type: ignore[assignment]
    return MappingProxyType(found)


@cache
def recorded_short_positions() -> Mapping[date, tuple[Position, ...]]:
    """Of nine Fridays, by code."""
    found: dict[date, list[Position]] = {}
    for record in records(SHORT_POSITIONS):
        figures = (int(record[name]) for name in ("short_shares", "short_value_hkd"))
        position = Position(int(record["code"]), record["name"], *figures)
        found.setdefault(date.fromisoformat(record["date"]), []).append(position)
    return MappingProxyType({day: tuple(positions) for day, positions in found.items()})


@cache
def implied_closes() -> Mapping[date, Mapping[int, float]]:
    """HK$ / shares of each position, which is that day's close."""
    return MappingProxyType(
        {
            day: {each.code: round(each.value / each.shares, 3) for each in positions if each.shares}
            for day, positions in recorded_short_positions().items()
        }
    )
