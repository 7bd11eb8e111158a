"""Who has had which mail: claimed in the store first, so that two e-mailers send one."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, cast

import redis

from southbound.common.timestamps import parse_seconds
from southbound.store.client import store_errors
from southbound.store.integrity import hash_at
from southbound.store.keys import NOTES_KEPT
from southbound.store.replication import require_replica

STATES = {"claimed", "sent", "refused"}

LEASE_SECONDS = 300
"""How long a claim holds: longer than one delivery can take, see `conversation`. After it the claimer is
taken for dead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How far the mail to one recipient has come: `claimed`, `sent` or `refused`.

    Attributes:
        when: since when, in seconds of the store's clock.
    """

    state: str
    when: int
    message_id: str


class DeliveryLog:
    """A hash: recipient -> how far the delivery of one mail has come. It expires long after the last claim.

    Under Sentinel a claim, and the note that a mail was sent, count once a replica has them: a failover that
    lost one would have the mail sent again.

    Every method raises StoreUnavailable, StoreRefused, and DamagedKey if it is no hash or far too large.
    """

    def __init__(self, client: redis.Redis, key: str) -> None:
        self._client = client
        self._key = key

    def open_recipients(self, recipients: Iterable[str]) -> list[str]:
        """Those whose mail is neither sent, refused for good, nor in somebody's hands."""
        asked = list(recipients)
        if not asked:
            return []
        stored = hash_at(self._client, self._key)
        with store_errors(self._client, self._key):
            now = self._now()
        return [recipient for recipient in asked if not _is_taken(stored.get(recipient), now)]

    def all_done(self, recipients: Iterable[str]) -> bool:
        """Whether the mail to each of them was sent, or refused for good."""
        done = {recipient for recipient, entry in self.entries().items() if entry.state != "claimed"}
        return done.issuperset(recipients)

    def claim(self, recipient: str, message_id: str) -> bool:
        """Take the delivery into our hands; False if somebody else has it or it is done."""
        with store_errors(self._client, self._key), self._client.pipeline(transaction=True) as pipeline:
            try:
                pipeline.watch(self._key)  # type: ignore[no-untyped-call]
                now = self._now()
                if _is_taken(cast("list[str | None]", pipeline.hmget(self._key, [recipient]))[0], now):
                    return False
                pipeline.multi()
                pipeline.hset(self._key, recipient, _text(Entry("claimed", now, message_id)))
                pipeline.expire(self._key, NOTES_KEPT)
                pipeline.execute()
            except redis.WatchError:
                return False  # somebody else wrote first: the next look shows what
        require_replica(self._client, self._key)
        return True

    def close(self, recipient: str, state: str, message_id: str) -> None:
        """Note that the mail was sent, or refused for good."""
        with store_errors(self._client, self._key):
            self._client.hset(self._key, recipient, _text(Entry(state, self._now(), message_id)))
        require_replica(self._client, self._key)

    def release(self, recipient: str) -> None:
        """Give a claim back after a delivery that failed for now."""
        with store_errors(self._client, self._key):
            self._client.hdel(self._key, recipient)

    def entries(self) -> dict[str, Entry]:
        """The whole delivery log, by recipient."""
        read = {recipient: _entry(text) for recipient, text in hash_at(self._client, self._key).items()}
        return {recipient: entry for recipient, entry in read.items() if entry is not None}

    def sent_to(self) -> list[str]:
        """Those who were sent the mail."""
        return [recipient for recipient, entry in self.entries().items() if entry.state == "sent"]

    def first_sent(self) -> int | None:
        """When the first recipient was sent the mail, by the store's clock; None if nobody was yet."""
        return min((entry.when for entry in self.entries().values() if entry.state == "sent"), default=None)

    def _now(self) -> int:
        # The store's clock: two e-mailers need not agree on the time.
        seconds, _ = self._client.time()
        return int(seconds)


def _is_taken(text: str | None, now: int) -> bool:
    entry = _entry(text)
    if entry is None:
        return False
    # A claim from the future is of another store's clock: it holds no longer than one from the past.
    return entry.state != "claimed" or abs(now - entry.when) < LEASE_SECONDS


def _text(entry: Entry) -> str:
    return json.dumps(asdict(entry))


def _entry(text: str | None) -> Entry | None:
    """An entry; None if there is none, or none of ours."""
    try:
        stored: Any = json.loads(text or "null")
        if stored["state"] not in STATES:
            return None
        return Entry(stored["state"], parse_seconds(stored["when"]), str(stored["message_id"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
