"""`make demo`: the whole product on the replay site, with a store and an inbox of its own.

Starts with the recorded history up to 13 February 2026, then lets a trading day appear every few seconds
until the recorded days end. Needs no network and no account, and leaves nothing behind.
"""

import argparse
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import redis

from replay.figures import recorded_days
from replay.inbox import Inbox
from replay.serving import LocalServer, page_address
from replay.site import ReplaySite
from southbound.common.errors import StoreUnavailable
from southbound.config.settings import RedisSettings, variables
from southbound.running.all_in_one import announcing, embedded_store, the_three
from southbound.running.commandline import print_any_text
from southbound.running.supervisor import Supervisor
from southbound.store.client import connect
from southbound.store.scraper_status import State, read_status

FIRST_DAY = date(2026, 2, 14)
"""The site's day at the start: the night after Friday 13 February."""

SECONDS_A_DAY = 20.0
DASHBOARD_PORT, INBOX_PORT = 8601, 8602
"""Where to look first; any free port if they are taken."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds-a-day", type=float, default=SECONDS_A_DAY)
    arguments = parser.parse_args()
    print_any_text()
    site, inbox = ReplaySite(today=FIRST_DAY), Inbox()
    dashboard_port, inbox_port, store_port = free_ports(DASHBOARD_PORT, INBOX_PORT, 0)
    with (
        tempfile.TemporaryDirectory(prefix="southbound-demo-") as folder,
        LocalServer(site.app) as pages,
        LocalServer(inbox.app, inbox_port) as mails,
    ):
        store = RedisSettings(url=f"redis://127.0.0.1:{store_port}/0")
        environment = demo_environment(page_address(pages.address), store.url, inbox.smtp_port) | {
            "EMAIL_WATCHLIST": "700, 9988",
            "DASHBOARD_URL": f"http://localhost:{dashboard_port}",
        }
        try:
            own_store = embedded_store(store, environment, Path(folder) / "data")
        except StoreUnavailable as error:
            print(f"the demo has a store of its own: {error}", file=sys.stderr)  # noqa: T201
            return 1
        supervisor = Supervisor([*own_store, *the_three(environment, Path(folder), dashboard_port)])
        supervisor.say("demo", f"the replay site is at {page_address(pages.address)}")
        supervisor.say("demo", f"the inbox is at {mails.address}")
        supervisor.say("demo", "Ctrl-C ends it")
        announce = announcing(supervisor, dashboard_port)
        days = passing_days(site, store, supervisor.say, arguments.seconds_a_day)

        def tick() -> None:
            announce()
            next(days)

        supervisor.run(tick)
    return 0


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


def demo_environment(page: str, store_url: str, smtp_port: int) -> dict[str, str]:
    """The environment of the three processes: nothing of the user's own configuration is left in it."""
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    return inherited | {
        "HKEX_URL": page,
        "REDIS_URL": store_url,
        "SCRAPING_INTERVAL_SECONDS": "2",
        "SCRAPING_MIN_GAP_SECONDS": "0",
        "SMTP_SERVER": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "SMTP_SECURITY": "none",
        "EMAIL_SENDER": "southbound@localhost",
        "EMAIL_RECIPIENTS": "reader@localhost",
    }


def free_ports(*preferred: int) -> list[int]:
    """As many different ports that nothing listens on: the preferred ones where they are free, 0 for any."""
    with ExitStack() as stack:
        probes = [stack.enter_context(_bound(port)) for port in preferred]
        return [probe.getsockname()[1] for probe in probes]


def _bound(port: int) -> socket.socket:
    probe = socket.socket()
    # As servers do: a connection that has just ended does not keep its port from being used again.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        probe.bind(("127.0.0.1", 0))
    return probe


if __name__ == "__main__":
    sys.exit(main())
