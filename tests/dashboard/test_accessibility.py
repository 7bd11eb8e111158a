"""WCAG 2.2 AA on every tab of the page and in the mail, by axe-core in a real browser; and a finger.

`axe.min.js` is axe-core 4.14.1 as its authors publish it (MPL-2.0). The wheels that carry an axe that knows
WCAG 2.2 bring another browser along, or want a newer Python.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

from southbound.config.settings import EmailSettings
from southbound.dashboard.views import controls
from southbound.mail.preview import MailPreviews
from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation.view_state import Tab
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import becomes_true
from tests.dashboard.test_browser import click, dashboard_on, find, see
from tools.viewer import colour_scheme, resize, viewer

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = (1400, 1000), (375, 800)

RUN = """
const [where, what, done] = arguments;
axe.run(where, what).then(({violations}) => done(violations.flatMap(({id, nodes}) => nodes.map(node =>
    [id, node.html.slice(0, 160), ...[...node.any, ...node.all].map(each => each.message)].join("; ")))));
"""

AT_REST = """
const app = document.querySelector("[data-testid=stApp]");
const tables = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .map(each => each.shadowRoot?.querySelector(".rows")).filter(Boolean);
return app?.dataset.testScriptState === "notRunning" && tables.every(each => each.firstChild)
    && !document.querySelector("[data-stale=true]")
    && document.querySelectorAll(".js-plotly-plot .main-svg").length >= 2;
"""


BROUGHT_INTO_SIGHT = """
const element = document.querySelector(arguments[0]);
element.scrollIntoView({block: "center", behavior: "instant"});
const {x, y, width, height} = element.getBoundingClientRect();
return [x + width / 2, y + height / 2];
"""

SPELT_ICONS = """
const icons = [...document.querySelectorAll("[data-testid=stIconMaterial]")];
const isSpelt = (icon) => icon.scrollWidth > 1.5 * parseFloat(getComputedStyle(icon).fontSize);
return [icons.filter(isSpelt).map(icon => icon.textContent), icons.length];
"""

SCROLLED = "return document.querySelector('[data-testid=stMain]').scrollTop"

SECOND_NAME = """
const within = document.querySelector(".st-key-movers_table .stBidiComponent");
const root = [within, ...within.querySelectorAll("*")].find(each => each.shadowRoot).shadowRoot;
const row = root.querySelectorAll("tbody tr")[1], name = row.querySelector("button");
name.scrollIntoView({block: "center", behavior: "instant"});
const {x, y, width, height} = name.getBoundingClientRect();
return {code: [...row.children].find(cell => /^\\d{5}$/.test(cell.textContent)).textContent,
        place: [x + width / 2, y + height / 2]};
"""


CARDS = """
const cards = [...document.querySelectorAll(".st-key-figures .stGridCell")];
const inside = cards.flatMap(card => [...card.querySelectorAll("p, label, [data-testid=stMetricValue]")]
    .filter(each => each.getBoundingClientRect().right > card.getBoundingClientRect().right + 1
        || each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline")
    .map(each => each.textContent));
return [cards.map(card => card.getBoundingClientRect().top), inside];
"""

ON_TOP = """
const part = document.querySelector(arguments[0]), {x, y, width, height} = part.getBoundingClientRect();
const hit = document.elementFromPoint(x + width / 2, y + height / 2);
return y + height <= innerHeight && !!hit && (part.contains(hit) || hit.contains(part));
"""


@pytest.fixture(scope="module")
def page(
    recorded: Mapping[date, DailyHoldings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, HoldingsStore]]:
    folder = tmp_path_factory.mktemp("dashboard")
    with dashboard_on(recorded.values(), folder, in_money=True) as served:
        yield served


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with viewer(*WIDE) as driver:
        driver.set_script_timeout(60)
        yield driver


def violations(driver: Chrome, within: str = "html", rules: str = "") -> Sequence[str]:
    """What axe finds in a part of the page: by one rule alone, or by all for A, AA and good practice."""
    run_only = {"type": "rule", "values": [rules]} if rules else {"type": "tag", "values": RULES}
    driver.execute_script(f"if (!window.axe) {{ {AXE} }}")
    asked = {"include": [[within]]}, {"runOnly": run_only, "resultTypes": ["violations"]}
    found: list[str] = driver.execute_async_script(RUN, *asked)
    return found


def at_rest(driver: Chrome) -> None:
    assert becomes_true(lambda: driver.execute_script(AT_REST), pause=0.1)


def everywhere(driver: Chrome, within: str = "html") -> dict[str, Sequence[str]]:
    """As a wide page, then as narrow as a phone, then dark."""
    found = {"wide": violations(driver, within)}
    resize(driver, *PHONE)
    at_rest(driver)
    found["phone"] = violations(driver, within)
    resize(driver, *WIDE)
    colour_scheme(driver, dark=True)
    at_rest(driver)
    found["dark"] = violations(driver, within, "color-contrast")
    colour_scheme(driver, dark=False)
    at_rest(driver)
    return found


NONE: dict[str, Sequence[str]] = {"wide": [], "phone": [], "dark": []}


@pytest.fixture(scope="module")
def opened(driver: Chrome, page: tuple[str, HoldingsStore]) -> Chrome:
    """The page with both tables below its charts, and some stocks found."""
    address, _ = page
    driver.get(f"{address}/?compare=5&find=bank")
    at_rest(driver)
    for table in ("trend", "movers"):
        find(driver, f".st-key-{table}_table summary").click()
        find(driver, f".st-key-{table}_table .stBidiComponent")
    at_rest(driver)
    return driver


def test_the_page_has_no_violation(opened: Chrome) -> None:
    assert everywhere(opened) == NONE


@pytest.mark.parametrize("tab", [tab for tab in Tab if tab is not Tab.STOCKS])
def test_no_other_tab_has_one(opened: Chrome, tab: Tab) -> None:
    click(opened, controls.TABS[tab])
    at_rest(opened)

    assert everywhere(opened, ".st-key-below") == NONE


def test_the_charts_state_what_they_show(opened: Chrome) -> None:
    movers, trend = (
        str(find(opened, f".st-key-{chart} [role=figure]").get_attribute("aria-label"))
        for chart in ("movers", "trend")
    )

    assert movers.startswith("Largest rises over 5 days, percentage points of the issued shares. 0")
    assert "00700 TENCENT HOLDINGS LIMITED" in trend
    assert "00005 HSBC HOLDINGS PLC" in trend


@pytest.mark.parametrize(("width", "rows"), [(1400, 1), (1366, 1), (683, 2), (600, 2), (375, 3)])
def test_six_cards_stand_in_as_few_rows_as_fit_and_none_is_cut_off(
    opened: Chrome, width: int, rows: int
) -> None:
    resize(opened, width, 768)
    find(opened, ".st-key-figures .stGridCell:nth-child(6) [data-testid=stCaptionContainer]")
    looks: list[Any] = []

    def is_still() -> bool:
        looks.append(opened.execute_script(CARDS))
        return looks[-3:] == 3 * looks[-1:]

    assert becomes_true(is_still)
    resize(opened, *WIDE)
    tops, cut = looks[-1]
    assert (len(tops), len(set(tops)), cut) == (6, rows, [])


def test_opening_a_table_leaves_the_chart_beside_it_as_it_is(opened: Chrome) -> None:
    def heights() -> list[float]:
        return [
            float(find(opened, f".st-key-{part}").rect["height"]) for part in ("movers_card", "trend_card")
        ]

    with_tables = heights()
    assert with_tables[0] == with_tables[1]
    for table in ("movers", "trend"):
        find(opened, f".st-key-{table}_table summary").click()
        at_rest(opened)

    assert heights() == with_tables


def test_reset_is_in_sight_with_a_hundred_stocks_followed_and_hides_no_control(
    driver: Chrome, page: tuple[str, HoldingsStore], recorded: Mapping[date, DailyHoldings]
) -> None:
    followed = ",".join(map(str, recorded[max(recorded)].codes[:100].tolist()))
    resize(driver, 1366, 768)
    driver.get(f"{page[0]}/?watch={followed}&window=1")
    at_rest(driver)

    assert becomes_true(lambda: driver.execute_script(ON_TOP, ".st-key-reset button"))
    for control in (".st-key-average button", ".st-key-red_up input"):
        driver.execute_script(f"document.querySelector('{control}').focus()")
        assert becomes_true(lambda: driver.execute_script(ON_TOP, control)), control  # noqa: B023 - at once
    resize(driver, *WIDE)


def test_every_icon_is_drawn_and_not_spelt(opened: Chrome) -> None:
    spelt, icons = opened.execute_script(SPELT_ICONS)

    assert icons >= 2
    assert spelt == []


@pytest.fixture
def phone(driver: Chrome, page: tuple[str, HoldingsStore]) -> Iterator[Chrome]:
    """The page under a finger."""
    size = {"width": PHONE[0], "height": PHONE[1], "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    driver.get(page[0])
    at_rest(driver)
    yield driver
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    resize(driver, *WIDE)


def touch(driver: Chrome, x: float, *ys: float) -> None:
    """A finger goes down at the first height, over the others, and up."""
    for number, y in enumerate(ys):
        kind = "touchMove" if number else "touchStart"
        point = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", point)
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("chart", ["movers", "trend"])
def test_a_finger_scrolls_over_charts(phone: Chrome, chart: str) -> None:
    place = phone.execute_script(BROUGHT_INTO_SIGHT, f".st-key-{chart} .js-plotly-plot")
    before = phone.execute_script(SCROLLED)

    touch(phone, *place, *(place[1] - step for step in range(20, 220, 20)))

    assert becomes_true(lambda: phone.execute_script(SCROLLED) > before + 100)


def test_a_tap_in_the_list_below_shows_a_stocks_trend(phone: Chrome) -> None:
    touch(phone, *phone.execute_script(BROUGHT_INTO_SIGHT, ".st-key-movers_table summary"))
    find(phone, ".st-key-movers_table .stBidiComponent")
    at_rest(phone)
    looks: list[dict[str, Any]] = []

    def is_still(phone: Chrome) -> bool:
        looks.append(phone.execute_script(SECOND_NAME))
        return looks[-5:] == 5 * looks[-1:]

    WebDriverWait(phone, 30, 0.1).until(is_still)
    second = looks[-1]

    touch(phone, *second["place"])

    see(phone, f"Trend of {second['code']} ")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_mail_has_none(driver: Chrome, page: tuple[str, HoldingsStore], mode: str) -> None:
    _, store = page
    mail = MailPreviews(store, EmailSettings(watchlist=(700, 5)), "https://southbound.example.org").newest()
    assert mail is not None
    colour_scheme(driver, dark=mode == "dark")
    driver.get(f"data:text/html;charset=utf-8;base64,{b64encode(mail.page.encode()).decode()}")

    assert violations(driver) == []


def test_what_is_wrong_is_found(driver: Chrome) -> None:
    driver.get(
        "data:text/html,<html lang=en><title>x</title><main><h1 style='color:%23bbb'>faint</h1></main>"
    )

    [found] = violations(driver)
    assert found.startswith("color-contrast; <h1")
