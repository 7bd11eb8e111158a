"""What the site answers: it is the list that was asked for, or an error that says what came instead."""

import re
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from replay.figures import Day, Row, recorded_days
from replay.page import page_of
from southbound.common.errors import BadHoldings, SiteChanged, SiteUnavailable, SouthboundError
from southbound.hkexnews.client import SiteClient, Way
from southbound.hkexnews.response import LARGEST_BYTES, LARGEST_PACKED_BYTES, SiteResponse
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.flood import Flood, flooding
from tests.bad_input.memory import watched
from tests.hkexnews.conftest import LookAt

FRIDAY = date(2026, 2, 27)
FIGURES = {1: (117_888_641, 3.07), 700: (999, None), 2800: (12_345_678_901, 50.42)}
NAMES = {1: "CKH", 700: "TENCENT", 2800: "TRACKER"}
MARKUP = "<script>alert(1)</script><img src=x>"

OURS_MB, CHROMIUMS_MB = 40, 800
"""What refusing 100 MB may cost at its peak. Taken in as a page they cost Chromium 1,000 MB, and us 300."""


@cache
def page() -> str:
    rows = [Row(code, NAMES[code], shares, f"{p:.2f}" if p else "") for code, (shares, p) in FIGURES.items()]
    return page_of(Day(FRIDAY, tuple(rows))).decode()


def with_(old: str, new: str) -> bytes:
    assert old in page()
    return page().replace(old, new, 1).encode()


def named(name: str) -> bytes:
    """The page with another name for Tencent."""
    return with_("TENCENT", name)


Refusal = tuple[type[SouthboundError], str]

REFUSED: list[Case[bytes, Refusal]] = [
    Case(Attack.MISSING, "the panel", with_('id="pnlResult"', ""), (SiteChanged, "no list (#pnlResult)")),
    Case(
        Attack.MISSING,
        "a cell",
        with_('<td class="col-shareholding">', "<td>"),
        (SiteChanged, "a row without a cell of class col-shareholding"),
    ),
    Case(Attack.MISSING, "the end", page()[:-20].encode(), (SiteUnavailable, "the answer is cut off")),
    Case(Attack.EMPTY, "the answer", b"", (SiteUnavailable, "the answer is no HTML")),
    Case(
        Attack.EMPTY, "a holding", with_("117,888,641", ""), (BadHoldings, "the holding of '1' 'CKH': got ''")
    ),
    Case(
        Attack.EMPTY, "a code", with_("  700<", "<"), (BadHoldings, "the stock code of '' 'TENCENT': got ''")
    ),
    Case(
        Attack.EMPTY,
        "the site's day",
        with_('value="20260228"', 'value=""'),
        (SiteChanged, "the hidden field `today`: got ''"),
    ),
    Case(
        Attack.HUGE,
        "a name of 10,000 characters",
        named("T" * 10_000),
        (BadHoldings, "a name of 10,000 characters, want at most 200: 'TTTT"),
    ),
    Case(
        Attack.HUGE,
        "a percentage of a megabyte",
        with_("3.07%", f"{'3' * 1_000_000}%"),
        (BadHoldings, "the percentage of '1' 'CKH': got '3333"),
    ),
    Case(
        Attack.HUGE,
        "a heading of a megabyte",
        with_("Shareholding Date: 2026/02/27", "H" * 1_000_000),
        (SiteChanged, "the panel's heading: got 'HHHH"),
    ),
    Case(
        Attack.HUGE,
        "the same row 2,000 times",
        page()
        .replace("<tbody>", f"<tbody>{re.findall('<tr>.*?</tr>', page(), re.DOTALL)[-1] * 2_000}")
        .encode(),
        (BadHoldings, "stock code 2800 stands twice in the list"),
    ),
    Case(
        Attack.HUGE,
        "a name 100,000 elements deep",
        named("<div>" * 100_000),
        (SiteChanged, "a row without a cell of class col-shareholding"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a word for a number",
        with_("117,888,641", "many"),
        (BadHoldings, "the holding of '1' 'CKH': got 'many', want a whole number"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a decimal for a holding",
        with_("117,888,641", "1.5"),
        (BadHoldings, "the holding of '1' 'CKH': got '1.5', want a whole number"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "full-width digits",
        with_("117,888,641", "１１７"),  # noqa: RUF001 - that is what is tried
        (BadHoldings, "the holding of '1' 'CKH': got '１１７', want a whole number"),  # noqa: RUF001
    ),
    Case(Attack.WRONG_TYPE, "JSON", b'{"error": 5}', (SiteUnavailable, "not the page but another one")),
    Case(Attack.WRONG_TYPE, "a picture", b"\x89PNG\r\n\x1a\n", (SiteUnavailable, "the answer is no UTF-8")),
    Case(
        Attack.CONTROL,
        "a zero-width space in a holding",
        with_("117,888,641", "117,888\u200b,641"),
        (BadHoldings, "the holding of '1' 'CKH': got '117,888"),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "half a character",
        page().encode().replace(b"TENCENT", b"T\xe8\x85"),
        (SiteUnavailable, "the answer is no UTF-8"),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "a stray byte",
        page().encode().replace(b"TENCENT", b"T\xff"),
        (SiteUnavailable, "the answer is no UTF-8"),
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "a holding",
        with_("117,888,641", "9,223,372,036,854,775,808"),
        (BadHoldings, "the holding of '1' 'CKH': got '9,223,372,036,854,775,808', want a whole number"),
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "a holding that could not be reckoned with",
        with_("117,888,641", "9,007,199,254,740,993"),
        (BadHoldings, "stock 1: want at most 9,007,199,254,740,992 shares"),
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "the site's day",
        with_('value="20260228"', f'value="{2**64}"'),
        (SiteChanged, "the hidden field `today`: got '18446744073709551616'"),
    ),
]

READ: list[Case[bytes, str]] = [
    Case(Attack.EMPTY, "a name", named(""), ""),
    Case(Attack.MARKUP, "in a name, escaped", named("&lt;b&gt;&lt;script&gt;"), "<b><script>"),
    Case(Attack.MARKUP, "in a name, as it is", named(f"T{MARKUP}"), "Talert(1)"),
    Case(Attack.MARKUP, "an entity twice", named("A&amp;lt;b&amp;gt;"), "A&lt;b&gt;"),
    Case(Attack.FORMULA, "in a name", named("=HYPERLINK(&quot;x&quot;)"), '=HYPERLINK("x")'),
    Case(Attack.CONTROL, "line breaks in a name", named("T\r\n2026 CRITICAL x"), "T 2026 CRITICAL x"),
    Case(Attack.CONTROL, "a bidirectional override in a name", named("T\u202eTNECNE"), "TTNECNE"),
    Case(Attack.CONTROL, "an escape in a name", named("T&#27;[31mRED"), "T [31mRED"),
    Case(Attack.CONTROL, "zero widths in a name", named("TEN\u200bC\u2060ENT\ufeff"), "TENCENT"),
]

JUNK: list[Case[object, Refusal]] = [
    Case(
        Attack.MISSING, "nothing", None, (SiteUnavailable, "something else came from the page's script: None")
    ),
    Case(
        Attack.MISSING,
        "a body",
        {"status": 200},
        (SiteUnavailable, "came from the page's script: {'status': 200}"),
    ),
    Case(
        Attack.EMPTY,
        "a body",
        {"status": 200, "packed": ""},
        (SiteUnavailable, "cannot be unpacked: its end"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "a status",
        {"status": "200", "packed": ""},
        (SiteUnavailable, "came from the page's script"),
    ),
    Case(Attack.WRONG_TYPE, "a list", [200, ""], (SiteUnavailable, "came from the page's script: [200, '']")),
    Case(Attack.WRONG_TYPE, "a number", 5, (SiteUnavailable, "came from the page's script: 5")),
    Case(
        Attack.WRONG_TYPE,
        "no base64",
        {"status": 200, "packed": "%%%"},
        (SiteUnavailable, "cannot be unpacked"),
    ),
    Case(
        Attack.WRONG_TYPE,
        "nothing deflated",
        {"status": 200, "packed": "AAAA"},
        (SiteUnavailable, "cannot be unpacked"),
    ),
    Case(
        Attack.BROKEN_UTF8,
        "in base64",
        {"status": 200, "packed": "é\ud800"},
        (SiteUnavailable, "cannot be unpacked"),
    ),
    Case(
        Attack.HUGE, "a reason", {"broken": "x\n" * 10**6}, (SiteUnavailable, "the answer is cut off: x x x")
    ),
    Case(
        Attack.BEYOND_64_BITS,
        "a status",
        {"status": 2**64, "packed": "AwA="},
        (SiteUnavailable, "HTTP 18446744073709551616"),
    ),
    Case(
        Attack.JSON_BOMB,
        "a million members",
        lambda: {str(n): [] for n in range(10**6)},
        (SiteUnavailable, "came from the page's script"),
    ),
]

SCRIPTS: list[Case[str, Refusal]] = [
    Case(
        Attack.WRONG_TYPE,
        "a fetch of the page's own",
        "window.fetch = async () => ({status: 'fine', body: null})",
        (SiteUnavailable, "came from the page's script"),
    ),
    Case(
        Attack.JSON_BOMB,
        "a promise of the page's own",
        "let a = []; for (let i = 0; i < 90; i++) a = [a, a.length]; Promise.race = async () => a",
        (SiteUnavailable, "came from the page's script: [[[[["),
    ),
    Case(
        Attack.HUGE,
        "a reason of the page's own",
        "window.fetch = async () => ({status: 200, body: {pipeThrough() { throw 'x'.repeat(1e6) }}})",
        (SiteUnavailable, "the answer is cut off: xxxxx"),
    ),
]

OPENING = page()[: page().index("<tbody>") + len("<tbody>")].encode()
Phase = str

FLOODS: list[Case[Callable[[], Flood], Phase]] = [
    Case(Attack.HUNDRED_MEGABYTES, "the first load", lambda: Flood(opening=OPENING), "load"),
    Case(
        Attack.HUNDRED_MEGABYTES,
        "the first load, of 100 kB",
        lambda: Flood(opening=OPENING, packed=True),
        "load",
    ),
    Case(Attack.HUNDRED_MEGABYTES, "by the button", lambda: Flood(page().encode(), OPENING), "button"),
    Case(Attack.HUNDRED_MEGABYTES, "by its script", lambda: Flood(page().encode(), OPENING), "script"),
    Case(
        Attack.HUNDRED_MEGABYTES,
        "by its script, of 100 kB",
        lambda: Flood(page().encode(), OPENING, packed=True),
        "script",
    ),
    Case(
        Attack.HUNDRED_MEGABYTES,
        "by its script, at random",
        lambda: Flood(page().encode(), OPENING, random=True),
        "script",
    ),
]


@each(REFUSED)
def test_a_page_that_is_none_is_an_error_that_says_so_in_short(case: Case[bytes, Refusal]) -> None:
    error, words = case.then

    with pytest.raises(error, match=re.escape(words)) as caught:
        SiteResponse(200, case.given).page().answer_for(FRIDAY)
    assert len(str(caught.value)) < 1000


@each(READ)
def test_a_name_is_what_a_reader_sees_of_it_and_no_figure_is_touched(case: Case[bytes, str]) -> None:
    read = SiteResponse(200, case.given).page().answer_for(FRIDAY)

    assert {code: figures for code, (_, *figures) in read.rows().items()} == {
        code: list(figures) for code, figures in FIGURES.items()
    }
    assert read.names == ("CKH", case.then, "TRACKER")


@each(JUNK)
def test_what_a_script_of_the_page_may_hand_back_is_an_answer_or_an_error(
    case: Case[object, Refusal],
) -> None:
    error, words = case.then
    # What is large is made when it is wanted: each full garbage collection would go through it.
    given = case.given() if callable(case.given) else case.given

    with pytest.raises(error, match=re.escape(words)) as caught:
        SiteResponse.of_script(given).page()
    assert len(str(caught.value)) < 1000


@each(SCRIPTS)
def test_a_page_that_has_functions_of_its_own_is_an_error_and_not_the_end(
    case: Case[str, Refusal], url: str, browser: SiteClient
) -> None:
    error, words = case.then
    assert url
    browser.newest()
    assert browser._tab is not None
    browser._tab.driver.run(case.given)

    with pytest.raises(error, match=re.escape(words)) as caught:
        browser.ask(FRIDAY)
    assert len(str(caught.value)) < 1000

    browser.newest()
    assert browser.ask(FRIDAY).heading == FRIDAY


@each(FLOODS)
def test_a_page_of_100_megabytes_is_refused_before_it_eats_the_memory(
    case: Case[Callable[[], Flood], Phase], look_at: LookAt
) -> None:
    flood = case.given()
    with flooding(flood) as address:
        browser = look_at(address, timeout_seconds=20)
        browser._started()
        if case.then != "load":
            browser.newest()
        if case.then == "button":
            browser._ways = (Way.BUTTON, Way.FETCH)
        with watched() as peak, pytest.raises(SiteUnavailable, match="no page: it has more than 32 MB"):
            browser.newest() if case.then == "load" else browser.ask(FRIDAY)

        assert flood.sent > 0
        assert peak.ours < OURS_MB
        assert peak.below < CHROMIUMS_MB

        flood.page, flood.megabytes = page().encode(), 0
        assert browser.newest().heading == FRIDAY


def test_the_limits_leave_room_for_ten_times_the_stocks() -> None:
    body = page_of(recorded_days()[FRIDAY])

    assert 10 * len(body) < LARGEST_BYTES / 2
    assert 10 * len(b64encode(zlib.compress(body))) < LARGEST_PACKED_BYTES / 2
