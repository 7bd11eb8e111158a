"""The incidents that are remembered, and what becomes of them from look to look.

An incident is told once it has stood for a while, and again once it is over. One that is over before it was
told is forgotten. All of it stands in the store, so that a restart neither repeats nor forgets anything.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from southbound.common.text import one_line
from southbound.common.timestamps import parse_seconds
from southbound.mail.alerts.conditions import Judgement

LONGEST_SENTENCE = 2_000
"""Characters of what is told of an incident."""


@dataclass(frozen=True, slots=True)
class IncidentState:
    """A remembered incident.

    Attributes:
        since: when it was seen first, in seconds.
        headline, sentence: of the incident, when it was told.
        told: whether it has stood for long enough.
        ended: when it was over, in seconds; None while it stands.
    """

    since: int
    headline: str
    sentence: str
    told: bool = False
    ended: int | None = None

    def as_text(self) -> str:
        """As it stands in the store."""
        return json.dumps(asdict(self))


def known(text: str) -> IncidentState | None:
    """What `as_text` wrote; None if it is something else."""
    try:
        stored: Any = json.loads(text)
        ended = stored["ended"]
        return IncidentState(
            parse_seconds(stored["since"]),
            one_line(str(stored["headline"]), LONGEST_SENTENCE),
            one_line(str(stored["sentence"]), LONGEST_SENTENCE),
            bool(stored["told"]),
            None if ended is None else parse_seconds(ended),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def followed(
    book: Mapping[str, IncidentState], judgement: Judgement, now: datetime
) -> dict[str, IncidentState]:
    """The book after a look, by the names of the incidents."""
    moment = int(now.timestamp())
    after = dict(book)
    for incident in judgement.standing:
        entry = after.setdefault(incident.name, IncidentState(moment, incident.headline, incident.sentence))
        if entry.since > moment and not entry.told:
            # Seen first by a clock that was ahead, and is right again.
            entry = after[incident.name] = replace(entry, since=moment)
        if not entry.told and moment - entry.since >= incident.settles_seconds:
            after[incident.name] = replace(
                entry, headline=incident.headline, sentence=incident.sentence, told=True
            )
    for name in judgement.over & after.keys():
        entry = after[name]
        if not entry.told:
            del after[name]
        elif entry.ended is None:
            after[name] = replace(entry, ended=moment)
    return after
