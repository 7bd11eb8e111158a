"""Who has had the mail of which date: claimed in the store first, so that two e-mailers send one."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

import redis

from southbound import keys
from southbound.connection import store_errors

LEASE_SECONDS = 300
"""How long a claim holds: longer than the steps of one delivery can take, each with its timeout of 30 s.
After it the claimer is taken for dead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How far the mail to one recipient has come: `claimed`, `sent` or `refused`.

    Attributes:
        when: since when, in seconds of the store's clock.
    """

    state: str
    when: int
    message_id: str


class Ledger:
    """The hash `southbound:mail:YYYY-MM-DD`."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def open_recipients(self, day: date, recipients: tuple[str, ...]) -> list[str]:
        """Those whose mail of that day is neither sent, refused for good, nor in somebody's hands."""
        with store_errors(self._client):
            now = self._now()
            stored = cast("list[str | None]", self._client.hmget(keys.mail(day), list(recipients)))
        return [r for r, text in zip(recipients, stored, strict=True) if not _is_taken(text, now)]

    def claim(self, day: date, recipient: str, message_id: str) -> bool:
        """Take the delivery into our hands; False if somebody else has it or it is done."""
        key = keys.mail(day)
        with store_errors(self._client), self._client.pipeline(transaction=True) as pipeline:
            try:
                pipeline.watch(key)  # type: ignore[no-untyped-call]
                now = self._now()
                if _is_taken(cast("str | None", pipeline.hget(key, recipient)), now):
                    return False
                pipeline.multi()
                pipeline.hset(key, recipient, _text(Entry("claimed", now, message_id)))
                pipeline.execute()
            except redis.WatchError:
                return False  # somebody else wrote first: the next look shows what
        return True

    def close(self, day: date, recipient: str, state: str, message_id: str) -> None:
        """Note that the mail was sent, or refused for good."""
        with store_errors(self._client):
            self._client.hset(keys.mail(day), recipient, _text(Entry(state, self._now(), message_id)))

    def release(self, day: date, recipient: str) -> None:
        """Give a claim back after a delivery that failed for now."""
        with store_errors(self._client):
            self._client.hdel(keys.mail(day), recipient)

    def entries(self, day: date) -> dict[str, Entry]:
        """The whole ledger of a date, by recipient."""
        with store_errors(self._client):
            stored = cast("dict[str, str]", self._client.hgetall(keys.mail(day)))
        return {recipient: entry for recipient, text in stored.items() if (entry := _entry(text))}

    def _now(self) -> int:
        # The store's clock: two e-mailers need not agree on the time.
        seconds, _ = self._client.time()
        return int(seconds)


def _is_taken(text: str | None, now: int) -> bool:
    entry = _entry(text)
    if entry is None:
        return False
    return entry.state != "claimed" or now - entry.when < LEASE_SECONDS


def _text(entry: Entry) -> str:
    return json.dumps(asdict(entry))


def _entry(text: str | None) -> Entry | None:
    """An entry; None if there is none, or none of ours."""
    try:
        stored: Any = json.loads(text or "null")
        return Entry(str(stored["state"]), int(stored["when"]), str(stored["message_id"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
