"""The message to the operator: that an incident began, or ended."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage

from southbound.common.text import one_line
from southbound.mail.alerts.wording import Words, at, words
from southbound.mail.content.message import envelope
from southbound.presentation.messages import gettext
from southbound.store.alert_log import IncidentState

BEGAN, ENDED = "began", "ended"


def notice(name: str, incident: IncidentState, news: str, parties: tuple[str, str]) -> EmailMessage:
    """A message of text alone, in the language that is spoken: whoever is on call reads it anywhere.

    Args:
        name: the incident's.
        incident: with its sentence.
        news: that it `began` or `ended`.
        parties: sender and recipient.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name)
    said = _words(name, incident)
    subject = (
        gettext("Southbound alert: over: {headline}", headline=said.headline)
        if news == ENDED
        else gettext("Southbound alert: {headline}", headline=said.headline)
    )
    mail = envelope(
        one_line(subject),
        *parties,
        f"alert-{slug}-{incident.since}-{news}",
    )
    began = datetime.fromtimestamp(incident.since, UTC)
    if news == ENDED and incident.ended is not None:
        ended = datetime.fromtimestamp(incident.ended, UTC)
        lines = [
            gettext("This is over since {moment}.", moment=at(ended)),
            gettext("It began at {moment}:", moment=at(began)),
            one_line(said.sentence),
        ]
    else:
        lines = [
            one_line(said.sentence),
            gettext("Seen first at {moment}.", moment=at(began)),
            gettext("You will be told when it is over."),
        ]
    mail.set_content("\n\n".join(lines) + "\n")
    return mail


def _words(name: str, incident: IncidentState) -> Words:
    """As they were stored, where an older version remembered it or its values are damaged."""
    if incident.values is not None:
        try:
            return words(name, incident.values)
        except (KeyError, ValueError):
            pass
    return Words(incident.headline, incident.sentence)
