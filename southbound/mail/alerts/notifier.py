"""Tells the operator what is wrong: once for each incident, and once when it ends."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import redis

from southbound.common.errors import DamagedKey
from southbound.config.settings import Settings
from southbound.mail.alerts.conditions import Seen, judge
from southbound.mail.alerts.incident_log import IncidentState, followed, known
from southbound.mail.alerts.notice import BEGAN, ENDED, notice
from southbound.mail.delivery.backoff import Backoff
from southbound.mail.delivery.exactly_once import ExactlyOnceDelivery, QueueRun
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.delivery_log import DeliveryLog
from southbound.store.holdings_store import HoldingsStore
from southbound.store.integrity import check_size, name_once
from southbound.store.quarantine import Quarantine
from southbound.store.scraper_status import read_status

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 30.0
REMEMBERED_SECONDS = 7 * 86_400
"""How long the store keeps who was told of an incident that is over."""


class Notifier:
    """One who tells; others may work on the same store. Every method raises StoreUnavailable."""

    def __init__(
        self,
        store: HoldingsStore,
        post: SmtpTransport,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._quarantine = Quarantine(store.client)
        self._settings = settings
        self._delivery = ExactlyOnceDelivery(post)
        self._clock = clock
        self._now = now
        self._backoff = Backoff(clock)
        self._look_again_at = -float("inf")

    def look(self) -> None:
        """Bring the book up to date, and tell what is to be told. Does nothing if it has just looked."""
        if self._clock() < self._look_again_at:
            return
        self._look_again_at = self._clock() + LOOKS_EVERY_SECONDS
        self._delivery.note()
        try:
            book = self._follow()
        except DamagedKey as error:
            self._begin_anew(error)
            return
        if not self._backoff.is_over():
            return
        told = {name: incident for name, incident in book.items() if incident.told}
        self._backoff.ran("a message to the operator", self._tell(told))
        for name, incident in told.items():
            if incident.ended is not None:
                self._forget(name, incident)

    def _follow(self) -> dict[str, IncidentState]:
        """What the book says after this look; another e-mailer may have been faster."""
        client = self._store.client
        check_size(client, keys.ALERTS)
        with store_errors(client, keys.ALERTS), client.pipeline(transaction=True) as pipeline:
            pipeline.watch(keys.ALERTS)  # type: ignore[no-untyped-call]
            stored = cast("dict[str, str]", pipeline.hgetall(keys.ALERTS))
            before = {name: entry for name, text in stored.items() if (entry := known(text)) is not None}
            now = self._now()
            after = followed(before, judge(self._seen(before), now), now)
            try:
                pipeline.multi()
                _write(pipeline, stored, {name: entry.as_text() for name, entry in after.items()})
                pipeline.execute()
            except redis.WatchError:
                return {}  # the next look shows what the other one wrote
        return after

    def _begin_anew(self, error: DamagedKey) -> None:
        log.error("%s; removed: what stands is told once more", error)
        with store_errors(self._store.client):
            self._store.client.delete(keys.ALERTS)

    def _seen(self, book: dict[str, IncidentState]) -> Seen:
        return Seen(
            read_status(self._store.client),
            self._store.dates(),
            self._quarantine.quarantined(),
            self._quarantine.no_list(),
            book,
            self._settings.scraper.enabled,
        )

    def _tell(self, told: dict[str, IncidentState]) -> QueueRun:
        """Send what is not sent yet. What one operator cannot take now keeps nobody else from theirs."""
        run = QueueRun()
        for name, incident in told.items():
            for news in (BEGAN,) if incident.ended is None else (BEGAN, ENDED):
                try:
                    run = run.followed_by(self._deliver(name, incident, news))
                except DamagedKey as error:
                    name_once(error)  # who was told cannot be known: that message ends here
                if run.stop is not None:
                    return run
        return run

    def _forget(self, name: str, incident: IncidentState) -> None:
        """Put away an incident that is over, once everybody knows."""
        ledgers = [keys.alert(name, incident.since, news) for news in (BEGAN, ENDED)]
        client, recipients = self._store.client, self._settings.email.alerts
        if not all(DeliveryLog(client, key).all_done(recipients) for key in ledgers):
            return
        with store_errors(client):
            for key in ledgers:
                client.expire(key, REMEMBERED_SECONDS)
            client.hdel(keys.ALERTS, name)

    def _deliver(self, name: str, incident: IncidentState, news: str) -> QueueRun:
        ledger = DeliveryLog(self._store.client, keys.alert(name, incident.since, news))
        recipients = self._backoff.due(ledger.open_recipients(self._settings.email.alerts))
        sender = self._settings.email.sender or ""
        return self._delivery.deliver(
            ledger,
            lambda recipient: notice(name, incident, news, (sender, recipient)),
            recipients,
            f"{incident.headline} ({news})",
        )


def _write(pipeline: Any, stored: dict[str, str], after: dict[str, str]) -> None:
    changed = {name: text for name, text in after.items() if stored.get(name) != text}
    if changed:
        pipeline.hset(keys.ALERTS, mapping=changed)
    if gone := stored.keys() - after.keys():
        pipeline.hdel(keys.ALERTS, *gone)
