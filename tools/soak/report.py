"""What a run found, for people and for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from tools.soak.recovery import Tally

MOST_SHOWN = 8
"""Lines of one check that are printed; the JSON has them all."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so at the end, and what is wrong with it.

    Attributes:
        seen: what it was compared on.
    """

    name: str
    problems: tuple[str, ...]
    seen: str = ""

    @classmethod
    def of(cls, name: str, problems: Iterable[str], seen: str = "") -> "Check":
        return cls(name, tuple(problems), seen)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    seed: int
    seconds: float
    tallies: Mapping[str, Tally]
    checks: Sequence[Check]

    @property
    def passed(self) -> bool:
        """Whether nothing was lost."""
        return not any(check.problems for check in self.checks)

    def lines(self) -> list[str]:
        """The tables as they are printed."""
        width = max(map(len, [*self.tallies, *(check.name for check in self.checks), "all faults"]))
        heads = f"{'fault':<{width}}  made  survived  lost  missed  longest"
        lines = [heads, "-" * len(heads)]
        for name, tally in [*self.tallies.items(), ("all faults", _sum(self.tallies.values()))]:
            lines.append(
                f"{name:<{width}}  {tally.made:>4}  {tally.survived:>8}  {tally.lost:>4}  {tally.missed:>6}"
                f"  {tally.longest:>5.1f} s"
            )
        lines += ["", f"{'check':<{width}}"]
        lines.append("-" * len(heads))
        for check in self.checks:
            lines.append(
                f"{check.name:<{width}}  {'FAIL' if check.problems else 'ok'}  {check.seen}".rstrip()
            )
            lines += [f"    {problem}" for problem in check.problems[:MOST_SHOWN]]
            if len(check.problems) > MOST_SHOWN:
                lines.append(f"    and {len(check.problems) - MOST_SHOWN} more")
        verdict = "nothing was lost" if self.passed else "FAIL"
        return [*lines, "", f"seed {self.seed}, {self.seconds:.0f} s: {verdict}"]

    def as_json(self) -> str:
        """The same for a program."""
        return json.dumps(
            {
                "seed": self.seed,
                "seconds": round(self.seconds, 1),
                "passed": self.passed,
                "faults": {name: asdict(tally) for name, tally in self.tallies.items()},
                "checks": [asdict(check) | {"passed": not check.problems} for check in self.checks],
            },
            indent=2,
        )


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.made += tally.made
        total.missed += tally.missed
        total.survived += tally.survived
        total.lost += tally.lost
        total.longest = max(total.longest, tally.longest)
    return total
