"""The browser's Back and Forward on the page: each choice is one step, and nothing else is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, cast

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.dashboard.test_browser import (
    MOVERS,
    TREND,
    all_but_the_newest,
    chosen_stock,
    click,
    dashboard_on,
    find,
    see,
)
from tools.viewer import viewer

NEWEST = date(2026, 2, 27)

# What is pressed, filled in and open; not what the figures are.
WHAT_IS_CHOSEN = """
const pressed = [...document.querySelectorAll("[role=radio][aria-checked=true]")].map(e => e.innerText);
const boxes = [...document.querySelectorAll("input[type=checkbox]")].map(e => e.checked);
const fields = [...document.querySelectorAll("[class*=st-key-] input")].map(e => e.value);
const compared = document.querySelector(".st-key-compare").innerText;
const zoomed = !!document.querySelector(".st-key-unzoom");
// One in each of the seven switches, two toggles, the floors: the browser loads each kind as it is needed.
const loaded = pressed.length >= 7 && boxes.length >= 2 && document.querySelector(".st-key-least input");
const busy = !loaded || !!document.querySelector("[data-stale=true]");
return JSON.stringify([pressed, boxes, fields, compared, zoomed, busy]);
"""

Choice = tuple[str, Callable[[Chrome], object]]


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with viewer() as driver:
        yield driver


@pytest.fixture(scope="module")
def served(
    recorded: Mapping[date, DailyHoldings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, HoldingsStore]]:
    """A dashboard on all recorded days but the newest, and its store."""
    with dashboard_on(all_but_the_newest(recorded), tmp_path_factory.mktemp("dashboard")) as served:
        yield served


def steps(driver: Chrome) -> int:
    return int(driver.execute_script("return history.length"))


def what_is_chosen(driver: Chrome) -> str:
    """As soon as it stays the same: a page that is being drawn has not said all."""
    seen: list[str] = []

    def is_settled(driver: Chrome) -> bool:
        seen.append(f"{query(driver)} {driver.execute_script(WHAT_IS_CHOSEN)}")
        return len(set(seen[-3:])) == 1 < len(seen) and seen[-1].endswith("false]")

    WebDriverWait(driver, 30, 0.1).until(is_settled)
    return seen[-1]


def query(driver: Chrome) -> str:
    return driver.current_url.partition("?")[2]


def choose_stock(driver: Chrome) -> None:
    driver.find_element(By.CSS_SELECTOR, ".st-key-stock input").send_keys("hsbc", Keys.ENTER)


def click_a_bar(driver: Chrome) -> None:
    """On the third row, until it is heard: a chart that is being drawn does not hear a click."""
    before = chosen_stock(driver)

    def is_chosen(driver: Chrome) -> bool:
        if chosen_stock(driver) != before:
            return True
        bars = find(driver, MOVERS)
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", bars)
        down = int(-bars.rect["height"] / 2 + 2.5 * bars.rect["height"] / 10)
        aside = int(bars.rect["width"] / 2 - 20)
        ActionChains(driver).move_to_element_with_offset(bars, aside, down).click().perform()
        return False

    WebDriverWait(driver, 30, 0.5).until(is_chosen)


def search(driver: Chrome) -> None:
    find(driver, ".st-key-find input").send_keys("bank", Keys.ENTER)


def raise_floor(driver: Chrome) -> None:
    # What is folded away is there all the same.
    driver.execute_script("document.querySelector('[data-testid=stExpander] summary').click()")
    find(driver, ".st-key-least button[data-testid=stNumberInputStepUp]").click()


def drag(driver: Chrome) -> None:
    chart = find(driver, TREND)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    drawn = ActionChains(driver).move_to_element_with_offset(chart, -100, 60).click_and_hold()
    drawn.move_by_offset(100, 0).move_by_offset(50, 0).release().perform()
    see(driver, "Whole period")


def press_toggle(driver: Chrome) -> None:
    driver.execute_script("document.querySelector('.st-key-red_up input').click()")


def compare(driver: Chrome) -> None:
    driver.find_element(By.CSS_SELECTOR, ".st-key-compare input").send_keys("9988", Keys.ENTER, Keys.ESCAPE)


CHOICES: list[Choice] = [
    ("window=1", lambda driver: click(driver, "1 day")),
    ("stock=5", choose_stock),
    ("", click_a_bar),
    ("find=bank", search),
    ("least=20000", raise_floor),
    ("compare=9988", compare),
    ("from=", drag),
    ("up=red", press_toggle),
    ("tab=data", lambda driver: click(driver, "Data status")),
]


def test_each_choice_is_one_step_and_back_and_forward_take_it(
    driver: Chrome, served: tuple[str, HoldingsStore], recorded: Mapping[date, DailyHoldings]
) -> None:
    address, store = served
    driver.get(address)
    see(driver, "Shareholdings of Thu 26 Feb 2026", "Largest rises over 5 days", "00700", "All stocks on")
    first = steps(driver)
    seen = [what_is_chosen(driver)]
    # A visit adds no step, and its address stays as it was.
    assert steps(driver) == first
    assert query(driver) == ""
    for part, choose in CHOICES:
        choose(driver)
        WebDriverWait(driver, 30, 0.1).until(
            lambda driver: query(driver) != seen[-1].partition(" ")[0], f"to choose {part}"
        )
        seen.append(what_is_chosen(driver))
        assert part in query(driver)
        assert steps(driver) == first + len(seen) - 1

    store.put(recorded[NEWEST])
    see(driver, "Shareholdings of Fri 27 Feb 2026")

    assert what_is_chosen(driver) == seen[-1]
    assert steps(driver) == first + len(CHOICES)
    for number in range(len(CHOICES) - 1, -1, -1):
        driver.back()
        expect(driver, seen[number])
    for number in (1, 2):
        driver.forward()
        expect(driver, seen[number])
    driver.execute_script("history.go(arguments[0])", len(CHOICES) - 2)
    expect(driver, seen[-1])
    assert steps(driver) == first + len(CHOICES)

    # A choice after going back leaves what was ahead behind.
    for number in (-2, -3):
        driver.back()
        expect(driver, seen[number])
    click(driver, "20 days")
    WebDriverWait(driver, 30, 0.1).until(lambda driver: "window=20" in query(driver))
    assert steps(driver) == first + len(CHOICES) - 1
    assert "tab=data" not in query(driver)


def expect(driver: Chrome, wanted: str) -> None:
    """The address, and soon all that is chosen, as it was."""
    seen = [""]

    def is_there(driver: Chrome) -> bool:
        seen[0] = f"{query(driver)} {driver.execute_script(WHAT_IS_CHOSEN)}"
        return seen[0] == wanted

    with suppress(TimeoutException):
        WebDriverWait(driver, 30, 0.1).until(is_there)
    assert seen[0] == wanted
    # And so it stays: what is drawn late must not choose again.
    assert what_is_chosen(driver) == wanted


def test_a_link_and_going_back_over_several_steps_at_once(
    driver: Chrome, served: tuple[str, HoldingsStore]
) -> None:
    address, _ = served
    link = "stock=5&window=20&metric=pp&scope=bottom5&compare=700&date=2026-02-13"
    driver.get(f"{address}/?{link}")
    see(driver, "Shareholdings of Fri 13 Feb 2026", "Largest falls over 20 days", "00005 HSBC")
    first = steps(driver)
    opened = what_is_chosen(driver)
    assert query(driver) == link
    for label in ("Rises", "Shares", "1 day"):
        click(driver, label)
    see(driver, "Largest rises over 1 day")
    chosen = what_is_chosen(driver)
    assert steps(driver) <= first + 3

    driver.execute_script(f"history.go({first - steps(driver)})")
    expect(driver, opened)
    see(driver, "Shareholdings of Fri 13 Feb 2026", "Largest falls over 20 days", "00005 HSBC")
    driver.execute_script("history.go(3)")
    expect(driver, chosen)


def test_a_clicked_bar_can_be_clicked_again_after_going_back(
    driver: Chrome, served: tuple[str, HoldingsStore]
) -> None:
    address, _ = served
    driver.get(f"{address}/?window=1&metric=shares")
    see(driver, "Largest rises over 1 day", "00700 TENCENT")
    before = what_is_chosen(driver)
    click_a_bar(driver)
    after = what_is_chosen(driver)
    driver.back()
    expect(driver, before)
    click_a_bar(driver)
    expect(driver, after)


def test_reset_is_a_step_too(driver: Chrome, served: tuple[str, HoldingsStore]) -> None:
    address, _ = served
    driver.get(f"{address}/?stock=5&window=20&up=red&tab=data&least=0")
    see(driver, "00005 HSBC", "Data status")
    before, first = what_is_chosen(driver), steps(driver)
    cast("Any", find(driver, ".st-key-reset button")).click()
    see(driver, "Largest rises over 5 days", "00700 TENCENT", "All stocks on")
    assert what_is_chosen(driver).startswith("stock=700&window=5&metric=pp&scope=top10 ")
    assert steps(driver) == first + 1
    driver.back()
    expect(driver, before)
