"""How fast the dashboard is: reading the store, a published day, a click, many readers, and doing nothing."""

import tempfile
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from statistics import median, quantiles
from typing import Any, cast

import pandas as pd
import psutil

from benchmarks import pages
from benchmarks.figures import Figure
from benchmarks.stored_days import coming_days, filled_store
from benchmarks.visitors import all_at_once, visitors
from replay.viewer import viewer
from southbound import keys
from southbound.dashboard.feed import Edition
from southbound.dashboard.shelf import Shelf
from southbound.history import History
from southbound.store import HoldingsStore

HISTORIES = {60: 0.15, 250: None, 2500: 2.5}
"""Days, and the seconds that reading them may take."""

READ_BY_PANDAS = 60
"""Days; ten years would take it minutes."""

MEGABYTE = 2**20
CLICKS = ("1 day", "20 days", "5 days", "Shares", "% change", "Falls", "Rises")


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for a few days and a few readers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for days, limit in {10: None}.items() if smoke else HISTORIES.items():
            with filled_store(folder, days) as store:
                yield from _history(store, days, limit)
                if days != 250:
                    yield from _page(store, folder, days, smoke=smoke)


def _history(store: HoldingsStore, days: int, limit: float | None) -> Iterator[Figure]:
    dates = [keys.day(day) for day in store.dates()]

    def texts() -> list[str]:
        return cast("list[str]", store.client.mget(dates))

    bare = _took(texts)
    yield Figure(
        name=f"history of {days} days",
        value=_took(lambda: History.of(store.get_many(store.dates())[0])),
        floor=bare,
        floor_name="MGET alone",
        limit=limit,
    )
    if days <= READ_BY_PANDAS:
        ours = _took(lambda: History.of(store.get_many(store.dates())[0]))
        theirs = _took(lambda: [pd.read_json(StringIO(text), orient="split") for text in texts()])
        yield Figure(
            name=f"history of {days} days, beside pandas",
            value=ours,
            floor=theirs,
            floor_name="read_json a key",
            ratio_limit=1,
        )
    shelf = Shelf(store)
    took = _took(lambda: shelf.figures(Edition(0, store.version())), times=1)
    yield Figure(name=f"{days} days with their mechanical moves", value=took)
    store.put(next(coming_days()))
    took = _took(lambda: shelf.figures(Edition(0, store.version())), times=1)
    yield Figure(name=f"one more day after {days}", value=took, limit=0.02)


def _page(store: HoldingsStore, folder: Path, days: int, *, smoke: bool) -> Iterator[Figure]:
    """What a reader waits for, with so many days stored."""
    coming, times = coming_days(), 2 if smoke else 11
    next(coming)  # stored already
    stored = f", {days} days stored"
    with pages.dashboard(store, folder) as server:
        with viewer() as driver:
            driver.set_script_timeout(pages.SECONDS)
            pages.watch(driver)
            pages.open_page(driver, server.address)
            warm = median(pages.open_page(driver, server.address) for _ in range(3))
            yield Figure(name=f"first chart of a warm server{stored}", value=warm, limit=1.5)
            clicks = median(pages.click(driver, label) for label in CLICKS)
            yield Figure(name=f"a control's change drawn{stored}", value=clicks, limit=0.3)
            for tabs in (1, 2 if smoke else 9):
                while len(driver.window_handles) < tabs:
                    driver.switch_to.new_window("window")
                    pages.watch(driver)
                    pages.open_page(driver, server.address)
                pages.no_op(driver)  # the shortcut that a page hears first is lost
                no_op = median(pages.no_op(driver) for _ in range(times))
                took = [
                    pages.publish(driver.window_handles, driver, store, next(coming)) for _ in range(times)
                ]
                last = f"{tabs} tabs, the last one" if tabs > 1 else "1 tab"
                # Nine tabs draw on the same cores. A tab that is not told waits 5 s for its own look.
                yield Figure(
                    name=f"published to first change, {last}{stored}",
                    value=median(first for first, _ in took),
                    floor=no_op,
                    floor_name="no-op rerun",
                    limit=0.1 if tabs == 1 else 5,
                )
                yield Figure(
                    name=f"published to all charts drawn, {last}{stored}",
                    value=median(drawn for _, drawn in took),
                    floor=no_op,
                    floor_name="no-op rerun",
                    limit=0.3 if tabs == 1 else 5,
                )
            for handle in driver.window_handles[5:]:
                driver.switch_to.window(handle)
                driver.close()
            idle = _idle_percent(server.process, 2 if smoke else 20)
            yield Figure(name=f"idle, 5 tabs{stored}", value=idle, unit="% of a core", limit=2)
        yield from _many(store, server, 5 if smoke else 50, stored)


def _many(store: HoldingsStore, server: pages.Server, count: int, stored: str) -> Iterator[Figure]:
    coming = coming_days()
    with visitors(server.address, 2):
        before = _memory(server.process)
        with visitors(server.address, count) as opened:
            grown = (_memory(server.process) - before) / count / MEGABYTE
            yield Figure(name=f"memory a session, {count} sessions{stored}", value=grown, unit="MB", limit=4)
            store.put(next(coming))
            took = all_at_once(opened)
    yield Figure(
        name=f"an update of {count} sessions at once, p95{stored}",
        value=quantiles(took, n=20)[-1],
        floor=median(took),
        floor_name="median",
        limit=1.5,
    )


def _idle_percent(process: psutil.Process, seconds: float) -> float:
    """What the server uses of a core while nobody does anything."""
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / seconds * 100


def _memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


def _took(work: Callable[[], Any], times: int = 3) -> float:
    """The least of so many seconds; the first also fills caches."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)
