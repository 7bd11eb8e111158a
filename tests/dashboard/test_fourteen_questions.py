"""The fourteen questions of an analyst's morning: each in two steps at most, by mouse, keyboard and finger.

A step is a press, or a field that is filled in. The page is opened once for each way of working it; what was
chosen for one question is taken back for the next.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from southbound.market.daily_holdings import DailyHoldings
from tests.conftest import becomes_true
from tests.dashboard.test_browser import WHAT_IS_READ, dashboard_on
from tools.viewer import resize, viewer

MOST_STEPS = 2
WIDE, PHONE = (1400, 1000), (375, 800)
OURS = "stock=700&window=5&metric=pp&scope=top10&watch=700,9988,5,2800,16"

IDLE = """
return document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-stale=true]")
    // A browser that is new to the page still fetches what draws them, and they move what is below.
    && document.querySelectorAll(".js-plotly-plot .main-svg").length >= 2;
"""

# By its role and what it says, within components of ours too: as a reader finds it.
FIND = """
const [role, name] = arguments;
const roots = [document, ...[...document.querySelectorAll("*")].map(e => e.shadowRoot).filter(Boolean)];
const kinds = {
  radio: "[role=radio]", button: "button", link: "a[href]", field: "input:not([type=number])",
};
const icons = e => [...e.querySelectorAll("[data-testid=stIconMaterial]")].map(icon => icon.textContent);
const says = e => e.getAttribute("aria-label")
    ?? icons(e).reduce((text, icon) => text.replace(icon, ""), e.textContent);
const all = roots.flatMap(root => [...root.querySelectorAll(kinds[role])]);
const seen = e => e.getClientRects().length && e.getBoundingClientRect().right > 0;
const named = all.filter(e => says(e).trim() === name), found = named.find(seen);
found?.scrollIntoView({block: "center"});
const above = e => e.parentElement ?? e.getRootNode().host;
const inSidebar = e => !!e && (e.dataset.testid === "stSidebar" || inSidebar(above(e)));
return found ?? (arguments[2] && named.some(inSidebar) ? "folded" : null);
"""

READ = f"""
const parts = [...document.querySelectorAll("*")].map(e => e.shadowRoot?.textContent).filter(Boolean);
return [...parts, (() => {{ {WHAT_IS_READ} }})()].join("\\n");
"""

FIRST_OF_ROW = "return arguments[0].closest('[role=radiogroup]').querySelector('[tabindex=\"0\"]')"

MIDDLE = """
const at = arguments[0].getBoundingClientRect(), x = at.x + at.width / 2, y = at.y + at.height / 2;
const hit = arguments[0].getRootNode().elementFromPoint(x, y);
if (arguments[0].contains(hit)) return [x, y];
arguments[0].scrollIntoView({block: "center"});
return null;
"""

TAKE_BACK = """
document.querySelector(".st-key-reset button:not([disabled])")?.click();
const bar = document.querySelector("[data-testid=stSidebar]");
if (innerWidth < 768 && bar.dataset.collapsed === "false")
    bar.querySelector("[data-testid=stSidebarCollapseButton] button").click();
"""

OPEN_SIDEBAR = "return document.querySelector('[data-testid=stSidebar]')?.dataset.collapsed === 'false'"


class Way(Protocol):
    """How a reader works the page; it counts its steps."""

    steps: int

    def press(self, role: str, name: str) -> None: ...

    def fill(self, name: str, text: str) -> None: ...


class Hand:
    """What all ways have in common."""

    size = WIDE

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self.steps = 0

    def press(self, role: str, name: str) -> None:
        """A switch, a button or a link, by what it says."""
        at_rest(self.driver)
        self.steps += 1
        self._press(self._find(role, name))

    def fill(self, name: str, text: str) -> None:
        """A field, by its label."""
        at_rest(self.driver)
        self.steps += 1
        self._press(self._find("field", name))
        ActionChains(self.driver).send_keys(text, Keys.ENTER).perform()

    def _find(self, role: str, name: str, *, folded: bool = False) -> Any:
        """What is in sight; with `folded` that word for what is in a sidebar that is not."""
        there = WebDriverWait(self.driver, 30, 0.1)
        return there.until(lambda driver: driver.execute_script(FIND, role, name, folded), f"{role} {name}")

    def _press(self, element: Any) -> None:
        self._where_it_stands_still(element)
        ActionChains(self.driver).move_to_element(element).click().perform()

    def _where_it_stands_still(self, element: Any) -> list[float]:
        """The middle of what is pressed: charts that are drawn move what is below; a sidebar slides in."""
        places: list[list[float] | None] = []

        def is_still(driver: Chrome) -> bool:
            places.append(driver.execute_script(MIDDLE, element))
            return places[-1] is not None and places[-4:] == 4 * places[-1:]

        WebDriverWait(self.driver, 30, 0.1).until(is_still)
        return places[-1] or []


class Mouse(Hand):
    """A pointer on a wide page."""


class Keyboard(Hand):
    """Nothing but keys: what is pressed must be among what Tab reaches, and is pressed by Enter or Space."""

    def _press(self, element: Any) -> None:
        role = element.get_attribute("role")
        # One of a row of buttons is reached by Tab, and the others from it by the arrows.
        first = self.driver.execute_script(FIRST_OF_ROW, element) if role == "radio" else element
        assert first.get_property("tabIndex") == 0, f"Tab does not reach {element.text}"
        self.driver.execute_script("arguments[0].focus()", first)
        if role == "radio":
            for _ in range(20):
                if self.driver.execute_script("return document.activeElement === arguments[0]", element):
                    break
                ActionChains(self.driver).send_keys(Keys.ARROW_RIGHT).perform()
        if element.tag_name != "input":
            ActionChains(self.driver).send_keys(Keys.ENTER).perform()


class Finger(Hand):
    """A finger on a telephone; the sidebar lies folded away, and opening it is a step."""

    size = PHONE

    def _find(self, role: str, name: str, *, folded: bool = True) -> Any:
        found = super()._find(role, name, folded=folded)
        if found != "folded":
            return found
        self.steps += 1
        self._press(self.driver.execute_script(FIND, "button", "Expand sidebar"))
        WebDriverWait(self.driver, 30, 0.1).until(lambda driver: driver.execute_script(OPEN_SIDEBAR))
        return super()._find(role, name)

    def _press(self, element: Any) -> None:
        x, y = self._where_it_stands_still(element)
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@dataclass(frozen=True)
class Question:
    """What is asked, how it is answered, and what the answer has."""

    asked: str
    answer: Callable[[Way], object]
    has: tuple[str, ...]


QUESTIONS = (
    Question(
        "largest moves over 5 sessions in points, and are they real",
        lambda way: way.press("radio", "Mechanical"),
        ("Largest rises over 5 days", "Percentage points of the issued shares", "Mechanical moves"),
    ),
    Question(
        "is Tencent bought, since when",
        lambda way: way.press("radio", "One stock"),
        ("Bought or sold since", "bought since"),
    ),
    Question(
        "which stocks crossed 10 % this week",
        lambda way: way.press("link", "Crossed 10 %"),
        ("crossed 10% within 5 days", "of 854 shares"),
    ),
    Question(
        "who left the list",
        lambda way: way.press("radio", "Added, gone"),
        ("Gone from the list", "that does not mean sold"),
    ),
    Question(
        "how did my five move",
        lambda way: way.press("radio", "Watchlist"),
        ("Watchlist on Fri 27 Feb 2026", "ALIBABA", "TRACKER FUND", "SUN HUNG KAI"),
    ),
    Question(
        "HSBC beside Standard Chartered",
        lambda way: way.fill("Stock", "hsbc, standard chartered"),
        ("Trend of 2 stocks compared", "00005 HSBC", "02888 STANDARD CHARTERED"),
    ),
    Question(
        "which funds distort",
        lambda way: way.press("radio", "Funds"),
        ("Funds on the list", "HANG SENG"),
    ),
    Question(
        "what happened on 23 February",
        lambda way: way.fill("Shareholding date", "2026-02-23"),
        ("Shareholdings of Mon 23 Feb 2026", "All stocks on Mon 23 Feb 2026"),
    ),
    Question(
        "stakes above 20 %",
        lambda way: way.press("link", "Stake above 20 %"),
        ("at least 20", "of 854 shares"),
    ),
    Question(
        "streaks of 10 and more",
        lambda way: way.press("link", "Streak of 10"),
        ("at least 10", "of 854 shares"),
    ),
    Question("movers without funds", lambda _: None, ("10 largest rises", "without funds")),
    Question(
        "what was bought in HK$",
        lambda way: way.press("radio", "HK$"),
        ("10 largest rises in HK$ of net buying", "+HK$"),
    ),
)
"""All but the two that leave the page: the sheet, and what a colleague is shown."""


@pytest.fixture(scope="module")
def address(
    recorded: Mapping[date, DailyHoldings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dashboard")
    with dashboard_on(recorded.values(), folder, in_money=True) as (address, _):
        yield address


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with viewer() as driver:
        yield driver


def see(driver: Chrome, *wanted: str) -> str:
    """The page's text, of our components too, once all of `wanted` is in it."""
    read = ""

    def is_there() -> bool:
        nonlocal read
        read = driver.execute_script(READ)
        return all(part in read for part in wanted)

    assert becomes_true(is_there, pause=0.1), f"wanted {wanted}, the page is\n{read}"
    return read


def at_rest(driver: Chrome) -> None:
    assert becomes_true(lambda: driver.execute_script(IDLE), pause=0.1)


def taken_back(driver: Chrome) -> None:
    """What was chosen, by *Reset*; a telephone's sidebar is folded away again."""
    at_rest(driver)

    def is_back() -> bool:
        driver.execute_script(TAKE_BACK)
        # A press is lost on a button that is drawn anew in this moment: after a while it is pressed again.
        return becomes_true(lambda: unquote(driver.current_url).endswith(OURS), 2)

    assert becomes_true(is_back), driver.current_url
    at_rest(driver)


@pytest.mark.parametrize("kind", [Mouse, Keyboard, Finger])
def test_each_question_takes_two_steps_at_most(
    driver: Chrome, address: str, downloads: Path, kind: type[Hand]
) -> None:
    resize(driver, *kind.size)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": kind is Finger})
    allowed = {"behavior": "allow", "downloadPath": str(downloads)}
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)
    driver.get(f"{address}/?{OURS}")
    see(driver, "All stocks on Fri 27 Feb 2026", "of 854 shares")
    taken: dict[str, int] = {}
    for question in QUESTIONS:
        way = kind(driver)
        question.answer(way)
        see(driver, *question.has)
        taken[question.asked] = way.steps
        taken_back(driver)

    way = kind(driver)
    way.press("button", "Excel")
    assert becomes_true(lambda: [*downloads.glob("southbound-2026-02-27*.xlsx")])
    taken["the sheet for my own model"] = way.steps

    way = kind(driver)
    way.press("radio", "20 days")
    shown = see(driver, "Largest rises over 20 days")
    driver.get(driver.current_url)
    see(driver, *(line for line in shown.splitlines() if line.startswith("Largest")))
    taken["show a colleague what I see"] = 0

    assert len(taken) == 14
    assert {asked: steps for asked, steps in taken.items() if steps > MOST_STEPS} == {}
