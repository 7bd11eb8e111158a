"""The message to the operator: that an incident began, or ended."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage

from southbound.common.text import one_line
from southbound.mail.alerts.incidents import at
from southbound.mail.content.message import envelope
from southbound.store.alert_log import IncidentState

BEGAN, ENDED = "began", "ended"


def notice(name: str, incident: IncidentState, news: str, parties: tuple[str, str]) -> EmailMessage:
    """A message of text alone: whoever is on call reads it anywhere.

    Args:
        name: the incident's.
        incident: with its sentence.
        news: that it `began` or `ended`.
        parties: sender and recipient.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name)
    sign = "over: " if news == ENDED else ""
    mail = envelope(
        one_line(f"Southbound alert: {sign}{incident.headline}"),
        *parties,
        f"alert-{slug}-{incident.since}-{news}",
    )
    began = datetime.fromtimestamp(incident.since, UTC)
    if news == ENDED and incident.ended is not None:
        ended = datetime.fromtimestamp(incident.ended, UTC)
        lines = [f"This is over since {at(ended)}.", f"It began at {at(began)}:", one_line(incident.sentence)]
    else:
        lines = [
            one_line(incident.sentence),
            f"Seen first at {at(began)}.",
            "You will be told when it is over.",
        ]
    mail.set_content("\n\n".join(lines) + "\n")
    return mail
