"""Where log lines go: the terminal, and for the scraper a file that is rotated."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LINE = "%(asctime)s %(levelname)-8s %(message)s"
FILE_BYTES, FILES_KEPT = 2_000_000, 5


def start_logging(file: Path | None = None) -> None:
    """Log to the terminal, and to `file` if there is one.

    Raises:
        OSError: the file cannot be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if file is not None:
        handlers.append(
            RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
        )
    logging.basicConfig(level=logging.INFO, format=LINE, handlers=handlers)
    for chatty in ("urllib3", "selenium", "fontTools", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
