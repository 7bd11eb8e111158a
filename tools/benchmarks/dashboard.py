"""How fast the dashboard is: a published day, a click, many readers, and doing nothing."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median, quantiles

import psutil
from selenium.webdriver import Chrome

from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks import pages
from tools.benchmarks.behind_nginx import behind_nginx, first_load
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.footprint import held
from tools.benchmarks.money import write_prices
from tools.benchmarks.stored_days import coming_days, filled_store
from tools.benchmarks.visitors import all_at_once, visitors
from tools.viewer import viewer

CLICKS = ("1 day", "20 days", "5 days", "Shares", "% change", "Falls", "Rises")
LOADS, ROUNDS = 5, 3
PUBLISHED = 11

FIRST_CHANGE, ALL_DRAWN = {1: 2.0, 9: 1.5}, {1: 6.0, 9: 4.0}
"""How many times as long as reruns that change nothing a day may take to be in all of so many tabs.

Tabs that draw their charts one after the other show the last of them its first change when most are drawn.
"""

CONTROL, CONTROL_AT_FIRST, UPDATE = 2.0, 2.5, 4
"""The same of a control in one tab, and of the last of many sessions. A control whose view nobody asked for
before in this process, in a browser that has just been started, takes longer."""

START, STARTS = 6.4, 3
"""How many times as long as that of an empty page the first page after a start may take: the figures of ten
years with prices are read meanwhile. 3 s where an empty page takes 0.47 s."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for a few days and a few readers."""
    for days in (10,) if smoke else (60, 2500):
        with tempfile.TemporaryDirectory() as folder, filled_store(Path(folder), days) as store:
            write_prices(store, store.dates())
            stored = f", {days:,} days with prices stored"
            yield _start(store, Path(folder), stored, 1 if smoke else STARTS)
            with pages.dashboard(store, Path(folder)) as server:
                yield from _page(store, server, stored, smoke=smoke)
                yield from _first_load(server, Path(folder), stored)
                yield from _many(store, server, 5 if smoke else 50, stored)


def _start(store: HoldingsStore, folder: Path, stored: str, starts: int) -> Figure:
    """From the start of the server until the first page is drawn, beside one that shows nothing."""
    script = folder / "empty.py"
    script.write_text("import streamlit\nstreamlit.title('Empty')\n", encoding="utf-8")
    took = [
        (_first_page(pages.dashboard(store, folder)), _first_page(pages.served(script, folder, {})))
        for _ in range(starts)
    ]
    ours, empty = map(median, zip(*took, strict=True))
    return Figure(
        name=f"first page after a start{stored}",
        value=ours,
        runs=starts,
        floor=empty,
        floor_name="an empty page",
        ratio_limit=START,
    )


def _first_page(starting: AbstractContextManager[pages.Server]) -> float:
    began = time.perf_counter()
    with starting as server, visitors(server.address, 1):
        return time.perf_counter() - began


def _page(store: HoldingsStore, server: pages.Server, stored: str, *, smoke: bool) -> Iterator[Figure]:
    """What a reader waits for."""
    coming, runs = coming_days(), 1 if smoke else PUBLISHED
    loads, labels = (1, CLICKS[:2]) if smoke else (LOADS, CLICKS)
    with viewer() as driver:
        pages.watch(driver)
        pages.open_page(driver, server.address)
        warm = median(pages.open_page(driver, server.address) for _ in range(loads))
        yield Figure(name=f"first chart of a warm server{stored}", value=warm, runs=loads, limit=1.5)
        for name, rounds, ratio_limit in (
            ("a control's change drawn for the first time", 1, CONTROL_AT_FIRST),
            ("a control's change drawn", 1 if smoke else ROUNDS, CONTROL),
        ):
            yield Figure(
                name=f"{name}{stored}",
                value=median(pages.click(driver, label) for label in labels * rounds),
                runs=rounds * len(labels),
                floor=median(pages.no_op(driver) for _ in labels * rounds),
                floor_name="no-op rerun",
                ratio_limit=ratio_limit,
            )
        for tabs in (1, 2 if smoke else 9):
            while len(driver.window_handles) < tabs:
                driver.switch_to.new_window("window")
                pages.watch(driver)
                pages.open_page(driver, server.address)
            yield from _published(driver, store, coming, runs, stored)
        for handle in driver.window_handles[5:]:
            driver.switch_to.window(handle)
            driver.close()
        tabs = len(driver.window_handles)
        idle = _idle_percent(server.process, 0.5 if smoke else 20)
        yield Figure(name=f"idle, {tabs} tabs{stored}", value=idle, unit="% of a core", limit=2)


def _first_load(server: pages.Server, folder: Path, stored: str) -> Iterator[Figure]:
    """What comes over the wire, once nginx compresses it."""
    with behind_nginx(server.address, folder) as address:
        if address is not None:
            loaded = first_load(address) / 1e6
            yield Figure(name=f"a first load behind nginx{stored}", value=loaded, unit="MB", limit=2.5)


def _published(
    driver: Chrome, store: HoldingsStore, coming: Iterator[DailyHoldings], runs: int, stored: str
) -> Iterator[Figure]:
    """How soon a published day is in all open tabs, beside reruns of all of them that change nothing.

    The tabs and the server have the same cores. If a tab waited for another, its own time would come on top.
    """
    tabs = len(driver.window_handles)
    pages.no_op(driver)
    took = [(pages.no_op(driver), *pages.publish(driver, store, next(coming))) for _ in range(runs)]
    least, first, drawn = map(median, zip(*took, strict=True))
    who, floor_name = "1 tab", "no-op rerun"
    if tabs > 1:
        who, floor_name = f"the last of {tabs} tabs", f"the last of {tabs} no-op reruns at once"
    for what, value, ratio_limits in (
        ("first change", first, FIRST_CHANGE),
        ("all charts drawn", drawn, ALL_DRAWN),
    ):
        yield Figure(
            name=f"published to {what}, {who}{stored}",
            value=value,
            runs=runs,
            floor=least,
            floor_name=floor_name,
            ratio_limit=ratio_limits.get(tabs),
        )


def _many(store: HoldingsStore, server: pages.Server, count: int, stored: str) -> Iterator[Figure]:
    with visitors(server.address, 2):
        before = held(server.process)
        with visitors(server.address, count) as opened:
            grown = (held(server.process) - before) / count / MEGABYTE
            yield Figure(name=f"memory a session, {count} sessions{stored}", value=grown, unit="MB", limit=4)
            least = all_at_once(opened)
            store.put(next(coming_days()))
            took = all_at_once(opened)
    yield Figure(
        name=f"an update of {count} sessions at once, p95{stored}",
        value=quantiles(took, n=20)[-1],
        floor=quantiles(least, n=20)[-1],
        floor_name="the same without a new day",
        ratio_limit=UPDATE,
    )


def _idle_percent(process: psutil.Process, seconds: float) -> float:
    """What the server uses of a core while nobody does anything."""
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / seconds * 100
