"""The exchange's Stock Connect daily statistics -> official turnover of one trade date, or an error.

A JavaScript file of 5-25 kB, `tabData = [...];`, with an entry for each channel and direction. An entry has
two tables: style 1 with one figure a row, in HK$ million; style 2 with the ten most active stocks, in HK$.
Entries are found by their `market` and figures by their names in `schema`, never by position. A channel that
was shut has `-` in place of figures. Bought and sold must be the total, exactly. Pure.
"""

import re
from datetime import date
from typing import Any

from southbound.common.errors import NotPublished, OtherDate, SiteChanged
from southbound.common.remark import remark, remark_of
from southbound.common.text import one_line
from southbound.market.official_turnover import (
    MOST_ACTIVE,
    ActiveStock,
    Channel,
    ChannelTurnover,
    OfficialTurnover,
)
from southbound.market.strict_json import read_strictly

MOST_BYTES = 2**20

_ASSIGNED = re.compile(r"\s*(?:(?:var|let|const)\s+)?tabData\s*=\s*(\[.*\])\s*;?\s*", re.DOTALL)
_MILLIONS = re.compile(r"((?:0|[1-9]\d{0,2}(?:,\d{3})*))\.(\d{2})", re.ASCII)
_WHOLE = re.compile(r"0|[1-9]\d{0,2}(?:,\d{3})*", re.ASCII)
_TOTAL, _BUY, _SELL = "Total Turnover", "Buy Turnover", "Sell Turnover"
_HKD_A_HUNDREDTH = 10_000
"""Of a million."""


def turnover_path(day: date) -> str:
    """Of the file of a trade date, below the address of the daily statistics."""
    return f"data_tab_daily_{day:%Y%m%d}e.js"


def read_turnover(content: bytes, day: date) -> OfficialTurnover:
    """Read the file of a trade date.

    Raises:
        NotPublished: a page stands in its place.
        OtherDate: the file of another day.
        SiteChanged: not the layout that we know; it names what.
        BadTurnover: figures that cannot be true.
    """
    text = decoded(content, "the statistics", MOST_BYTES)
    match = _ASSIGNED.fullmatch(text)
    if not match:
        raise SiteChanged(
            remark("the statistics: want `tabData = [...];`, got {got}", got=f"{one_line(text, 60)!r}")
        )
    try:
        entries = read_strictly(match[1])
    except (ValueError, RecursionError) as error:
        raise SiteChanged(remark("the statistics: {error}", error=error)) from None
    return OfficialTurnover.of(day, [_channel(_entry(entries, channel), channel, day) for channel in Channel])


def decoded(content: bytes, what: str, most: int) -> str:
    """The text of a small file.

    Raises:
        NotPublished: a page stands in its place.
        SiteChanged: it is no UTF-8, or has too many bytes.
    """
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise NotPublished(remark("{what}: a page stands in place of the file", what=what))
    if len(content) > most:
        raise SiteChanged(
            remark(
                "{what}: got {count} bytes, want at most {most}",
                what=what,
                count=f"{len(content):,}",
                most=f"{most:,}",
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SiteChanged(
            remark(
                "{what}: {reason} at byte {start}", what=what, reason=error.reason, start=f"{error.start:,}"
            )
        ) from None


def _entry(entries: list[Any], channel: Channel) -> dict[str, Any]:
    market = f"{channel} Southbound"
    found = [entry for entry in entries if isinstance(entry, dict) and entry.get("market") == market]
    if len(found) != 1:
        raise SiteChanged(
            remark("the statistics have {count} entries of {market}, want 1", count=len(found), market=market)
        )
    return found[0]


def _channel(entry: dict[str, Any], channel: Channel, day: date) -> ChannelTurnover:
    """The southbound figures of a channel.

    Raises:
        OtherDate: they are of another day.
        SiteChanged: they are not where they should be.
    """
    try:
        got = date.fromisoformat(entry["date"])
        if got != day:
            raise OtherDate(day, got)
        if entry["tradingDay"] not in (0, 1):
            raise ValueError(remark("tradingDay: got {got}", got=f"{entry['tradingDay']!r:.20}"))  # noqa: TRY301 - told as one below
        if not entry["tradingDay"]:
            _check_shut(entry)
            return ChannelTurnover(channel, None, None)
        buy, sell = _bought_and_sold(_table(entry, 1))
        return ChannelTurnover(channel, buy, sell, tuple(_most_active(_table(entry, 2))))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SiteChanged(
            remark("the statistics of {channel} southbound: {error}", channel=channel, error=_told(error))
        ) from None


def _told(error: Exception) -> str:
    return (
        remark_of(error)
        if isinstance(error, ValueError)
        else f"{type(error).__name__}: {one_line(str(error), 60)}"
    )


def _check_shut(entry: dict[str, Any]) -> None:
    """Raises ValueError where a channel that did not trade has figures."""
    for part in entry.get("content") or []:
        cells = [cell for row in part["table"]["tr"] for line in row["td"] for cell in line]
        if part["style"] == 1 and any(cell != "-" for cell in cells):
            raise ValueError(remark("it has figures, and no trading day"))


def _table(entry: dict[str, Any], style: int) -> dict[str, Any]:
    tables = [part["table"] for part in entry["content"] if part["style"] == style]
    if len(tables) != 1:
        raise ValueError(
            remark("got {count} tables of style {style}, want 1", count=len(tables), style=style)
        )
    return dict(tables[0])


def _bought_and_sold(table: dict[str, Any]) -> tuple[float, float]:
    """HK$ of a channel."""
    [names] = table["schema"]
    rows = [row["td"] for row in table["tr"]]
    if len(names) != len(rows) or any(len(row) != 1 or len(row[0]) != 1 for row in rows):
        raise ValueError(
            remark(
                "got {count} rows for {names} names, want one with one figure for each",
                count=len(rows),
                names=len(names),
            )
        )
    figures = _by_name(names, [row[0][0] for row in rows])
    total, buy, sell = (_millions(figures[name], name) for name in (_TOTAL, _BUY, _SELL))
    _check_total(total, buy, sell, "of all stocks")
    return float(buy), float(sell)


def _most_active(table: dict[str, Any]) -> list[ActiveStock]:
    [names] = table["schema"]
    if len(table["tr"]) != MOST_ACTIVE:
        raise ValueError(
            remark(
                "got {count} most active stocks, want {most_active}",
                count=len(table["tr"]),
                most_active=MOST_ACTIVE,
            )
        )
    stocks = []
    for rank, row in enumerate(table["tr"], 1):
        [cells] = row["td"]
        figures = _by_name(names, cells)
        if str(figures["Rank"]) != str(rank):
            raise ValueError(
                remark(
                    "rank {rank} of the most active stocks: got {got}",
                    rank=rank,
                    got=f"{figures['Rank']!r:.20}",
                )
            )
        code = str(figures["Stock Code"])
        if not re.fullmatch(r"\d{1,5}", code, re.ASCII):
            raise ValueError(remark("Stock Code: got {code}", code=f"{code!r:.20}"))
        total, buy, sell = (_whole(figures[name], name) for name in (_TOTAL, _BUY, _SELL))
        _check_total(total, buy, sell, f"of stock {code}")
        stocks.append(ActiveStock(int(code), one_line(figures["Stock Name"]), buy, sell))
    return stocks


def _by_name(names: list[str], cells: list[Any]) -> dict[str, Any]:
    if len(names) != len(cells) or len(set(names)) != len(names):
        raise ValueError(remark("got {count} cells for {names} names", count=len(cells), names=len(names)))
    return dict(zip(names, cells, strict=True))


def _millions(cell: object, name: str) -> int:
    """HK$ from HK$ million with two decimals."""
    match = _MILLIONS.fullmatch(cell) if isinstance(cell, str) else None
    if not match:
        raise ValueError(
            remark("{name}: got {cell}, want HK$ million with two decimals", name=name, cell=f"{cell!r:.20}")
        )
    return int(match[1].replace(",", "") + match[2]) * _HKD_A_HUNDREDTH


def _whole(cell: object, name: str) -> int:
    if not isinstance(cell, str) or not _WHOLE.fullmatch(cell):
        raise ValueError(remark("{name}: got {cell}, want whole HK$", name=name, cell=f"{cell!r:.20}"))
    return int(cell.replace(",", ""))


def _check_total(total: int, buy: int, sell: int, what: str) -> None:
    if buy + sell != total:
        raise ValueError(
            remark(
                "{what} {buy} bought and {sell} sold are not the total of {total}",
                what=what,
                buy=f"{buy:,}",
                sell=f"{sell:,}",
                total=f"{total:,}",
            )
        )
