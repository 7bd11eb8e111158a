"""What the figures of many stocks show, row by row: streaks, highs and lows, unusual changes, crossings.

All take arrays of T rows, oldest first, with one column for each of S stocks, and tell of the last row.
Stakes are in percent of the issued shares. Changes are relative, from each row to the next:
c[t] = s[t + 1] / s[t] - 1 with the restated holdings s, so that there is one row fewer (T - 1); NaN where
there is none.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

import numpy as np

from southbound.market import trading_calendar
from southbound.market.daily_holdings import Bools, Floats, Ints

EXTREME_WINDOWS = (20, 60, 250)
"""In sessions: about a month, a quarter and a year, as the 52-week high of prices."""

LEVELS = (5, 10, 20, 30)
"""Percent of the issued shares. From 5 % on a holder must disclose (Securities and Futures Ordinance, Part
XV), from 10 % on it is a substantial shareholder (Listing Rules, 1.01), from 30 % on it must bid for the rest
(Takeovers Code, rule 26); 20 % stands between. Mainland investors together are no single holder: the levels
are marks, and no duties."""

MEASURED, LEAST_MEASURED = 60, 20
"""Of how many of its own changes the usual one is computed, and how many there must be."""

IDLE_BELOW = 0.02
"""If fewer of the holdings moved, nothing was traded, whatever the cause: transfers still move one or two. On
the recorded days without trades it was 0 to 2 of 877, on all others 671 and more."""


def idle(changes: Floats, traded: Bools) -> Bools:
    """The rows in which nothing was traded, as far as calendars and figures tell.

    Idle is a row that shows no trades by the calendars (`settlement.any_trades`), or in which at most
    `IDLE_BELOW` of all changes that are known are not 0.

    Args:
        changes: (T - 1) x S relative changes.
        traded: (T - 1,) for each, whether the calendars know of trades that it may show.

    Returns:
        (T - 1,) whether each is idle.
    """
    comparable = ~np.isnan(changes)
    moved = comparable & (changes != 0)
    result: Bools = ~traded | (moved.sum(axis=1) <= IDLE_BELOW * comparable.sum(axis=1))
    return result


def streaks(changes: Floats, idle: Bools) -> Ints:
    """How many sessions in a row each holding rose or fell, the last one included.

    The length of the last run of equal signs: the largest n for which the last n changes that are not idle
    all are above 0, or all below. An idle row neither ends nor lengthens a run; a change of 0 or one that is
    not known (NaN) ends it. As the runs in Wald and Wolfowitz's runs test (1940), but for the idle rows.

    Args:
        changes: (T - 1) x S relative changes.
        idle: (T - 1,) the rows to pass over.

    Returns:
        (S,) sessions; positive for rises, negative for falls, 0 where the last of
        them is 0 or not known.
    """
    counts = np.zeros(changes.shape[1], dtype=np.int64)
    lasting = np.ones(changes.shape[1], dtype=np.bool_)
    for change, passed_over in zip(changes[::-1], idle[::-1], strict=True):
        if passed_over:
            lasting &= ~np.isnan(change)
            continue
        direction = np.nan_to_num(np.sign(change)).astype(np.int64)
        lasting &= (direction != 0) & (np.sign(counts) != -direction)
        counts[lasting] += direction[lasting]
        if not lasting.any():
            break
    return counts


def extremes(dates: Sequence[date], stakes: Floats, listed: Bools) -> tuple[Ints, Ints]:
    """The longest windows in which the last stake is above, and below, all others.

    A high of w sessions: p[-1] > max(p[i]), with stakes p, over the rows i from the w-th session before the
    last date up to the row before the last; blank stakes are left out. If that session is not stored, the
    closest stored date before it begins the window; there must be one, and the stock be on the list there.
    The largest w of `EXTREME_WINDOWS` counts. As the 52-week high and low, but of stakes and in sessions.

    Args:
        dates: of the T rows, ascending; one at least.
        stakes: T x S percent, all in the issued shares of the last date; NaN where blank.
        listed: T x S whether the stock is on the list.

    Returns:
        (S,) sessions of the highs, and (S,) of the lows; 0 where there is none.

    Raises:
        ValueError: the calendar does not reach that far back.
    """
    day, now = dates[-1], stakes[-1]
    highs, lows = np.zeros(len(now), dtype=np.int64), np.zeros(len(now), dtype=np.int64)
    for window in EXTREME_WINDOWS:
        if (day - dates[0]).days < window:
            break
        first = bisect_right(dates, trading_calendar.before(day, window)) - 1
        if first < 0:
            break
        past = stakes[first:-1]
        highs[listed[first] & (now > np.fmax.reduce(past))] = window
        lows[listed[first] & (now < np.fmin.reduce(past))] = window
    return highs, lows


def z_scores(changes: Floats, idle: Bools) -> Floats:
    """How many usual deviations each change of the last row is from the stock's usual change.

    The standard score z = (c[-1] - mean) / s, with the mean and the sample standard deviation
    s = sqrt(sum((c - mean)^2) / (n - 1)) of the n changes that the stock had in the `MEASURED` rows before
    the last one which are not idle. The last change is no part of its own measure. As the NIST/SEMATECH
    e-Handbook of Statistical Methods, section 1.3.5.17, has it for outliers.

    Args:
        changes: (T - 1) x S relative changes.
        idle: (T - 1,) the rows in which nothing was traded.

    Returns:
        (S,) scores without a unit; NaN where n is below `LEAST_MEASURED`, where s is 0, where the last change
        is not known, and everywhere if the last row is idle.
    """
    scores = np.full(changes.shape[1], np.nan)
    past = changes[:-1][~idle[:-1]][-MEASURED:]
    if not len(changes) or idle[-1] or len(past) < LEAST_MEASURED:
        return scores
    count = (~np.isnan(past)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(past, axis=0) / count
        deviation = np.sqrt(np.nansum((past - mean) ** 2, axis=0) / (count - 1))
        usual = (count >= LEAST_MEASURED) & (deviation > 0)
        scores[usual] = ((changes[-1] - mean) / deviation)[usual]
    return scores


def crossings(stakes: Floats) -> Ints:
    """The level that each stake rose to or fell below in the last row.

    A stake rises to the highest level with p[-2] < level <= p[-1], and falls below the lowest one with
    p[-1] < level <= p[-2], of those in `LEVELS`.

    Args:
        stakes: T x S percent of the issued shares; NaN where blank, which crosses nothing.

    Returns:
        (S,) the level in percent: positive where risen to, negative where fallen below; 0 if none.
    """
    crossed = np.zeros(stakes.shape[1], dtype=np.int64)
    if len(stakes) > 1:
        before, now = stakes[-2:]
        for level in LEVELS:
            crossed[(before < level) & (now >= level)] = level
        for level in reversed(LEVELS):
            crossed[(before >= level) & (now < level)] = -level
    return crossed
