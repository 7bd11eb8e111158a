"""Whether a process grows over its lifetime: its memory and its open handles, by their samples. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

WARM_SECONDS, JUDGED_SECONDS = 30.0, 60.0
"""A lifetime is judged from when the process has done each thing once, and only if it goes on for a while
after that."""

WARM_SECONDS_OF = {"dashboard": 150.0}
"""Streamlit keeps a session, with three handles, for two minutes after its page was closed, up to 128:
until the first visit is that long ago the dashboard grows."""

MEMORY_PERCENT, MEMORY_BYTES = 15, 24 * 2**20
"""How much a process may have more in the last third of its lifetime than in the first: charts, threads and
Python's own heaps come and go; and each stored day is held in memory by the dashboard."""

HANDLES = 12
"""How many handles it may have more: connections that are open at one moment and not at another."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process had at one moment.

    Attributes:
        at: seconds, on any clock.
        memory: resident bytes.
        handles: open file descriptors.
    """

    at: float
    memory: int
    handles: int


@dataclass(frozen=True, slots=True)
class Lifetime:
    """One process of a program, from its start to its end."""

    program: str
    pid: int
    samples: Sequence[Sample]

    @property
    def seconds(self) -> float:
        """How long it was watched."""
        return self.samples[-1].at - self.samples[0].at if self.samples else 0.0


def grown(lifetimes: Sequence[Lifetime]) -> Iterator[str]:
    """A line for each lifetime that grew by more than it may."""
    for lifetime in lifetimes:
        thirds = _thirds(lifetime)
        if thirds is None:
            continue
        first, last = thirds
        before, after = median(s.memory for s in first), median(s.memory for s in last)
        if after > before * (1 + MEMORY_PERCENT / 100) + MEMORY_BYTES:
            yield (
                f"{lifetime.program} (pid {lifetime.pid}): {before / 2**20:.0f} MB, {after / 2**20:.0f} MB "
                f"{lifetime.seconds:.0f} s later"
            )
        open_before, open_after = median(s.handles for s in first), median(s.handles for s in last)
        if open_after > open_before + HANDLES:
            yield f"{lifetime.program} (pid {lifetime.pid}): {open_before:g} handles, then {open_after:g}"


def judged(lifetimes: Sequence[Lifetime]) -> int:
    """How many of the lifetimes are long enough to be judged."""
    return sum(_thirds(lifetime) is not None for lifetime in lifetimes)


def _thirds(lifetime: Lifetime) -> tuple[Sequence[Sample], Sequence[Sample]] | None:
    """The first and the last third of a lifetime, without its beginning; None if it is too short."""
    warm_at = lifetime.samples[0].at + WARM_SECONDS_OF.get(lifetime.program, WARM_SECONDS)
    warm = [sample for sample in lifetime.samples if sample.at >= warm_at]
    if not warm or warm[-1].at - warm[0].at < JUDGED_SECONDS:
        return None
    third = len(warm) // 3
    return warm[:third], warm[-third:]
