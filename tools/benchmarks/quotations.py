"""What the exchange's daily quotations cost over HTTP: bytes, processor time and memory, of a file of 29 MB.

The site is another process, so that what it costs is not counted.
"""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median

from replay.file_faults import Source
from replay.files import FOLDERS
from replay.quotations import COUNTERS
from replay.serving import LocalServer
from replay.site import ReplaySite
from southbound.hkex.quotations import Board, read_quotations
from southbound.scraping.download import download
from tools.benchmarks.clock import RUNS
from tools.benchmarks.figures import MEGABYTE, Figure

DAY = date(2026, 2, 27)
SIZE = 29 * MEGABYTE
SECONDS = 60.0


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for one run."""
    runs = 1 if smoke else RUNS
    with _served(SIZE) as whole, _served(0) as short:
        size = sum(map(len, _all(whole)))
        of_all = f"of a file of {size / MEGABYTE:.0f} MB over HTTP"
        read = _read(whole)
        yield Figure(name=f"quotations: read {of_all}", value=read / MEGABYTE, unit="MB", limit=4)
        yield Figure(
            name=f"quotations: processor time, {COUNTERS:,} counters {of_all}",
            value=median(_cpu_seconds(lambda: _read(whole)) for _ in range(runs)),
            runs=runs,
            floor=median(_cpu_seconds(lambda: _pass_over(whole, read)) for _ in range(runs)),
            floor_name="taking the same bytes",
            ratio_limit=60,
        )
        yield Figure(
            name=f"quotations: memory at its peak {of_all}",
            value=_peak(whole) / MEGABYTE,
            unit="MB",
            floor=_peak(short) / MEGABYTE,
            floor_name="the same without sales records",
            ratio_limit=1.1,
        )


@contextmanager
def _served(size: int) -> Iterator[str]:
    """The address of the Main Board's file of the day, of about so many bytes, while the block lasts."""
    process = get_context("spawn")
    ours, theirs = process.Pipe()
    site = process.Process(target=_serve, args=(size, theirs), daemon=True)
    site.start()
    try:
        yield ours.recv() + FOLDERS[Source.QUOTATIONS] + Board.MAIN.path(DAY)
    finally:
        ours.send("done")
        site.join(10)
        site.kill()


def _serve(size: int, told: Connection) -> None:
    site = ReplaySite()
    site.official.files.counters, site.official.files.size = COUNTERS, size
    site.official.files.quotations(DAY)  # made once
    with LocalServer(site.app) as server:
        told.send(server.address)
        told.recv()


def _all(url: str) -> Iterator[bytes]:
    with download(url, SECONDS) as parts:
        yield from parts


def _read(url: str) -> int:
    """Read the quotations; how many bytes that took."""
    taken = 0

    def counted(parts: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal taken
        for part in parts:
            taken += len(part)
            yield part

    with download(url, SECONDS) as parts:
        read_quotations(counted(parts), DAY)
    return taken


def _pass_over(url: str, size: int) -> None:
    with download(url, SECONDS) as parts:
        for part in parts:
            size -= len(part)
            if size <= 0:
                return


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peak(url: str) -> int:
    """Bytes that Python holds at most while it reads."""
    tracemalloc.start()
    try:
        _read(url)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
