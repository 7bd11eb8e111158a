"""Days made up for an archive, and how its folder is looked at from outside."""

from datetime import UTC, date, datetime, timedelta

from southbound.archive.archive import Archive
from southbound.archive.folders import Folder
from southbound.archive.kinds import HOLDINGS
from southbound.archive.month_files import Reading
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin

FIRST = date(2026, 1, 2)
READ = datetime(2026, 3, 1, 12, tzinfo=UTC)


def session(number: int) -> date:
    """The session so many after the first."""
    return trading_calendar.after(FIRST, number) if number else FIRST


def reading(number: int, shares: int = 100, read_at: datetime | None = READ) -> Reading[DailyHoldings]:
    """A day of three stocks."""
    day = session(number)
    figures = DailyHoldings.of(day, [1, 5, 700], ["CKH", "HSBC", "騰訊"], [shares, 7, 9], [None, 3.5, 0.01])
    return Reading(day, figures, Origin("hkexnews", read_at))


def put(archive: Archive, *readings: Reading[DailyHoldings]) -> None:
    """Each into the file of its month."""
    for each in readings:
        archive.put(HOLDINGS, HOLDINGS.file(each.day), [each])


def held(folder: Folder) -> dict[date, list[int]]:
    """The shares of the first stock in each reading of each day that a newly opened archive can read."""
    archive = Archive.opened(folder)
    found = {}
    for name in {HOLDINGS.file(day) for day in archive.days(HOLDINGS)}:
        for day, readings in archive.readings(HOLDINGS, name).items():
            found[day] = [int(each.figures.shares[0]) for each in readings]
    return dict(sorted(found.items()))


MINUTE = timedelta(minutes=1)
