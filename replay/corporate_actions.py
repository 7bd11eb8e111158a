"""Made-up months with corporate actions of all kinds as the page shows them, and the truth beside them.

Each stock goes through one thing, some through two: a split or consolidation with a temporary counter, one
under the same code, a bonus or rights issue of any ratio, an update of the issued shares, a distribution in
kind, or a real purchase or sale of the same size. The page's habits are laid over it: percentages cut off in
two parts, a base that is a session early or days late, blanks, names with and without marks, counters off the
list for a day, sessions that were never read.
"""

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from replay.figures import Row

SESSIONS = 110
TEMPORARY = range(2900, 3000)

WHOLE = (2, 3, 4, 5, 8, 10, 20, 25, 50, 100)
UNEVEN = tuple(Fraction(n, 100) for n in (105, 110, 120, 125, 130, 140, 148, 150, 180, 220, 250))
SECOND = (Fraction(2), Fraction(5), Fraction(1, 4), Fraction(1, 10), Fraction(3, 2), Fraction(37, 25))

MOST_TRADED = 0.10
"""Of a holding, on the day of an action."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One stock and what happened to it.

    Attributes:
        kind: `action`, `base`, `jump` or `distribution`.
        code: the lasting code.
        temporary: the temporary one; None without.
        factor: how many shares became of one; of a jump by how much the holding was multiplied.
        session: in which the holding is in new shares, or jumped.
        first: the first session that shows anything odd,
        last: and the last one.
        held: in each session what is listed under all its codes, in the last session's shares; or NaN.
        stake: in percent of the issued shares before.
        decided: whether figures on the page can tell it from what it is not; see `_decided`.
        again: the session of a second action; None without.
        rounding: how closely the percentages tell a ratio of issued shares, as the width of a logarithm.
        why: what it is made of, in words.
    """

    kind: str
    code: int
    factor: Fraction
    session: int
    first: int
    last: int
    held: Floats
    stake: float
    decided: bool
    temporary: int | None = None
    again: int | None = None
    rounding: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Counter:
    """What is listed under a code: shares (0: not on the list), and what the percentage is made from."""

    code: int
    names: list[str]
    shares: NDArray[np.int64] = field(default_factory=lambda: np.zeros(SESSIONS, dtype=np.int64))
    base: Floats = field(default_factory=lambda: np.ones(SESSIONS))
    blank: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(SESSIONS, dtype=np.bool_))
    part: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Some months of the list.

    Attributes:
        rows: by session, ascending by code; None for a session that was never read.
        cases: the truth.
    """

    rows: tuple[tuple[Row, ...] | None, ...]
    cases: tuple[Case, ...]


def months(seed: int, stocks: int = 500) -> Months:
    """So many stocks over `SESSIONS` sessions: two in five real jumps, the others actions and the like."""
    rng = np.random.default_rng(seed)
    free = _temporary_slots(rng)
    counters: list[_Counter] = []
    cases: list[Case] = []
    codes = rng.permutation(np.concatenate([np.arange(3, 2600), np.arange(3600, 9900)]))[:stocks].tolist()
    for code in sorted(codes):
        kind = str(rng.choice(["action", "jump", "base", "distribution"], p=[0.47, 0.45, 0.06, 0.02]))
        slot = free.pop() if kind == "action" and free and rng.random() < 0.45 else None
        made, case = _Story(rng, code, kind, slot).told()
        counters += made
        cases.append(case)
    missing = {int(session) for session in rng.choice(np.arange(1, SESSIONS - 1), 4, replace=False)}
    rows = tuple(
        None if session in missing else tuple(_rows(counters, session)) for session in range(SESSIONS)
    )
    decided = tuple(_decided(case, counters, missing) for case in _crowded(cases))
    return Months(rows, decided)


def _temporary_slots(rng: np.random.Generator) -> list[tuple[int, int]]:
    """Temporary codes and the session in which each is taken: twice, by another stock each time."""
    slots = []
    for code in TEMPORARY:
        if rng.random() < 0.9:
            slots.append((code, 4 * int(rng.integers(2, 6))))
            slots.append((code, 4 * int(rng.integers(18, 21))))
    return [slots[i] for i in rng.permutation(len(slots))]


class _Story:
    """Makes one stock's months."""

    def __init__(self, rng: np.random.Generator, code: int, kind: str, slot: tuple[int, int] | None) -> None:
        self._rng, self._code, self._kind, self._slot = rng, code, kind, slot
        self._session = 4 * int(rng.integers(2, (SESSIONS - 30) // 4)) if slot is None else slot[1]
        self._why: list[str] = []
        self._names = str(rng.choice(["marked", "plain", "none"], p=[0.5, 0.25, 0.25]))
        self._issued = float(np.exp(rng.uniform(math.log(2e8), math.log(2e10))))
        self._stake = float(np.exp(rng.uniform(math.log(0.3), math.log(60))))

    def told(self) -> tuple[list[_Counter], Case]:
        factor = self._factor()
        if self._kind in {"jump", "action"}:
            # A stake stays below 60 % after a purchase, and a holding large enough to be split back.
            room = float(factor) if self._kind == "jump" else 1.0
            self._stake = min(self._stake, 60 / max(room, 1.0))
        self._stake = max(self._stake, 0.02)
        held = self._held(factor)
        if self._kind == "distribution":
            return self._distributed(held)
        again, second = self._again()
        if again is not None:
            held[again:] *= float(second)
        counter = self._counter(self._code)
        counter.shares = np.maximum(np.floor(held).astype(np.int64), 1)
        counter.base = self._base(factor)
        if again is not None:
            counter.base[again:] *= float(second)
        first = last = self._session
        counters = [counter]
        temporary = None
        if self._kind == "action" and self._slot is not None:
            temporary = self._slot[0]
            other, last = self._moved(counter, temporary)
            counters.append(other)
        elif self._kind == "action" and self._rng.random() < 0.05 and self._session > 8:
            self._why.append("off the list for a session")
            counter.shares[self._session - 1] = 0
        first, last = self._odd(counter, factor, first, last)
        listed = np.sum([each.shares for each in counters], axis=0).astype(np.float64)
        listed[listed == 0] = np.nan
        if self._kind == "action":
            listed[: self._session] *= float(factor)
        if again is not None:
            listed[:again] *= float(second)
        return counters, Case(
            self._kind,
            self._code,
            factor,
            self._session,
            first,
            last,
            listed,
            self._stake,
            decided=True,
            temporary=temporary,
            again=again,
            why=tuple(self._why),
        )

    def _again(self) -> tuple[int | None, Fraction]:
        """The session and the factor of a second action, after all that the first one showed."""
        session = self._session + 48
        if self._kind != "action" or session > SESSIONS - 6 or self._rng.random() < 0.5:
            return None, Fraction(1)
        self._why.append("twice")
        factors = (
            Fraction(2),
            Fraction(5),
            Fraction(1, 4),
            Fraction(1, 10),
            Fraction(3, 2),
            Fraction(37, 25),
        )
        return session, factors[int(self._rng.integers(len(factors)))]

    def _factor(self) -> Fraction:
        rng = self._rng
        sort = str(rng.choice(["whole", "uneven", "any"], p=[0.5, 0.25, 0.25]))
        if self._slot is not None:
            sort = "whole"
        if sort == "whole":
            factor = Fraction(int(rng.choice(WHOLE)))
        elif sort == "uneven":
            factor = UNEVEN[int(rng.integers(len(UNEVEN)))]
        else:
            factor = Fraction(round(math.exp(rng.uniform(math.log(1.05), math.log(100))) * 100), 100)
        if self._kind == "base":
            return Fraction(int(rng.integers(70, 140)), 100)
        down = 0.5 if sort == "whole" else 0.2
        return 1 / factor if rng.random() < down else factor

    def _held(self, factor: Fraction) -> Floats:
        """The holding in each session, in that session's shares."""
        rng = self._rng
        steps = 0.0035 * rng.standard_t(3, SESSIONS)
        steps[rng.random(SESSIONS) < 0.2] = 0
        steps = np.clip(steps, -0.04, 0.04)
        traded = 0.0 if rng.random() < 0.2 else float(rng.uniform(-MOST_TRADED, MOST_TRADED))
        steps[0] = 0
        steps[self._session] = math.log1p(traded)
        if self._kind in {"action", "jump"}:
            steps[self._session] += math.log(factor)
        start = self._issued * self._stake / 100
        return start * np.exp(np.cumsum(steps))

    def _base(self, factor: Fraction) -> Floats:
        base = np.full(SESSIONS, self._issued)
        if self._kind in {"action", "base"}:
            base[self._session :] *= float(factor)
        return base

    def _counter(self, code: int) -> _Counter:
        name = f"MADE UP COMPANY {self._spelt()} LIMITED" if self._names != "none" else f"STOCK {code:05}"
        return _Counter(code, [name] * SESSIONS, part=float(self._rng.uniform(0.2, 0.8)))

    def _spelt(self) -> str:
        return "".join(chr(ord("A") + int(digit)) for digit in f"{self._code:05}")

    def _moved(self, counter: _Counter, temporary: int) -> tuple[_Counter, int]:
        """The temporary counter alone, then both, then the lasting one alone; the last session with both."""
        rng, session = self._rng, self._session
        alone, both = int(rng.integers(7, 12)), int(rng.integers(8, 18))
        back, over = session + alone, session + alone + both
        other = self._counter(temporary)
        if self._names != "none":
            other.names = list(counter.names)
        other.base, other.part = counter.base.copy(), counter.part
        whole = counter.shares.copy()
        other.shares[session:back] = whole[session:back]
        left = np.floor(
            whole * rng.uniform(0.001, 0.4) * np.exp(-0.3 * np.arange(SESSIONS).clip(back) + 0.3 * back)
        )
        left = np.maximum(left.astype(np.int64), 1)
        other.shares[back:over] = np.minimum(left, whole - 1)[back:over]
        counter.shares[session:back] = 0
        counter.shares[back:over] = whole[back:over] - other.shares[back:over]
        if rng.random() < 0.5:
            self._why.append("the temporary counter leaves for a session")
            other.shares[back] = 0
        if rng.random() < 0.05:
            self._why.append("both counters are off for a session")
            other.shares[session] = 0
        if self._names == "marked":
            blank = " " if rng.random() < 0.8 else ""
            company = counter.names[0]
            for at in range(session, over):
                other.names[at] = f"{company}{blank}-{'TEMPORARY COUNTER' if at < back - 2 else 'OLD'}"
            counter.names[back:over] = [f"{company}{blank}-NEW"] * both
        self._why += ["temporary counter", *(["nameless"] if self._names == "none" else [])]
        return other, over

    def _odd(self, counter: _Counter, factor: Fraction, first: int, last: int) -> tuple[int, int]:
        """What the percentage does round the event."""
        rng, session = self._rng, self._session
        chance = rng.random()
        if self._kind == "action" and self._slot is not None:
            if factor < 1 and chance < 0.7:
                self._why.append("blank before")
                counter.blank[session - 1] = True
                first = session - 1
            elif factor > 1 and chance < 0.7:
                self._why.append("base before")
                counter.base[session - 1] *= float(factor)
                first = session - 1
        elif self._kind == "action":
            if chance < 0.15:
                self._why.append("base before")
                counter.base[session - 1] *= float(factor)
                first = session - 1
            elif chance < 0.25 and self._stake * float(factor) < 95:
                late = int(rng.integers(1, 12))
                self._why.append("base late")
                counter.base[session : session + late] /= float(factor)
                last = session + late
            elif chance < 0.35:
                self._why.append("blank")
                blank = int(rng.integers(1, 4))
                counter.blank[session : session + blank] = True
                last = session + blank
        elif self._kind == "base" and chance < 0.5:
            self._why.append("blanks before")
            counter.blank[max(1, session - int(rng.integers(1, 60))) : session] = True
        return first, last

    def _distributed(self, held: Floats) -> tuple[list[_Counter], Case]:
        """A code that comes with half of a company."""
        counter = self._counter(self._code)
        self._issued = held[self._session] / self._rng.uniform(0.3, 0.6)
        counter.shares[self._session :] = np.floor(held[self._session :]).astype(np.int64)
        counter.base = np.full(SESSIONS, self._issued)
        listed = np.where(counter.shares > 0, counter.shares, np.nan).astype(np.float64)
        case = Case(
            self._kind,
            self._code,
            Fraction(1),
            self._session,
            self._session,
            self._session,
            listed,
            50.0,
            decided=True,
        )
        return [counter], case


def _rows(counters: list[_Counter], session: int) -> list[Row]:
    rows = [
        Row(each.code, each.names[session], int(each.shares[session]), _percent(each, session))
        for each in counters
        if each.shares[session] > 0
    ]
    return sorted(rows, key=lambda row: row.code)


def _percent(counter: _Counter, session: int) -> str:
    """As the page shows it: the sum of two that were cut off after two decimals."""
    if counter.blank[session]:
        return ""
    stake = counter.shares[session] / counter.base[session] * 1e4
    return f"{(math.floor(stake * counter.part) + math.floor(stake * (1 - counter.part))) / 100:.2f}"


def _crowded(cases: list[Case]) -> list[Case]:
    """With those marked that go to temporary counters on one day, without names, with much the same stake."""
    nameless = [case for case in cases if "nameless" in case.why]

    def alike(case: Case, other: Case) -> bool:
        near = abs(math.log(other.stake / case.stake)) < math.log(1 + 3 * MOST_TRADED)
        return other is not case and other.session == case.session and near

    like = {id(case) for case in nameless if any(alike(case, other) for other in nameless)}
    return [replace(case, why=(*case.why, "like another")) if id(case) in like else case for case in cases]


def _decided(case: Case, counters: list[_Counter], missing: set[int]) -> Case:
    """Whether the figures, cut off as they are, allow one reading alone, and how close they tell a ratio.

    - With a temporary counter: as its stake is 0.1 % or more, unless another without a name either goes to
      one on the same day, with a stake that is the same within two days' trading.
    - An action under one code: the issued shares surely changed, so that it is no purchase; the holding moved
      by more than a day's trading; and without an action three times as much would have been traded.
    - An update of the issued shares: likewise, the other way round.
    - A purchase or sale: the issued shares surely did not change as the holding did, and it is not within 2 %
      of a whole ratio, which a split with a late base shows too.
    """
    if case.kind == "distribution":
        return case
    counter = next(each for each in counters if each.code == case.code)

    def known(session: int) -> bool:
        return session not in missing and counter.shares[session] > 0 and not counter.blank[session]

    before = max(session for session in range(case.first) if known(session))
    after = next(session for session in range(max(case.last, case.session), SESSIONS) if known(session))
    least, most = _ratio_of_bases(counter, before, after)
    case = replace(case, rounding=(most - least) * (1 if case.again is None else 2))
    if case.temporary is not None:
        return replace(case, decided=case.stake >= 0.1 and "like another" not in case.why)
    listed = [s for s in range(case.session) if s not in missing and counter.shares[s] > 0]
    since = next(s for s in range(case.session, SESSIONS) if s not in missing and counter.shares[s] > 0)
    moved, size = math.log(counter.shares[since] / counter.shares[listed[-1]]), math.log(case.factor)
    if case.kind == "jump":
        whole = min(abs(abs(moved) - math.log(ratio)) for ratio in (*range(2, 11), *WHOLE)) < 0.02
        return replace(case, decided=least > -abs(size) and most < abs(size) and not whole)
    traded_by_other = abs(moved - size) if case.kind == "base" else abs(moved)
    traded = abs(moved) if case.kind == "base" else abs(moved - size)
    sure = (least > 0.01 or most < -0.01) and 3 * traded < traded_by_other
    return replace(case, decided=sure and traded_by_other > math.log(1 + MOST_TRADED))


def _ratio_of_bases(counter: _Counter, before: int, after: int) -> tuple[float, float]:
    """The logarithms between which a reader of the page finds the ratio of issued shares."""
    ends = []
    for session in (before, after):
        shown = float(_percent(counter, session))
        shares = float(counter.shares[session])
        ends.append((math.log(shares / (shown + 0.02)), math.log(shares / max(shown, 1e-9))))
    return ends[1][0] - ends[0][1], ends[1][1] - ends[0][0]
