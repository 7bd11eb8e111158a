"""How many made-up corporate actions and real jumps are read rightly, over pairs of their dates."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

import numpy as np

from replay.corporate_actions import SESSIONS, Case, Months, months
from southbound.market import trading_calendar
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent
from southbound.market.changes import Changes
from southbound.market.comparison import compare
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.windows import Pair
from tools.benchmarks.figures import Figure

EVENTS = 10_000
"""Of each kind: actions and the like, and real jumps."""

LEAST_RIGHT, MOST_MECHANICAL = 0.99, 0.001
TOLERATED = 0.004
"""What a change may be off by beside the page's rounding: options and buy-backs move a base by as much."""

_NEWEST = date(2026, 2, 27)


@dataclass(slots=True)
class Tally:
    """How cases were read.

    Attributes:
        right, wrong, suspect: of those that the figures decide.
        ranked: of these, how many are told as bought or sold by what was not traded.
        undecided: how the others were read.
        samples: some that were read wrongly.
    """

    right: int = 0
    wrong: int = 0
    suspect: int = 0
    ranked: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[Case, str]] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """All that the figures decide."""
        return self.right + self.wrong + self.suspect

    @property
    def total(self) -> int:
        """All cases."""
        return self.decided + self.undecided.total()

    def add(self, other: "Tally") -> None:
        """Count in what another one counted."""
        self.right += other.right
        self.wrong += other.wrong
        self.suspect += other.suspect
        self.ranked += other.ranked
        self.undecided += other.undecided
        self.samples += other.samples


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a hundredth of the cases."""
    wanted, seed = EVENTS // (100 if smoke else 1), 0
    actions, jumps = Tally(), Tally()
    while min(actions.total, jumps.total) < wanted:
        tallies = judged(months(seed, 200 if smoke else 500))
        jumps.add(tallies.pop("jump"))
        for tally in tallies.values():
            actions.add(tally)
        seed += 1
    yield _share("corporate actions read otherwise than they were", actions, 1 - LEAST_RIGHT)
    yield Figure(name="of these told as bought or sold", value=actions.ranked, unit="cases", limit=0)
    yield _share("real jumps taken for corporate actions", jumps, MOST_MECHANICAL)
    for name, tally in (("actions", actions), ("jumps", jumps)):
        count = tally.undecided.total()
        told = ", ".join(f"{number} {how}" for how, number in sorted(tally.undecided.items()))
        yield Figure(name=f"{name} that figures do not decide: {told}", value=count, unit="cases")


def _share(name: str, tally: Tally, limit: float) -> Figure:
    share = 1 - tally.right / tally.decided
    return Figure(name=f"{name}, of {tally.decided:,}", value=100 * share, unit="%", limit=100 * limit)


def days_of(made: Months) -> tuple[list[DailyHoldings], dict[int, int]]:
    """The months as they are stored, and the row of each session that was read."""
    dates = [_NEWEST, *(trading_calendar.before(_NEWEST, back) for back in range(1, SESSIONS))][::-1]
    read = [(session, rows) for session, rows in enumerate(made.rows) if rows is not None]
    days = [
        DailyHoldings.of(
            dates[session],
            [row.code for row in rows],
            [row.name for row in rows],
            [row.shares for row in rows],
            [float(row.percent) if row.percent else None for row in rows],
        )
        for session, rows in read
    ]
    return days, {session: row for row, (session, _) in enumerate(read)}


def read_in_turn(days: list[DailyHoldings]) -> tuple[History, tuple[AdjustmentEvent, ...]]:
    """As a dashboard reads them: most at once, the last ones in turn, and one of them restated after that."""
    *most, wrong, before, last = days
    spoilt = np.where(np.arange(len(wrong)) % 7 == 0, wrong.shares * 10, wrong.shares)
    history = History.of([*most, replace(wrong, shares=spoilt)])
    events = adjustment_events(history)
    for holdings in (before, last, wrong):
        history = history.grown([holdings])
        events = adjustment_events(history, events, history.row(holdings.day))
    return history, events


def judged(made: Months) -> dict[str, Tally]:
    """How the cases of some months are read, by their kind."""
    days, row_of = days_of(made)
    history, events = read_in_turn(days)
    tallies: dict[str, Tally] = {kind: Tally() for kind in ("action", "jump", "base", "distribution")}
    compared: dict[tuple[int, int], Changes] = {}

    def changes(old: int, new: int) -> Changes:
        if (old, new) not in compared:
            compared[old, new] = compare(history, Pair(history.dates[old], history.dates[new]), events)
        return compared[old, new]

    for case in made.cases:
        told = "right"
        for old, new in _pairs(case, row_of):
            was, now = case.held[old], case.held[new]
            verdict = _read(changes(row_of[old], row_of[new]), case, was, now)
            told = max(told, verdict, key=("right", "suspect", "wrong", "ranked").index)
        _count(tallies[case.kind], case, told)
    return tallies


def _pairs(case: Case, row_of: dict[int, int]) -> list[tuple[int, int]]:
    """Pairs of sessions that begin and end before, inside and after."""
    read = [session for session in sorted(row_of) if not np.isnan(case.held[session])]
    around = [s for s in read if case.first - 2 <= s <= case.session + 2]
    wanted = list(pairwise(around))
    near = around[0] if around else read[0]
    wanted += [(near, s) for s in read if s in {case.session, case.session + 5} or s >= SESSIONS - 1]
    if case.again is not None:
        wanted += pairwise([s for s in read if abs(s - case.again) <= 2])
    inside = [s for s in read if case.session < s <= case.last + 1]
    wanted += pairwise(inside)
    return [(a, b) for a, b in wanted if a < b]


def _read(changes: Changes, case: Case, was: float, now: float) -> str:
    codes = {case.code, case.temporary}
    if codes & {stake.code for stake in (*changes.added, *changes.removed)}:
        return "ranked"
    places = np.flatnonzero(np.isin(changes.codes, [code for code in codes if code is not None]))
    if len(places) != 1:
        return "wrong"
    [place] = places.tolist()
    if changes.suspect[place]:
        return "suspect"
    told = changes.new_shares[place] / changes.old_shares[place]
    off = abs(np.log(told / (now / was)))
    coarse = 2 / min(changes.old_shares[place], changes.new_shares[place], was, now)
    tolerated = TOLERATED + coarse + case.rounding
    return "right" if off <= tolerated else "wrong" if off < 0.05 else "ranked"


def _count(tally: Tally, case: Case, told: str) -> None:
    if not case.decided:
        tally.undecided[told] += 1
        return
    if told == "right":
        tally.right += 1
        return
    tally.samples.append((case, told))
    if told == "suspect":
        tally.suspect += 1
    else:
        tally.wrong += 1
        tally.ranked += told == "ranked"
