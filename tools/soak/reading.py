"""Reads what the invariants are held against: store, inbox and logs, by no code of the product."""

import math
import time
import urllib.request
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import psutil
import redis
from pyarrow import parquet

from replay.inbox import Mail
from replay.statistics import CHANNELS
from tools.soak.environment import MAILER, Environment
from tools.soak.invariants import Sent
from tools.soak.kinds import Part
from tools.soak.recovery import Look

DATE_PATTERN = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
MAIL_PREFIX, QUARANTINE_PREFIX = "southbound:mail:", "southbound:quarantine:"
REPLICATED_MS = 500
FILE_SOURCES = ("prices", "turnover", "short")
COUNTER = "soak:counter"
"""A key of ours in the product's store: what was acknowledged must be there."""

LOGS = ("stack.log", "scraper.log", "standby.log")


@dataclass(frozen=True, slots=True)
class Stored:
    """All that the store holds.

    Attributes:
        days: the value under each date key.
        listed: the dates in the sorted set.
        status: the scraper's hash.
        ledgers: for each date, the JSON under each recipient.
        quarantined: the keys of days in quarantine.
        named: the codes of the stocks that have a Chinese name.
        files: what was read beside the page: for each source, the JSON of each day.
    """

    days: dict[date, str]
    listed: list[str]
    status: dict[str, str]
    ledgers: dict[date, dict[str, str]]
    quarantined: list[str]
    named: frozenset[str]
    files: dict[str, dict[date, str]]


def stored(client: redis.Redis) -> Stored:
    """Everything. Raises redis.RedisError."""
    dates = sorted(cast("Iterable[str]", client.scan_iter(match=DATE_PATTERN)))
    mails = sorted(cast("Iterable[str]", client.scan_iter(match=f"{MAIL_PREFIX}*")))
    return Stored(
        {date.fromisoformat(key): cast("str", client.get(key)) for key in dates},
        cast("list[str]", client.zrange("southbound:dates", 0, -1)),
        _hash(client, "southbound:status"),
        {date.fromisoformat(key.removeprefix(MAIL_PREFIX)): _hash(client, key) for key in mails},
        sorted(cast("Iterable[str]", client.scan_iter(match=f"{QUARANTINE_PREFIX}*"))),
        frozenset(_hash(client, "southbound:names")),
        {source: _files(client, f"southbound:{source}:") for source in FILE_SOURCES},
    )


def _files(client: redis.Redis, prefix: str) -> dict[date, str]:
    keys = sorted(cast("Iterable[str]", client.scan_iter(match=f"{prefix}*")))
    return {date.fromisoformat(key.removeprefix(prefix)): cast("str", client.get(key)) for key in keys}


def archived(folder: Path) -> set[date]:
    """The dates of the holdings in an archive. Raises OSError, or ValueError for what is no such file."""
    return {
        day
        for file in sorted((folder / "holdings").glob("*.parquet"))
        for day in parquet.read_table(file, columns=["date"])["date"].to_pylist()
    }


def file_truth(environment: Environment, source: str, day: date) -> dict[str, Any]:
    """What the file of a source says of a day. Raises KeyError where there is none."""
    files = environment.site.official.files
    if source == "prices":
        return {
            str(each.code): [each.close / 1000, each.shares_traded, each.turnover] for each in files.days[day]
        }
    if source == "turnover":
        channels = {channel: files.southbound(day, channel) for channel in CHANNELS}
        return {
            name: [None, None] if each is None else [each.buy * 10_000, each.sell * 10_000]
            for name, each in channels.items()
        }
    return {str(each.code): [each.shares] for each in files.positions(day)}


def sent(mails: Iterable[Mail]) -> list[Sent]:
    """The mails of the inbox, one for each recipient."""
    read = []
    for mail in mails:
        message = mail.message
        part = message.get_body(("plain",))
        text = "" if part is None else str(part.get_content())
        read += [
            Sent(
                mail.arrived.timestamp(),
                recipient,
                str(message["Message-ID"]),
                str(message["Subject"]),
                text,
                mail.answered,
            )
            for recipient in mail.recipients
        ]
    return read


def look(environment: Environment, at: float) -> Look:
    """How the environment is now. Takes no longer than the timeouts of a frozen part."""
    well = set()
    success = ""
    try:
        status = _hash(environment.store, "southbound:status")
        success = status.get("last_success", "")
        number = int(environment.store.incr(COUNTER))
        # Under Sentinel what one server alone has is acknowledged to nobody who asks for more.
        if environment.watched is None or int(environment.store.wait(1, REPLICATED_MS)) > 0:
            environment.journal.store_took(number)
        well.add(Part.STORE)
        if status.get("breaker") == "closed" and status.get("state") in {"polling", "waiting", "backfilling"}:
            well.add(Part.SCRAPER)
        # The dashboard listens for new days, and so does the e-mailer, for the mails and for the alerts.
        if MAILER in environment.programs() and _listeners(environment.store) >= 2 + _is_served(environment):
            well.add(Part.MAILER)
    except redis.RedisError:
        pass
    if _is_served(environment):
        well.add(Part.DASHBOARD)
    mails = len(environment.inbox.mails)
    well.add(Part.MAIL)
    return Look(at, frozenset(well), success, mails)


def history_is_read(environment: Environment) -> bool:
    """Whether the first backfill is over, and the dashboard served."""
    try:
        state = _hash(environment.store, "southbound:status").get("state")
    except redis.RedisError:
        return False
    return state in {"polling", "waiting"} and _is_served(environment)


def newest(client: redis.Redis) -> date | None:
    """The newest date key."""
    keys = list(cast("Iterable[str]", client.scan_iter(match=DATE_PATTERN)))
    return date.fromisoformat(max(keys)) if keys else None


def tracebacks(environment: Environment) -> list[str]:
    """The last line of each traceback in the logs."""
    found = []
    for name in LOGS:
        file = environment.folder / name
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
        for number, line in enumerate(lines):
            if "Traceback (most recent call last)" in line:
                found.append(f"{name}:{number + 1}: {' / '.join(lines[number + 1 : number + 30])[-300:]}")
    return found


def strays(environment: Environment) -> list[str]:
    """Processes below the stack that belong to nobody any more, or are one browser too many.

    What has ended of the browser that runs is not among them: its crash handlers and its children are reaped
    as it ends itself. What is left of an earlier one is.
    """
    stack = environment.stack.children(recursive=True)
    programs = {process.pid for process in environment.programs().values()}
    drivers = [began for process in stack if (began := _began(process, "chromedriver")) is not None]
    browser = min(drivers, default=math.inf)
    found = []
    for process in stack:
        with suppress(psutil.NoSuchProcess):
            name, status, parent = process.name(), process.status(), process.ppid()
            if status == psutil.STATUS_ZOMBIE:
                if process.create_time() < browser:
                    found.append(
                        f"{name} (pid {process.pid}) has ended, and its parent {parent} lets it stay"
                    )
            elif parent == environment.stack.pid and process.pid not in programs:
                found.append(f"{name} (pid {process.pid}) has lost its parent")
    if len(drivers) > 1:
        found.append(f"{len(drivers)} browsers are running, want the writing scraper's alone")
    return found


def _began(process: psutil.Process, name: str) -> float | None:
    """When a process began, if it runs and has that name."""
    with suppress(psutil.NoSuchProcess):
        if process.name() == name and process.status() != psutil.STATUS_ZOMBIE:
            return process.create_time()
    return None


def now() -> float:
    """Seconds, by the wall clock."""
    return time.time()


def _is_served(environment: Environment) -> bool:
    try:
        with urllib.request.urlopen(f"{environment.dashboard}/_stcore/health", timeout=1):  # noqa: S310 - our own
            return True
    except OSError:
        return False


def _listeners(client: redis.Redis) -> int:
    return int(cast("list[Any]", client.pubsub_numsub("data_updated"))[0][1])


def _hash(client: redis.Redis, key: str) -> dict[str, str]:
    return cast("dict[str, str]", client.hgetall(key))
