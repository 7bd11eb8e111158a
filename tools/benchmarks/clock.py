"""How long something takes."""

import time
from collections.abc import Callable
from statistics import median

RUNS = 5
"""Of which the median is taken, if nothing else is said; one more before them fills caches."""


def seconds(work: Callable[[], object]) -> float:
    """How long it took, once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def medians(*works: Callable[[], object], runs: int = RUNS) -> list[float]:
    """The median seconds of each, over so many runs; after a first one, unless there is but one.

    Taken in turn, so that a busy moment of the machine meets all that are compared.
    """
    if runs > 1:
        for work in works:
            work()
    took = [[seconds(work) for work in works] for _ in range(runs)]
    return [median(times) for times in zip(*took, strict=True)]
