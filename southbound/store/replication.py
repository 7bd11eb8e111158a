"""What a failover may not lose: waits until a replica has what was written."""

import redis

from southbound.common.errors import StoreNotReady
from southbound.common.remark import remark
from southbound.store.client import address_of, store_errors
from southbound.store.keys import NOTES_KEPT
from southbound.store.sentinel import is_by_sentinel

REPLICA_SECONDS = 1.0
"""How long a replica may take: replication to one that keeps up takes milliseconds."""


def require_replica(client: redis.Redis, key: str) -> None:
    """See that a replica has what was written so far, if sentinels could make it the primary.

    WAIT counts what its own connection has written, so that writes first: it begins the expiry of `key` anew.
    A primary that has no replica is taken as it is: there is none that could take its place.

    Args:
        client: who has written.
        key: a key with notes, which expires after `NOTES_KEPT`.

    Raises:
        StoreNotReady: there is a replica, and it has not got it in time.
        StoreUnavailable, StoreRefused: the store's part.
    """
    if not is_by_sentinel(client):
        return
    with store_errors(client):
        with client.pipeline(transaction=False) as asked:
            asked.expire(key, NOTES_KEPT)
            asked.execute_command("WAIT", 1, int(REPLICA_SECONDS * 1000))  # type: ignore[no-untyped-call]
            _, reached = asked.execute()
        if reached:
            return
        known = client.info("replication")
    if any(isinstance(value, dict) and value.get("state") == "online" for value in known.values()):
        raise StoreNotReady(
            remark(
                "the store at {address} has a replica that does not follow: it has not got a note of a mail "
                "within {replica_seconds} s",
                address=address_of(client),
                replica_seconds=f"{REPLICA_SECONDS:g}",
            )
        )
