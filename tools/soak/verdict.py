"""Holds what a run has left against the truth."""

import time
from collections.abc import Mapping, Sequence
from datetime import date

import redis

from replay.events import Consolidation
from tools.soak import reading, truth
from tools.soak.course import Course
from tools.soak.lives import grown, judged
from tools.soak.pages import Tabs
from tools.soak.recovery import unsurvived
from tools.soak.report import Check
from tools.soak.world import READERS, World

LAST_LOOKS_SECONDS = 60.0
"""How long the last restatement and the last mails may take to come."""


def checks(world: World, course: Course, tabs: Tabs) -> list[Check]:
    """Everything that must be so while the world still runs and nothing disturbs it."""
    end = time.monotonic() + LAST_LOOKS_SECONDS
    while True:
        found = _all(world, course, tabs)
        # Some of them come true in a moment: a restated day is read again, a heartbeat follows.
        if not any(check.problems for check in found) or time.monotonic() > end:
            return found
        time.sleep(1)


def _all(world: World, course: Course, tabs: Tabs) -> list[Check]:
    site, journal = world.site, world.journal
    offered = {day: site.truth(day) for day in site.published()}
    shown = journal.shown(offered)
    newest = max(offered)
    try:
        held = reading.stored(world.store)
    except redis.RedisError as error:
        return [Check.of("the store answers", [str(error)])]
    sent = reading.sent(world.inbox.mails)
    merged = {code for e in site.archive.invented.events if isinstance(e, Consolidation) for code in e.codes}
    lives = course.observer.watch.lives()
    reasons = len(journal.mailer_kills) + _of_the_store(course)
    days = f"{len(held.days)} days"
    return [
        Check.of("every session is stored", truth.lost_days(held.days, offered), days),
        Check.of("no other date is stored", truth.extra_days(held.days, offered), days),
        Check.of("every figure is the site's", truth.wrong_days(held.days, shown), _figures(held.days)),
        Check.of(
            "the list of dates is right",
            truth.wrong_list(held.listed, held.days),
            f"{len(held.listed)} dates",
        ),
        Check.of(
            "what had to be mailed was mailed",
            truth.not_mailed(sent, journal.duties, READERS),
            f"{len(journal.duties)} days to {len(READERS)} readers",
        ),
        Check.of(
            "nothing was mailed twice",
            truth.mailed_twice(sent, journal.mailer_kills, journal.store_kills),
            truth.counted(sent),
        ),
        Check.of(
            "the Chinese names are there",
            truth.lost_names(held.named, offered[newest]),
            f"{len(held.named)} names",
        ),
        Check.of("no false alarm", truth.false_alarms(sent), _alarms(sent)),
        Check.of(
            "the store keeps what it took",
            truth.lost_writes(journal.acknowledged, journal.store_kills),
            f"{len(journal.acknowledged)} writes, {len(journal.store_kills)} kills",
        ),
        Check.of("no mail is wrong", truth.wrong_mails(sent, shown, merged), truth.counted(sent)),
        Check.of(
            "no mail is left in nobody's hands",
            truth.in_nobodys_hands(held.ledgers, newest, reasons, world.inbox.refused),
            f"{len(held.ledgers)} dates",
        ),
        Check.of("every page has caught up", truth.behind(tabs.texts(), newest), truth.in_words(newest)),
        Check.of(
            "the scraper is well",
            truth.ill(held.status, reading.now(), held.quarantined),
            held.status.get("state", ""),
        ),
        Check.of("every fault is survived", unsurvived(course.recovery.open())),
        Check.of("no process is left by itself", reading.strays(world)),
        Check.of("no process grows", grown(lives), f"{judged(lives)} of {len(lives)} lives were long enough"),
        Check.of("no traceback in the logs", reading.tracebacks(world)),
    ]


def _figures(days: Mapping[date, str]) -> str:
    return f"{sum(map(len, days.values())) / 1e6:.1f} MB of JSON"


def _alarms(sent: Sequence[truth.Sent]) -> str:
    return f"{sum(mail.day is None for mail in sent)} messages to the operator"


def _of_the_store(course: Course) -> int:
    """How often the store was hit: an e-mailer cannot give a claim back to one that is away."""
    return sum(1 for aftermath in course.recovery.aftermaths if aftermath.kind.startswith("store"))
