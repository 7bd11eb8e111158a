"""Writes southbound/market/recorded_sessions.py anew, from the exchange_calendars that is installed.

`.venv/bin/python -m tools.recorded_sessions`, after that pin has changed.
"""

import re
import sys
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import numpy as np

from southbound.market.trading_calendar import END, Days, computed_calendar, weekdays

MODULE = Path(__file__).parents[1] / "southbound" / "market" / "recorded_sessions.py"


def recorded() -> dict[str, str]:
    """What the module says, by name, as Python writes it."""
    calendar = computed_calendar()
    return {
        "RELEASE": f'"{version("exchange_calendars")}"',
        "MAINLAND_END": f'"{calendar.mainland_end}"',
        "CLOSED": _by_year(np.setdiff1d(weekdays(END), calendar.sessions)),
        "HALF_DAYS": _by_year(np.setdiff1d(calendar.sessions, calendar.settlement_days)),
        "MAINLAND_CLOSED": _by_year(np.setdiff1d(weekdays(calendar.mainland_end), calendar.mainland)),
    }


def _by_year(days: Days) -> str:
    years = groupby(days.tolist(), key=lambda day: day.year)
    lines = (f'    {year}: "{" ".join(f"{day:%m%d}" for day in of_it)}",' for year, of_it in years)
    return "\n".join(["{", *lines, "}"])


def written(text: str) -> str:
    """The module's text, as it is to be."""
    for name, value in recorded().items():
        text = re.sub(rf"(?ms)^({name}\b[^=\n]* = )(\{{.*?^\}}|[^\n]*)$", rf"\g<1>{value}", text)
    return text


def main() -> int:
    MODULE.write_text(written(MODULE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
