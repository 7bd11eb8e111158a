"""The exchange's daily quotations of one board -> prices of one trading day, or an error that says why not.

A file has 25-29 MB, nearly all of it sales records; the quotations stand in front of them, and nothing behind
them is read. Two lines a counter, in fixed columns:

    *  700 TENCENT          HKD  453.00   441.60   447.60           20,289,781
                                 441.40   441.40   440.60        8,990,301,596

mark (`*`: one of the 20 most active), code, `#` (halted from today), name, currency, previous close, ask,
high, shares traded; then close, bid, low, turnover. `-` and `N/A` are blanks. A suspended or halted counter
has one line and no price. Decimal points stand under each other and both lines have one length: a line
that lost a character is refused, not read as another figure. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from html import unescape
from itertools import pairwise

from southbound.common.errors import NoTrading, OtherDate, SiteChanged, SiteUnavailable
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.market.daily_holdings import Bools, Ints
from southbound.market.daily_prices import DailyPrices, Quote, TradingState

MOST_BYTES = 8 * 2**20
"""To be read of a file; the quotations end at some 2.5 MB."""
LONGEST_LINE = 2**16

_TAG = re.compile(r"<[^>]*>")
_ENTITY = re.compile(r"&#?\w+;")
_ANCHOR = re.compile(r"""<a\s+name\s*=\s*["']?(quotations|sales_all)["']?\s*>""", re.IGNORECASE)
_DATE = re.compile(r"\bDATE:\s*(\d{1,2})\s+([A-Z]{3})\s+(\d{4})\b")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PRICE = re.compile(r"(?=.{5}\.) *((?:0|[1-9]\d*|[1-9],\d{3})\.\d{2,3}) *", re.ASCII)
"""In a column of prices, with its point where theirs stand; one without a point is none."""
_WHOLE = re.compile(r" *([1-9]\d{0,2}(?:,\d{3})*)", re.ASCII)
_LENGTH = 74
"""Of both lines."""
_PRICES = (27, 36, 45, 54)
"""Where the columns of prices begin, and that of shares or turnover. The currency ends in front of them."""
_CODE = re.compile(r" *[1-9]\d*", re.ASCII)
_WRAPPED = re.compile(r" {7}(?! ).{1,21}")
"""The rest of a name, below its first line."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_BLANKS = {"-", "N/A"}
_HEADINGS = ("PRV.CLO./", "TURNOVER ($)")
_STOPPED = {"TRADING SUSPENDED": TradingState.SUSPENDED, "TRADING HALTED": TradingState.HALTED}


GEM_CODES = range(8_000, 9_000)


class Board(Enum):
    """A board: what its file is called below the address of the daily quotations, and its fewest counters."""

    MAIN = ("d{:%y%m%d}e.htm", 2000, "Main Board")
    GEM = ("GEM/e_G{:%y%m%d}.htm", 100, "GEM")

    def path(self, day: date) -> str:
        """Of the file of a trading day."""
        return self.value[0].format(day)

    @property
    def fewest(self) -> int:
        """Counters: what has less is not the whole file."""
        return self.value[1]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.value[2]

    def has(self, codes: Ints) -> Bools:
        """Which codes are its own, by the exchange's allocation plan."""
        is_gem = (codes >= GEM_CODES.start) & (codes < GEM_CODES.stop)
        return is_gem if self is Board.GEM else ~is_gem


def read_saved_quotations(chunks: Iterable[bytes]) -> tuple[DailyPrices, Board]:
    """Read the file of whatever trading day and board, by its own date and codes.

    Args:
        chunks: as for `read_quotations`.

    Raises:
        NoTrading, SiteUnavailable, SiteChanged, BadPrices: as `read_quotations`.
    """
    lines = _lines(chunks)
    day = _find_quotations(lines, None)
    quotes = list(_quotes(lines, day))
    board = Board.GEM if quotes and all(quote.code in GEM_CODES for quote in quotes) else Board.MAIN
    return _whole(day, quotes, board), board


def read_quotations(chunks: Iterable[bytes], day: date, board: Board = Board.MAIN) -> DailyPrices:
    """Read the file of a trading day, and no chunk behind the one in which the quotations end.

    Args:
        chunks: the file from its beginning, cut anywhere.
        day: the trading day that was asked for.
        board: whose file it is.

    Raises:
        NoTrading: the page that says so in place of the file.
        OtherDate: the file of another day.
        SiteUnavailable: another page, or a file that ends before its quotations do.
        SiteChanged: not the layout that we know; it names the line.
        BadPrices: figures that cannot be true.
    """
    lines = _lines(chunks)
    _find_quotations(lines, day)
    return _whole(day, list(_quotes(lines, day)), board)


def _whole(day: date, quotes: list[Quote], board: Board) -> DailyPrices:
    if len(quotes) < board.fewest:
        raise SiteChanged(
            remark(
                "the quotations have {count} counters, want at least {fewest}",
                count=f"{len(quotes):,}",
                fewest=f"{board.fewest:,}",
            )
        )
    return DailyPrices.of(day, quotes)


def _lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Number and raw text of each line; its last may lack its end."""
    number, size, rest = 0, 0, ""
    for chunk in chunks:
        size += len(chunk)
        *whole, rest = (rest + chunk.decode("iso-8859-1")).split("\n")
        for number, line in enumerate(whole, number + 1):  # noqa: B020 - it goes on counting
            yield number, line
        if size > MOST_BYTES or len(rest) > LONGEST_LINE:
            raise SiteChanged(
                remark(
                    "the quotations do not end within {size} bytes, in line {number}",
                    size=f"{size:,}",
                    number=f"{number + 1:,}",
                )
            )
    yield number + 1, rest


def _find_quotations(lines: Iterator[tuple[int, str]], day: date | None) -> date:
    """Go behind the anchor of the quotations; the date of the file stands before it. None: any will do."""
    dated: date | None = None
    no_trading, title = False, ""
    for _, line in lines:
        dated = _date_in(line, day or dated) or dated
        no_trading = no_trading or "NO TRADING" in line
        title = title or one_line(_text(line), 60)
        if (anchor := _anchor(line)) == "quotations":
            if dated:
                return dated
            raise SiteChanged(remark("the quotations have no `DATE: DD MON YYYY` in front of them"))
        if anchor:
            raise SiteChanged(remark("the sales records stand in front of the quotations"))
    if no_trading:
        raise NoTrading(
            remark("the exchange says that it did not trade on {day}", day=day or dated or remark("that day"))
        )
    raise SiteUnavailable(remark("no quotations, but a page that begins with {title}", title=f"{title!r}"))


def _date_in(line: str, day: date | None) -> date | None:
    """The date that a line has, which must be that day; None if it has none."""
    if "DATE:" not in line or not (match := _DATE.search(line)):
        return None
    try:
        got = date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        raise SiteChanged(remark("the date of the file: got {got}", got=f"{match[0]!r:.40}")) from None
    if day is not None and got != day:
        raise OtherDate(day, got)
    return got


def _anchor(line: str) -> str:
    match = _ANCHOR.search(line) if "<" in line else None
    return match[1].lower() if match else ""


def _text(line: str) -> str:
    """What a reader sees of a line, in its columns."""
    if "<" in line:
        line = _TAG.sub("", line)
    if "&" in line:
        line = _ENTITY.sub(lambda match: unescape(match[0]), line)
    return line.rstrip()


def _quotes(lines: Iterator[tuple[int, str]], day: date) -> Iterator[Quote]:
    """Each counter, up to the anchor of the sales records.

    Beside counters there may be headings, rules and notes; they have no code in its columns and no figures
    in theirs. Between the two lines of a counter may stand what begins a page, and the rest of a long name.
    """
    first, wrapped, is_headed = "", "", False
    for number, line in _section(lines):
        if any(heading in line for heading in _HEADINGS) or _date_in(line, day):
            is_headed = is_headed or _HEADINGS[0] in line
            continue
        try:
            if first and _WRAPPED.fullmatch(line):
                wrapped += line[6:]
            elif first:
                yield _quote(first, wrapped, line)
                first, wrapped = "", ""
            elif line[28:] in _STOPPED:
                yield Quote(*_counter(line), _STOPPED[line[28:]])
            elif _may_be_quote(line, is_headed=is_headed):
                first = line
        except ValueError as error:
            raise SiteChanged(
                remark(
                    "line {number} of the file: {error}; got {line}",
                    number=f"{number:,}",
                    error=error,
                    line=f"{line!r:.100}",
                )
            ) from None
    if first:
        raise SiteChanged(
            remark("the quotations end in the midst of a counter: {first}", first=f"{first!r:.100}")
        )


def _section(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines with text up to the anchor of the sales records, which must be there."""
    number = 0
    for number, raw in lines:
        if _anchor(raw) == "sales_all":
            return
        if line := _text(raw):
            yield number, line
    raise SiteUnavailable(
        remark(
            "the file is cut off: it ends in line {number}, and its quotations do not", number=f"{number:,}"
        )
    )


def _may_be_quote(line: str, *, is_headed: bool) -> bool:
    """Whether it is the first line of a counter; False for one that is none of any.

    Raises:
        ValueError: it has figures, but no code.
    """
    if _CODE.fullmatch(line[1:6]):
        if not is_headed:
            raise ValueError(remark("no heading with PRV.CLO./ stands above it"))
        return True
    if "TRADING " in line or sum(map(_is_figure, line[24:].split())) > 1:
        raise ValueError(remark("it is neither the first nor the second line of a counter"))
    return False


def _is_figure(word: str) -> bool:
    return word in _BLANKS or word.replace(".", "").replace(",", "").isdecimal()


def _quote(first: str, wrapped: str, second: str) -> Quote:
    """The counter of two lines.

    Raises:
        ValueError: what stands in a column does not belong there.
    """
    code, name, currency = _counter(first, wrapped)
    if second[: _PRICES[0]].strip():
        raise ValueError(remark("want the second line of stock {code}", code=code))
    previous_close, _, high, shares_traded = _figures(first)
    close, _, low, turnover = _figures(second)
    state = TradingState.TRADED if shares_traded else TradingState.NOT_TRADED
    return Quote(
        code,
        name,
        currency,
        state,
        _price(previous_close),
        _price(close),
        _price(high),
        _price(low),
        int(shares_traded) if shares_traded else None,
        int(turnover) if turnover else None,
    )


def _counter(line: str, wrapped: str = "") -> tuple[int, str, str]:
    """Code, name and currency."""
    name, currency = one_line(line[7:23] + wrapped), line[24:27]
    if line[0] not in " *" or not _CODE.fullmatch(line[1:6]) or line[6:7] not in {" ", "#"} or not name:
        raise ValueError(remark("want mark, code and name in columns 1 to 23"))
    if line[23:24] != " " or not _CURRENCY.fullmatch(currency):
        raise ValueError(remark("want a currency in columns 25 to 27"))
    return int(line[1:6]), name, currency


def _figures(line: str) -> list[str]:
    """The digits in the four columns; empty for a blank.

    Raises:
        ValueError: something else, or not where it should stand.
    """
    if len(line) != _LENGTH:
        raise ValueError(
            remark("want a line of {length} characters, got {count}", length=_LENGTH, count=len(line))
        )
    columns = [(line[begin:end], _PRICE) for begin, end in pairwise(_PRICES)]
    return [_digits(text, pattern) for text, pattern in (*columns, (line[_PRICES[-1] :], _WHOLE))]


def _digits(text: str, pattern: re.Pattern[str]) -> str:
    if match := pattern.fullmatch(text):
        return match[1].replace(",", "")
    if text.strip() in _BLANKS:
        return ""
    raise ValueError(remark("want a figure in its column, `-` or `N/A`, got {text}", text=f"{text!r:.40}"))


def _price(digits: str) -> float | None:
    return float(digits) if digits else None
