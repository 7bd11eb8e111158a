"""Many readers of one dashboard: how soon a published day is on all pages, and what they cost meanwhile."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

import psutil

from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks import pages
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.footprint import held, held_together
from tools.benchmarks.readers import Readers, readers
from tools.benchmarks.stored_days import coming_days, filled_store

DAYS = 60
STEPS, SMOKE_STEPS = (25, 50, 100, 200), (2, 4)
REST_SECONDS = 10.0
ALONE = 9
SOON_SECONDS = 1.0
"""Within which an update seems to come by itself: one process serves as many pages well."""

EMPTY_PAGE = """
import streamlit as st

@st.fragment(run_every="5s")
def line():
    st.caption("nothing")

st.title("An empty page")
line()
"""
"""As many timers as ours has."""

TICK_SECONDS = 0.01
"""In which systems count the CPU that a process has used."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a few readers."""
    steps = SMOKE_STEPS if smoke else STEPS
    rest = 0.5 if smoke else REST_SECONDS
    with (
        tempfile.TemporaryDirectory() as name,
        filled_store(Path(name), DAYS) as store,
    ):
        folder, coming = Path(name), coming_days()
        empty_memory, empty_rest = _empty_page(folder, steps[-1], rest)
        with pages.dashboard(store, folder) as server, readers() as opened:
            opened.open(server.address, 1)
            alone, before = median(opened.alone(ALONE)), held(server.process)
            cost_alone = _used([server.process])
            opened.alone(ALONE)
            cost_alone = (_used([server.process]) - cost_alone) / ALONE
            for count in steps:
                opened.open(server.address, count - len(opened.opened))
                took, cost = _update(opened, store, next(coming), server.process)
                yield Figure(
                    name=f"an update of {count} sessions, p95",
                    value=took,
                    floor=alone * count,
                    floor_name=f"{count} times one page that changes nothing",
                    ratio_limit=4,
                )
            yield Figure(
                name=f"CPU of an update, each of {count} sessions",
                value=cost / count,
                floor=cost_alone,
                floor_name="one page that changes nothing",
                ratio_limit=4,
            )
            yield Figure(
                name=f"sessions whose update takes a core {SOON_SECONDS:g} s",
                value=SOON_SECONDS * count / cost,
                unit="sessions",
            )
            most = steps[-1]
            after = held(server.process)
            yield Figure(
                name=f"memory a session, {most} sessions",
                value=(after - before) / (most - 1) / MEGABYTE,
                unit="MB",
                floor=empty_memory,
                floor_name="a session of an empty page",
                limit=4,
            )
            yield Figure(name=f"memory of {most} sessions", value=after / MEGABYTE, unit="MB")
            yield Figure(
                name=f"at rest, {most} sessions",
                value=_percent([server.process], rest),
                unit="% of a core",
                floor=empty_rest,
                floor_name=f"{most} empty pages with a timer as ours",
                ratio_limit=4,
            )
        yield from _two_processes(store, folder, most, coming, took)


def _two_processes(
    store: HoldingsStore, folder: Path, count: int, coming: Iterator[DailyHoldings], by_one: float
) -> Iterator[Figure]:
    """The same readers, half of them at each of two."""
    with ExitStack() as stack:
        servers = []
        for number in (1, 2):
            own = folder / f"server-{number}"
            own.mkdir()
            servers.append(stack.enter_context(pages.dashboard(store, own)))
        processes = [server.process for server in servers]
        opened = stack.enter_context(readers())
        for server in servers:
            opened.open(server.address, count // 2)
        yield Figure(
            name=f"an update of {count} sessions, p95, two processes",
            value=_update(opened, store, next(coming), *processes)[0],
            floor=by_one,
            floor_name="by one",
            ratio_limit=1.2,
        )
        together = held_together(processes) / MEGABYTE
        yield Figure(name=f"memory of {count} sessions, two processes", value=together, unit="MB")


def _empty_page(folder: Path, count: int, rest: float) -> tuple[float, float]:
    """What so many sessions of one cost Streamlit alone: MB a session, and % of a core."""
    script = folder / "empty_page.py"
    script.write_text(EMPTY_PAGE, encoding="utf-8")
    with pages.served(script, folder, {}) as server, readers() as opened:
        opened.open(server.address, 1, live=False)
        before = held(server.process)
        opened.open(server.address, count - 1, live=False)
        memory = (held(server.process) - before) / (count - 1) / MEGABYTE
        return memory, _percent([server.process], rest)


def _update(
    opened: Readers, store: HoldingsStore, day: DailyHoldings, *servers: psutil.Process
) -> tuple[float, float]:
    """Publish a day; the seconds until it was drawn for 95 % of the readers, and of CPU for all of them."""
    runs, used, published = opened.runs(), _used(servers), time.monotonic()
    store.put(day)
    took = [drawn - published for drawn in opened.drawn_since(runs)]
    return quantiles(took, n=20, method="inclusive")[-1], _used(servers) - used


def _percent(processes: Sequence[psutil.Process], seconds: float) -> float:
    """What they use of a core while nobody does anything; at least what the system's clock can tell."""
    before, began = _used(processes), time.monotonic()
    time.sleep(seconds)
    return max(_used(processes) - before, TICK_SECONDS) / (time.monotonic() - began) * 100


def _used(processes: Sequence[psutil.Process]) -> float:
    """Seconds of CPU so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)
