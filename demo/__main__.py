"""`make demo`: the whole product on the replay site, with a store and an inbox of its own.

Starts with the recorded history up to 13 February 2026, then lets a trading day appear every few seconds
until the recorded days end. Prices, official turnover and short positions are on; prices and a stock's
turnover are made up. Needs no network and no account, and leaves nothing behind.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from demo.days import FIRST_DAY, passing_days
from demo.environment import demo_environment, with_official_files
from replay.inbox import Inbox
from replay.serving import LocalServer, free_ports, page_address
from replay.site import ReplaySite
from southbound.common.errors import StoreUnavailable
from southbound.config.settings import RedisSettings
from southbound.running.all_in_one import announcing, embedded_store, the_three
from southbound.running.startup import print_any_text
from southbound.running.supervisor import Supervisor

SECONDS_A_DAY = 20.0
DASHBOARD_PORT, INBOX_PORT = 8601, 8602
"""Where to look first; any free port if they are taken."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds-a-day", type=float, default=SECONDS_A_DAY)
    arguments = parser.parse_args()
    print_any_text()
    site, inbox = ReplaySite(today=FIRST_DAY), Inbox()
    site.official.evening = True  # so that what a mail says of a day is known when its holdings come
    dashboard_port, inbox_port, store_port = free_ports(DASHBOARD_PORT, INBOX_PORT, 0)
    with (
        tempfile.TemporaryDirectory(prefix="southbound-demo-") as folder,
        LocalServer(site.app) as pages,
        LocalServer(inbox.app, inbox_port) as mails,
    ):
        store = RedisSettings(url=f"redis://127.0.0.1:{store_port}/0")
        page = page_address(pages.address)
        environment = (
            demo_environment(page, store.url, inbox.smtp_port)
            | with_official_files(page)
            | {"EMAIL_WATCHLIST": "700, 9988", "DASHBOARD_URL": f"http://localhost:{dashboard_port}"}
        )
        try:
            own_store = embedded_store(store, environment, Path(folder) / "data")
        except StoreUnavailable as error:
            print(f"the demo has a store of its own: {error}", file=sys.stderr)  # noqa: T201
            return 1
        supervisor = Supervisor([*own_store, *the_three(environment, Path(folder), dashboard_port)])
        supervisor.say("demo", f"the replay site is at {page}")
        supervisor.say("demo", f"the inbox is at {mails.address}")
        supervisor.say("demo", "Ctrl-C ends it")
        announce = announcing(supervisor, dashboard_port)
        days = passing_days(site, store, supervisor.say, arguments.seconds_a_day)

        def tick() -> None:
            announce()
            next(days)

        supervisor.run(tick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
