"""What becomes of the remembered incidents from look to look.

An incident is reported once it has stood for a while, and again once it is over. One that is over before
that is forgotten.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from southbound.common.language import Language, speaking
from southbound.mail.alerts.conditions import Judgement
from southbound.mail.alerts.incidents import Incident
from southbound.store.alert_log import IncidentState


def followed(
    incidents: Mapping[str, IncidentState], judgement: Judgement, now: datetime
) -> dict[str, IncidentState]:
    """The incident log after a look, by the names of the incidents."""
    moment = int(now.timestamp())
    after = dict(incidents)
    for incident in judgement.standing:
        entry = after.setdefault(incident.name, remembered(moment, incident))
        if entry.since > moment and not entry.told:
            # Seen first by a clock that was ahead, and is right again.
            entry = after[incident.name] = replace(entry, since=moment)
        if not entry.told and moment - entry.since >= incident.settles_seconds:
            after[incident.name] = replace(remembered(entry.since, incident), told=True, ended=entry.ended)
    for name in judgement.over & after.keys():
        entry = after[name]
        if not entry.told:
            del after[name]
        elif entry.ended is None:
            after[name] = replace(entry, ended=moment)
    return after


def remembered(since: int, incident: Incident) -> IncidentState:
    """An incident as it is stored: its values, and for versions that know none the words in English."""
    with speaking(Language.ENGLISH):
        return IncidentState(since, incident.headline, incident.sentence, values=incident.values)
