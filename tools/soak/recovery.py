"""What becomes of each fault: survived, once all that it hit was seen to work after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.soak.kinds import KINDS, Part


@dataclass(frozen=True, slots=True)
class Look:
    """How the environment is at one moment.

    Attributes:
        at: seconds since the start, when it began.
        well: which parts work, as far as a look tells.
        success: what the scraper notes of its last success; another text is another success.
        mails: how many mails were taken so far.
    """

    at: float
    well: frozenset[Part]
    success: str
    mails: int


@dataclass(slots=True)
class Aftermath:
    """A fault that is over, and what must still be seen to work.

    Attributes:
        ended: when it was over, in seconds since the start.
        first: the first look after that; a success or a mail must be newer.
        waits_for: the parts that were not well since.
        survived: when the last of them was.
    """

    kind: str
    ended: float
    waits_for: set[Part]
    first: Look | None = None
    survived: float | None = None


@dataclass(slots=True)
class Tally:
    """The counts of one kind."""

    made: int = 0
    missed: int = 0
    survived: int = 0
    lost: int = 0
    longest: float = 0.0


@dataclass(slots=True)
class Recovery:
    """Follows the faults of a run."""

    aftermaths: list[Aftermath] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def over(self, kind: str, at: float) -> None:
        """A fault is over."""
        self.aftermaths.append(Aftermath(kind, at, set(KINDS[kind].hits)))

    def see(self, look: Look) -> None:
        """Take note of how the environment is."""
        for aftermath in self.aftermaths:
            if aftermath.survived is None and look.at > aftermath.ended:
                aftermath.first = aftermath.first or look
                aftermath.waits_for -= _proven(look, aftermath.first)
                if not aftermath.waits_for:
                    aftermath.survived = look.at

    def open(self) -> list[Aftermath]:
        """Those that are not survived yet."""
        return [aftermath for aftermath in self.aftermaths if aftermath.survived is None]

    def tallies(self) -> Mapping[str, Tally]:
        """The counts by kind. What was not survived by the end is lost."""
        tallies: dict[str, Tally] = {}
        for aftermath in self.aftermaths:
            tally = tallies.setdefault(aftermath.kind, Tally())
            tally.made += 1
            if aftermath.survived is None:
                tally.lost += 1
            else:
                tally.survived += 1
                tally.longest = max(tally.longest, aftermath.survived - aftermath.ended)
        for kind in self.missed:
            tallies.setdefault(kind, Tally()).missed += 1
        return dict(sorted(tallies.items()))


def unsurvived(aftermaths: Iterable[Aftermath]) -> list[str]:
    """A line for each fault that was not survived."""
    return [
        f"{lost.kind} at {lost.ended:.0f} s: {', '.join(sorted(lost.waits_for))} did not recover"
        for lost in aftermaths
    ]


def _proven(look: Look, first: Look) -> set[Part]:
    """What works, and has worked since that other look."""
    proven = set(look.well)
    if look.success == first.success:
        proven.discard(Part.SCRAPER)
    if look.mails == first.mails:
        proven.discard(Part.MAIL)
    return proven
