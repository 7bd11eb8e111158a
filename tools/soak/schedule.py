"""What happens when: a plan for a whole run, the same for the same seed.

Storms of faults, some of them at once, and after each a calm: time to recover, one new day, time to mail it.
The last calm is the run's end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from tools.soak.kinds import KINDS, Kind

STORM_SECONDS = 150.0
SETTLES_SECONDS, MAILED_SECONDS = 40.0, 35.0
"""A calm: everything recovers, then the site publishes, and the day must be mailed to everybody."""

EACH_KIND_TIMES = 1.5
CLOSEST_SECONDS, WIDEST_SECONDS = 1.5, 4.0
"""What the mean time between two faults is kept between, however long the run."""

TRIED_AGAIN_SECONDS = 3.0
"""After a fault that found nothing to hit: a browser is just starting, the store is just away."""

AT_ONCE = 0.2
"""How many of the faults begin together with the one before."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault.

    Attributes:
        at: seconds since the start.
        kind: of `KINDS`.
        lasts: seconds; 0 for what is done in a moment.
        seed: of what the fault itself leaves to chance.
    """

    at: float
    kind: str
    lasts: float
    seed: int


@dataclass(frozen=True, slots=True)
class Calm:
    """No fault from `begins` to `ends`; `publishes` is when the site has its one new day."""

    begins: float
    publishes: float
    ends: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A run. All times are in seconds since its start, ascending.

    Attributes:
        faults: what is made.
        calms: the spans without faults; the last one ends the run, and may take longer than planned.
        publications: when the site has a new day, in the calms too.
    """

    faults: tuple[Planned, ...]
    calms: tuple[Calm, ...]
    publications: tuple[float, ...]

    def later(self, fault: Planned) -> Planned | None:
        """The same fault a moment later; None if it would reach into a calm."""
        at = fault.at + TRIED_AGAIN_SECONDS
        if any(calm.begins < at + fault.lasts and fault.at < calm.ends for calm in self.calms):
            return None
        return replace(fault, at=at)


def planned(seconds: float, seed: int, kinds: Mapping[str, Kind] = KINDS) -> Plan:
    """A plan for so many seconds, the last calm aside.

    Every kind is in it if the run has room for it: ten minutes nearly always have.
    """
    random = Random(seed)
    storms = _storms(seconds)
    calms = tuple(Calm(end, end + SETTLES_SECONDS, end + CALM_SECONDS) for _, end in storms)
    faults = tuple(_faults(storms, random, kinds))
    passing = [moment for storm in storms for moment in _publications(storm, random)]
    return Plan(faults, calms, tuple(sorted([*passing, *(calm.publishes for calm in calms)])))


CALM_SECONDS = SETTLES_SECONDS + MAILED_SECONDS


def _storms(seconds: float) -> list[tuple[float, float]]:
    """When each storm begins and ends."""
    count = max(1, round((seconds + CALM_SECONDS) / (STORM_SECONDS + CALM_SECONDS)))
    length = (seconds - (count - 1) * CALM_SECONDS) / count
    return [(begin, begin + length) for begin in (n * (length + CALM_SECONDS) for n in range(count))]


def _faults(storms: list[tuple[float, float]], random: Random, kinds: Mapping[str, Kind]) -> list[Planned]:
    stormy = sum(end - begin for begin, end in storms)
    mean = min(max(stormy / (len(kinds) * EACH_KIND_TIMES), CLOSEST_SECONDS), WIDEST_SECONDS)
    to_come = set(kinds)
    faults: list[Planned] = []
    free_at = dict.fromkeys(kinds, 0.0) | {kind.apart: 0.0 for kind in kinds.values()}
    for begin, end in storms:
        at = begin
        while (at := at + (0.0 if random.random() < AT_ONCE else random.expovariate(1 / mean))) < end:
            possible = [
                name
                for name, kind in kinds.items()
                if at + kind.longest <= end and max(free_at[name], free_at[kind.apart]) <= at
            ]
            if not possible:
                continue
            fresh = [name for name in possible if name in to_come]
            if fresh:
                # What needs much room is hard to place later.
                room = [(2 + kinds[name].longest + kinds[name].apart_seconds) ** 2 for name in fresh]
                chosen = random.choices(fresh, room)[0]
                to_come.remove(chosen)
            else:
                chosen = random.choices(possible, [kinds[name].weight for name in possible])[0]
            kind = kinds[chosen]
            lasts = random.uniform(kind.shortest, kind.longest)
            faults.append(Planned(at, chosen, lasts, random.getrandbits(32)))
            free_at[chosen] = at + lasts
            if kind.apart:
                free_at[kind.apart] = at + lasts + kind.apart_seconds
    return faults


def _publications(storm: tuple[float, float], random: Random) -> list[float]:
    """Mostly in quick succession; one in six days stays for long, so that a mail that waited is sent."""
    begin, end = storm
    moments = []
    at = begin
    while (at := at + (random.uniform(35, 45) if random.random() < 1 / 6 else random.uniform(4, 14))) < end:
        moments.append(at)
    return moments
