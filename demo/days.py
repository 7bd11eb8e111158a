"""How the days of the demo pass."""

import time
from collections.abc import Callable, Iterator
from datetime import date

import redis

from replay.figures import recorded_days
from replay.site import ReplaySite
from southbound.common.errors import StoreUnavailable
from southbound.config.settings import RedisSettings
from southbound.store.client import connect
from southbound.store.scraper_status import State, read_status

FIRST_DAY = date(2026, 2, 14)
"""The site's day at the start: the night after Friday 13 February."""


def passing_days(
    site: ReplaySite, store: RedisSettings, say: Callable[[str, str], None], seconds: float
) -> Iterator[None]:
    """Let the site move on by a session every few seconds, once the scraper has read the history.

    Does what is due whenever it is asked for its next element, and never ends.
    """
    client = connect(store)
    while not history_is_read(client):
        yield
    say("demo", f"a trading day will appear every {seconds:g} s")
    day, last = FIRST_DAY, max(recorded_days())
    while day < last:
        due = time.monotonic() + seconds
        while time.monotonic() < due:
            yield
        day = site.move_on()
        say("demo", f"the site has published {day}")
    say("demo", "that was the last recorded day; everything stays up until Ctrl-C")
    while True:
        yield


def history_is_read(client: redis.Redis) -> bool:
    """Whether the scraper has finished its backfill."""
    try:
        status = read_status(client)
    except StoreUnavailable:
        return False  # it is starting
    return status is not None and status.state in {State.POLLING, State.WAITING}
