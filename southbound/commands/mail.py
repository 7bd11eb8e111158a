"""Process 3: from Redis to the inbox."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from southbound.commands.options import parse, status_of
from southbound.common.logs import start_logging
from southbound.running.ending import end_on_signal
from southbound.running.startup import settings_or_exit


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parser.add_argument("--once", action="store_true", help="mail the newest day if it was not sent, exit")
    parser.add_argument("--preview", metavar="DIR", type=Path, help="write the mail as files, send nothing")
    parser.add_argument(
        "--date", type=date.fromisoformat, help="with --once or --preview: that day (YYYY-MM-DD)"
    )
    parsed = parse(parser, arguments)
    if parsed.date and not (parsed.once or parsed.preview):
        parser.error("--date goes with --once or --preview")
    settings = settings_or_exit()
    start_logging()
    end_on_signal()
    # Half a second, and nothing that a wrong option or setting would wait for.
    from southbound.mail.app import mail_days, mail_once, preview  # noqa: PLC0415
    from southbound.store.holdings_store import HoldingsStore  # noqa: PLC0415

    store = HoldingsStore.at(settings.redis)
    if parsed.preview:
        return status_of(lambda: preview(store, settings, parsed.date, parsed.preview))
    if parsed.once:
        return status_of(lambda: mail_once(store, settings, parsed.date))
    return status_of(lambda: mail_days(store, settings))
