"""Holds what a run has left against the invariants."""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial

import redis

from replay.events import Consolidation
from replay.file_faults import Source
from tools.soak import invariants, reading
from tools.soak.environment import ARCHIVE, READERS, Environment
from tools.soak.leak_check import grown, judged
from tools.soak.pages import Tabs
from tools.soak.recovery import unsurvived
from tools.soak.report import Check
from tools.soak.run import SoakRun

LAST_LOOKS_SECONDS = 60.0
"""How long the last restatement and the last mails may take to come."""


def checks(environment: Environment, run: SoakRun, tabs: Tabs) -> list[Check]:
    """Everything that must be so while the environment still runs and nothing disturbs it."""
    end = time.monotonic() + LAST_LOOKS_SECONDS
    while True:
        found = _all(environment, run, tabs)
        # Some of them come true in a moment: a restated day is read again, a heartbeat follows.
        if not any(check.problems for check in found) or time.monotonic() > end:
            return found
        time.sleep(1)


def _all(environment: Environment, run: SoakRun, tabs: Tabs) -> list[Check]:
    site, journal = environment.site, environment.journal
    offered = {day: site.truth(day) for day in site.published()}
    shown = journal.shown(offered)
    newest = max(offered)
    try:
        held = reading.stored(environment.store)
    except redis.RedisError as error:
        return [Check.of("the store answers", [str(error)])]
    sent = reading.sent(environment.inbox.mails)
    merged = {code for e in site.archive.invented.events if isinstance(e, Consolidation) for code in e.codes}
    lifetimes = run.observer.sampler.lifetimes()
    long_enough = f"{judged(lifetimes)} of {len(lifetimes)} lifetimes were long enough"
    reasons = len(journal.mailer_kills) + _of_the_store(run)
    wanted = {"prices": newest, "turnover": max(site.official.out(Source.TURNOVER))}
    kept = sorted(day for days in held.files.values() for day in days)
    days = f"{len(held.days)} days"
    return [
        Check.of("every session is stored", invariants.lost_days(held.days, offered), days),
        Check.of("no other date is stored", invariants.extra_days(held.days, offered), days),
        Check.of("every figure is the site's", invariants.wrong_days(held.days, shown), _figures(held.days)),
        Check.of(
            "the list of dates is right",
            invariants.wrong_list(held.listed, held.days),
            f"{len(held.listed)} dates",
        ),
        Check.of(
            "what had to be mailed was mailed",
            invariants.not_mailed(sent, journal.duties, READERS),
            f"{len(journal.duties)} days to {len(READERS)} readers",
        ),
        Check.of(
            "nothing was mailed twice",
            invariants.mailed_twice(sent, journal.mailer_kills, journal.store_kills, journal.flushes),
            invariants.counted(sent),
        ),
        Check.of(
            "the Chinese names are there",
            invariants.lost_names(held.named, offered[newest]),
            f"{len(held.named)} names",
        ),
        Check.of("no false alarm", invariants.false_alarms(sent), _alarms(sent)),
        Check.of(
            "the store keeps what it took",
            invariants.lost_writes(journal.acknowledged, journal.store_kills, journal.flushes),
            f"{len(journal.acknowledged)} writes; "
            f"{len(journal.store_kills)} kills, {len(journal.flushes)} flushes",
        ),
        Check.of(
            "every figure of a file is the file's",
            invariants.wrong_files(held.files, partial(reading.file_truth, environment)),
            f"{len(kept)} days of {len(held.files)} sources",
        ),
        Check.of(
            "the files have caught up",
            invariants.not_caught_up(held.files, wanted),
            f"{max(kept, default=None)}",
        ),
        Check.of("the archive is whole", _archive(environment, held.days), f"{len(held.days)} days"),
        Check.of("no mail is wrong", invariants.wrong_mails(sent, shown, merged), invariants.counted(sent)),
        Check.of(
            "no mail is left in nobody's hands",
            invariants.in_nobodys_hands(held.ledgers, newest, reasons, environment.inbox.refused),
            f"{len(held.ledgers)} dates",
        ),
        Check.of(
            "every page has caught up", invariants.behind(tabs.texts(), newest), invariants.in_words(newest)
        ),
        Check.of(
            "the scraper is well",
            invariants.ill(held.status, reading.now(), held.quarantined),
            held.status.get("state", ""),
        ),
        Check.of("every fault is survived", unsurvived(run.recovery.open())),
        Check.of("no process is left by itself", reading.strays(environment)),
        Check.of(
            "no process grows",
            grown(lifetimes),
            long_enough,
        ),
        Check.of("no traceback in the logs", reading.tracebacks(environment)),
    ]


def _archive(environment: Environment, stored: Collection[date]) -> list[str]:
    try:
        archived = reading.archived(environment.folder / ARCHIVE)
    except (OSError, ValueError) as error:
        return [f"it cannot be read: {error!r}"]
    return [f"{day} is not archived" for day in sorted(set(stored) - archived)]


def _figures(days: Mapping[date, str]) -> str:
    return f"{sum(map(len, days.values())) / 1e6:.1f} MB of JSON"


def _alarms(sent: Sequence[invariants.Sent]) -> str:
    return f"{sum(mail.day is None for mail in sent)} messages to the operator"


def _of_the_store(run: SoakRun) -> int:
    """How often the store was hit: an e-mailer cannot give a claim back to one that is away."""
    return sum(1 for aftermath in run.recovery.aftermaths if aftermath.kind.startswith(("store", "Sentinel")))
