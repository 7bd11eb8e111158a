"""The reader's own stocks: a line for each, whether or not anything happened to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from southbound.market.adjustments.code_aliases import by_code, code_on
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.changes import Changes
from southbound.market.history import History
from southbound.market.metrics import POINTS, SHARES
from southbound.market.signals import Signals
from southbound.presentation import formatting, phrases


@dataclass(frozen=True, slots=True)
class Change:
    """What changed over a window, in words, and whether shares were added (1), given away (-1) or neither."""

    text: str
    direction: int = 0


NOTHING_TO_COMPARE = Change("nothing to compare with")


@dataclass(frozen=True, slots=True)
class Watched:
    """A stock of the watchlist on the day of the mail.

    Attributes:
        code: under which it is on the list now; the one that was asked for, if it is not.
        name: empty if it never was on a stored list.
        held: shares and stake, or why there are none.
        changes: one for each window, the shortest first.
        words: what else there is to tell; may be empty.
    """

    code: int
    name: str
    held: str
    changes: tuple[Change, ...] = ()
    words: str = ""


def watched(
    codes: Sequence[int],
    history: History,
    found: Signals,
    windows: Mapping[int, Changes],
    events: Sequence[AdjustmentEvent],
) -> tuple[Watched, ...]:
    """A line for each code, in the order given.

    Args:
        codes: the watchlist.
        history: all days.
        found: the signals of the day.
        windows: the changes by window, in sessions; those that could be compared.
        events: the adjustment events of `history`.
    """
    row = history.row(found.day)
    listed = set(history.codes[~np.isnan(history.shares[row])].tolist())
    known = by_code(event for event in events if event.day <= found.day)
    now = {code: code_on(found.day, code, known, listed) for code in codes}
    return tuple(_watched(code, now[code] or code, history, found, windows) for code in codes)


def _watched(
    asked: int, code: int, history: History, found: Signals, windows: Mapping[int, Changes]
) -> Watched:
    row = history.row(found.day)
    column = history.column(code)
    if column is None:
        return Watched(asked, "", "not on any stored list")
    if np.isnan(history.shares[row, column]):
        return Watched(code, history.names[code], _gone(history, row, column))
    shares, percent = float(history.shares[row, column]), float(history.percents[row, column])
    remarks = [f"{formatting.code(asked)} before"] if code != asked else []
    signal = found.of(code)
    remarks += phrases.signal(signal) if signal is not None else ()
    remarks += _moved(changes.events_of.get(code, ()) for changes in windows.values())
    return Watched(
        code,
        history.names[code],
        f"{formatting.shares(shares)} shares, {formatting.percent(percent)}",
        tuple(_change(changes, code) for changes in windows.values()) or (NOTHING_TO_COMPARE,),
        ", ".join(remarks),
    )


def _gone(history: History, row: int, column: int) -> str:
    listed = np.flatnonzero(~np.isnan(history.shares[: row + 1, column]))
    if not len(listed):
        return "not on the list yet"
    last: date = history.dates[listed[-1]]
    return f"not on the list; last seen on {formatting.day(last)}, which does not mean sold"


def _change(changes: Changes, code: int) -> Change:
    period = formatting.window(changes.pair.window)
    at = int(np.searchsorted(changes.codes, code))
    if at == len(changes.codes) or changes.codes[at] != code:
        is_new = code in {stake.code for stake in changes.added}
        return Change(f"{period}: {'new on the list' if is_new else 'counted under its other code'}")
    shares, points = (float(metric.change(changes)[at]) for metric in (SHARES, POINTS))
    in_shares = f"{formatting.change(SHARES, shares)} shares" if shares else "unchanged"
    in_points = f", {formatting.change(POINTS, points)}" if points and not np.isnan(points) else ""
    return Change(f"{period}: {in_shares}{in_points}", int(np.sign(shares)))


def _moved(events: Iterable[tuple[AdjustmentEvent, ...]]) -> list[str]:
    """What of the changes was not traded."""
    kinds = dict.fromkeys(event.kind for of_window in events for event in of_window)
    doubts = ["bought, sold or split? The page cannot tell"] if Kind.SUSPECT in kinds else []
    names = [phrases.event_noun(kind) for kind in kinds if kind is not Kind.SUSPECT]
    return [*doubts, f"adjusted for: {', '.join(names)}"] if names else doubts
