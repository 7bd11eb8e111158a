"""Reports to the operator what is wrong: once for each incident, and once when it ends."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

from southbound.common.errors import DamagedKey
from southbound.common.language import speaking
from southbound.config.settings import Settings
from southbound.mail.alerts.conditions import Seen, judge
from southbound.mail.alerts.incident_log import followed
from southbound.mail.alerts.notice import BEGAN, ENDED, notice
from southbound.mail.delivery.backoff import Backoff
from southbound.mail.delivery.exactly_once import ExactlyOnceDelivery, QueueRun
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.store.alert_log import IncidentState
from southbound.store.holdings_store import HoldingsStore
from southbound.store.integrity import name_once

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 30.0


class Notifier:
    """One that reports; others may work on the same store. Every method raises StoreUnavailable."""

    def __init__(
        self,
        store: HoldingsStore,
        transport: SmtpTransport,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._settings = settings
        self._delivery = ExactlyOnceDelivery(transport)
        self._clock = clock
        self._now = now
        self._backoff = Backoff(clock)
        self._look_again_at = -float("inf")

    def look(self) -> None:
        """Bring the incident log up to date, and report what is due. Does nothing if it has just looked."""
        if self._clock() < self._look_again_at:
            return
        self._look_again_at = self._clock() + LOOKS_EVERY_SECONDS
        self._delivery.note()
        try:
            incidents = self._follow()
        except DamagedKey as error:
            self._begin_anew(error)
            return
        if not self._backoff.is_over():
            return
        told = {name: incident for name, incident in incidents.items() if incident.told}
        self._backoff.ran("a message to the operator", self._tell(told))
        for name, incident in told.items():
            if incident.ended is not None:
                self._forget(name, incident)

    def _follow(self) -> dict[str, IncidentState]:
        """What is remembered after this look; nothing if another e-mailer was faster."""
        now = self._now()
        return self._store.alert_log.follow(
            lambda before: followed(before, judge(self._seen(before), now), now)
        )

    def _begin_anew(self, error: DamagedKey) -> None:
        log.error("%s; removed: what stands is told once more", error)
        self._store.alert_log.begin_anew()

    def _seen(self, incidents: dict[str, IncidentState]) -> Seen:
        return Seen(
            self._store.status(),
            self._store.dates(),
            self._store.quarantine.quarantined(),
            self._store.quarantine.no_list(),
            incidents,
            self._settings.scrapes_on,
        )

    def _tell(self, told: dict[str, IncidentState]) -> QueueRun:
        """Send what is not sent yet. What one operator cannot take now keeps nobody else from theirs."""
        run = QueueRun()
        for name, incident in told.items():
            for news in (BEGAN,) if incident.ended is None else (BEGAN, ENDED):
                try:
                    run = run.followed_by(self._deliver(name, incident, news))
                except DamagedKey as error:
                    name_once(error)  # whom it reached cannot be known: that message ends here
                if run.stop is not None:
                    return run
        return run

    def _forget(self, name: str, incident: IncidentState) -> None:
        """Put away an incident that is over, once everybody knows."""
        remembered, recipients = self._store.alert_log, self._settings.email.alerts
        delivery_logs = [remembered.deliveries(name, incident.since, news) for news in (BEGAN, ENDED)]
        if all(deliveries.all_done(recipients) for deliveries in delivery_logs):
            remembered.forget(name, incident.since, (BEGAN, ENDED))

    def _deliver(self, name: str, incident: IncidentState, news: str) -> QueueRun:
        deliveries = self._store.alert_log.deliveries(name, incident.since, news)
        recipients = self._backoff.due(deliveries.open_recipients(self._settings.email.alerts))
        return self._delivery.deliver(
            deliveries,
            lambda recipient: self._written_for(recipient, name, incident, news),
            recipients,
            f"{incident.headline} ({news})",
        )

    def _written_for(self, recipient: str, name: str, incident: IncidentState, news: str) -> EmailMessage:
        email = self._settings.email
        with speaking(email.language_of(recipient)):
            return notice(name, incident, news, (email.sender or "", recipient))
