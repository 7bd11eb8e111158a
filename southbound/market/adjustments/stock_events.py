"""Makes events of single stocks' figures: actions under one code, updates of the base, and what is unsure."""

import math
from dataclasses import replace

import numpy as np

from southbound.market.adjustments import issued_shares, likelihoods
from southbound.market.adjustments.event_log import BASE_AFTER, BASE_BEFORE, EventLog
from southbound.market.adjustments.events import (
    AdjustmentEvent,
    Kind,
    Part,
    Step,
    Witness,
    is_fund,
    kind_of,
)
from southbound.market.adjustments.figures import (
    Holding,
    base_interval,
    bases,
    holding,
    is_loose,
    is_temporary,
    issued,
    last_known,
    leg,
)
from southbound.market.adjustments.likelihoods import LEAST_RATIO, Observed, Reading, Verdict

LEAST_TRADED = 0.02
"""A change of the holding below this is no second half of an event."""

LIKELIER, LIKELY_LATE = 0.5, 0.8
"""From this weight on an odd base and a holding that followed it, or led it, are not surely two things."""

LEAST_SUSPECT = 0.5
"""Percent of the issued shares: smaller stakes are multiplied so often that a whole factor proves nothing."""


class StockEvents:
    """Goes through the rows with odd figures."""

    def __init__(self, log: EventLog) -> None:
        self._log, self._history = log, log.history

    def take(self, row: int, odd: dict[int, bool], concerned: set[int]) -> None:
        """Take in the odd figures of a row: whether the base of each surely changed, by column."""
        history = self._history
        columns = dict(odd)
        since = history.dates[max(0, row - BASE_BEFORE)]
        self._log.watched = {code: day for code, day in self._log.watched.items() if day >= since}
        for column in map(history.column, self._log.watched):
            if column is not None and not np.isnan(history.shares[row, column]):
                columns.setdefault(column, False)
        for column in self._back(row):
            columns.setdefault(column, True)
        together = self._together(row)
        done: set[tuple[int, ...]] = set()
        for column in sorted(columns):
            codes = together.get(column, (column,))
            if concerned.isdisjoint(codes) and codes not in done:
                done.add(codes)
                self._stock(row, codes, rebased=any(columns.get(each, False) for each in codes))

    def _back(self, row: int) -> list[int]:
        """The columns of what was off the list for a few sessions only."""
        shares = self._history.shares
        if row < 2 or not (np.isnan(shares[row - 1]) & ~np.isnan(shares[row])).any():
            return []
        came = np.isnan(shares[row - 1]) & ~np.isnan(shares[row])
        recent = ~np.isnan(shares[max(0, row - issued_shares.BACK_WITHIN) : row - 1])
        columns: list[int] = np.flatnonzero(came & recent.any(axis=0)).tolist()
        return [column for column in columns if not is_temporary(self._history, row, column)]

    def _together(self, row: int) -> dict[int, tuple[int, ...]]:
        """The columns of stocks with two codes on the lists of a row and the one before."""
        history = self._history
        found: dict[int, tuple[int, ...]] = {}
        for other, main in self._log.temporary_mains(row).items():
            pair = (main, other)
            if not np.isnan(history.shares[np.ix_((row - 1, row), pair)]).any():
                found[main] = found[other] = pair
        return found

    def _stock(self, row: int, codes: tuple[int, ...], *, rebased: bool) -> None:
        old_row = self._listed_before(row, codes)
        if old_row is None:
            return
        history = self._history
        was, now = holding(history, old_row, codes), holding(history, row, codes)
        known = last_known(history, old_row, codes)
        seen = Observed(
            math.log(now.shares / was.shares),
            bases(known, now),
            fund=is_fund(int(history.codes[codes[0]])),
            loose=is_loose(history, old_row, codes[0], math.nan if known is None else known.percent),
        )
        if not self._after_odd_base(seen, (old_row, row), codes, rebased=rebased):
            since = known.row if known is not None and rebased else old_row
            surely = rebased and seen.base is not None and _surely(seen.base, now, known)
            self._alone(seen, (since, old_row, row), codes, surely=surely)

    def _after_odd_base(
        self, seen: Observed, rows: tuple[int, int], codes: tuple[int, ...], *, rebased: bool
    ) -> bool:
        """Whether the holding follows a base that changed in one of the last sessions."""
        old_row, row = rows
        pending = self._log.odd_base(row, codes[0])
        if pending is None or abs(seen.shares) < LEAST_TRADED or likelihoods.is_complete(seen):
            return False
        now = holding(self._history, row, codes)
        across = bases(self._log.before_odd_base(row, codes[0]), now) or base_interval(pending)
        if across is None:
            return False
        apart = row - self._history.row(pending.day)
        verdict = likelihoods.weigh(replace(seen, base=across, apart=apart))
        if verdict.reading is Reading.ACTION:
            self._log.drop(pending)
            part = self._part(Step.SHARES, old_row, row, codes)
            witnesses = (Witness.SHARES, Witness.BASE, Witness.BEFORE)
            self._add(verdict, (pending.parts[0], part), witnesses, issued(now))
            return True
        unsure = verdict.reading is Reading.UNSURE and verdict.certainty > LIKELIER
        if unsure and not rebased and not seen.loose:
            part = self._part(Step.SHARES, old_row, row, codes)
            self._suspect(verdict, (part,), (Witness.SHARES, Witness.BEFORE))
            return True
        return False

    def _alone(
        self, seen: Observed, rows: tuple[int, int, int], codes: tuple[int, ...], *, surely: bool
    ) -> None:
        """What one row against the one before, and the last with a percentage, shows by itself."""
        since, old_row, row = rows
        verdict = likelihoods.weigh(seen)
        unsure = verdict.reading is Reading.UNSURE and not seen.loose
        if verdict.reading is Reading.ACTION:
            witnesses = [Witness.SHARES]
            witnesses += [Witness.BASE] if seen.base is not None else []
            self._add(verdict, (self._part(Step.SHARES, old_row, row, codes),), tuple(witnesses))
        elif seen.base is not None and surely:
            if unsure and not seen.fund:
                self._suspect(verdict, (self._part(Step.SHARES, old_row, row, codes),))
            elif not self._late_base(row, codes, seen):
                part = self._part(Step.BASE, since, row, codes)
                certainty = 1 - verdict.certainty if unsure else verdict.certainty
                self._log.put(
                    AdjustmentEvent(
                        Kind.NEW_BASE, (part,), None, certainty, _to_come(seen.base), (Witness.BASE,)
                    )
                )
        elif unsure and abs(seen.shares) > math.log(issued_shares.JUMP):
            known = last_known(self._history, old_row, codes)
            large = known is not None and known.percent >= LEAST_SUSPECT
            if large and not (seen.fund and seen.base is not None):
                self._suspect(verdict, (self._part(Step.SHARES, old_row, row, codes),))

    def _late_base(self, row: int, codes: tuple[int, ...], seen: Observed) -> bool:
        """Whether the base follows a holding that was multiplied in one of the last sessions."""
        if seen.base is None or max(seen.base[1], -seen.base[0]) < LEAST_RATIO:
            return False
        history, code = self._history, int(self._history.codes[codes[0]])
        now = holding(history, row, codes)
        first = max(0, row - BASE_AFTER - 1)
        held = sum((history.shares[first:row, column] for column in codes), np.zeros(row - first))
        listed = np.flatnonzero(~np.isnan(held))
        changes = np.diff(np.log(held[listed]))
        for place in np.flatnonzero(np.abs(changes) >= LEAST_RATIO)[::-1].tolist():
            since, at = first + int(listed[place]), first + int(listed[place + 1])
            follows = seen.base[0] - 0.3 < changes[place] < seen.base[1] + 0.3
            if not follows or self._log.multiplied_on(history.dates[at], code):
                continue
            before = last_known(history, since, codes)
            base = bases(before, now)
            if before is None or base is None or base[0] <= 0.01 <= base[1] + 0.02:
                continue
            newest = last_known(history, row - 1, codes)
            blank = newest is None or newest.row < at
            apart = 0 if blank else 1
            verdict = likelihoods.weigh(Observed(float(changes[place]), base, seen.fund, apart=apart))
            likely = verdict.reading is Reading.UNSURE and verdict.certainty > LIKELY_LATE and not seen.fund
            suspect = self._log.suspect_on(history.dates[at], code)
            parts = (
                self._part(Step.SHARES, since, at, codes),
                self._part(Step.BASE, self._listed_before(row, codes) or row - 1, row, codes),
            )
            if verdict.reading is Reading.ACTION:
                if suspect is not None:
                    self._log.drop(suspect)
                self._add(verdict, parts, (Witness.SHARES, Witness.BASE, Witness.AFTER), issued(now))
                return True
            if likely and suspect is None and not is_loose(history, since, codes[0], before.percent):
                self._suspect(verdict, parts)
                return True
        return False

    def settle(self, row: int) -> None:
        """What was suspected of a late base is a purchase or a sale, if the base stood all the time."""
        if row <= BASE_AFTER:
            return
        history = self._history
        day = history.dates[row - BASE_AFTER]
        for event in self._log.suspects:
            column = history.column(event.code)
            gone = event.day != day or event not in self._log
            if gone or column is None or Witness.BEFORE in event.witnesses:
                continue
            before = last_known(history, row - BASE_AFTER - 1, (column,))
            now = holding(history, row, (column,))
            base = bases(before, now) if not math.isnan(now.shares) else None
            if base is not None and base[0] - 0.02 <= 0 <= base[1] + 0.02:
                self._log.drop(event)
        self._log.suspects = [event for event in self._log.suspects if event.day > day]

    def _listed_before(self, row: int, codes: tuple[int, ...]) -> int | None:
        shares = self._history.shares
        for at in range(row - 1, max(0, row - 1 - issued_shares.BACK_WITHIN) - 1, -1):
            if not all(math.isnan(shares.item(at, column)) for column in codes):
                return at
        return None

    def _part(self, step: Step, old_row: int, row: int, codes: tuple[int, ...]) -> Part:
        history = self._history
        return Part(step, history.dates[old_row], history.dates[row], (leg(history, old_row, row, codes),))

    def _add(
        self,
        verdict: Verdict,
        parts: tuple[Part, ...],
        witnesses: tuple[Witness, ...],
        base: float | None = None,
    ) -> None:
        kind = kind_of(verdict.factor, Kind.BONUS)
        self._log.put(
            AdjustmentEvent(kind, parts, verdict.factor, verdict.certainty, None, witnesses, None, base)
        )

    def _suspect(
        self, verdict: Verdict, parts: tuple[Part, ...], witnesses: tuple[Witness, ...] = (Witness.SHARES,)
    ) -> None:
        alternative = kind_of(verdict.factor, Kind.BONUS)
        self._log.put(AdjustmentEvent(Kind.SUSPECT, parts, None, verdict.certainty, alternative, witnesses))


def _surely(base: tuple[float, float], now: Holding, known: Holding | None) -> bool:
    """Whether a base surely changed by enough to be an event."""
    least = max(base[0], -base[1])
    if known is None or least <= 0:
        return False
    by = math.expm1(least)
    stake = min(now.percent, known.percent)
    return by > issued_shares.LEAST_NEW_BASE or by * stake > issued_shares.LEAST_POINTS


def _to_come(base: tuple[float, float]) -> Kind | None:
    """What a base without a holding may be the odd session before of."""
    if base[1] > math.log(1.9):
        return Kind.SPLIT
    return Kind.CONSOLIDATION if base[0] < -math.log(1.9) else None
