"""The exchange's daily quotations of one trading day, as a file of the real size.

25-29 MB, nearly all of it sales records; `iso-8859-1`, HTML round `<pre>`. Made up, in the layout and with
all oddities that were seen in public parsers and saved files; the same seed gives the same file.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from html import escape
from random import Random
from textwrap import wrap

from replay.figures import english_names

COUNTERS = 17_000
GEM_COUNTERS = 320
SIZE = 27 * 2**20
"""Bytes of a file, nearly."""
PAGE_BREAK = "</font></pre><pre><font size='1'>"
LINES_OF_A_PAGE = 60
NAME_WIDTH = 16
WRAPPED = 0.01
"""Part of the names that go on below their line, if they are longer than their column."""
SUFFIXES = {"HKD": "", "CNY": "-R", "USD": "-U"}
MOST_ACTIVE = 20
CHUNK = 2**16
RULE = "-" * 79
HEADING = (
    " CODE  NAME OF STOCK    CUR PRV.CLO./    ASK/    HIGH/      SHARES TRADED/\n"
    "                            CLOSING      BID     LOW        TURNOVER ($)\n"
)
CONTENTS: Mapping[str, str] = {
    "quotations": "QUOTATIONS",
    "sales_all": "SALES RECORDS FOR ALL STOCKS",
    "short_selling": "SHORT SELLING TURNOVER - DAILY REPORT",
}
BOARDS: Sequence[tuple[str, range, float]] = (
    ("CNY", range(80_000, 90_000), 0.015),  # RMB counters and bonds
    ("USD", range(9_000, 10_000), 0.005),
    ("HKD", range(1, 10_000), 0.35),
    ("HKD", range(10_000, 30_000), 0.40),  # warrants
    ("HKD", range(50_000, 70_000), 0.23),  # callable bull/bear contracts
)
"""Currency, codes, and part of the counters."""


class QuotationFault(StrEnum):
    """One way for the file to go wrong."""

    OTHER_DATE = "other_date"
    NO_DATE = "no_date"
    NO_QUOTATIONS = "no_quotations"
    NO_SALES_ANCHOR = "no_sales_anchor"
    NO_HEADING = "no_heading"
    CUT_OFF = "cut_off"  # in the midst of the quotations
    LOST_LINE = "lost_line"  # the second one of a counter
    ADDED_COLUMN = "added_column"
    TEXT_IN_NUMBERS = "text_in_numbers"
    DUPLICATE_CODE = "duplicate_code"
    FEW_COUNTERS = "few_counters"  # the first 55: what a parser of the field took for the whole
    MAINTENANCE = "maintenance"  # another page in its place


@dataclass(frozen=True, slots=True)
class Quoted:
    """One counter as the file shows it; "-" and "N/A" as there. `state` is empty, or why it has no prices."""

    code: int
    name: str
    currency: str
    mark: str = " "
    flag: str = " "
    state: str = ""
    previous_close: str = "-"
    close: str = "-"
    ask: str = "-"
    bid: str = "-"
    high: str = "-"
    low: str = "-"
    shares_traded: str = "-"
    turnover: str = "-"


def counters(day: date, seed: int = 1, count: int = COUNTERS) -> list[Quoted]:
    """What a day's file shows, by code: those recorded on the southbound list first."""
    rng = Random(f"{seed} {day}")
    names = english_names()
    chosen: dict[int, str] = dict.fromkeys(sorted(names)[: count // 2], "HKD")
    for currency, codes, part in BOARDS:
        for code in Random(seed).sample(codes, min(len(codes), round(part * count))):
            if len(chosen) < count:
                chosen.setdefault(code, currency)
    return most_active([quoted(rng, code, names.get(code, ""), chosen[code]) for code in sorted(chosen)])


def most_active(every: Sequence[Quoted]) -> list[Quoted]:
    """The counters, those with the largest turnover marked."""
    marked = list(every)
    by_turnover = sorted(
        (place for place, each in enumerate(marked) if each.turnover != "-"),
        key=lambda place: -int(marked[place].turnover.replace(",", "")),
    )
    for place in by_turnover[:MOST_ACTIVE]:
        marked[place] = replace(marked[place], mark="*")
    return marked


def quoted(rng: Random, code: int, name: str, currency: str) -> Quoted:
    """One counter: most traded, some not, a few suspended, halted or without any price."""
    kind = rng.choice(("HOLDINGS", "TECH #1", "PROPERTIES & CO", "BANK", "BIO'S <A>", "PHARMA-B", "GP"))
    width = 3 * NAME_WIDTH if rng.random() < WRAPPED else NAME_WIDTH
    name = wrap(name or f"{chr(65 + code % 26)}{code % 97} {kind}{SUFFIXES[currency]}", width)[0]
    plain = Quoted(code, name, currency)
    fate = rng.random()
    if fate < 0.01:
        return replace(plain, state="TRADING SUSPENDED")
    if fate < 0.013:
        return replace(plain, state="TRADING HALTED", flag="#")
    if fate < 0.02:
        return replace(plain, previous_close="N/A", close="N/A")
    middle = min(9_000_000, max(20, round(1000 * rng.lognormvariate(1.2, 1.6))))
    tick = 5 if middle < 10_000 else 50 if middle < 100_000 else 200
    steps = [middle // tick + rng.randint(-2, 2) for _ in range(4)]
    previous, close, bid = (price_text(max(1, step) * tick) for step in steps[:3])
    ask = price_text(max(1, steps[2] + 1) * tick)
    plain = replace(
        plain, previous_close=previous, close=close, bid=bid, ask=ask if rng.random() < 0.97 else "-"
    )
    if fate < 0.45:
        return plain
    low, high = (max(1, end(steps[1], steps[3])) * tick for end in (min, max))
    shares = max(1, round(rng.lognormvariate(12, 2)))
    return replace(
        plain,
        high=price_text(high),
        low=price_text(low),
        shares_traded=f"{shares:,}",
        turnover=f"{max(1, shares * (low + high) // 2000):,}",
    )


def price_text(thousandths: int) -> str:
    """With two decimals, or three where it needs them."""
    text = f"{thousandths // 1000}.{thousandths % 1000:03}"
    return text.removesuffix("0")


def quotation_file(
    day: date,
    quoted: Sequence[Quoted],
    faults: Collection[QuotationFault] = (),
    size: int = SIZE,
) -> Iterator[bytes]:
    """The file in chunks of 64 kB.

    Args:
        day: the trading day in its heading.
        quoted: its counters.
        faults: what is wrong with it.
        size: about how many bytes; the sales records fill it up.
    """
    text = ""
    for part in _parts(day, quoted, frozenset(faults), size):
        text += part
        while len(text) >= CHUNK:
            yield text[:CHUNK].encode("iso-8859-1")
            text = text[CHUNK:]
    yield text.encode("iso-8859-1")


def _parts(
    day: date, quoted: Sequence[Quoted], faults: frozenset[QuotationFault], size: int
) -> Iterator[str]:
    if QuotationFault.MAINTENANCE in faults:
        yield "<html><head><title>HKEX</title></head><body>The website is under maintenance.</body></html>\n"
        return
    yield "<html><head><title>Daily Quotations</title></head><body><pre><font size='1'>\n"
    shown = date.fromordinal(day.toordinal() - 1) if QuotationFault.OTHER_DATE in faults else day
    heading = "" if QuotationFault.NO_DATE in faults else f"DATE: {shown:%d %b %Y (%A)}".upper()
    yield f"EXCHANGE SQUARE, HONG KONG      TEL: 25221122        {heading}\n\nTABLE OF CONTENT\n"
    yield "".join(f'<a href="#{name}">{title}</a>\n' for name, title in CONTENTS.items())
    if QuotationFault.NO_QUOTATIONS not in faults:
        yield f"{RULE}\n{_anchor('quotations')}\n"
    if QuotationFault.NO_HEADING not in faults:
        yield HEADING
    lines = list(_lines(quoted, faults))
    if QuotationFault.CUT_OFF in faults:
        yield "\n".join(lines)[: -(len(lines) * 20)]
        return
    for place, line in enumerate(lines):
        yield f"{PAGE_BREAK}{line}\n" if place % LINES_OF_A_PAGE == LINES_OF_A_PAGE - 1 else f"{line}\n"
    yield " * 20 Most Active($) Stock\n # Stock with Trading Suspend/Halt taking effect from Today\n"
    if QuotationFault.NO_SALES_ANCHOR not in faults:
        yield f"{RULE}\n{_anchor('sales_all')}\n CODE  NAME OF STOCK    SALES RECORD\n"
    yield from _sales_records(quoted, size)
    yield "</font></pre></body></html>\n"


def _anchor(name: str) -> str:
    return f'                            <a name = "{name}">{CONTENTS[name]}</a>'


def _lines(quoted: Sequence[Quoted], faults: frozenset[QuotationFault]) -> Iterator[str]:
    """The lines of the counters, spoiled where one is."""
    if QuotationFault.FEW_COUNTERS in faults:
        quoted = quoted[:55]
    spoiled_place = next(place for place, each in enumerate(quoted) if each.shares_traded != "-")
    for place, each in enumerate(quoted):
        lines = lines_of(each)
        if place == spoiled_place:
            if QuotationFault.LOST_LINE in faults:
                lines = lines[:1]
            if QuotationFault.TEXT_IN_NUMBERS in faults:
                lines[1] = f"{lines[1][:28]}SEE NOTE{lines[1][36:]}"
            if QuotationFault.DUPLICATE_CODE in faults:
                lines *= 2
        if QuotationFault.ADDED_COLUMN in faults:
            lines = [f"{line[:27]}     100 {line[27:]}" for line in lines]
        yield from lines


def lines_of(quoted: Quoted) -> list[str]:
    """One counter: two lines, one if it is suspended, more if its name is too long for its column."""
    name, *more = wrap(quoted.name, NAME_WIDTH)
    head = f"{quoted.mark}{quoted.code:>5}{quoted.flag}{_markup(name)} {quoted.currency}"
    if quoted.state:
        return [f"{head} {quoted.state}"]
    first = _cells(quoted.previous_close, quoted.ask, quoted.high, quoted.shares_traded)
    second = _cells(quoted.close, quoted.bid, quoted.low, quoted.turnover)
    return [f"{head}{first}", *(f"       {escape(rest, quote=False)}" for rest in more), f"{'':27}{second}"]


def _markup(name: str) -> str:
    """Padded to its column as it is seen, not as it is written."""
    return escape(name, quote=False) + " " * (NAME_WIDTH - len(name))


def _cells(*texts: str) -> str:
    """Three prices, their points under each other, and a whole number."""
    *prices, whole = texts
    return "".join(_price_cell(text) for text in prices) + f"{whole:>20}"


def _price_cell(text: str) -> str:
    whole, point, decimals = text.partition(".")
    return f"{whole:>5}{point}{decimals:<3}" if point else f"     {text:<4}"


def _sales_records(quoted: Sequence[Quoted], size: int) -> Iterator[str]:
    """Sales of 1,000 and 2,000 shares at the close, for each counter alike: nobody reads them."""
    traded = [each for each in quoted if each.turnover != "-"]
    left = max(0, size - 150 * len(quoted)) // max(1, len(traded))
    for each in traded:
        sale = f"       [ 1000-{each.close} 2000-{each.close} 1000-{each.close} 2000-{each.close} ]\n"
        yield f"{each.code:>6} {_markup(each.name[:NAME_WIDTH])}\n" + sale * (left // len(sale))


def no_trading_page() -> bytes:
    """What stands under a holiday's address, with status 200: 918 bytes."""
    notice = b"Hong Kong Public Holiday, NO TRADING."
    text = b"<html><head><title>Daily Quotations</title></head><body><pre>\n" + notice + b"\n</pre>"
    return text.ljust(903) + b"\n</body></html>"
