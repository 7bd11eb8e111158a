"""Under Sentinel the primary may die at any moment: no day is lost, no mail goes out twice, pages go on."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
import redis

from replay.inbox import Inbox, Mail
from replay.site import ReplaySite
from southbound.common.errors import NotTheWriter, StoreNotReady, StoreUnavailable
from southbound.market.daily_holdings import DailyHoldings
from southbound.queries.store_watcher import StoreWatcher
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.writer_lock import WriterLock
from tests.conftest import ROOT, becomes_true
from tests.doors.conftest import Started
from tools.sentinels import Watched, watched

LIVE_AGAIN_SECONDS = 15.0
WITHIN_SECONDS = 60.0
"""All else: what a failover cuts off is tried again after pauses."""
FRIDAY = date(2026, 2, 27)
READERS = ("ada@example.org", "bob@example.org", "cyd@example.org")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path, 5) as servers:
        yield servers


@pytest.fixture
def page(servers: Watched) -> Iterator[StoreWatcher]:
    """What all pages of a dashboard that reads from replicas look at."""
    store = HoldingsStore.for_reading(servers.replicas)
    watcher = StoreWatcher(store)
    watcher.start()
    yield watcher
    watcher.stop()
    store.client.close()


def test_a_primary_that_dies_amid_backfill_publication_and_mailing_costs_nothing(
    servers: Watched,
    page: StoreWatcher,
    start: Callable[..., Started],
    site: ReplaySite,
    inbox: Inbox,
    tmp_path: Path,
) -> None:
    store = HoldingsStore.at(servers.settings)
    settings = {
        "REDIS_URL": servers.settings.url,
        "EMAIL_RECIPIENTS": ",".join(READERS),
        "SCRAPING_BACKFILL_DAYS": "30",
        "SCRAPING_INTERVAL_SECONDS": "0.5",
    }
    # Of each two, as on two machines: one scraper stands by, and the e-mailers share the readers.
    for script in ("backend_scraper.py", "email_automation.py") * 2:
        start(str(ROOT / script), **settings, LOG_FILE=f"{uuid4()}.log")

    # Amid the backfill.
    old = redis.Redis(port=servers.primary())
    assert becomes_true(lambda: old.zcard(keys.DATES) >= 5, WITHIN_SECONDS)
    old.close()
    servers.kill_primary()
    assert_live_again(page, store)
    offered = site.days_offered(site.today - timedelta(days=30), FRIDAY)
    assert becomes_true(lambda: stored(store) == offered, WITHIN_SECONDS)
    assert becomes_true(lambda: each_has_one_mail(store, inbox, offered[-1:]), WITHIN_SECONDS)

    # On the message that a day is published.
    published = store.notifications()
    assert published.wait(5)
    first = site.move_on()
    assert becomes_true(lambda: published.wait(1), WITHIN_SECONDS)
    servers.kill_primary()
    published.close()
    assert_live_again(page, store)
    # The new primary may not have it: then whichever scraper takes the lock reads it again.
    assert becomes_true(lambda: stored(store) == [*offered, first], WITHIN_SECONDS)
    assert becomes_true(lambda: each_has_one_mail(store, inbox, [offered[-1], first]), WITHIN_SECONDS)

    # While the first of three has just been sent the mail, which is not noted yet.
    killed = Event()

    def kill(_mail: Mail) -> None:
        if not killed.is_set():
            servers.kill_primary()
            killed.set()

    inbox.on_taken = kill
    second = site.move_on()
    assert killed.wait(WITHIN_SECONDS)
    assert_live_again(page, store)
    assert becomes_true(lambda: each_has_one_mail(store, inbox, [offered[-1], first, second]), WITHIN_SECONDS)
    assert stored(store) == [*offered, first, second]

    told = (tmp_path / "output").read_text("utf-8")
    assert f"the store at mymaster of the sentinels 127.0.0.1:{min(map(str, servers.sentinels))}" in told
    assert "Traceback" not in told
    store.client.close()


def assert_live_again(page: StoreWatcher, store: HoldingsStore) -> None:
    """The page has no trouble, and writes are taken."""

    def is_live() -> bool:
        seen = page.snapshot()
        try:
            return seen.trouble is None and seen.data_version is not None and writes_are_taken(store)
        except StoreUnavailable:
            return False

    assert becomes_true(is_live, LIVE_AGAIN_SECONDS), page.snapshot().trouble


def writes_are_taken(store: HoldingsStore) -> bool:
    store.require_writes()
    return True


def stored(store: HoldingsStore) -> list[date]:
    try:
        return store.dates()
    except StoreUnavailable:
        return []


def each_has_one_mail(store: HoldingsStore, inbox: Inbox, days: Sequence[date]) -> bool:
    """Whether each reader had one mail of each day, which is noted; or it is claimed, and not sent.

    That is so if the primary died before the claim was known to last: it runs out after five minutes.
    """
    try:
        noted = [store.delivery_log(day).entries() for day in days]
    except StoreUnavailable:
        return False
    sent = Counter(who for entries in noted for who, entry in entries.items() if entry.state == "sent")
    had = Counter(recipient for mail in inbox.mails for recipient in mail.recipients)
    assert all(had[reader] <= len(days) for reader in READERS)
    return had == sent and all(set(entries) == set(READERS) for entries in noted) and len(sent) > 0


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Watched]:
    """A primary and a replica."""
    with watched(tmp_path, 2) as pair:
        yield pair


def test_what_no_replica_had_is_known_to_be_lost_and_no_mail_goes_out_on_it(
    pair: Watched, recorded: Mapping[date, DailyHoldings]
) -> None:
    thursday, friday = sorted(recorded)[-2:]
    store = HoldingsStore.at(pair.settings)
    reader = HoldingsStore.for_reading(pair.replicas)
    lock = WriterLock(store.client, "the scraper of before")
    assert lock.acquire()
    writer = store.written_under(lock)
    writer.put(recorded[thursday])

    # A dashboard reads from the replica, stays there, and signs its readers out at the primary.
    assert reader.condition().is_replica
    assert becomes_true(lambda: reader.dates() == [thursday])
    notifications = reader.notifications()
    assert notifications.wait(5)
    reader.failover(notifications).look()
    writer.put(recorded[thursday])
    assert becomes_true(lambda: notifications.wait(1))
    notifications.close()

    # A claim counts once the replica has it.
    deliveries = store.delivery_log(thursday)
    assert deliveries.claim("ada@example.org", "<1>")
    replica = pair.servers[1]
    pair.stand_still(replica)
    with pytest.raises(StoreNotReady, match=r"^the store at mymaster of the sentinels .* does not follow"):
        deliveries.claim("bob@example.org", "<2>")
    with pytest.raises(StoreNotReady, match="has not got a note of a mail within 1 s"):
        deliveries.close("ada@example.org", "sent", "<1>")
    pair.go_on(replica)
    deliveries.close("ada@example.org", "sent", "<1>")

    pair.lose_link(replica)
    writer.put(recorded[friday])
    version = store.version()
    pair.kill_primary()
    pair.go_on(replica)
    assert becomes_true(lambda: answers_with(store, [thursday]), LIVE_AGAIN_SECONDS)

    assert pair.primary() == replica
    assert store.version() < version
    assert {who: entry.state for who, entry in deliveries.entries().items()} == {
        "ada@example.org": "sent",
        "bob@example.org": "claimed",  # given back after five minutes, as that of one who died
    }
    # The lease of before may still stand there; once it has run out, the version tells that more was written.
    store.client.delete(keys.SCRAPER_LOCK)
    with pytest.raises(NotTheWriter):
        writer.put(recorded[friday])
    assert lock.acquire()
    writer.put(recorded[friday])
    assert store.dates() == [thursday, friday]
    reader.client.close()
    store.client.close()


def answers_with(store: HoldingsStore, days: list[date]) -> bool:
    try:
        return writes_are_taken(store) and store.dates() == days
    except StoreUnavailable:
        return False
