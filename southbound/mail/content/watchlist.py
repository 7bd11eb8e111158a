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
from southbound.presentation.messages import gettext


@dataclass(frozen=True, slots=True)
class Change:
    """What changed over a window, in words, and whether shares were added (1), given away (-1) or neither."""

    text: str
    direction: int = 0


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
        return Watched(asked, "", gettext("not on any stored list"))
    if np.isnan(history.shares[row, column]):
        return Watched(code, history.names[code], _gone(history, row, column))
    shares, percent = float(history.shares[row, column]), float(history.percents[row, column])
    remarks = [gettext("{code} before", code=formatting.code(asked))] if code != asked else []
    signal = found.of(code)
    remarks += phrases.signal(signal) if signal is not None else ()
    remarks += _moved(changes.events_of.get(code, ()) for changes in windows.values())
    return Watched(
        code,
        history.names[code],
        formatting.held(shares, percent),
        tuple(_change(changes, code) for changes in windows.values())
        or (Change(gettext("nothing to compare with")),),
        formatting.listed(remarks),
    )


def _gone(history: History, row: int, column: int) -> str:
    listed = np.flatnonzero(~np.isnan(history.shares[: row + 1, column]))
    if not len(listed):
        return gettext("not on the list yet")
    last: date = history.dates[listed[-1]]
    return gettext("not on the list; last seen on {day}, which does not mean sold", day=formatting.day(last))


def _change(changes: Changes, code: int) -> Change:
    window = formatting.window(changes.pair.window)
    at = int(np.searchsorted(changes.codes, code))
    if at == len(changes.codes) or changes.codes[at] != code:
        if code in {stake.code for stake in changes.added}:
            return Change(gettext("{window}: new on the list", window=window))
        return Change(gettext("{window}: counted under its other code", window=window))
    shares, points = (float(metric.change(changes)[at]) for metric in (SHARES, POINTS))
    told = {
        "window": window,
        "change": formatting.change(SHARES, shares),
        "points": formatting.change(POINTS, points),
    }
    has_points = bool(points) and not np.isnan(points)
    if shares:
        with_points, without = (
            gettext("{window}: {change} shares, {points}", **told),
            gettext("{window}: {change} shares", **told),
        )
    else:
        with_points, without = (
            gettext("{window}: unchanged, {points}", **told),
            gettext("{window}: unchanged", **told),
        )
    return Change(with_points if has_points else without, int(np.sign(shares)))


def _moved(events: Iterable[tuple[AdjustmentEvent, ...]]) -> list[str]:
    """What of the changes was not traded."""
    kinds = dict.fromkeys(event.kind for of_window in events for event in of_window)
    doubts = [gettext("bought, sold or split? The page cannot tell")] if Kind.SUSPECT in kinds else []
    sure = [kind for kind in kinds if kind is not Kind.SUSPECT]
    return [*doubts, phrases.adjusted_for(sure)] if sure else doubts
