"""The changes of the recorded days, computed from the file with dictionaries and by no code of the product.

What happened in those days besides buying and selling is known: 02160 became 02918, five shares one, on 25
February, and the temporary counter 02979 was closed into 03939 on 6 January.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cache

from tests.conftest import recording

Stakes = dict[int, tuple[int, Decimal | None]]

CONSOLIDATED, CLOSED = date(2026, 2, 25), date(2026, 1, 6)
REMEMBERED = 20


@cache
def record() -> dict[date, Stakes]:
    """Shares and percent by date and code, straight from the recorded file."""
    return {
        day: {
            code: (int(row["shareholding"]), Decimal(row["percent"]) if row["percent"] else None)
            for code, row in rows.items()
        }
        for day, rows in recording().items()
    }


def days() -> list[date]:
    return sorted(record())


def comparable(old_day: date, new_day: date) -> tuple[Stakes, Stakes]:
    """Both lists, the old one in the codes and the shares of the new one."""
    old, new = dict(record()[old_day]), dict(record()[new_day])
    if old_day < CONSOLIDATED <= new_day:
        shares, percent = old.pop(2160)
        old[2918] = shares // 5, percent
    if old_day < CLOSED <= new_day:
        (shares, percent), (more, with_it) = old[3939], old.pop(2979)
        assert percent is not None
        assert with_it is not None
        old[3939] = shares + more, percent + with_it
    return old, new


@cache
def new_bases() -> dict[tuple[date, int], float]:
    """By day and code: the points that a sure change of the issued shares alone made."""
    found = {}
    for position, day in enumerate(days()):
        earlier = [record()[past] for past in reversed(days()[max(0, position - REMEMBERED) : position])]
        for code, (shares, percent) in record()[day].items():
            if percent is None or not earlier or code not in earlier[0]:
                continue
            known = (
                (was, before) for was, before in (past.get(code, (0, None)) for past in earlier) if before
            )
            was, before = next(known, (0, None))
            if before is not None:
                points = base_points(was, float(before), shares, float(percent))
                if points is not None:
                    found[day, code] = points
    return found


def base_points(was: int, was_percent: float, now: int, percent: float) -> float | None:
    """None unless the issued shares surely changed by 1 %, or by what makes 0.1 points."""
    # The page's figure is the sum of two that were cut off, or one that was rounded.
    most, old_most = (
        shares / (shown - 0.005) if shown > 0.005 else float("inf")
        for shares, shown in ((now, percent), (was, was_percent))
    )
    surely = max(now / (percent + 0.02) / old_most, was / (was_percent + 0.02) / most) - 1
    if surely <= 0.01 and surely * min(percent, was_percent) <= 0.1:
        return None
    traded = percent * (1 - was / now) if now >= was else was_percent * (now / was - 1)
    return round(percent - was_percent - traded, 2)


def changes(metric: str, old_day: date, new_day: date) -> dict[int, float]:
    """What of the metric every stock on both lists changed by; without what is not ranked by it."""
    old, new = comparable(old_day, new_day)
    result = {}
    for code in old.keys() & new.keys():
        (was, was_percent), (now, percent) = old[code], new[code]
        if metric == "shares":
            result[code] = float(now - was)
        elif metric == "pct" and was >= 10_000 and (was_percent is None or was_percent >= Decimal("0.05")):
            result[code] = (now - was) / was * 100
        elif metric == "pp" and was_percent is not None and percent is not None:
            base = sum(new_bases().get((day, code), 0.0) for day in days() if old_day < day <= new_day)
            result[code] = round(float(percent - was_percent) - base, 2)
    return result


@cache
def funds() -> frozenset[int]:
    """The codes whose name says that they are a fund, or a trust of real estate."""
    said = re.compile(r"\bETF\b|TRACKER|\bREIT\b|REAL ESTATE INVESTMENT TRUST")
    return frozenset(
        code for rows in recording().values() for code, row in rows.items() if said.search(row["name"])
    )


def largest_shares(
    metric: str, old_day: date, new_day: date
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """The same as `largest`, without funds."""
    rises, falls = largest(metric, old_day, new_day)
    return [m for m in rises if m[0] not in funds()], [m for m in falls if m[0] not in funds()]


def largest(
    metric: str, old_day: date, new_day: date
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Code and change of all rises, the largest first, and all falls, likewise; equal ones by code."""
    changed = changes(metric, old_day, new_day).items()
    rises = sorted(((code, change) for code, change in changed if change > 0), key=lambda m: (-m[1], m[0]))
    falls = sorted(((code, change) for code, change in changed if change < 0), key=lambda m: (m[1], m[0]))
    return rises, falls
