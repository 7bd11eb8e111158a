"""What the exchange's daily quotations cost to read: bytes, processor time and memory, of a file of 29 MB."""

import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median

from replay.quotations import CHUNK, counters, quotation_file
from southbound.hkex.quotations import read_quotations
from tools.benchmarks.clock import RUNS
from tools.benchmarks.figures import MEGABYTE, Figure

DAY = date(2026, 9, 1)
SIZE = 29 * MEGABYTE


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for one run."""
    with tempfile.TemporaryDirectory() as name:
        quoted = counters(DAY)
        whole, short = Path(name, "whole.htm"), Path(name, "short.htm")
        for file, size in ((whole, SIZE), (short, 0)):
            with file.open("wb") as opened:
                opened.writelines(quotation_file(DAY, quoted, size=size))
        of_all = f"of a file of {whole.stat().st_size / MEGABYTE:.0f} MB"
        read = _read(whole)
        yield Figure(name=f"quotations: read {of_all}", value=read / MEGABYTE, unit="MB", limit=4)
        runs = 1 if smoke else RUNS
        yield Figure(
            name=f"quotations: processor time, {len(quoted):,} counters {of_all}",
            value=median(_cpu_seconds(lambda: _read(whole)) for _ in range(runs)),
            runs=runs,
            floor=median(_cpu_seconds(lambda: _pass_over(whole, read)) for _ in range(runs)),
            floor_name="reading the same bytes",
            limit=0.5,
        )
        yield Figure(
            name=f"quotations: memory at its peak {of_all}",
            value=_peak(whole) / MEGABYTE,
            unit="MB",
            floor=_peak(short) / MEGABYTE,
            floor_name="the same without sales records",
            ratio_limit=1.1,
        )


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def _read(file: Path) -> int:
    """Read the quotations; how many bytes that took."""
    taken = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for chunk in _chunks(file):
            taken += len(chunk)
            yield chunk

    read_quotations(counted(), DAY)
    return taken


def _pass_over(file: Path, size: int) -> None:
    for chunk in _chunks(file):
        size -= len(chunk)
        if size <= 0:
            return


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peak(file: Path) -> int:
    """Bytes that Python holds at most while it reads."""
    tracemalloc.start()
    try:
        read_quotations(_chunks(file), DAY)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
