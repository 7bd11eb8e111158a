"""The incidents that are remembered in the store, so that a restart neither repeats nor forgets anything."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import redis

from southbound.common.text import one_line
from southbound.common.timestamps import parse_seconds
from southbound.store import keys
from southbound.store.client import store_errors
from southbound.store.delivery_log import DeliveryLog
from southbound.store.integrity import hash_at

log = logging.getLogger(__name__)

LONGEST_SENTENCE = 2_000
"""Characters of what is reported of an incident."""

REMEMBERED_SECONDS = 7 * 86_400
"""How long the store keeps to whom an incident that is over was reported."""


@dataclass(frozen=True, slots=True)
class IncidentState:
    """A remembered incident.

    Attributes:
        since: when it was seen first, in seconds.
        headline, sentence: of the incident, when it was reported, in English.
        told: whether it has stood for long enough.
        ended: when it was over, in seconds; None while it stands.
        values: that its words are made of in any language; None where an older version remembered it.
    """

    since: int
    headline: str
    sentence: str
    told: bool = False
    ended: int | None = None
    values: Mapping[str, str] | None = None

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
            _values(stored.get("values")),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _values(stored: Any) -> Mapping[str, str] | None:
    if not isinstance(stored, dict):
        return None
    return {str(key): one_line(str(value), LONGEST_SENTENCE) for key, value in stored.items()}


Incidents = dict[str, IncidentState]
"""By name."""


class AlertLog:
    """A hash: incident -> its state, and for each message of it who has had that.

    Every method raises StoreUnavailable, StoreRefused, and DamagedKey if a key is no hash or far too large.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def follow(self, step: Callable[[Incidents], Incidents]) -> Incidents:
        """Replace what is remembered by what `step` makes of it, and give that.

        Nothing is written, and nothing given, if another e-mailer was faster: the next look shows what it
        wrote.
        """
        with store_errors(self._client, keys.ALERTS), self._client.pipeline(transaction=True) as pipeline:
            pipeline.watch(keys.ALERTS)  # type: ignore[no-untyped-call]
            stored = hash_at(self._client, keys.ALERTS)
            after = step({name: state for name, text in stored.items() if (state := known(text)) is not None})
            try:
                pipeline.multi()
                _write(pipeline, stored, {name: state.as_text() for name, state in after.items()})
                pipeline.execute()
            except redis.WatchError:
                return {}
        return after

    def begin_anew(self) -> None:
        """Remove what is remembered, whatever it is: what stands is reported once more."""
        with store_errors(self._client):
            self._client.delete(keys.ALERTS)

    def deliveries(self, incident: str, since: int, news: str) -> DeliveryLog:
        """Who has had the message that an incident began, or ended."""
        return DeliveryLog(self._client, keys.alert(incident, since, news))

    def forget(self, incident: str, since: int, told: Iterable[str]) -> None:
        """Remove an incident that is over; who has had the messages `told` of it is kept for a week."""
        with store_errors(self._client):
            for news in told:
                self._client.expire(keys.alert(incident, since, news), REMEMBERED_SECONDS)
            self._client.hdel(keys.ALERTS, incident)


def _write(pipeline: Any, stored: Mapping[str, str], after: Mapping[str, str]) -> None:
    changed = {name: text for name, text in after.items() if stored.get(name) != text}
    if changed:
        pipeline.hset(keys.ALERTS, mapping=changed)
    if gone := stored.keys() - after.keys():
        pipeline.hdel(keys.ALERTS, *gone)
