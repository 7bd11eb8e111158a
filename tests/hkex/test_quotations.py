"""A file of daily quotations becomes one day of prices, or an error that says why not."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from replay.quotations import (
    GEM_COUNTERS,
    HEADING,
    NAME_WIDTH,
    PAGE_BREAK,
    QuotationFault,
    Quoted,
    counters,
    lines_of,
    no_trading_page,
    quotation_file,
)
from southbound.common.errors import (
    BadPrices,
    NoTrading,
    OtherDate,
    SiteChanged,
    SiteUnavailable,
    SouthboundError,
)
from southbound.hkex.quotations import MOST_BYTES, Board, read_quotations
from southbound.market.daily_prices import DailyPrices, TradingState
from tests.hkex.mutations import KINDS, mutated

TUESDAY = date(2026, 9, 1)
SHOWN = """\
*  700 TENCENT          HKD  453.00   441.60   447.60           20,289,781
                             441.40   441.40   440.60        8,990,301,596
     1 CKH HOLDINGS     HKD   70.50    69.10    70.35            7,261,139
                              69.05    69.05    68.60          502,493,854
     3 HK &amp; CHINA GAS   HKD    7.21     7.08     7.21           22,740,984
                               7.08     7.075    7.05          161,278,937
     7 WISDOM WEALTH    HKD TRADING SUSPENDED
    92#CHAMPION TECH    HKD TRADING HALTED
    46 COMPUTER &amp; TECH  HKD    1.30     1.37      -                      -
                               1.30     1.215     -                      -
 80737 BAY AREA DEV-R   CNY    1.75     1.75      -                      -
                               1.75     1.64      -                      -
 89009 PRC B2802-R      CNY     N/A      -        -                      -
                                N/A      -        -                      -
   127 CHINESE EST H    HKD    1.07     1.08     1.08               62,000
</font></pre><pre><font size='1'>                               1.08     1.06     1.05               65,810
 * 20 Most Active($) Stock
 # Stock with Trading Suspend/Halt taking effect from Today
"""
"""As recorded, in another order."""


@cache
def fillers() -> list[Quoted]:
    """As many counters as GEM must have, with codes of their own."""
    return [each for each in counters(TUESDAY, seed=2, count=GEM_COUNTERS) if 1000 < each.code < 80_000]


def file_with(text: str, *, heading: str = HEADING) -> bytes:
    """A file of GEM's size whose quotations begin with that."""
    rest = "".join(f"{line}\n" for each in fillers() for line in lines_of(each))
    return (
        f"<pre>EXCHANGE SQUARE      DATE: 01 SEP 2026 (TUESDAY)\n"
        f'<a href="#quotations">QUOTATIONS</a>\n<a href="#sales_all">SALES RECORDS</a>\n'
        f'   <a name = "quotations">QUOTATIONS</a>\n\n{heading}{text}{rest}'
        f'   <a name = "sales_all">SALES RECORDS FOR ALL STOCKS</a>\n'
    ).encode("iso-8859-1")


def read(text: str) -> dict[int, tuple[object, ...]]:
    return rows(read_quotations([file_with(text)], TUESDAY, Board.GEM))


def rows(prices: DailyPrices) -> dict[int, tuple[object, ...]]:
    """Name, currency, state, previous close, close, high, low, shares traded and turnover, by code."""
    figures = (
        prices.previous_closes,
        prices.closes,
        prices.highs,
        prices.lows,
        prices.shares_traded,
        prices.turnovers,
    )
    columns = ([None if np.isnan(figure) else figure for figure in column.tolist()] for column in figures)
    texts = zip(prices.names, prices.currencies, prices.states, strict=True)
    return {
        code: (*text, *row) for code, text, *row in zip(prices.codes.tolist(), texts, *columns, strict=True)
    }


def expected(quoted: Quoted) -> tuple[object, ...]:
    """The same of what the stand-in meant to show."""
    state = {"TRADING SUSPENDED": "suspended", "TRADING HALTED": "halted"}.get(
        quoted.state, "not traded" if quoted.shares_traded == "-" else "traded"
    )
    texts = (
        quoted.previous_close,
        quoted.close,
        quoted.high,
        quoted.low,
        quoted.shares_traded,
        quoted.turnover,
    )
    figures = [None if text in {"-", "N/A"} else float(text.replace(",", "")) for text in texts]
    return quoted.name, quoted.currency, state, *figures


@pytest.mark.parametrize(
    ("code", "row"),
    [
        (700, ("TENCENT", "HKD", "traded", 453.0, 441.4, 447.6, 440.6, 20_289_781, 8_990_301_596)),
        (3, ("HK & CHINA GAS", "HKD", "traded", 7.21, 7.08, 7.21, 7.05, 22_740_984, 161_278_937)),
        (7, ("WISDOM WEALTH", "HKD", "suspended", None, None, None, None, None, None)),
        (92, ("CHAMPION TECH", "HKD", "halted", None, None, None, None, None, None)),
        (46, ("COMPUTER & TECH", "HKD", "not traded", 1.3, 1.3, None, None, None, None)),
        (80737, ("BAY AREA DEV-R", "CNY", "not traded", 1.75, 1.75, None, None, None, None)),
        (89009, ("PRC B2802-R", "CNY", "not traded", None, None, None, None, None, None)),
        (127, ("CHINESE EST H", "HKD", "traded", 1.07, 1.08, 1.08, 1.05, 62_000, 65_810)),
    ],
)
def test_each_kind_of_line_that_was_recorded_is_read(code: int, row: tuple[object, ...]) -> None:
    assert read(SHOWN)[code] == row


def test_a_name_that_goes_on_below_its_line_is_one_name() -> None:
    wrapped = Quoted(1, "A NAME THAT IS MUCH TOO LONG FOR IT", "HKD", close="1.00")
    lines = lines_of(wrapped)

    assert len(lines) > 2
    assert read("\n".join(lines) + "\n")[1][0] == wrapped.name


@pytest.mark.parametrize("between", [HEADING, "\n", f"{PAGE_BREAK}\n", "     DATE: 01 SEP 2026 (TUESDAY)\n"])
def test_what_begins_a_page_may_stand_between_the_two_lines_of_a_counter(between: str) -> None:
    first, second, rest = SHOWN.split("\n", 2)

    assert read(f"{first}\n{between}{second}\n{rest}") == read(SHOWN)


def test_a_price_with_a_thousands_comma_and_line_ends_of_windows_are_read() -> None:
    text = SHOWN.replace("  453.00", "1,453.00").replace("\n", "\r\n")

    assert read(text)[700][3] == 1453.0


@pytest.mark.parametrize(
    ("told", "was", "becomes"),
    [
        ("figure in its column", "  453.00", " 453.00 "),  # another layout
        ("figure in its column", "  453.00", "  453,00"),
        ("figure in its column", "  441.40   441.40", "           441.40"),
        ("figure in its column", "   7.075", "   7,075"),
        ("figure in its column", "20,289,781", "2O,289,781"),
        ("figure in its column", "20,289,781", "20.289.781"),
        ("figure in its column", "20,289,781", "         0"),
        ("a line of 74", "20,289,781", "          "),
        ("a line of 74", "20,289,781", "20,289,78"),
        ("a currency", "TENCENT          HKD", "TENCENT          hkd"),
        ("a currency", "TENCENT          HKD", "TENCENT         HKD "),
        ("a currency", "TENCENT          HKD", "TENCENT             "),
        ("mark, code and name", "*  700 ", "?  700 "),
        ("neither the first nor the second", "*  700 TENCENT", "*  7o0 TENCENT"),
        ("mark, code and name", "    92#CHAMPION", "    9x#CHAMPION"),
        (
            "second line",
            "     7 WISDOM WEALTH    HKD TRADING SUSPENDED",
            "     7 WISDOM WEALTH    HKD TRADING STOPPED",
        ),
    ],
)
def test_a_line_with_something_else_in_a_column_is_refused_and_named(
    told: str, was: str, becomes: str
) -> None:
    assert was in SHOWN
    with pytest.raises(SiteChanged, match=f"line .* of the file: .*{told}"):
        read(SHOWN.replace(was, becomes, 1))


@pytest.mark.parametrize(
    ("told", "was", "becomes"),
    [
        ("stock code 700 stands twice", "     1 CKH", "   700 CKH"),
        ("low 440.6 is above its high 147.6", "447.60", "147.60"),
        ("stock 700: shares traded without turnover", "8,990,301,596", "            -"),
        ("stock 700: shares traded without turnover", "20,289,781", "         -"),
        ("above 0", "   7.075    7.05", "   7.075    0.00"),
    ],
)
def test_figures_that_cannot_be_true_are_refused(told: str, was: str, becomes: str) -> None:
    assert was in SHOWN
    with pytest.raises(BadPrices, match=told):
        read(SHOWN.replace(was, becomes, 1))


def test_quotations_without_their_heading_are_refused() -> None:
    with pytest.raises(SiteChanged, match=r"PRV\.CLO\./"):
        read_quotations([file_with(SHOWN, heading="")], TUESDAY, Board.GEM)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_file_of_the_real_size_is_read_as_it_was_meant(seed: int) -> None:
    quoted = counters(TUESDAY, seed)

    prices = read_quotations(quotation_file(TUESDAY, quoted), TUESDAY)

    assert rows(prices) == {each.code: expected(each) for each in quoted}
    assert set(prices.states) == set(TradingState)
    assert set(prices.currencies) == {"HKD", "CNY", "USD"}
    assert any(len(name) > NAME_WIDTH for name in prices.names)


def test_nothing_is_read_behind_the_quotations() -> None:
    sizes: list[int] = []

    def counted() -> Iterator[bytes]:
        for chunk in quotation_file(TUESDAY, counters(TUESDAY)):
            sizes.append(len(chunk))
            yield chunk

    read_quotations(counted(), TUESDAY)

    assert sum(sizes) < 4 * 2**20


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        (QuotationFault.OTHER_DATE, OtherDate, "asked for 2026-09-01, the list is headed 2026-08-31"),
        (QuotationFault.NO_DATE, SiteChanged, "DATE: DD MON YYYY"),
        (QuotationFault.NO_QUOTATIONS, SiteChanged, "sales records stand in front"),
        (QuotationFault.NO_SALES_ANCHOR, SiteChanged, "line"),
        (QuotationFault.NO_HEADING, SiteChanged, "PRV.CLO./"),
        (QuotationFault.CUT_OFF, SiteUnavailable, "cut off"),
        (QuotationFault.LOST_LINE, SiteChanged, "want the second line"),
        (QuotationFault.ADDED_COLUMN, SiteChanged, "want a line of 74"),
        (QuotationFault.TEXT_IN_NUMBERS, SiteChanged, "SEE NOTE"),
        (QuotationFault.DUPLICATE_CODE, BadPrices, "stands twice"),
        (QuotationFault.FEW_COUNTERS, SiteChanged, "55 counters, want at least 100"),
        (QuotationFault.MAINTENANCE, SiteUnavailable, "maintenance"),
    ],
)
def test_each_fault_of_the_file_is_told_apart(
    fault: QuotationFault, error: type[SouthboundError], told: str
) -> None:
    chunks = quotation_file(TUESDAY, counters(TUESDAY, count=GEM_COUNTERS), [fault], size=300_000)

    with pytest.raises(error, match=told):
        read_quotations(chunks, TUESDAY, Board.GEM)


def test_a_main_board_of_the_size_of_gem_is_not_the_whole_file() -> None:
    chunks = quotation_file(TUESDAY, counters(TUESDAY, count=GEM_COUNTERS), size=0)

    with pytest.raises(SiteChanged, match="want at least 2,000"):
        read_quotations(chunks, TUESDAY)


def test_a_holidays_page_says_that_there_was_no_trading() -> None:
    assert len(no_trading_page()) == 918
    with pytest.raises(NoTrading, match="2026-10-01"):
        read_quotations([no_trading_page()], date(2026, 10, 1))


@pytest.mark.parametrize("chunks", [[], [b""], [b"\x1f\x8b\x08\x00"], [b"<html>\n" * 1000]])
def test_what_is_no_such_file_is_refused(chunks: list[bytes]) -> None:
    with pytest.raises(SiteUnavailable, match="no quotations"):
        read_quotations(chunks, TUESDAY)


@pytest.mark.parametrize("piece", [b"x", b"note\n"])
def test_what_never_ends_is_left(piece: bytes) -> None:
    sizes: list[int] = []

    def endless() -> Iterator[bytes]:
        yield file_with("").partition(HEADING.encode())[0]
        while True:
            sizes.append(len(piece) * 10_000)
            yield piece * 10_000

    with pytest.raises(SiteChanged, match="do not end within"):
        read_quotations(endless(), TUESDAY)
    assert sum(sizes) <= MOST_BYTES + 50_000


@pytest.mark.parametrize(("board", "path"), [(Board.MAIN, "d260901e.htm"), (Board.GEM, "GEM/e_G260901.htm")])
def test_each_board_has_its_file(board: Board, path: str) -> None:
    assert board.path(TUESDAY) == path


@cache
def whole() -> tuple[bytes, dict[int, tuple[object, ...]]]:
    file = file_with(SHOWN)
    return file, rows(read_quotations([file], TUESDAY, Board.GEM))


@given(size=st.integers(1, 500))
@settings(max_examples=25, deadline=None)
def test_it_does_not_matter_where_the_file_is_cut_into_chunks(size: int) -> None:
    file, figures = whole()
    chunks = [file[begin : begin + size] for begin in range(0, len(file), size)]

    assert rows(read_quotations(chunks, TUESDAY, Board.GEM)) == figures


@given(
    kind=st.sampled_from(KINDS),
    place=st.integers(0, len(file_with(SHOWN)) - 1),
    byte=st.sampled_from([b"x", b"-", b".", b",", b"\n", b"\t", b"<", b"&", b"\xff", b"\x00"]),
)
@settings(max_examples=600, deadline=None)
def test_a_damaged_file_gives_the_right_figures_or_an_error(kind: str, place: int, byte: bytes) -> None:
    """A digit that became another digit is beyond any reader, and so is a suspended counter's lost line."""
    file, figures = whole()
    try:
        got = rows(read_quotations([mutated(file, kind, place, byte)], TUESDAY, Board.GEM))
    except SouthboundError:
        return

    assert {code: row[2:] for code, row in got.items()}.items() <= {
        code: row[2:] for code, row in figures.items()
    }.items()
    lost = figures.keys() - got.keys()
    assert all(figures[code][2] in {TradingState.SUSPENDED, TradingState.HALTED} for code in lost)
