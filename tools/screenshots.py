"""Takes the pictures in docs/: the dashboard and a mail, on the recorded days. Run by `make screenshots`."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from demo.days import history_is_read
from demo.environment import demo_environment, with_official_files
from replay.serving import free_ports, serving
from replay.site import ReplaySite
from southbound.common.language import Language
from southbound.config.settings import DashboardSettings, EmailSettings, RedisSettings, Settings
from southbound.mail.app import preview
from southbound.presentation.view_state import Tab
from southbound.running import embedded_store
from southbound.running.all_in_one import the_three
from southbound.running.supervisor import Program
from southbound.store.holdings_store import HoldingsStore
from tools.viewer import colour_scheme, resize, viewer
from tools.waiting import wait_until

DOCS = Path(__file__).resolve().parents[1] / "docs"
LAST_DAY = date(2026, 2, 28)
DASHBOARD_WIDTHS, MAIL_WIDTHS = (1400, 375), (600, 375)
LAPTOP = (1366, 768)
CHINESE = (Language.TRADITIONAL, Language.SIMPLIFIED)
VIEW = "?stock=700&window=5&metric=pp&scope=top10&watch=700,9988,5,2800"
SMTP_PORT = 25  # nothing is sent
HIGHEST = {"mail": 2400}  # the rest is tables
MAIL = Settings(
    email=EmailSettings(watchlist=(700, 5, 2160)),
    dashboard=DashboardSettings(url="https://southbound.example.org"),
)


def main() -> int:
    store_port, port = free_ports(0, 0)
    site = ReplaySite(today=LAST_DAY)
    site.official.evening = True
    with (
        tempfile.TemporaryDirectory(prefix="southbound-pictures-") as name,
        serving(site) as page,
        embedded_store.serving(store_port, Path(name) / "data") as server,
        viewer() as driver,
    ):
        folder, redis = Path(name), RedisSettings(url=f"redis://127.0.0.1:{server.port}/0")
        store = HoldingsStore.at(redis)
        environment = demo_environment(page, redis.url, SMTP_PORT) | with_official_files(page)
        scraper, dashboard, _ = the_three(environment, folder, port)
        with running(scraper), running(dashboard):
            wait_until("the history", lambda: history_is_read(store.client))
            wait_until("the files beside it", lambda: files_are_read(store))
            address = f"http://127.0.0.1:{port}/{VIEW}"
            photograph_dashboard(driver, address)
            for language in CHINESE:
                photograph_in(language, driver, address)
        for language in Language:
            mail = written_mail(store, folder, language)
            called = "mail" if language is Language.ENGLISH else f"mail-{language}"
            photograph(driver, mail.as_uri(), called, MAIL_WIDTHS, is_drawn=lambda: True)
        store.client.close()
    return 0


def files_are_read(store: HoldingsStore) -> bool:
    """Whether prices, turnover and short positions lack no day."""
    status = store.status()
    sources = () if status is None else (status.prices, status.turnover, status.short_positions)
    return bool(sources) and all(source is not None and not source.missing for source in sources)


def written_mail(store: HoldingsStore, folder: Path, language: Language) -> Path:
    """The newest mail as a page, where a browser of another user finds it."""
    mails = folder / language
    mails.mkdir()
    preview(store, replace(MAIL, email=replace(MAIL.email, language=language)), None, mails)
    [mail] = mails.glob("*.html")
    folder.chmod(0o711)
    mails.chmod(0o711)
    mail.chmod(0o644)
    return mail


def photograph_dashboard(driver: Chrome, address: str) -> None:
    def is_drawn() -> bool:
        return bool(driver.execute_script(DRAWN))

    photograph(driver, address, "dashboard", DASHBOARD_WIDTHS, is_drawn)
    for mode in ("light", "dark"):
        resize(driver, *LAPTOP)
        opened(driver, address, mode, is_drawn)
        _settled_height(driver)
        saved(driver.save_screenshot, f"dashboard-{'x'.join(map(str, LAPTOP))}-{mode}")
    for tab in Tab:
        for width, mode in zip(DASHBOARD_WIDTHS, ("light", "dark"), strict=True):
            resize(driver, width, 1000)
            opened(driver, f"{address}&tab={tab}", mode, lambda: bool(driver.execute_script(TAB_IS_DRAWN)))
            resize(driver, width, _settled_height(driver))
            part = driver.find_element(By.CSS_SELECTOR, ".st-key-below")
            saved(part.screenshot, f"tab-{tab}-{width}-{mode}")


def photograph_in(language: Language, driver: Chrome, address: str) -> None:
    """The page in another language: its parts and their names are those of English."""
    for width, mode in zip(DASHBOARD_WIDTHS, ("light", "dark"), strict=True):
        resize(driver, width, 1000)
        opened(driver, f"{address}&lang={language}", mode, lambda: bool(driver.execute_script(DRAWN)))
        resize(driver, width, _settled_height(driver))
        saved(driver.save_screenshot, f"dashboard-{language}-{width}-{mode}")
    for tab in Tab:
        resize(driver, DASHBOARD_WIDTHS[0], 1000)
        there = f"{address}&lang={language}&tab={tab}"
        opened(driver, there, "light", lambda: bool(driver.execute_script(TAB_IS_DRAWN)))
        resize(driver, DASHBOARD_WIDTHS[0], _settled_height(driver))
        saved(
            driver.find_element(By.CSS_SELECTOR, ".st-key-below").screenshot,
            f"tab-{tab}-{language}-{DASHBOARD_WIDTHS[0]}-light",
        )


DRAWN = """
return document.querySelectorAll(".js-plotly-plot .main-svg").length >= 2
    && document.querySelector(".st-key-listing [data-testid^=stBidiComponent]")?.shadowRoot
    && /HKEXnews|披露易/.test(document.querySelector(".st-key-fresh")?.innerText)
    && !document.querySelector("[data-stale=true]")
"""

TAB_IS_DRAWN = """
return document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
    && document.querySelector(".st-key-below h2, .st-key-below h3")
    && !document.querySelector("[data-stale=true]")
"""


def opened(driver: Chrome, address: str, mode: str, is_drawn: Callable[[], bool]) -> None:
    """The page in a mode, once it is drawn."""
    colour_scheme(driver, dark=mode == "dark")
    driver.get(address)
    wait_until(address, is_drawn)


def saved(take: Callable[[str], bool], name: str) -> None:
    picture = DOCS / f"{name}.png"
    take(str(picture))
    print(f"{picture.relative_to(DOCS.parent)}: {picture.stat().st_size // 1024} kB")  # noqa: T201


def photograph(
    driver: Chrome, address: str, name: str, widths: tuple[int, ...], is_drawn: Callable[[], bool]
) -> None:
    """The page, or the most that is shown of it, in each width, light and dark."""
    for width in widths:
        for mode in ("light", "dark"):
            resize(driver, width, 1000)
            opened(driver, address, mode, is_drawn)
            resize(driver, width, min(_settled_height(driver), HIGHEST.get(name.partition("-")[0], 10_000)))
            saved(driver.save_screenshot, f"{name}-{width}-{mode}")


def _settled_height(driver: Chrome) -> int:
    """The height of the page's content, once it has stopped growing."""
    measure = (
        "return (document.querySelector('[data-testid=stMain]') ?? document.documentElement).scrollHeight"
    )
    heights: list[int] = []

    def settled() -> bool:
        heights.append(driver.execute_script(measure))
        return len(heights) > 5 and len(set(heights[-5:])) == 1

    wait_until("a page that grows no more", settled, pause=0.2)
    return heights[-1]


@contextmanager
def running(program: Program) -> Iterator[None]:
    process = subprocess.Popen(program.command, env=program.environment, cwd=program.folder)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


if __name__ == "__main__":
    sys.exit(main())
