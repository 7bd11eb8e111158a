"""The three real processes on the replay site: 60 days come in, a new day appears, page and inbox show it.

The figures are looked up in the recording itself, by code that shares nothing with the product's.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pandas as pd
import psutil
import pytest
from selenium.webdriver import Chrome

from demo.environment import demo_environment
from replay.inbox import Inbox
from replay.serving import LocalServer
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings
from southbound.running.all_in_one import is_free, the_three
from southbound.store.holdings_store import HoldingsStore
from tests import by_hand
from tests.conftest import Stage, becomes_true, recording
from tools.viewer import viewer

FRIDAY, MONDAY, NEXT = date(2026, 2, 13), date(2026, 2, 16), date(2026, 2, 20)
COLUMNS = ["Stock Code", "Name", "Shareholding in CCASS", "% of the total number of Issued Shares/Units"]


@dataclass(frozen=True)
class Line:
    """Everything that is running."""

    site: ReplaySite
    store: HoldingsStore
    inbox: Inbox
    dashboard: str
    processes: dict[str, "subprocess.Popen[bytes]"]
    logs: Path


@pytest.fixture
def line(
    stage: Stage,
    url: str,
    redis_settings: RedisSettings,
    store: HoldingsStore,
    free_port: int,
    tmp_path: Path,
) -> Iterator[Line]:
    stage.site = site = ReplaySite(today=FRIDAY + timedelta(days=1))
    inbox = Inbox()
    with ExitStack() as stack:
        stack.enter_context(LocalServer(inbox.app))
        environment = demo_environment(url, redis_settings.url, inbox.smtp_port)
        processes = {}
        for program in the_three(environment, tmp_path, free_port):
            log = stack.enter_context((tmp_path / f"{program.name}.log").open("wb"))
            processes[program.name] = subprocess.Popen(
                program.command, env=program.environment, cwd=program.folder, stdout=log, stderr=log
            )
            stack.callback(_end, processes[program.name])
        wait_for(lambda: not is_free(free_port), "the dashboard to listen")
        yield Line(site, store, inbox, f"http://127.0.0.1:{free_port}/", processes, tmp_path)


@pytest.fixture
def page() -> Iterator[Chrome]:
    with viewer() as driver:
        yield driver


def test_from_the_page_to_the_browser_and_the_inbox(line: Line, page: Chrome) -> None:
    page.get(f"{line.dashboard}?window=1&metric=shares&kind=all")
    wait_for(lambda: len(line.store.dates()) == 31, "the history")
    assert line.store.dates() == line.site.days_offered(date(2025, 12, 16), FRIDAY)
    assert not any(day.weekday() >= 5 for day in line.store.dates())
    for day in line.store.dates():
        assert_stored_as_recorded(line.store, day)
    wait_for(lambda: shown(page, "Fri 13 Feb 2026"), "the page to show the history")
    wait_for(lambda: len(line.inbox.mails) == 1, "the mail of the newest day")

    assert line.site.move_on() == MONDAY
    wait_for(lambda: shown(page, "Mon 16 Feb 2026"), "the open page to show the new day")
    wait_for(lambda: len(line.inbox.mails) == 2, "its mail")
    assert "Not one holding changed" in mail_text(line.inbox, 1)
    assert_stored_as_recorded(line.store, MONDAY)

    assert line.site.move_on() == NEXT
    wait_for(lambda: shown(page, "Fri 20 Feb 2026"), "the open page to show the next day")
    wait_for(lambda: len(line.inbox.mails) == 3, "its mail")
    assert_stored_as_recorded(line.store, NEXT)
    old, new = recording()[MONDAY], recording()[NEXT]
    changes = {
        code: int(new[code]["shareholding"]) - int(old[code]["shareholding"]) for code in old.keys() & new
    }
    rose, fell = sum(c > 0 for c in changes.values()), sum(c < 0 for c in changes.values())
    ranked = changes.keys() - by_hand.funds()
    top, bottom = max(ranked, key=changes.__getitem__), min(ranked, key=changes.__getitem__)
    wait_for(lambda: shown(page, f"{rose} / {fell}"), "its figures")
    assert f"{rose} holdings rose, {fell} fell" in mail_text(line.inbox, 2)
    for code in (top, bottom):
        assert f"{code:05d} {new[code]['name']}" in mail_text(line.inbox, 2)
        assert f"{int(new[code]['shareholding']):,} shares" in mail_text(line.inbox, 2)
    for code in new.keys() - old:
        assert f"{code:05d}" in mail_text(line.inbox, 2)

    assert [mail.recipients for mail in line.inbox.mails] == [("reader@localhost",)] * 3
    assert line.site.most_at_once == 1
    assert all(process.poll() is None for process in line.processes.values())
    assert not severe(page)
    assert "Traceback" not in "".join(path.read_text() for path in line.logs.glob("*.log"))


def test_a_stopped_scraper_takes_its_browser_with_it_within_ten_seconds(line: Line) -> None:
    wait_for(lambda: bool(line.store.dates()), "the first day")
    scraper = line.processes["scraper"]
    below = psutil.Process(scraper.pid).children(recursive=True)
    assert any("chrom" in process.name() for process in below)
    began = time.monotonic()

    scraper.terminate()
    scraper.wait(10)

    assert time.monotonic() - began < 10
    assert scraper.returncode == 0
    assert not [process for process in below if process.is_running()]


def assert_stored_as_recorded(store: HoldingsStore, day: date) -> None:
    value = store.client.get(day.isoformat())
    assert isinstance(value, str)
    frame = pd.read_json(StringIO(value), orient="split")
    expected = recording()[day]
    assert list(frame.columns) == COLUMNS
    assert frame["Stock Code"].tolist() == sorted(expected)
    assert frame["Shareholding in CCASS"].tolist() == [
        int(expected[c]["shareholding"]) for c in sorted(expected)
    ]
    # By default pandas reads 2.72 as 2.7199999999999998; the page has two decimals.
    percents = [None if pd.isna(percent) else round(percent, 2) for percent in frame[COLUMNS[3]]]
    texts = [expected[code]["percent"] for code in sorted(expected)]
    assert percents == [float(text) if text else None for text in texts]


def shown(page: Chrome, text: str) -> bool:
    return text in page.execute_script("return document.body.innerText")


def severe(page: Chrome) -> list[str]:
    entries = page.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


def mail_text(inbox: Inbox, number: int) -> str:
    part = inbox.mails[number].message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def wait_for(true: Callable[[], bool], what: str, seconds: float = 40) -> None:
    assert becomes_true(true, seconds, pause=0.1), f"waited {seconds:g} s for {what}"


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
