"""Process 3: from Redis to the inbox."""

import argparse
import sys
from datetime import date
from pathlib import Path

from southbound.common.logs import start_logging
from southbound.mail.app import mail_days, mail_once, preview
from southbound.running.commandline import end_on_signal, parse, settings_or_exit, status_of
from southbound.store.holdings_store import HoldingsStore


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="mail the newest day if it was not sent, exit")
    parser.add_argument("--preview", metavar="DIR", type=Path, help="write the mail as files, send nothing")
    parser.add_argument(
        "--date", type=date.fromisoformat, help="with --once or --preview: that day (YYYY-MM-DD)"
    )
    arguments = parse(parser)
    if arguments.date and not (arguments.once or arguments.preview):
        parser.error("--date goes with --once or --preview")
    settings = settings_or_exit()
    start_logging()
    end_on_signal()
    store = HoldingsStore.at(settings.redis)
    if arguments.preview:
        return status_of(lambda: preview(store, settings.email, arguments.date, arguments.preview))
    if arguments.once:
        return status_of(lambda: mail_once(store, settings.email, arguments.date))
    return status_of(lambda: mail_days(store, settings))


if __name__ == "__main__":
    sys.exit(main())
