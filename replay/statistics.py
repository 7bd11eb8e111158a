"""The exchange's Stock Connect daily statistics as a file: JavaScript, both directions of both channels."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from replay.file_faults import FileFault

CHANNELS = ("SSE", "SZSE")
SUMMARY = (
    "Total Turnover",
    "Buy Turnover",
    "Sell Turnover",
    "Total Trade Count",
    "Buy Trade Count",
    "Sell Trade Count",
    "ETF Turnover",
)
TOP_TEN = ("Rank", "Stock Code", "Stock Name", "Buy Turnover", "Sell Turnover", "Total Turnover")
NAME_WIDTH = 16


@dataclass(frozen=True, slots=True)
class Southbound:
    """A channel's day: bought and sold in hundredths of HK$ million, its stocks most traded first.

    A stock is its code, its name, and the whole HK$ that were bought and sold of it.
    """

    buy: int
    sell: int
    stocks: Sequence[tuple[int, str, int, int]]


def statistics_file(
    day: date, southbound: Mapping[str, Southbound | None], faults: Collection[FileFault] = ()
) -> bytes:
    """The file of a trade date.

    Args:
        day: the trade date.
        southbound: by channel; None if it was shut.
        faults: what is wrong with it.
    """
    shown = day - timedelta(days=1) if FileFault.OTHER_DATE in faults else day
    entries: list[dict[str, Any]] = []
    for channel in CHANNELS:
        for direction, figures in (("Northbound", None), ("Southbound", southbound[channel])):
            entries.append(
                {
                    "id": len(entries),
                    "date": shown.isoformat(),
                    "market": f"{channel} {direction}",
                    "tradingDay": int(southbound[channel] is not None),
                    "content": [
                        _table(1, "tradingTable", SUMMARY, [[cell] for cell in _summary(figures)], faults),
                        _table(2, "top10Table", TOP_TEN, _top_ten(figures), faults),
                    ],
                }
            )
    if FileFault.DUPLICATE_ROWS in faults:
        entries.append(entries[1])
    return f"tabData = {json.dumps(entries, ensure_ascii=False)};\n".encode()


def _table(
    style: int, name: str, schema: Sequence[str], rows: list[list[str]], faults: Collection[FileFault]
) -> dict[str, Any]:
    if FileFault.RENAMED_COLUMN in faults:
        schema = [column.replace("Buy Turnover", "Bought") for column in schema]
    if FileFault.FEW_ROWS in faults:
        rows = rows[:3]
    if FileFault.TEXT_IN_NUMBERS in faults:
        rows = [*rows[:1], ["SEE NOTE"] * len(rows[0]), *rows[2:]]
    return {
        "style": style,
        "table": {"classname": name, "schema": [list(schema)], "tr": [{"td": [row]} for row in rows]},
    }


def _summary(figures: Southbound | None) -> list[str]:
    if figures is None:
        return ["-"] * len(SUMMARY)
    total = figures.buy + figures.sell
    money = [f"{amount / 100:,.2f}" for amount in (total, figures.buy, figures.sell)]
    trades = [f"{amount // 10 * 2:,}" for amount in (total, figures.buy, figures.sell)]
    return [*money, *trades, f"{total / 5000:,.2f}"]


def _top_ten(figures: Southbound | None) -> list[list[str]]:
    if figures is None:
        return [["-"] * len(TOP_TEN)]
    return [
        [
            str(rank),
            f"{code:05}",
            f"{name[:NAME_WIDTH].strip():\u3000<{NAME_WIDTH}}",  # as the file pads names
            *(f"{amount:,}" for amount in (buy, sell, buy + sell)),
        ]
        for rank, (code, name, buy, sell) in enumerate(figures.stocks[:10], 1)
    ]
